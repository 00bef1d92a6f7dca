import { describe, expect, test } from 'vitest'
import {
  automaticSentence,
  conversation,
  policyRemarks,
  stepLines,
  waitingFor,
} from '../../templates/expense-words.ts'
import { at, sampleAnswer, sampleExpense, sampleQuestion, stepOf } from './email/sample-expense.ts'

type Step = ReturnType<typeof stepOf>

const [ann, ben, cat] = [{ name: 'Ann' }, { name: 'Ben' }, { name: 'Cat' }]
const approved = (name: string) => ({
  name,
  status: 'approved',
  decided: { by: name, at, channel: 'slack', comment: null },
})
const outcome = (step: Step) => stepLines(sampleExpense({ steps: [step] }))[0]?.outcome.replace(/\s/g, ' ')
const when = 'Nov 20, 2026, 10:00 AM EST'

describe('a step in words', () => {
  test.each([
    ['one', [ann], 1, 'Ann'],
    ['any of two', [ann, ben], 1, 'any of Ann or Ben'],
    ['all of two', [ann, ben], 2, 'all of Ann and Ben'],
    ['any of three', [ann, ben, cat], 1, 'any of Ann, Ben or Cat'],
    ['two of three', [ann, ben, cat], 2, '2 of Ann, Ben and Cat'],
    ['all of three', [ann, ben, cat], 3, 'all of Ann, Ben and Cat'],
  ])('%s: says before, and while it is open, how many must agree', (_, people, needed, words) => {
    expect(outcome(stepOf(people, { needed, status: 'planned' }))).toBe(words)
    expect(outcome(stepOf(people, { needed, status: 'waiting' }))).toBe(`${words}, after that`)
    expect(outcome(stepOf(people, { needed, status: 'open' }))).toBe(`waiting for ${words}`)
  })

  test('half done it says who agreed and how many of the others are still needed', () => {
    expect(outcome(stepOf([approved('Ann'), ben], { needed: 2 }))).toBe(
      `approved by Ann, ${when}; waiting for Ben`,
    )
    expect(outcome(stepOf([approved('Ann'), ben, cat], { needed: 2 }))).toBe(
      `approved by Ann, ${when}; waiting for any of Ben or Cat`,
    )
    expect(outcome(stepOf([approved('Ann'), ben, cat], { needed: 3 }))).toBe(
      `approved by Ann, ${when}; waiting for all of Ben and Cat`,
    )
  })

  test('names five people and counts the rest', () => {
    const people = Array.from({ length: 9 }, (_, index) => ({ name: `P${index}` }))
    expect(outcome(stepOf(people))).toBe('waiting for any of P0, P1, P2, P3, P4 or 4 others')
    expect(outcome(stepOf(people.slice(0, 6)))).toBe('waiting for any of P0, P1, P2, P3, P4 or one other')
  })

  test('an objection in an optional step is no rejection', () => {
    const objection = { ...approved('Ann'), status: 'rejected' }
    const [line] = stepLines(sampleExpense({ steps: [stepOf([objection, ben], { required: false })] }))
    expect(line?.outcome.replace(/\s/g, ' ')).toBe(
      `Ann objected (this holds nothing up), ${when}; waiting for Ben`,
    )
    expect(line?.title).toBe('Manager confirms (optional)')
  })

  test('leaves out those in whose place somebody else is asked', () => {
    const [line] = stepLines(
      sampleExpense({ steps: [stepOf([{ name: 'Ann', status: 'moved', because: 'x' }, ben])] }),
    )
    expect(line?.outcome).toBe('waiting for Ben')
    expect(line?.why).toEqual(['Why: the policy asks for the level Manager.'])
  })

  test('gives each reason once; the reader’s own stands elsewhere; a step that fell away needs none', () => {
    const steps = [
      stepOf([
        { ...ann, because: 'a' },
        { ...ben, because: 'b' },
        { ...cat, because: 'b' },
      ]),
    ]
    const view = sampleExpense({ steps })
    expect(stepLines(view)[0]?.why).toEqual(['Why Ann: a.', 'Why Ben and Cat: b.'])
    expect(stepLines(view, 'approval of Ann')[0]?.why).toEqual(['Why Ben and Cat: b.'])
    const skipped = sampleExpense({ steps: [stepOf([ann], { status: 'skipped' })] })
    expect(stepLines(skipped)[0]?.why).toEqual([])
  })
})

describe('whom an expense is waiting for', () => {
  test.each([
    ['any', 1, 'Ann, Ben or Cat'],
    ['some', 2, '2 of Ann, Ben and Cat'],
    ['all', 3, 'Ann, Ben and Cat'],
  ])('%s', (_, needed, words) => {
    expect(waitingFor(sampleExpense({ steps: [stepOf([ann, ben, cat], { needed })] }))).toBe(words)
  })

  test('is a required step, not the optional one beside it', () => {
    const steps = [stepOf([ann], { required: false }), stepOf([ben])]
    expect(waitingFor(sampleExpense({ steps }))).toBe('Ben')
  })
})

describe('what policy says', () => {
  test('cites the clause, once', () => {
    const finding = { code: 'rule:x', severity: 'warning' as const, clause: '4.2' }
    const findings = [
      { ...finding, message: 'No alcohol.' },
      { ...finding, message: 'No alcohol by 4.2.' },
    ]
    expect(policyRemarks(sampleExpense({ findings })).map(({ text }) => text)).toEqual([
      'No alcohol. (4.2)',
      'No alcohol by 4.2.',
    ])
  })

  test('that nobody is asked is said once, with its clause', () => {
    const message = 'Nobody has to approve this (4.1).'
    const findings = [{ code: 'approved_automatically', severity: 'info' as const, message, clause: '4.1' }]
    const view = sampleExpense({ automatic: '4.1', steps: [], findings })
    expect(policyRemarks(view)).toEqual([])
    expect(automaticSentence(view)).toBe(message)
    expect(automaticSentence({ ...view, status: 'approved' })).toBe('Approved without asking anybody (4.1).')
    expect(automaticSentence(sampleExpense())).toBeNull()
  })
})

test('only what the submitter says after a question is an answer', () => {
  const before = sampleAnswer({ id: 'before' })
  const aside = sampleAnswer({ id: 'aside', personId: 'fay', who: 'Fay Adams' })
  const comments = [before, sampleQuestion(), aside, sampleAnswer()]
  expect(conversation(sampleExpense({ comments })).map(({ head }) => head.replace(/,.*/, ''))).toEqual([
    'Grace Taylor wrote',
    'Frank Miller asked',
    'Fay Adams wrote',
    'Grace Taylor answered',
  ])
})
