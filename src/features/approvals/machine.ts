/**
 * The approval machine: state × event → state, or the reason why not. Pure, so that every rule of deciding can be read
 * and tested here. It alone names a loser; use cases lock the request, load this state, ask, and store the answer.
 *
 * - Steps open in order. A required step is passed when `needed` of its approvers approved; then the next one opens. An
 *   optional step is asked beside the required ones around it and never holds up the result.
 * - A rejection or a send-back by any approver of a required step ends the request, however many are needed. In an
 *   optional step it is an objection: shown, and it blocks nothing.
 * - A step is about one thing (is it needed, is the money there), so somebody who answered in an earlier step is asked
 *   again in a later one. The plan merges the steps that would ask the very same people.
 * - Nobody decides their own expense, also not when they are asked, and for nobody else.
 * - Whose approval it is and who decides it are two things: a delegate, or the next one up, may decide in the approver's
 *   place. One person counts once in a step: whoever stands in it decides their own approval of it only, and whoever
 *   decided one for somebody else decides no other.
 * - The submitter may take the request back until the first decision. A question is no decision.
 * - Somebody who leaves is replaced: what they decided stays; what they had not decided is `moved`, for good.
 * - Whoever decided can take it back. Their approval and all that followed from it in later steps is `undone`, for good,
 *   and fresh approvals of the same people stand for it. What others decided in the same step stays, and so does what
 *   ended by that alone. An opinion in an optional step can be taken back as long as the request is open.
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
  | 'undone'

export interface ApprovalState {
  id: string
  approverId: string
  status: ApprovalStatus
  /** Who decided it: the approver, or somebody in their place. */
  decidedBy: string | null
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
  /** `ask` is checked like a decision and changes nothing. `mayDecide`: who may decide this approval at this moment. */
  | { kind: 'decide'; approvalId: string; personId: string; verdict: Verdict; mayDecide: readonly string[] }
  | { kind: 'withdraw' }
  /** Moves one approval to `others`, of whom those who count in the step already are not asked twice. */
  | { kind: 'replace'; approvalId: string; others: { id: string; approverId: string }[]; needed: number }
  /** Appends steps, all `waiting`. They open when their turn comes. */
  | { kind: 'add_steps'; steps: StepState[] }
  /** Takes one decision back. `fresh` names the approval that stands for an undone one from now on. */
  | { kind: 'undo'; approvalId: string; personId: string; isInTime: boolean; fresh: (id: string) => string }

export type Refusal =
  | 'own_expense'
  | 'not_yours'
  | 'not_asked'
  | 'counted_already'
  | 'already_decided'
  | 'closed'
  | 'undone'
  | 'not_decided'
  | 'too_late'

export type MachineAnswer = { ok: true; state: RequestState } | { ok: false; refusal: Refusal }

/** What an approval becomes by a decision. */
export const verdictStatus = { approve: 'approved', reject: 'rejected', send_back: 'sent_back' } as const

export const isDecided = (status: ApprovalStatus): status is 'approved' | 'rejected' | 'sent_back' =>
  status === 'approved' || status === 'rejected' || status === 'sent_back'

/** Their answer is still wanted, now or when the step opens. */
export const isUndecided = (status: ApprovalStatus): boolean => status === 'asked' || status === 'waiting'

/** It was asked and counts no more: others decide in its place, or a fresh one of the same person. */
export const isGone = (status: ApprovalStatus): boolean => status === 'moved' || status === 'undone'

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
  if (event.kind === 'undo') return refuseUndoing(state, event)
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
  { approvalId, personId, mayDecide }: Extract<MachineEvent, { kind: 'decide' }>,
): Refusal | null {
  if (personId === state.submitterId) return 'own_expense'
  const found = find(state, approvalId)
  if (!found || found.approval.status === 'moved') return 'not_yours'
  const { step, approval } = found
  if (!mayDecide.includes(personId) && approval.decidedBy !== personId) return 'not_yours'
  if (approval.status === 'undone') return 'undone'
  if (approval.status === 'waiting') return 'not_asked'
  if (approval.status !== 'asked') return 'already_decided'
  const others = step.approvals.filter(({ id }) => id !== approvalId)
  return others.some((other) => counts(other, personId)) ? 'counted_already' : null
}

/** Whether a person stands in a step by this approval: theirs to decide, or decided by them. */
const counts = ({ status, approverId, decidedBy }: ApprovalState, personId: string) =>
  !isGone(status) && (approverId === personId || decidedBy === personId)

function refuseUndoing(
  state: RequestState,
  { approvalId, personId, isInTime }: { approvalId: string; personId: string; isInTime: boolean },
): Refusal | null {
  const found = find(state, approvalId)
  if (!found || (found.approval.decidedBy ?? found.approval.approverId) !== personId) return 'not_yours'
  if (found.approval.status === 'undone') return 'undone'
  if (!isDecided(found.approval.status)) return 'not_decided'
  if (!isInTime) return 'too_late'
  return mattered(state, found) ? null : 'closed'
}

/** Whether the step or the request would be otherwise without this decision. */
function mattered({ status }: RequestState, { step, approval }: Found): boolean {
  const isOverruled = step.status === 'approved' && approval.status !== 'approved'
  if (status === 'open') return !isOverruled
  if (status === 'withdrawn' || !step.required) return false
  return !step.approvals.some(
    ({ id, status }) => id !== approval.id && (status === 'rejected' || status === 'sent_back'),
  )
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
    case 'undo':
      undo(state, event)
      break
  }
}

function decide(
  state: RequestState,
  { approvalId, personId, verdict }: { approvalId: string; personId: string; verdict: Verdict },
): void {
  const found = find(state, approvalId)
  if (!found || verdict === 'ask') return
  found.approval.status = verdictStatus[verdict]
  found.approval.decidedBy = personId
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
    const isThere = step.approvals.some((other) => counts(other, approverId))
    if (!isThere) step.approvals.push({ id, approverId, status, decidedBy: null })
  }
}

function undo(state: RequestState, { approvalId, fresh }: Extract<MachineEvent, { kind: 'undo' }>): void {
  const found = find(state, approvalId)
  if (!found) return
  const { step, approval } = found
  const place = state.steps.indexOf(step)
  const following = state.steps.findIndex(({ required }, index) => index > place && required)
  const later = step.required && following >= 0 ? state.steps.slice(following) : []
  rewind(later, { wasReached: step.status === 'approved', fresh })
  if (state.status !== 'open') {
    state.status = 'open'
    // Optional steps beside it that were cut short go on.
    for (const one of state.steps) if (one.status === 'skipped') reopen(one, fresh)
  }
  askAnew(step, approval, fresh)
  reopen(step, fresh)
  // Who took it back is waited for, also where the others would be enough since somebody left.
  step.needed = Math.max(step.needed, count(step, ({ status }) => status === 'approved') + 1)
}

/** These steps wait again. Whoever was asked in one of them is asked anew when its turn comes. */
function rewind(steps: StepState[], given: { wasReached: boolean; fresh: (id: string) => string }): void {
  let isPassed = given.wasReached
  let wasReached = given.wasReached
  for (const step of steps) {
    if (step.required) {
      wasReached = isPassed
      isPassed &&= step.status === 'approved'
    }
    step.status = 'waiting'
    for (const approval of step.approvals.filter(({ status }) => !isGone(status))) {
      if (wasReached) askAnew(step, approval, given.fresh, 'waiting')
      else approval.status = 'waiting'
    }
  }
}

/** Asks those again who were not needed any more. */
function reopen(step: StepState, fresh: (id: string) => string): void {
  step.status = 'open'
  for (const approval of step.approvals.filter(({ status }) => status === 'not_needed')) {
    askAnew(step, approval, fresh)
  }
}

/** A fresh approval and not the same: who was asked once is asked by a new card and a new mail. */
function askAnew(
  step: StepState,
  approval: ApprovalState,
  fresh: (id: string) => string,
  status: 'asked' | 'waiting' = 'asked',
): void {
  approval.status = 'undone'
  step.approvals.push({ id: fresh(approval.id), approverId: approval.approverId, status, decidedBy: null })
}

/**
 * Brings an open request to rest: opens steps up to and with the first required one that is not passed, and the optional
 * ones right behind it; with no required one left, the request is approved.
 */
function settle(state: RequestState): void {
  if (state.steps.some((step) => isBeyondReach(step, state.submitterId))) close(state, 'withdrawn')
  if (state.status !== 'open') return
  let isHeld = false
  for (const step of state.steps) {
    if (isHeld && step.required) return
    if (step.status === 'waiting') {
      step.status = 'open'
      for (const approval of step.approvals) if (approval.status === 'waiting') approval.status = 'asked'
    }
    if (step.status !== 'open') continue
    if (count(step, ({ status }) => status === 'approved') >= step.needed) finish(step, 'approved')
    else if (step.required) isHeld = true
    else if (count(step, ({ status }) => isUndecided(status)) === 0) finish(step, objection(step))
  }
  if (!isHeld) close(state, 'approved')
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
  const objections = ['rejected', 'sent_back'] as const
  return objections.find((status) => step.approvals.some((one) => one.status === status)) ?? 'skipped'
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

interface Found {
  step: StepState
  approval: ApprovalState
}

function find(state: RequestState, approvalId: string): Found | null {
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
