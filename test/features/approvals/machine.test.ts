import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  advance,
  type RequestState,
  type StepState,
  type Verdict,
} from '../../../src/features/approvals/machine.ts'

function step(position: number, approvers: string[], options: Partial<StepState> = {}): StepState {
  return {
    position,
    required: true,
    needed: 1,
    status: 'waiting',
    approvals: approvers.map((approverId) => ({
      id: `${position}-${approverId}`,
      approverId,
      status: 'waiting',
    })),
    ...options,
  }
}

function open(...steps: StepState[]): RequestState {
  const answer = advance({ status: 'open', submitterId: 'grace', steps }, { kind: 'open' })
  if (!answer.ok) throw new Error(answer.refusal)
  return answer.state
}

function decide(state: RequestState, approvalId: string, verdict: Verdict = 'approve') {
  const personId = approvalId.split('-')[1] ?? ''
  return advance(state, { kind: 'decide', approvalId, personId, verdict })
}

function decided(state: RequestState, approvalId: string, verdict: Verdict = 'approve'): RequestState {
  const answer = decide(state, approvalId, verdict)
  if (!answer.ok) throw new Error(answer.refusal)
  return answer.state
}

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
    state = decided(state, '2-frank')
    expect(state.status).toBe('approved')
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
    })
    expect(answer).toEqual({ ok: false, refusal: 'not_yours' })
  })

  test('taken back, nothing can be decided any more', () => {
    const answer = advance(open(step(1, ['frank'])), { kind: 'withdraw' })
    if (!answer.ok) throw new Error(answer.refusal)
    expect(answer.state.status).toBe('withdrawn')
    expect(decide(answer.state, '1-frank').ok).toBe(false)
  })
})

const people = ['a', 'b', 'c', 'd', 'grace']
const steps = fc
  .array(
    fc.record({
      approvers: fc.uniqueArray(fc.constantFrom(...people), { minLength: 1 }),
      needed: fc.integer({ min: 1, max: 3 }),
      required: fc.boolean(),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((list) => [...list, { approvers: ['a', 'b'], needed: 1, required: true }])
  .map((list) =>
    list.map(({ approvers, needed, required }, index) =>
      step(index + 1, approvers, { needed: Math.min(needed, approvers.length), required }),
    ),
  )
const events = fc.array(
  fc.record({
    step: fc.integer({ min: 1, max: 6 }),
    person: fc.constantFrom(...people),
    verdict: fc.constantFrom<Verdict>('approve', 'approve', 'approve', 'reject', 'send_back'),
  }),
  { maxLength: 40 },
)

test('in any history: an ended request stays as it ended, one decision counts per person and step, and an open one asks somebody', () => {
  fc.assert(
    fc.property(steps, events, (given, history) => {
      let state = open(...given)
      const counted = new Set<string>()
      for (const { step: position, person, verdict } of history) {
        const before = structuredClone(state)
        const approvalId = `${position}-${person}`
        const answer = advance(state, { kind: 'decide', approvalId, personId: person, verdict })
        expect(state).toEqual(before)
        if (!answer.ok) continue
        expect(before.status).toBe('open')
        expect(person).not.toBe('grace')
        expect(counted.has(approvalId)).toBe(false)
        counted.add(approvalId)
        state = answer.state
        if (state.status === 'open') expect(asked(state).length).toBeGreaterThan(0)
        else expect(asked(state)).toEqual([])
        if (state.status === 'approved') {
          for (const { required, needed, approvals } of state.steps) {
            const yes = approvals.filter(({ status }) => status === 'approved').length
            if (required) expect(yes).toBeGreaterThanOrEqual(needed)
          }
        }
      }
    }),
    { numRuns: 2000 },
  )
})
