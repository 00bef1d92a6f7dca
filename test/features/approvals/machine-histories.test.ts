import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type ApprovalStatus,
  advance,
  isDecided,
  isUndecided,
  type MachineEvent,
  type RequestState,
  type Verdict,
} from '../../../src/features/approvals/machine.ts'
import { next, open, step } from './machine-support.ts'

/** How many random histories are tried; `HISTORIES` sets another number. */
const histories = Number(process.env.HISTORIES ?? 100_000)
const people = ['a', 'b', 'c', 'd', 'e', 'grace']
const somebody = fc.constantFrom(...people)

const plannedStep = fc.record({
  approvers: fc.uniqueArray(somebody, { minLength: 1, maxLength: 4 }),
  needed: fc.constantFrom(1, 1, 2, 3),
  required: fc.constantFrom(true, true, true, false),
  /** More are needed than there are: no plan does that, and the machine has to bear it. */
  isBeyondReach: fc.constantFrom(...Array<boolean>(19).fill(false), true),
})
type Planned = typeof plannedStep extends fc.Arbitrary<infer Value> ? Value : never
const asSteps = (list: Planned[], first = 1) =>
  list.map(({ approvers, needed, required, isBeyondReach }, index) => {
    const able = approvers.filter((approver) => approver !== 'grace').length
    return step(first + index, approvers, {
      needed: isBeyondReach ? 5 : Math.max(1, Math.min(needed, able)),
      required,
    })
  })

/** What is tried next; `pick` chooses among the approvals that there are by then. */
const action = fc.oneof(
  {
    weight: 16,
    arbitrary: fc.record({
      kind: fc.constant('decide' as const),
      pick: fc.nat(99),
      /** undefined: the right one. */
      person: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: somebody }),
      /** Aimed at somebody who is asked, or at anybody's approval. */
      aims: fc.constantFrom(true, true, true, false),
      verdict: fc.constantFrom<Verdict>(...Array<Verdict>(11).fill('approve'), 'reject', 'send_back', 'ask'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('replace' as const),
      pick: fc.nat(99),
      others: fc.uniqueArray(somebody, { maxLength: 3 }),
      needed: fc.constantFrom(1, 1, 2),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('add_steps' as const),
      steps: fc.array(plannedStep, { maxLength: 2 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('withdraw' as const) }) },
)
type Action = typeof action extends fc.Arbitrary<infer Value> ? Value : never

function toEvent(state: RequestState, act: Action, turn: number): MachineEvent {
  const approvals = state.steps.flatMap((one) => one.approvals)
  switch (act.kind) {
    case 'decide': {
      const among = act.aims ? approvals.filter((one) => one.status === 'asked') : approvals
      const approval = among[act.pick % among.length]
      const personId = act.person ?? approval?.approverId ?? 'a'
      return { kind: 'decide', approvalId: approval?.id ?? 'none', personId, verdict: act.verdict }
    }
    case 'replace': {
      const approvalId = approvals[act.pick % approvals.length]?.id ?? 'none'
      const others = act.others.map((approverId) => ({ id: `moved-${turn}-${approverId}`, approverId }))
      return { kind: 'replace', approvalId, others, needed: act.needed }
    }
    case 'add_steps':
      return { kind: 'add_steps', steps: asSteps(act.steps, state.steps.length + 1) }
    case 'withdraw':
      return { kind: 'withdraw' }
  }
}

/** `expect` is too slow for millions of checks. */
function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what)
}

/** Everybody who is asked approves, until nobody is asked any more. */
function approveAll(given: RequestState): RequestState {
  let state = given
  for (;;) {
    const able = state.steps
      .flatMap(({ approvals }) => approvals)
      .find(({ status, approverId }) => status === 'asked' && approverId !== state.submitterId)
    if (!able) return state
    const { id: approvalId, approverId: personId } = able
    state = next(state, { kind: 'decide', approvalId, personId, verdict: 'approve' })
  }
}

/** A state that throws where somebody changes it. */
function freeze(state: RequestState): RequestState {
  for (const { approvals } of state.steps) for (const approval of approvals) Object.freeze(approval)
  for (const one of state.steps) Object.freeze(one) && Object.freeze(one.approvals)
  Object.freeze(state.steps)
  return Object.freeze(state)
}

function checkState({ status, steps, submitterId }: RequestState): void {
  const approvals = steps.flatMap((one) => one.approvals)
  const some = (which: ApprovalStatus) => approvals.some((approval) => approval.status === which)
  if (status === 'open') {
    const able = approvals.filter((one) => one.status === 'asked' && one.approverId !== submitterId)
    must(able.length > 0, 'an open request asks nobody who can decide')
  } else {
    must(!some('asked') && !some('waiting'), 'a closed request still asks somebody')
  }
  for (const { required, needed, approvals: own, status: stepStatus } of steps) {
    const yes = own.filter((approval) => approval.status === 'approved').length
    if (status === 'approved' && required) must(yes >= needed, 'approved without a required step')
    if (stepStatus === 'approved') must(yes >= needed, 'a step is passed with too few approvals')
    const there = own.filter((approval) => approval.status !== 'moved').map(({ approverId }) => approverId)
    must(new Set(there).size === there.length, 'somebody counts twice in a step')
  }
  must(
    !approvals.some((one) => one.approverId === submitterId && isDecided(one.status)),
    'the submitter decided their own',
  )
}

function checkChange(before: RequestState, after: RequestState, event: MachineEvent): void {
  must(before.status === 'open', 'a closed request changed')
  const was = new Map(before.steps.flatMap(({ approvals }) => approvals).map((one) => [one.id, one.status]))
  const decidedNow: string[] = []
  for (const { id, status } of after.steps.flatMap(({ approvals }) => approvals)) {
    const earlier = was.get(id)
    if (earlier === undefined || earlier === status) continue
    must(isUndecided(earlier), `an approval went from ${earlier} to ${status}`)
    if (isDecided(status)) decidedNow.push(id)
  }
  const decides = event.kind === 'decide' && event.verdict !== 'ask' ? [event.approvalId] : []
  must(decidedNow.join() === decides.join(), 'another approval was decided than the one that was meant')
  if (event.kind === 'decide' && (event.verdict === 'reject' || event.verdict === 'send_back')) {
    const own = before.steps.find(({ approvals }) => approvals.some(({ id }) => id === event.approvalId))
    const ends = after.status === (event.verdict === 'reject' ? 'rejected' : 'sent_back')
    must(
      ends === own?.required,
      'an objection ends the request in an optional step, or not in a required one',
    )
  }
  if (event.kind === 'decide' && event.verdict === 'ask') {
    must(JSON.stringify(before) === JSON.stringify(after), 'a question changed something')
  }
}

function checkRefusal(state: RequestState, event: MachineEvent): void {
  if (event.kind !== 'decide' || state.status !== 'open') return
  const approval = state.steps.flatMap(({ approvals }) => approvals).find(({ id }) => id === event.approvalId)
  const isRight = approval?.approverId === event.personId && event.personId !== state.submitterId
  must(!(isRight && approval?.status === 'asked'), 'the right person was refused')
}

test(`in ${histories} random histories: an ended request stays as it ended, one decision counts per approval, an open one can still be approved by those it asks, and nothing is approved without its approvals`, () => {
  const begin = fc.oneof(
    { weight: 30, arbitrary: fc.array(plannedStep, { minLength: 1, maxLength: 4, size: 'max' }) },
    { weight: 1, arbitrary: fc.constant<Planned[]>([]) },
  )
  const ended = new Map<string, number>()
  fc.assert(
    fc.property(begin, fc.array(action, { minLength: 1, maxLength: 25, size: 'max' }), (steps, actions) => {
      let state = freeze(open(...asSteps(steps)))
      checkState(state)
      for (const [turn, act] of actions.entries()) {
        const event = toEvent(state, act, turn)
        const answer = advance(state, event)
        if (!answer.ok) {
          checkRefusal(state, event)
          continue
        }
        checkState(answer.state)
        checkChange(state, answer.state, event)
        state = freeze(answer.state)
      }
      if (state.status === 'open')
        must(approveAll(state).status === 'approved', 'an open request cannot be approved')
      ended.set(state.status, (ended.get(state.status) ?? 0) + 1)
    }),
    { numRuns: histories },
  )
  // The histories are of every kind, so the checks were put to work.
  for (const status of ['open', 'approved', 'rejected', 'sent_back', 'withdrawn']) {
    expect(ended.get(status) ?? 0, status).toBeGreaterThan(histories / 100)
  }
}, 120_000)
