import { describe, expect, test } from 'vitest'
import type { Calculation } from '../../src/features/expenses/index.ts'
import { automaticSentence, conversation, policyRemarks } from '../../templates/expense-words.ts'
import { furtherFacts } from '../../templates/fact-words.ts'
import { stepLines, waitingFor } from '../../templates/step-words.ts'
import {
  askedAt,
  at,
  sampleAnswer,
  sampleAsk,
  sampleDecision,
  sampleExpense,
  sampleQuestion,
  stepOf,
} from './email/sample-expense.ts'

type Step = ReturnType<typeof stepOf>

const [ann, ben, cat] = [{ name: 'Ann' }, { name: 'Ben' }, { name: 'Cat' }]
const approved = (name: string) => ({
  name,
  status: 'approved',
  decided: sampleDecision(name),
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

describe('who is asked in an open step', () => {
  const lines = (person: Parameters<typeof stepOf>[0][number]) =>
    stepLines(sampleExpense({ steps: [stepOf([person])] }))[0]
  const escalated = sampleAsk('Dan', { role: 'escalated', askedAt: at })

  test('says since when, and who was reminded', () => {
    const asks = [sampleAsk('Ann', { remindedAt: at })]
    const line = lines({ name: 'Ann', askedAt, asks })
    expect(line?.outcome).toBe('waiting for Ann since Tue, Nov 17')
    expect(line?.asked).toEqual(['Ann was reminded on Fri, Nov 20.'])
  })

  test('names a delegate with whom they stand in for, also one of the next one up', () => {
    const bob = sampleAsk('Bob', { role: 'delegate', onBehalfOf: 'Ann' })
    expect(lines({ name: 'Ann', asks: [bob] })?.outcome).toBe('waiting for Bob (for Ann)')
    const eve = sampleAsk('Eve', { role: 'delegate', onBehalfOf: 'Dan', askedAt: at })
    expect(lines({ name: 'Ann', asks: [sampleAsk('Ann'), escalated, eve] })?.asked).toEqual([
      'Dan, the next one up, is asked besides Ann since Fri, Nov 20.',
      'Eve is asked for Dan since Fri, Nov 20.',
    ])
  })

  test('a decision in the place of somebody else names both', () => {
    const decided = sampleDecision('Bob', { onBehalfOf: 'Ann' })
    const line = lines({ name: 'Ann', status: 'approved', decided })
    expect(line?.outcome).toMatch(/^approved by Bob for Ann, /)
  })

  test('whoever may answer besides is waited for as well', () => {
    const steps = [stepOf([{ name: 'Ann', asks: [sampleAsk('Ann'), escalated] }])]
    expect(waitingFor(sampleExpense({ steps }))).toBe('Ann or Dan')
  })
})

describe('the facts of an expense', () => {
  const factsOf = (change: Parameters<typeof sampleExpense>[0]) =>
    Object.fromEntries(
      furtherFacts(sampleExpense(change), 'approver').map(({ label, lines }) => [
        label,
        lines.map((line) => line.replaceAll('\u00a0', ' ')),
      ]),
    )
  const usd = (minor: number) => ({ minor, currency: 'USD' })

  test('of a drive: the distance and the rate', () => {
    const calculation = {
      kind: 'mileage',
      rateKey: 'car',
      rateName: 'Private car',
      from: 'Boston',
      to: 'New York',
      distance: '215.5',
      unit: 'mi',
      rate: '0.725',
    } as const
    expect(factsOf({ kind: 'mileage', calculation })['Worked out']).toEqual([
      '215.5 mi at USD 0.725 a mile',
      'Private car',
    ])
  })

  test('of days away: equal days together, what meals take off, and both dates', () => {
    const calculation = {
      kind: 'per_diem',
      rateKey: 'us',
      rateName: 'United States',
      firstDay: '2026-11-03',
      lastDay: '2026-11-06',
      provided: { breakfast: 2, lunch: 0, dinner: 1 },
      days: [
        { date: '2026-11-03', kind: 'travel', minor: 5100, meals: [], mealsMinor: 0 },
        { date: '2026-11-04', kind: 'full', minor: 6800, meals: [], mealsMinor: 0 },
        { date: '2026-11-05', kind: 'full', minor: 6800, meals: [], mealsMinor: 0 },
        { date: '2026-11-06', kind: 'travel', minor: 5100, meals: [], mealsMinor: 0 },
      ],
      mealsMinor: 6000,
    } satisfies Calculation
    const facts = factsOf({ kind: 'per_diem', calculation })
    expect(facts['Worked out']).toEqual([
      '2 travel days at USD 51.00',
      '2 full days at USD 68.00',
      'USD 60.00 off for 2 breakfasts and 1 dinner provided',
    ])
    expect(facts.Away).toEqual(['Nov 3, 2026 to Nov 6, 2026'])
    expect(facts).not.toHaveProperty('Date')
  })

  test('of a split: each part with its amount, in the place of one category', () => {
    const centre = { code: '4711', name: 'Sales' }
    const shares = [
      { category: { id: 'm', name: 'Meals' }, costCentre: centre, amount: usd(2000), companyAmount: null },
      { category: { id: 't', name: 'Travel' }, costCentre: null, amount: usd(1510), companyAmount: null },
    ]
    const facts = factsOf({ shares })
    expect(facts.Split).toEqual(['USD 20.00: Meals, 4711 Sales', 'USD 15.10: Travel'])
    expect(facts).not.toHaveProperty('Category')
  })

  test('the request that it draws on, and of a request what draws on it', () => {
    const request = {
      id: 'r',
      number: 'REQ-2026-0007',
      merchant: 'Laptop',
      approved: usd(200000),
      left: usd(80000),
    }
    expect(factsOf({ request }).Request).toEqual([
      'REQ-2026-0007, Laptop',
      'USD 2,000.00 approved, USD 800.00 left for this',
    ])
    const expenses = [
      { id: 'e', number: 'EXP-2026-0043', amount: usd(120000), status: 'awaiting_approval' as const },
    ]
    const drawn = { used: usd(120000), left: usd(80000), expenses }
    const facts = factsOf({ kind: 'request', drawn })
    expect(facts['Used so far']).toEqual([
      'USD 1,200.00, USD 800.00 left',
      'EXP-2026-0043: USD 1,200.00, awaiting approval',
    ])
    expect(facts).not.toHaveProperty('Paid by')
    const unused = { ...drawn, expenses: [] }
    const waiting = factsOf({ kind: 'request', status: 'awaiting_approval', drawn: unused })
    expect(waiting).not.toHaveProperty('Used so far')
    expect(factsOf({ kind: 'request', status: 'approved', drawn: unused })).toHaveProperty('Used so far')
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
    const message = 'Nobody has to be asked (4.1).'
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
