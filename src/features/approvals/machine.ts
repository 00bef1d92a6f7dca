/**
 * The approval machine: state × event → state + what must follow. Pure, so that every rule of deciding can be read and
 * tested here. It alone names a loser; use cases lock the request, load this state, ask, and store the answer.
 *
 * Steps open in order. An optional step, once reached, lets the next one open beside it and never holds up the result.
 * A required step is passed when `needed` of its approvers approved. A rejection or a send-back by any approver of a required step ends
 * the request. Objections in an optional step are shown and block nothing. The submitter may take the request back until
 * the first decision.
 */
export type Verdict = 'approve' | 'reject' | 'send_back'
export type RequestStatus = 'open' | 'approved' | 'rejected' | 'sent_back' | 'withdrawn'
export type StepStatus = 'waiting' | 'open' | 'approved' | 'rejected' | 'sent_back' | 'skipped'
export type ApprovalStatus = 'waiting' | 'asked' | 'approved' | 'rejected' | 'sent_back' | 'not_needed'

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
  | { kind: 'decide'; approvalId: string; personId: string; verdict: Verdict }
  | { kind: 'withdraw' }

export type Refusal = 'own_expense' | 'not_yours' | 'not_asked' | 'already_decided' | 'closed'

export type MachineAnswer = { ok: true; state: RequestState } | { ok: false; refusal: Refusal }

const isDecided = (status: ApprovalStatus) => ['approved', 'rejected', 'sent_back'].includes(status)

const verdictStatus = { approve: 'approved', reject: 'rejected', send_back: 'sent_back' } as const

/** What becomes of the request. The state given is not changed. */
export function advance(state: RequestState, event: MachineEvent): MachineAnswer {
  const next = structuredClone(state)
  switch (event.kind) {
    case 'open':
      openNext(next)
      return { ok: true, state: next }
    case 'withdraw':
      if (next.status !== 'open') return { ok: false, refusal: 'closed' }
      if (next.steps.some(({ approvals }) => approvals.some(({ status }) => isDecided(status)))) {
        return { ok: false, refusal: 'already_decided' }
      }
      close(next, 'withdrawn')
      return { ok: true, state: next }
    case 'decide':
      return decide(next, event)
  }
}

function decide(state: RequestState, event: Extract<MachineEvent, { kind: 'decide' }>): MachineAnswer {
  const step = state.steps.find((candidate) => candidate.approvals.some(({ id }) => id === event.approvalId))
  const approval = step?.approvals.find(({ id }) => id === event.approvalId)
  if (!step || !approval) return { ok: false, refusal: 'not_yours' }
  if (event.personId === state.submitterId) return { ok: false, refusal: 'own_expense' }
  if (approval.approverId !== event.personId) return { ok: false, refusal: 'not_yours' }
  if (approval.status !== 'asked') {
    return { ok: false, refusal: approval.status === 'waiting' ? 'not_asked' : 'already_decided' }
  }
  if (state.status !== 'open') return { ok: false, refusal: 'closed' }
  approval.status = verdictStatus[event.verdict]
  if (event.verdict === 'approve') {
    if (step.approvals.filter(({ status }) => status === 'approved').length >= step.needed)
      finishStep(step, 'approved')
  } else if (step.required) {
    finishStep(step, verdictStatus[event.verdict])
    close(state, verdictStatus[event.verdict])
  }
  if (state.status === 'open') openNext(state)
  return { ok: true, state }
}

function finishStep(step: StepState, status: StepStatus): void {
  step.status = status
  for (const approval of step.approvals) {
    if (approval.status === 'asked' || approval.status === 'waiting') approval.status = 'not_needed'
  }
}

/** Opens steps up to and with the first required one that is not passed; with none left, the request is approved. */
function openNext(state: RequestState): void {
  for (const step of state.steps) {
    if (step.status === 'waiting') {
      step.status = 'open'
      for (const approval of step.approvals) if (approval.status === 'waiting') approval.status = 'asked'
    }
    if (step.required && step.status === 'open') return
  }
  close(state, 'approved')
}

function close(state: RequestState, status: Exclude<RequestStatus, 'open'>): void {
  state.status = status
  for (const step of state.steps) {
    if (step.status === 'waiting' || step.status === 'open') finishStep(step, 'skipped')
  }
}
