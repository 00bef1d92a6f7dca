import {
  advance,
  type MachineEvent,
  type RequestState,
  type StepState,
} from '../../../src/features/approvals/machine.ts'

/** A step that waits; its approvals are called `position-approver`. */
export function step(position: number, approvers: string[], options: Partial<StepState> = {}): StepState {
  return {
    position,
    required: true,
    needed: 1,
    status: 'waiting',
    approvals: approvers.map((approverId) => ({
      id: `${position}-${approverId}`,
      approverId,
      status: 'waiting',
      decidedBy: null,
    })),
    ...options,
  }
}

/** A request of Grace, opened. */
export function open(...steps: StepState[]): RequestState {
  const answer = advance({ status: 'open', submitterId: 'grace', steps }, { kind: 'open' })
  if (!answer.ok) throw new Error(answer.refusal)
  return answer.state
}

export function next(state: RequestState, event: MachineEvent): RequestState {
  const answer = advance(state, event)
  if (!answer.ok) throw new Error(answer.refusal)
  return answer.state
}
