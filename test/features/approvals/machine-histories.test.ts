import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type ApprovalStatus,
  advance,
  isDecided,
  isGone,
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

/** Who decides for whom for the time of a history: also the submitter is asked to, and for the submitter. */
const delegates = fc
  .array(fc.option(somebody, { freq: 2, nil: null }), { minLength: people.length, maxLength: people.length })
  .map((list) => new Map(people.map((person, index) => [person, list[index] ?? null])))
type Delegates = ReadonlyMap<string, string | null>

/** Nobody stands in for the submitter, and the one who is escalated to for the time of a history may decide all. */
function whoMay(approverId: string | undefined, given: Delegates, up: string | null): string[] {
  const principals = [approverId, up].filter((one) => one != null)
  const standing = principals.map((one) => (one === 'grace' ? null : (given.get(one) ?? null)))
  return [...principals, ...standing.filter((one) => one !== null)]
}

/** What is tried next; `pick` chooses among the approvals that there are by then. */
const action = fc.oneof(
  {
    weight: 16,
    arbitrary: fc.record({
      kind: fc.constant('decide' as const),
      pick: fc.nat(99),
      /** undefined: one of those who may. */
      person: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: somebody }),
      inPlace: fc.nat(3),
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
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('undo' as const),
      pick: fc.nat(99),
      person: fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: somebody }),
      /** Aimed at what is decided, or at anything. */
      aims: fc.constantFrom(true, true, true, false),
      isInTime: fc.constantFrom(true, true, true, true, false),
    }),
  },
)
type Action = typeof action extends fc.Arbitrary<infer Value> ? Value : never

interface World {
  given: Delegates
  up: string | null
}

function toEvent(state: RequestState, act: Action, turn: number, { given, up }: World): MachineEvent {
  const approvals = state.steps.flatMap((one) => one.approvals)
  switch (act.kind) {
    case 'decide': {
      const among = act.aims ? approvals.filter((one) => one.status === 'asked') : approvals
      const approval = among[act.pick % among.length]
      const mayDecide = whoMay(approval?.approverId, given, up)
      const personId = act.person ?? mayDecide[act.inPlace % mayDecide.length] ?? 'a'
      return { kind: 'decide', approvalId: approval?.id ?? 'none', personId, verdict: act.verdict, mayDecide }
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
    case 'undo': {
      const among = act.aims ? approvals.filter((one) => isDecided(one.status)) : approvals
      const approval = among[act.pick % among.length]
      const personId = act.person ?? approval?.decidedBy ?? approval?.approverId ?? 'a'
      const fresh = (id: string) => `${id}+${turn}`
      return { kind: 'undo', approvalId: approval?.id ?? 'none', personId, isInTime: act.isInTime, fresh }
    }
  }
}

/** `expect` is too slow for millions of checks. */
function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what)
}

/** Everybody whose approval is asked approves, without any delegate, until nobody is asked any more. */
function approveAll(given: RequestState): RequestState {
  let state = given
  for (;;) {
    const able = state.steps
      .flatMap(({ approvals }) => approvals)
      .find(({ status, approverId }) => status === 'asked' && approverId !== state.submitterId)
    if (!able) return state
    const { id: approvalId, approverId: personId } = able
    state = next(state, { kind: 'decide', approvalId, personId, verdict: 'approve', mayDecide: [personId] })
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
    const there = own.filter((approval) => !isGone(approval.status)).map(({ approverId }) => approverId)
    must(new Set(there).size === there.length, 'somebody stands twice in a step')
    const deciders = own.filter(({ status }) => isDecided(status)).map(({ decidedBy }) => decidedBy)
    must(new Set(deciders).size === deciders.length, 'somebody counts twice in a step')
    for (const { approverId, decidedBy, status } of own) {
      if (!isDecided(status) || approverId === decidedBy) continue
      must(!there.includes(decidedBy ?? ''), 'somebody who stands in a step decided for another')
    }
  }
  must(!approvals.some((one) => one.decidedBy === submitterId), 'the submitter decided their own')
  must(
    approvals.every((one) => one.status === 'undone' || isDecided(one.status) === (one.decidedBy !== null)),
    'it is not kept who decided, or somebody who did not',
  )
}

function checkChange(before: RequestState, after: RequestState, event: MachineEvent): void {
  must(before.status === 'open' || event.kind === 'undo', 'a closed request changed')
  const was = new Map(before.steps.flatMap(({ approvals }) => approvals).map((one) => [one.id, one.status]))
  const is = new Map(after.steps.flatMap(({ approvals }) => approvals).map((one) => [one.id, one.status]))
  must(
    [...was.keys()].every((id) => is.has(id)),
    'an approval is deleted',
  )
  const decidedNow: string[] = []
  for (const [id, status] of is) {
    const earlier = was.get(id)
    if (earlier === undefined || earlier === status) continue
    if (event.kind === 'undo') {
      const isBack = status === 'undone' || (status === 'waiting' && earlier === 'not_needed')
      must(!isGone(earlier) && isBack, `taking back made ${earlier} ${status}`)
      continue
    }
    must(isUndecided(earlier), `an approval went from ${earlier} to ${status}`)
    if (isDecided(status)) decidedNow.push(id)
  }
  if (event.kind === 'undo') checkUndone(before, after, event.approvalId)
  const decides = event.kind === 'decide' && event.verdict !== 'ask' ? [event.approvalId] : []
  must(decidedNow.join() === decides.join(), 'another approval was decided than the one that was meant')
  if (event.kind === 'decide') must(event.mayDecide.includes(event.personId), 'somebody decided who may not')
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

/** It counts no more, the same person is asked anew, later steps wait, and what was decided elsewhere stays. */
function checkUndone(before: RequestState, after: RequestState, approvalId: string): void {
  must(after.status === 'open', 'a decision was taken back, and the request is closed')
  const place = before.steps.findIndex(({ approvals }) => approvals.some(({ id }) => id === approvalId))
  const step = after.steps[place]
  const own = step?.approvals.find(({ id }) => id === approvalId)
  must(own?.status === 'undone', 'what was taken back is not undone')
  const asked = step?.approvals.some((one) => one.approverId === own?.approverId && one.status === 'asked')
  must(step?.status === 'open' && asked === true, 'who took it back is not asked anew')
  for (const [index, { approvals, status }] of after.steps.entries()) {
    const between = after.steps.slice(place + 1, index + 1)
    const isLater = step?.required === true && between.some(({ required }) => required)
    must(!isLater || status === 'waiting' || status === 'open', 'a later step is still decided')
    for (const { id } of before.steps[index]?.approvals.filter((one) => isDecided(one.status)) ?? []) {
      const now = approvals.find((one) => one.id === id)?.status
      must(isLater || id === approvalId ? now === 'undone' : now !== 'undone', `${id} is ${now}`)
    }
  }
}

function checkRefusal(state: RequestState, event: MachineEvent): void {
  if ((event.kind !== 'decide' && event.kind !== 'undo') || state.status !== 'open') return
  const approval = state.steps.flatMap(({ approvals }) => approvals).find(({ id }) => id === event.approvalId)
  if (event.kind === 'undo') {
    const isOwn = approval?.decidedBy === event.personId && isDecided(approval.status)
    const own = state.steps.find(({ approvals }) => approvals.some(({ id }) => id === event.approvalId))
    const isOutvoted = own?.status === 'approved' && approval?.status !== 'approved'
    must(!(isOwn && event.isInTime && !isOutvoted), 'the right person could not take it back')
    return
  }
  if (approval?.status !== 'asked' || event.personId === state.submitterId) return
  must(approval.approverId !== event.personId, 'the approver was refused')
  const step = state.steps.find(({ approvals }) => approvals.includes(approval))
  const isInStep = step?.approvals.some(
    (one) => !isGone(one.status) && (one.approverId === event.personId || one.decidedBy === event.personId),
  )
  must(isInStep || !event.mayDecide.includes(event.personId), 'a delegate was refused')
}

test(`in ${histories} random histories with delegates: nobody ever decides their own, one person counts once in a step, an ended request stays as it ended unless a decision is taken back, one decision counts per approval, an open one can still be approved by those it asks, and nothing is approved without its approvals or deleted`, () => {
  const begin = fc.oneof(
    { weight: 30, arbitrary: fc.array(plannedStep, { minLength: 1, maxLength: 4, size: 'max' }) },
    { weight: 1, arbitrary: fc.constant<Planned[]>([]) },
  )
  const ended = new Map<string, number>()
  const seen = new Map<string, number>()
  const note = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1)
  const world = fc.record({ given: delegates, up: fc.option(somebody, { freq: 1, nil: null }) })
  const acts = fc.array(action, { minLength: 1, maxLength: 25, size: 'max' })
  fc.assert(
    fc.property(begin, acts, world, (steps, actions, here) => {
      let state = freeze(open(...asSteps(steps)))
      checkState(state)
      for (const [turn, act] of actions.entries()) {
        const event = toEvent(state, act, turn, here)
        const answer = advance(state, event)
        if (!answer.ok) {
          note(answer.refusal)
          checkRefusal(state, event)
          continue
        }
        checkState(answer.state)
        checkChange(state, answer.state, event)
        if (event.kind === 'decide') {
          const approval = approvalsOf(state).find(({ id }) => id === event.approvalId)
          if (approval?.approverId !== event.personId) note('decided for another')
        }
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
  for (const what of ['decided for another', 'own_expense', 'counted_already', 'not_yours', 'undone']) {
    expect(seen.get(what) ?? 0, what).toBeGreaterThan(histories / 100)
  }
}, 240_000)

test(`${histories / 10} times: taking a decision back and deciding the same again comes to the same end`, () => {
  const kinds = new Map<string, number>()
  const decisions = fc.array(
    fc.record({
      pick: fc.nat(99),
      inPlace: fc.boolean(),
      verdict: fc.constantFrom<Verdict>(...Array<Verdict>(9).fill('approve'), 'reject', 'send_back'),
    }),
    { minLength: 1, maxLength: 12, size: 'max' },
  )
  const begin = fc.array(plannedStep, { minLength: 1, maxLength: 4, size: 'max' })
  fc.assert(
    fc.property(begin, decisions, fc.nat(99), delegates, (steps, picks, taken, given) => {
      let state = open(...asSteps(steps))
      const made: Made[] = []
      for (const { pick, verdict, inPlace } of picks) {
        const able = askedOthers(state)
        const one = able[pick % able.length]
        if (!one) break
        const delegate = given.get(one.approverId)
        const isByDelegate = inPlace && delegate && decide(state, { ...one, by: delegate, verdict })
        const by = isByDelegate ? delegate : one.approverId
        made.push({ id: one.id, by, verdict })
        state = isByDelegate || decided(state, { ...one, by, verdict })
      }
      const end = summary(state)
      const own = made[taken % made.length]
      const approval = approvalsOf(state).find(({ id }) => id === own?.id)
      const fresh = (id: string) => `${id}+`
      const event = { kind: 'undo', approvalId: own?.id ?? '', isInTime: true, fresh } as const
      const answer = advance(state, { ...event, personId: approval?.decidedBy ?? '' })
      if (!answer.ok) return
      const wasUndone = ({ id }: { id: string }) =>
        approvalsOf(answer.state).some((one) => one.id === id && one.status === 'undone')
      let again = answer.state
      for (const { id, by, verdict } of made.filter(wasUndone)) {
        const one = approvalsOf(again).find((candidate) => candidate.id === fresh(id))
        must(one?.status === 'asked', `${id} is not asked again`)
        if (one) again = decided(again, { ...one, by, verdict })
      }
      must(summary(again) === end, `${end} became ${summary(again)}`)
      kinds.set(state.status, (kinds.get(state.status) ?? 0) + 1)
    }),
    { numRuns: histories / 10 },
  )
  for (const status of ['open', 'approved', 'rejected', 'sent_back']) {
    expect(kinds.get(status) ?? 0, status).toBeGreaterThan(histories / 1000)
  }
}, 120_000)

const approvalsOf = ({ steps }: RequestState) => steps.flatMap(({ approvals }) => approvals)

const askedOthers = (state: RequestState) =>
  approvalsOf(state).filter((one) => one.status === 'asked' && one.approverId !== state.submitterId)

interface Made {
  id: string
  by: string
  verdict: Verdict
}

/** null: the machine refuses. */
function decide(state: RequestState, { id: approvalId, by: personId, verdict }: Made): RequestState | null {
  const answer = advance(state, { kind: 'decide', approvalId, personId, verdict, mayDecide: [personId] })
  return answer.ok ? answer.state : null
}

function decided(state: RequestState, made: Made): RequestState {
  const after = decide(state, made)
  if (!after) throw new Error(`${made.by} is refused`)
  return after
}

/** What a request and its steps came to, and by whom, whatever was undone on the way. */
function summary({ status, steps }: RequestState): string {
  const parts = steps.map((one) => {
    const people = one.approvals.filter((approval) => !isGone(approval.status))
    return [
      one.status,
      one.needed,
      ...people.map((one) => `${one.approverId} ${one.status} ${one.decidedBy}`).sort(),
    ]
  })
  return JSON.stringify([status, parts])
}
