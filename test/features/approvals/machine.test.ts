import { describe, expect, test } from 'vitest'
import {
  advance,
  type MachineEvent,
  type RequestState,
  type StepState,
  type Verdict,
} from '../../../src/features/approvals/machine.ts'
import { next, open, step } from './machine-support.ts'

function decide(state: RequestState, approvalId: string, verdict: Verdict = 'approve') {
  const personId = nameIn(approvalId)
  return advance(state, { kind: 'decide', approvalId, personId, verdict, mayDecide: [personId] })
}

/** Somebody decides in the place of the approver. */
function decideFor(state: RequestState, approvalId: string, personId: string, verdict: Verdict = 'approve') {
  const mayDecide = [nameIn(approvalId), personId]
  return advance(state, { kind: 'decide', approvalId, personId, verdict, mayDecide })
}

function decidedFor(state: RequestState, approvalId: string, personId: string, verdict?: Verdict) {
  const answer = decideFor(state, approvalId, personId, verdict)
  if (!answer.ok) throw new Error(answer.refusal)
  return answer.state
}

/** `frank` in `1-frank` and in `1-frank+`, which stands for it. */
const nameIn = (approvalId: string) => approvalId.split('-')[1]?.replace(/\+*$/, '') ?? ''

function decided(state: RequestState, approvalId: string, verdict: Verdict = 'approve'): RequestState {
  const answer = decide(state, approvalId, verdict)
  if (!answer.ok) throw new Error(answer.refusal)
  return answer.state
}

const statusOf = (state: RequestState, approvalId: string) =>
  state.steps.flatMap(({ approvals }) => approvals).find(({ id }) => id === approvalId)?.status

const asked = (state: RequestState) =>
  state.steps.flatMap(({ approvals }) =>
    approvals.filter(({ status }) => status === 'asked').map(({ id }) => id),
  )

describe('steps', () => {
  test('are asked in order, and the last one approves the request', () => {
    let state = open(step(1, ['frank']), step(2, ['eve']))
    expect(asked(state)).toEqual(['1-frank'])
    state = decided(state, '1-frank')
    expect(asked(state)).toEqual(['2-eve'])
    expect(state.status).toBe('open')
    state = decided(state, '2-eve')
    expect(state.status).toBe('approved')
  })

  test('a later step cannot be decided before its turn', () => {
    const state = open(step(1, ['frank']), step(2, ['eve']))
    expect(decide(state, '2-eve')).toEqual({ ok: false, refusal: 'not_asked' })
  })

  test('any-of: the first approval counts, the others are not needed', () => {
    const state = decided(open(step(1, ['frank', 'eve'])), '1-eve')
    expect(state.status).toBe('approved')
    expect(decide(state, '1-frank')).toEqual({ ok: false, refusal: 'already_decided' })
  })

  test('two of three: one approval is not enough', () => {
    let state = open(step(1, ['a', 'b', 'c'], { needed: 2 }))
    state = decided(state, '1-a')
    expect(state.status).toBe('open')
    state = decided(state, '1-c')
    expect(state.status).toBe('approved')
  })

  test('an optional step is asked beside the next one, objects without effect, and never holds up the result', () => {
    let state = open(step(1, ['opt'], { required: false }), step(2, ['frank']))
    expect(asked(state)).toEqual(['1-opt', '2-frank'])
    state = decided(state, '1-opt', 'reject')
    expect(state.status).toBe('open')
    expect(state.steps[0]?.status).toBe('rejected')
    state = decided(state, '2-frank')
    expect(state.status).toBe('approved')
    expect(state.steps[0]).toMatchObject({ status: 'rejected', approvals: [{ status: 'rejected' }] })
  })

  test('an optional step behind a required one is asked beside it, also when it is the last', () => {
    let state = open(
      step(1, ['frank']),
      step(2, ['opt'], { required: false }),
      step(3, ['eve']),
      step(4, ['far'], { required: false }),
    )
    expect(asked(state)).toEqual(['1-frank', '2-opt'])
    state = decided(state, '1-frank')
    expect(asked(state)).toEqual(['2-opt', '3-eve', '4-far'])
    state = decided(state, '4-far', 'reject')
    expect(decided(state, '3-eve').status).toBe('approved')
  })

  test('an optional step that nobody answered is skipped when the request ends', () => {
    const state = decided(open(step(1, ['opt'], { required: false }), step(2, ['frank'])), '2-frank')
    expect(state.steps[0]).toMatchObject({ status: 'skipped', approvals: [{ status: 'not_needed' }] })
  })

  test('a request without steps is approved when it opens', () => {
    expect(open().status).toBe('approved')
  })

  test('a step that fewer can approve than must never leaves the request open', () => {
    expect(open(step(1, ['frank']), step(2, ['eve'], { needed: 2 })).status).toBe('withdrawn')
    expect(open(step(1, ['grace', 'frank'], { needed: 2 })).status).toBe('withdrawn')
    expect(open(step(1, [])).status).toBe('withdrawn')
  })
})

describe('verdicts', () => {
  test.each([
    ['reject', 'rejected'],
    ['send_back', 'sent_back'],
  ] as const)('%s ends the request at once, in all-of too', (verdict, status) => {
    const state = decided(open(step(1, ['a', 'b'], { needed: 2 }), step(2, ['c'])), '1-b', verdict)
    expect(state.status).toBe(status)
    expect(asked(state)).toEqual([])
    expect(decide(state, '1-a')).toEqual({ ok: false, refusal: 'already_decided' })
  })

  test('nobody decides their own expense, even when they are asked', () => {
    expect(decide(open(step(1, ['grace'])), '1-grace')).toEqual({ ok: false, refusal: 'own_expense' })
  })

  test('nobody decides in the name of somebody else', () => {
    const answer = advance(open(step(1, ['frank'])), {
      kind: 'decide',
      approvalId: '1-frank',
      personId: 'eve',
      verdict: 'approve',
      mayDecide: ['frank', 'bob'],
    })
    expect(answer).toEqual({ ok: false, refusal: 'not_yours' })
  })

  test('a question is checked like a decision, and changes nothing', () => {
    const state = open(step(1, ['frank']), step(2, ['eve']))
    expect(decided(state, '1-frank', 'ask')).toEqual(state)
    expect(decide(state, '2-eve', 'ask')).toEqual({ ok: false, refusal: 'not_asked' })
    expect(decide(decided(state, '1-frank'), '1-frank', 'ask')).toEqual({
      ok: false,
      refusal: 'already_decided',
    })
    expect(next(decided(state, '1-frank', 'ask'), { kind: 'withdraw' }).status).toBe('withdrawn')
  })

  test('after the first decision nothing is taken back, also when it was an objection that blocks nothing', () => {
    const withdraw: MachineEvent = { kind: 'withdraw' }
    const begun = decided(open(step(1, ['frank']), step(2, ['eve'])), '1-frank')
    expect(advance(begun, withdraw)).toEqual({ ok: false, refusal: 'already_decided' })
    const objected = decided(open(step(1, ['opt'], { required: false }), step(2, ['eve'])), '1-opt', 'reject')
    expect(advance(objected, withdraw)).toEqual({ ok: false, refusal: 'already_decided' })
  })

  test('somebody who approved an earlier step is asked again in a later one, and may still reject', () => {
    const state = decided(open(step(1, ['frank']), step(2, ['frank', 'eve'], { needed: 2 })), '1-frank')
    expect(asked(state)).toEqual(['2-frank', '2-eve'])
    expect(decided(state, '2-frank', 'reject').status).toBe('rejected')
  })

  test('taken back, nothing can be decided any more', () => {
    const answer = advance(open(step(1, ['frank'])), { kind: 'withdraw' })
    if (!answer.ok) throw new Error(answer.refusal)
    expect(answer.state.status).toBe('withdrawn')
    expect(decide(answer.state, '1-frank').ok).toBe(false)
  })
})

describe('somebody who leaves', () => {
  const move = (state: RequestState, approvalId: string, to: string[], needed = 1) => {
    const others = to.map((approverId) => ({ id: `${approvalId.split('-')[0]}-${approverId}`, approverId }))
    return next(state, { kind: 'replace', approvalId, others, needed })
  }

  test('is replaced, and can decide nothing any more', () => {
    const state = move(open(step(1, ['frank']), step(2, ['eve'])), '1-frank', ['fred'])
    expect(asked(state)).toEqual(['1-fred'])
    expect(statusOf(state, '1-frank')).toBe('moved')
    expect(decide(state, '1-frank')).toEqual({ ok: false, refusal: 'not_yours' })
    expect(decided(decided(state, '1-fred'), '2-eve').status).toBe('approved')
  })

  test('is replaced in a step whose turn has not come', () => {
    const state = move(open(step(1, ['frank']), step(2, ['eve'])), '2-eve', ['david'])
    expect(asked(state)).toEqual(['1-frank'])
    expect(statusOf(state, '2-david')).toBe('waiting')
    expect(asked(decided(state, '1-frank'))).toEqual(['2-david'])
  })

  test('leaves what they decided as it is', () => {
    const state = decided(open(step(1, ['a', 'b'], { needed: 2 })), '1-a')
    const replace: MachineEvent = { kind: 'replace', approvalId: '1-a', others: [], needed: 1 }
    expect(advance(state, replace)).toEqual({ ok: false, refusal: 'already_decided' })
    expect(decided(move(state, '1-b', ['c'], 2), '1-c').status).toBe('approved')
  })

  test('nobody is asked twice in a step', () => {
    const state = move(open(step(1, ['a', 'b', 'c'], { needed: 2 })), '1-a', ['b', 'd'], 2)
    expect(asked(state)).toEqual(['1-b', '1-c', '1-d'])
  })

  test('the last whom an all-of waited for: it is passed by those who approved', () => {
    const state = decided(open(step(1, ['a', 'b'], { needed: 2 }), step(2, ['c'])), '1-a')
    expect(asked(move(state, '1-b', [], 1))).toEqual(['2-c'])
  })

  test('without anybody else, the request ends rather than ask for less', () => {
    const twoOf = open(step(1, ['a', 'b'], { needed: 2 }), step(2, ['c']))
    const ended = move(twoOf, '1-b', [], 2)
    expect(ended.status).toBe('withdrawn')
    expect(asked(ended)).toEqual([])
    expect(move(open(step(1, ['a']), step(2, ['c'])), '2-c', []).status).toBe('withdrawn')
  })

  test('without anybody else in an optional step, that step is skipped', () => {
    const state = move(open(step(1, ['opt'], { required: false }), step(2, ['frank'])), '1-opt', [])
    expect(state.steps[0]?.status).toBe('skipped')
    expect(asked(state)).toEqual(['2-frank'])
  })
})

describe('in the place of an approver', () => {
  const by = (state: RequestState, approvalId: string) =>
    state.steps.flatMap(({ approvals }) => approvals).find(({ id }) => id === approvalId)?.decidedBy

  test.each([
    ['approve', 'approved'],
    ['reject', 'rejected'],
    ['send_back', 'sent_back'],
  ] as const)('somebody else can %s, and it is kept who did', (verdict, status) => {
    const state = decidedFor(open(step(1, ['alice'])), '1-alice', 'bob', verdict)
    expect([state.status, statusOf(state, '1-alice'), by(state, '1-alice')]).toEqual([status, status, 'bob'])
  })

  test('the approver may still decide; whoever comes second is told so', () => {
    const state = open(step(1, ['alice']))
    const late = { ok: false, refusal: 'already_decided' }
    expect(decide(decidedFor(state, '1-alice', 'bob'), '1-alice')).toEqual(late)
    const byAlice = decided(state, '1-alice')
    expect(by(byAlice, '1-alice')).toBe('alice')
    expect(decideFor(byAlice, '1-alice', 'bob')).toEqual(late)
  })

  test('not for oneself: the submitter is refused before anything else', () => {
    const state = open(step(1, ['alice', 'grace']), step(2, ['eve']))
    for (const id of ['1-alice', '1-grace', '2-eve', '9-nobody']) {
      expect(decideFor(state, id, 'grace')).toEqual({ ok: false, refusal: 'own_expense' })
    }
  })

  test('one person counts once in a step, and again in the next', () => {
    let state = open(step(1, ['alice', 'carol'], { needed: 2 }), step(2, ['eve']))
    state = decidedFor(state, '1-alice', 'bob')
    expect(decideFor(state, '1-carol', 'bob')).toEqual({ ok: false, refusal: 'counted_already' })
    expect(decideFor(state, '1-carol', 'bob', 'reject')).toEqual({ ok: false, refusal: 'counted_already' })
    state = decided(state, '1-carol')
    expect(decidedFor(state, '2-eve', 'bob').status).toBe('approved')
  })

  test('an approver of a step decides their own approval of it, before and after, and no other', () => {
    let state = open(step(1, ['alice', 'bob'], { needed: 2 }))
    expect(decideFor(state, '1-alice', 'bob')).toEqual({ ok: false, refusal: 'counted_already' })
    state = decided(state, '1-bob')
    expect(decideFor(state, '1-alice', 'bob')).toEqual({ ok: false, refusal: 'counted_already' })
    expect(decided(state, '1-alice').status).toBe('approved')
  })

  test('whose approval was decided for them decides no other in the step', () => {
    const state = decidedFor(open(step(1, ['alice', 'carol'], { needed: 2 })), '1-alice', 'bob')
    expect(decideFor(state, '1-carol', 'alice')).toEqual({ ok: false, refusal: 'counted_already' })
  })

  test('whoever counts already is not put into the step for somebody who leaves', () => {
    const state = decidedFor(open(step(1, ['alice', 'carol'], { needed: 2 })), '1-alice', 'bob')
    const others = ['bob', 'dave'].map((approverId) => ({ id: `1-${approverId}`, approverId }))
    const moved = next(state, { kind: 'replace', approvalId: '1-carol', others, needed: 2 })
    expect(statusOf(moved, '1-bob')).toBeUndefined()
    expect(decided(moved, '1-dave').status).toBe('approved')
  })

  test('only who decided takes it back; then the approver is asked anew, and both may decide', () => {
    const state = decidedFor(open(step(1, ['alice', 'carol'], { needed: 2 })), '1-alice', 'bob')
    const back = (personId: string) =>
      advance(state, {
        kind: 'undo',
        approvalId: '1-alice',
        personId,
        isInTime: true,
        fresh: (id) => `${id}+`,
      })
    expect(back('alice')).toEqual({ ok: false, refusal: 'not_yours' })
    const answer = back('bob')
    if (!answer.ok) throw new Error(answer.refusal)
    expect([statusOf(answer.state, '1-alice'), by(answer.state, '1-alice')]).toEqual(['undone', 'bob'])
    expect([statusOf(answer.state, '1-alice+'), by(answer.state, '1-alice+')]).toEqual(['asked', null])
    for (const person of ['alice', 'bob']) {
      expect(by(decidedFor(answer.state, '1-alice+', person), '1-alice+')).toBe(person)
    }
    // What they took back does not count.
    expect(by(decidedFor(answer.state, '1-carol', 'bob'), '1-carol')).toBe('bob')
  })
})

describe('taking back', () => {
  const undoing = (
    approvalId: string,
    more: { personId?: string; isInTime?: boolean } = {},
  ): MachineEvent => ({
    kind: 'undo',
    approvalId,
    personId: nameIn(approvalId),
    isInTime: true,
    fresh: (id) => `${id}+`,
    ...more,
  })
  const undone = (state: RequestState, approvalId: string) => next(state, undoing(approvalId))
  const refused = (state: RequestState, approvalId: string, more = {}) => {
    const answer = advance(state, undoing(approvalId, more))
    return answer.ok ? null : answer.refusal
  }
  /** `id status` of each step. */
  const shown = (state: RequestState) =>
    state.steps.map(({ status, approvals }) => [status, ...approvals.map((one) => `${one.id} ${one.status}`)])

  test.each(['approve', 'reject', 'send_back'] as const)(
    'one’s own decision, %s: the same step asks anew, and the request is open',
    (verdict) => {
      const ended = decided(open(step(1, ['frank', 'fred']), step(2, ['eve'])), '1-frank', verdict)
      const state = undone(ended, '1-frank')
      expect(state.status).toBe('open')
      expect(shown(state)[0]).toEqual([
        'open',
        '1-frank undone',
        '1-fred undone',
        '1-frank+ asked',
        '1-fred+ asked',
      ])
      expect(state.steps[1]?.status).toBe('waiting')
      expect(asked(state)).toEqual(['1-frank+', '1-fred+'])
    },
  )

  test('undoes what was decided in later steps, which wait again', () => {
    let state = open(step(1, ['frank']), step(2, ['eve', 'ed'], { needed: 2 }), step(3, ['cas']))
    for (const id of ['1-frank', '2-eve', '2-ed', '3-cas']) state = decided(state, id)
    expect(state.status).toBe('approved')
    state = undone(state, '1-frank')
    expect(shown(state)).toEqual([
      ['open', '1-frank undone', '1-frank+ asked'],
      ['waiting', '2-eve undone', '2-ed undone', '2-eve+ waiting', '2-ed+ waiting'],
      ['waiting', '3-cas undone', '3-cas+ waiting'],
    ])
    for (const id of ['1-frank+', '2-eve+', '2-ed+', '3-cas+']) state = decided(state, id)
    expect(state.status).toBe('approved')
  })

  test('leaves later steps alone that were never reached: nobody there saw anything', () => {
    const ended = decided(
      decided(open(step(1, ['frank']), step(2, ['eve']), step(3, ['cas'])), '1-frank'),
      '2-eve',
      'reject',
    )
    expect(shown(undone(ended, '2-eve'))).toEqual([
      ['approved', '1-frank approved'],
      ['open', '2-eve undone', '2-eve+ asked'],
      ['waiting', '3-cas waiting'],
    ])
    expect(shown(undone(ended, '1-frank'))[2]).toEqual(['waiting', '3-cas waiting'])
  })

  test('leaves what others decided in the same step', () => {
    const state = decided(decided(open(step(1, ['a', 'b'], { needed: 2 })), '1-a'), '1-b')
    const again = undone(state, '1-a')
    expect(shown(again)).toEqual([['open', '1-a undone', '1-b approved', '1-a+ asked']])
    expect(decided(again, '1-a+').status).toBe('approved')
  })

  test('while others are still asked in the step, they go on being asked', () => {
    const state = undone(decided(open(step(1, ['a', 'b'], { needed: 2 })), '1-a'), '1-a')
    expect(asked(state)).toEqual(['1-b', '1-a+'])
  })

  test('is waited for, also where the others in the step are enough since somebody left', () => {
    let state = open(step(1, ['a', 'b', 'c'], { needed: 3 }))
    state = decided(decided(state, '1-a'), '1-b')
    state = next(state, { kind: 'replace', approvalId: '1-c', others: [], needed: 1 })
    expect(state.status).toBe('approved')
    state = undone(state, '1-a')
    expect([state.status, asked(state)]).toEqual(['open', ['1-a+']])
    expect(decided(state, '1-a+').status).toBe('approved')
  })

  test('reopens the optional steps that the end cut short', () => {
    const ended = decided(open(step(1, ['opt'], { required: false }), step(2, ['frank'])), '2-frank')
    expect(shown(undone(ended, '2-frank'))).toEqual([
      ['open', '1-opt undone', '1-opt+ asked'],
      ['open', '2-frank undone', '2-frank+ asked'],
    ])
  })

  test('leaves an optional step behind it alone, which was asked beside it, and undoes the one behind the next', () => {
    const optional = { required: false }
    let state = open(step(1, ['a']), step(2, ['b'], optional), step(3, ['c']), step(4, ['d'], optional))
    for (const id of ['1-a', '2-b', '4-d']) state = decided(state, id)
    expect(shown(undone(state, '1-a'))).toEqual([
      ['open', '1-a undone', '1-a+ asked'],
      ['approved', '2-b approved'],
      ['waiting', '3-c undone', '3-c+ waiting'],
      ['waiting', '4-d undone', '4-d+ waiting'],
    ])
  })

  test('leaves objections and passed optional steps before it as they are', () => {
    let state = open(step(1, ['a'], { required: false }), step(2, ['b'], { required: false }), step(3, ['c']))
    state = decided(decided(decided(state, '1-a', 'reject'), '2-b'), '3-c')
    expect(shown(undone(state, '3-c')).slice(0, 2)).toEqual([
      ['rejected', '1-a rejected'],
      ['approved', '2-b approved'],
    ])
  })

  test('an opinion in an optional step undoes nothing else, and only while the request is open', () => {
    let state = open(step(1, ['opt'], { required: false }), step(2, ['frank']), step(3, ['eve']))
    state = decided(decided(state, '1-opt', 'reject'), '2-frank')
    expect(shown(undone(state, '1-opt'))).toEqual([
      ['open', '1-opt undone', '1-opt+ asked'],
      ['approved', '2-frank approved'],
      ['open', '3-eve asked'],
    ])
    expect(refused(decided(state, '3-eve'), '1-opt')).toBe('closed')
  })

  test('an objection that the others in an optional step have outvoted changes nothing any more', () => {
    const optional = step(1, ['a', 'b', 'c'], { required: false, needed: 2 })
    let state = decided(open(optional, step(2, ['frank'])), '1-a', 'reject')
    expect(refused(state, '1-a')).toBeNull()
    state = decided(decided(state, '1-b'), '1-c')
    expect(refused(state, '1-a')).toBe('closed')
    expect(refused(state, '1-b')).toBeNull()
  })

  test('is refused to anybody else, before deciding, too late, twice, and when the request is withdrawn', () => {
    const begun = open(step(1, ['frank', 'fred']), step(2, ['eve']))
    const state = decided(begun, '1-frank')
    expect(refused(state, '1-frank', { personId: 'fred' })).toBe('not_yours')
    expect(refused(state, 'nothing')).toBe('not_yours')
    expect(refused(state, '1-fred')).toBe('not_decided')
    expect(refused(state, '2-eve')).toBe('not_decided')
    expect(refused(state, '1-frank', { isInTime: false })).toBe('too_late')
    expect(refused(undone(state, '1-frank'), '1-frank')).toBe('undone')
    const stuck = next(decided(open(step(1, ['frank']), step(2, ['eve'])), '1-frank'), {
      kind: 'replace',
      approvalId: '2-eve',
      others: [],
      needed: 1,
    })
    expect(stuck.status).toBe('withdrawn')
    expect(refused(stuck, '1-frank')).toBe('closed')
  })

  test('is refused beside an objection of somebody else that ended the request', () => {
    const state = decided(decided(open(step(1, ['a', 'b'], { needed: 2 })), '1-a'), '1-b', 'reject')
    expect(refused(state, '1-a')).toBe('closed')
    expect(refused(state, '1-b')).toBeNull()
  })

  test('makes the old approval count for nothing: no decision by it, none held against a withdrawal', () => {
    const state = undone(decided(open(step(1, ['frank']), step(2, ['eve'])), '1-frank'), '1-frank')
    expect(decide(state, '1-frank')).toEqual({ ok: false, refusal: 'undone' })
    expect(decide(state, '2-eve')).toEqual({ ok: false, refusal: 'undone' })
    expect(next(state, { kind: 'withdraw' }).status).toBe('withdrawn')
  })

  test('a person whose approval was undone and who left is replaced like any other', () => {
    const state = undone(decided(open(step(1, ['frank'])), '1-frank'), '1-frank')
    const others = [{ id: '1-fay', approverId: 'fay' }]
    const moved = next(state, { kind: 'replace', approvalId: '1-frank+', others, needed: 1 })
    expect(asked(moved)).toEqual(['1-fay'])
    expect(statusOf(moved, '1-frank')).toBe('undone')
  })
})

describe('added steps', () => {
  const add = (state: RequestState, ...steps: StepState[]) => advance(state, { kind: 'add_steps', steps })

  test('are asked after those that are there, and must be passed', () => {
    let state = next(open(step(1, ['frank'])), { kind: 'add_steps', steps: [step(2, ['fay'])] })
    expect(asked(state)).toEqual(['1-frank'])
    state = decided(state, '1-frank')
    expect(asked(state)).toEqual(['2-fay'])
    expect(decided(state, '2-fay').status).toBe('approved')
  })

  test('are refused once the request is closed', () => {
    const closed = decided(open(step(1, ['frank'])), '1-frank')
    expect(add(closed, step(2, ['fay']))).toEqual({ ok: false, refusal: 'closed' })
  })
})
