/**
 * The approval machine: state × event → state, or the reason why not. Pure, so that every rule of deciding can be read
 * and tested here. It alone names a loser; use cases lock the request, load this state, ask, and store the answer.
 *
 * - Steps open in order. A required step is passed when `needed` of its approvers approved; then the next one opens. An
 *   optional step, once reached, lets the next one open beside it and never holds up the result.
 * - A rejection or a send-back by any approver of a required step ends the request, however many are needed. In an
 *   optional step it is an objection: shown, and it blocks nothing.
 * - A step is about one thing (is it needed, is the money there), so somebody who answered in an earlier step is asked
 *   again in a later one. The plan merges the steps that would ask the very same people.
 * - Nobody decides their own expense, also not when they are asked.
 * - The submitter may take the request back until the first decision. A question is no decision.
 * - Somebody who leaves is replaced: what they decided stays; what they had not decided is `moved`, for good.
 * - As long as a request is open, somebody is asked who can bring it on. When too few are left for a required step, it
 *   ends as `withdrawn`: the demand is never lowered.
 * - A request without steps is approved when it opens. Who asks for that must be sure of it.
 */
export type Verdict = 'approve' | 'reject' | 'send_back' | 'ask'
export type RequestStatus = 'open' | 'approved' | 'rejected' | 'sent_back' | 'withdrawn'
export type StepStatus = 'waiting' | 'open' | 'approved' | 'rejected' | 'sent_back' | 'skipped'
export type ApprovalStatus =
  | 'waiting'
  | 'asked'
  | 'approved'
  | 'rejected'
  | 'sent_back'
  | 'not_needed'
  | 'moved'

export interface ApprovalState {
  id: string
  approverId: string
  status: ApprovalStatus
}

export interface StepState {
  position: number
  required: boolean
  needed: number
  status: StepStatus
  approvals: ApprovalState[]
}

export interface RequestState {
  status: RequestStatus
  submitterId: string
  steps: StepState[]
}

export type MachineEvent =
  | { kind: 'open' }
  /** `ask` is checked like a decision and changes nothing. */
  | { kind: 'decide'; approvalId: string; personId: string; verdict: Verdict }
  | { kind: 'withdraw' }
  /** Moves one approval to `others`, of whom those who are in the step already are not asked twice. */
  | { kind: 'replace'; approvalId: string; others: { id: string; approverId: string }[]; needed: number }
  /** Appends steps, all `waiting`. They open when their turn comes. */
  | { kind: 'add_steps'; steps: StepState[] }

export type Refusal = 'own_expense' | 'not_yours' | 'not_asked' | 'already_decided' | 'closed'

export type MachineAnswer = { ok: true; state: RequestState } | { ok: false; refusal: Refusal }

/** What an approval becomes by a decision. */
export const verdictStatus = { approve: 'approved', reject: 'rejected', send_back: 'sent_back' } as const

export const isDecided = (status: ApprovalStatus): boolean =>
  status === 'approved' || status === 'rejected' || status === 'sent_back'

/** Their answer is still wanted, now or when the step opens. */
export const isUndecided = (status: ApprovalStatus): boolean => status === 'asked' || status === 'waiting'

/** What becomes of the request. The state given is not changed. */
export function advance(state: RequestState, event: MachineEvent): MachineAnswer {
  const refusal = refuse(state, event)
  if (refusal) return { ok: false, refusal }
  const next = { ...state, steps: state.steps.map(copyStep) }
  apply(next, event)
  settle(next)
  return { ok: true, state: next }
}

function refuse(state: RequestState, event: MachineEvent): Refusal | null {
  if (event.kind === 'decide') return refuseDecision(state, event)
  if (state.status !== 'open') return 'closed'
  if (event.kind === 'withdraw') {
    const approvals = state.steps.flatMap((step) => step.approvals)
    return approvals.some(({ status }) => isDecided(status)) ? 'already_decided' : null
  }
  if (event.kind === 'replace') {
    const found = find(state, event.approvalId)
    if (!found) return 'not_yours'
    return isUndecided(found.approval.status) ? null : 'already_decided'
  }
  return null
}

function refuseDecision(
  state: RequestState,
  { approvalId, personId }: { approvalId: string; personId: string },
): Refusal | null {
  const approval = find(state, approvalId)?.approval
  if (personId === state.submitterId) return 'own_expense'
  if (approval?.approverId !== personId || approval.status === 'moved') return 'not_yours'
  if (approval.status === 'waiting') return 'not_asked'
  return approval.status === 'asked' ? null : 'already_decided'
}

function apply(state: RequestState, event: MachineEvent): void {
  switch (event.kind) {
    case 'open':
      break
    case 'decide':
      decide(state, event)
      break
    case 'withdraw':
      close(state, 'withdrawn')
      break
    case 'replace':
      replace(state, event)
      break
    case 'add_steps':
      state.steps.push(...event.steps.map(copyStep))
      break
  }
}

function decide(
  state: RequestState,
  { approvalId, verdict }: { approvalId: string; verdict: Verdict },
): void {
  const found = find(state, approvalId)
  if (!found || verdict === 'ask') return
  found.approval.status = verdictStatus[verdict]
  if (verdict === 'approve' || !found.step.required) return
  finish(found.step, verdictStatus[verdict])
  close(state, verdictStatus[verdict])
}

function replace(state: RequestState, event: Extract<MachineEvent, { kind: 'replace' }>): void {
  const found = find(state, event.approvalId)
  if (!found) return
  const { step, approval } = found
  const { status } = approval
  approval.status = 'moved'
  step.needed = event.needed
  for (const { id, approverId } of event.others) {
    const isThere = step.approvals.some(
      (other) => other.approverId === approverId && other.status !== 'moved',
    )
    if (!isThere) step.approvals.push({ id, approverId, status })
  }
}

/**
 * Brings an open request to rest: opens steps up to and with the first required one that is not passed; with none left,
 * the request is approved.
 */
function settle(state: RequestState): void {
  if (state.steps.some((step) => isBeyondReach(step, state.submitterId))) close(state, 'withdrawn')
  if (state.status !== 'open') return
  for (const step of state.steps) {
    if (step.status === 'waiting') {
      step.status = 'open'
      for (const approval of step.approvals) if (approval.status === 'waiting') approval.status = 'asked'
    }
    if (step.status !== 'open') continue
    if (count(step, ({ status }) => status === 'approved') >= step.needed) finish(step, 'approved')
    else if (step.required) return
    else if (count(step, ({ status }) => isUndecided(status)) === 0) finish(step, objection(step))
  }
  close(state, 'approved')
}

/** A required step that fewer can still approve than must. */
function isBeyondReach(step: StepState, submitterId: string): boolean {
  if (!step.required || (step.status !== 'open' && step.status !== 'waiting')) return false
  const able = count(
    step,
    ({ status, approverId }) => status === 'approved' || (isUndecided(status) && approverId !== submitterId),
  )
  return able < step.needed
}

/** How an optional step ends that everybody answered and too few approved. */
function objection(step: StepState): StepStatus {
  const statuses = step.approvals.map(({ status }) => status)
  return statuses.find((status) => status === 'rejected' || status === 'sent_back') ?? 'skipped'
}

function finish(step: StepState, status: StepStatus): void {
  step.status = status
  for (const approval of step.approvals) if (isUndecided(approval.status)) approval.status = 'not_needed'
}

function close(state: RequestState, status: Exclude<RequestStatus, 'open'>): void {
  state.status = status
  for (const step of state.steps) {
    if (step.status === 'waiting' || step.status === 'open') finish(step, 'skipped')
  }
}

function find(state: RequestState, approvalId: string): { step: StepState; approval: ApprovalState } | null {
  for (const step of state.steps) {
    const approval = step.approvals.find(({ id }) => id === approvalId)
    if (approval) return { step, approval }
  }
  return null
}

const count = (step: StepState, which: (approval: ApprovalState) => boolean) =>
  step.approvals.filter(which).length

const copyStep = (step: StepState): StepState => ({
  ...step,
  approvals: step.approvals.map((approval) => ({ ...approval })),
})
