import { describe, expect, test } from 'vitest'
import type { ExpenseView } from '../../../src/features/expenses/index.ts'
import { type ExpensePageView, expensePage } from '../../../templates/pages/expense-page.ts'
import {
  at,
  sampleAnswer,
  sampleDecision,
  sampleExpense,
  sampleQuestion,
  sampleStep,
  stepOf,
} from '../email/sample-expense.ts'

const draft = (change: Partial<ExpenseView> = {}) =>
  sampleExpense({
    status: 'draft',
    requestStatus: null,
    steps: [sampleStep({ status: 'planned' })],
    ...change,
  })

const choices = {
  categories: [
    { id: 'meals', name: 'Meals' },
    { id: 'travel', name: 'Travel & hotels' },
  ],
  reasons: [{ id: 'client_visit', name: 'Client visit' }],
  costCentres: [],
  requests: [],
  rates: [],
}

const render = (expense: ExpenseView, change: Partial<ExpensePageView> = {}) =>
  expensePage({
    expense,
    action: '/e/token',
    receiptUrl: (id) => `/e/token/receipts/${id}`,
    choices,
    values: {
      merchant: 'Harbor & "Pine"',
      amount: '35.10',
      currency: 'EUR',
      date: '2026-11-17',
      category: 'meals',
      reason: 'client_visit',
      attendees: 'Ann Lee, Tom "T" Ray',
      note: 'Two\nlines',
      answer: '',
    },
    errors: {},
    notice: null,
    ...change,
  })

const blank = {
  merchant: '',
  amount: '',
  currency: '',
  date: '',
  category: '',
  reason: '',
  attendees: '',
  note: '',
  answer: '',
}

const actions = (page: string) =>
  [...page.matchAll(/<button[^>]* name="action" value="(\w+)"/g)].map(([, value]) => value)

describe('the page of a submitter', () => {
  test.each(['draft', 'sent_back', 'blocked'] as const)(
    '%s: has the filled form and its buttons',
    (status) => {
      const page = render(draft({ status }))
      expect(actions(page)).toEqual(['submit', 'save', 'discard'])
      expect(page).toContain('value="Harbor &amp; &quot;Pine&quot;"')
      expect(page).toContain('type="date"')
      expect(page).toContain('value="2026-11-17"')
      expect(page).toContain('<option value="meals" selected>Meals</option>')
      expect(page).toContain('>\nTwo\nlines</textarea>')
      expect(page).toContain('Who will approve')
      expect(page).toContain('<option value="client_visit" selected>Client visit</option>')
      expect(page).toContain('value="Ann Lee, Tom &quot;T&quot; Ray"')
      for (const field of [
        'merchant',
        'amount',
        'currency',
        'date',
        'category',
        'reason',
        'attendees',
        'note',
      ]) {
        expect(page).toContain(`<label for="${field}">`)
        expect(page).toContain(`id="${field}" name="${field}"`)
      }
    },
  )

  test('the first button, which Enter presses, is the one that submits', () => {
    expect(actions(render(draft()))[0]).toBe('submit')
  })

  test('marks what is unsure, at the field and for a screen reader', () => {
    const page = render(draft({ uncertain: ['date'] }))
    expect(page).toMatch(/id="date"[^>]*aria-describedby="date-hint"/)
    expect(page).toContain('id="date-hint">please check')
    expect(page).toContain('I am not sure that I read the date right.')
    expect(page).not.toContain('merchant-hint')
  })

  test('says how to write several names, also to a screen reader', () => {
    const page = render(draft())
    expect(page).toMatch(/id="attendees"[^>]*aria-describedby="attendees-help"/)
    expect(page).toContain('id="attendees-help">Names, with commas')
  })

  test('errors are listed with links to their fields, and said at them', () => {
    const errors = { currency: 'Use three letters.', amount: 'That is no amount.' }
    const page = render(draft(), { errors })
    expect([...page.matchAll(/<a href="#(\w+)">/g)].map(([, field]) => field)).toEqual(['amount', 'currency'])
    expect(page).toMatch(/id="amount"[^>]*aria-describedby="amount-error"[^>]*aria-invalid="true"/)
    expect(page).toContain('id="currency-error">Use three letters.')
    expect(page).toContain('<title>Error: ')
  })

  test('asks for a category where none is known', () => {
    const page = render(draft(), { values: { ...blank, category: 'gone' } })
    expect(page).toContain('<option value="" selected>Choose one</option>')
    expect(page).toContain('<option value="" selected>None</option>')
  })

  test('asks for a reason only where the company has reasons', () => {
    expect(render(draft(), { choices: { ...choices, reasons: [] } })).not.toContain('name="reason"')
  })

  test('calls nothing optional while something is refused: it may be what policy asks for', () => {
    expect(render(draft())).toContain('Who else was there (optional)')
    const findings = [
      { code: 'rule:who', severity: 'blocking' as const, message: 'Say who was there (4.3).', clause: '4.3' },
    ]
    expect(render(draft({ findings }))).not.toContain('(optional)')
  })

  test('shows every mistake of one post, each at its field', () => {
    const errors = { amount: 'No amount.', attendees: 'Too many.', reason: 'Gone.', date: 'In the future.' }
    const page = render(draft(), { errors })
    expect([...page.matchAll(/<a href="#(\w+)">/g)].map(([, field]) => field)).toEqual([
      'amount',
      'date',
      'reason',
      'attendees',
    ])
    for (const [field, text] of Object.entries(errors)) expect(page).toContain(`id="${field}-error">${text}`)
  })

  test('shows before submitting who will approve, how many of them, and why each is asked', () => {
    const people = [
      { name: 'Fay Adams', because: 'she is in finance' },
      { name: 'Sam Lee', because: 'he manages you' },
    ]
    const page = render(draft({ steps: [stepOf(people, { status: 'planned', needed: 2 })] }))
    expect(page).toContain('all of Fay Adams and Sam Lee')
    expect(page).toContain('Why Fay Adams: she is in finance.')
    expect(page).toContain('Why Sam Lee: he manages you.')
  })

  test('says by which clause nobody has to approve, before and after', () => {
    const automatic = { steps: [], automatic: '4.1 Small meals' }
    expect(render(draft(automatic))).toContain('Nobody has to be asked (4.1 Small meals).')
    expect(render(sampleExpense({ ...automatic, status: 'approved' }))).toContain(
      'Approved without asking anybody (4.1 Small meals).',
    )
  })

  test('an open question comes first, with a box for the answer', () => {
    const question = sampleQuestion()
    const page = render(sampleExpense({ comments: [question], question }))
    expect(page).toContain('<h1>Frank Miller has a question</h1>')
    expect(page.match(/Who was there,<br>and which project/g)).toHaveLength(1)
    expect(page).toMatch(/<textarea id="answer" name="answer"/)
    expect(actions(page)).toEqual(['answer', 'take_back'])
    expect(page).not.toContain('Questions and answers')
  })

  test('what was wrong with the answer is said at its box, and what was typed stays', () => {
    const question = sampleQuestion()
    const page = render(sampleExpense({ comments: [question], question }), {
      values: { ...blank, answer: 'half a </textarea>' },
      errors: { answer: 'Please write something.' },
    })
    expect(page).toContain('<a href="#answer">Please write something.</a>')
    expect(page).toContain('>\nhalf a &lt;/textarea&gt;</textarea>')
  })

  test('once answered it shows the conversation, and something can be added', () => {
    const page = render(sampleExpense({ comments: [sampleQuestion(), sampleAnswer()] }))
    expect(page).toContain('<h1>Waiting for Frank Miller</h1>')
    expect(page).toMatch(/Frank Miller asked, Nov 20, 2026, 10:00\sAM EST/)
    expect(page).toContain('Grace Taylor answered, ')
    expect(page).toContain('Ann Lee, for the kick-off.')
    expect(page).toContain('<summary>Write to whoever is asked</summary>')
    expect(actions(page)).toEqual(['answer', 'take_back'])
  })

  test('is not asked any more once nobody waits for the answer', () => {
    const question = sampleQuestion()
    const page = render(sampleExpense({ status: 'approved', comments: [question], question }))
    expect(page).toContain('Frank Miller asked, ')
    expect(page).not.toContain('<form')
  })

  test('sent back: says by whom and why', () => {
    const history = [
      {
        at,
        who: 'Frank Miller',
        what: 'sent back',
        event: 'sent_back' as const,
        by: 'Frank Miller',
        onBehalfOf: null,
        comment: 'Who was there?',
        channel: 'slack',
      },
    ]
    const page = render(draft({ status: 'sent_back', history }))
    expect(page).toContain('<h1>Sent back by Frank Miller</h1>')
    expect(page).toContain('<blockquote>Who was there?</blockquote>')
    expect(page).toContain('Submit again')
  })

  test('says that it is reading while there is nothing to show', () => {
    const receipts = [
      { id: 'r', fileName: 'IMG.HEIC', status: 'waiting' as const, problem: null, rendition: null },
    ]
    const page = render(draft({ missing: ['merchant', 'amount'], receipts }))
    expect(page).toContain('Reading your receipt…')
    expect(page).not.toContain('Please fill in')
  })

  test('can be taken back only while nobody has decided', () => {
    expect(actions(render(sampleExpense()))).toEqual(['answer', 'take_back'])
    const decided = sampleDecision('Frank Miller')
    const steps = [sampleStep({ status: 'approved', decided }), sampleStep({ status: 'waiting' })]
    expect(actions(render(sampleExpense({ steps })))).toEqual(['answer'])
  })

  test('submitted, and still being read: it can be taken back', () => {
    const page = render(sampleExpense({ status: 'submitted', steps: [] }))
    expect(page).toContain('It goes to the approvers')
    expect(actions(page)).toEqual(['take_back'])
  })

  test.each([
    ['approved', 'The statement is mailed'],
    ['rejected', 'Rejected'],
    ['cancelled', 'Nothing was submitted.'],
    ['settled', 'Settled'],
  ] as const)('%s: says where it stands and offers nothing to press', (status, words) => {
    const page = render(sampleExpense({ status }))
    expect(page).toContain(words)
    expect(page).not.toContain('<form')
  })

  test('has no script and no style of its own', () => {
    expect(render(draft())).not.toMatch(/<script|<style|style=|autofocus|http-equiv| on\w+=/)
  })
})

const labels = (page: string) => [...page.matchAll(/<label for="([\w.]+)">/g)].map(([, field]) => field)
const usd = (minor: number) => ({ minor, currency: 'USD' })
const mileage = {
  kind: 'mileage',
  rateKey: 'car',
  rateName: 'Private car',
  from: 'Boston',
  to: 'New York',
  distance: '215.5',
  unit: 'mi',
  rate: '0.725',
} as const

describe('the form of other kinds than receipts', () => {
  const none = { receipts: [], missing: ['trip' as const] }

  test('a drive: from, to and distance in the unit of the rate; no amount is typed', () => {
    const rates = [
      { id: 'car', name: 'Private car: USD 0.725 a mile', unit: 'mi' as const, hasCategory: true },
    ]
    const page = render(draft({ ...none, kind: 'mileage' }), { choices: { ...choices, rates } })
    expect(labels(page)).toEqual([
      'from',
      'to',
      'distance',
      'date',
      'category',
      'reason',
      'attendees',
      'note',
    ])
    expect(page).toContain('Distance in miles')
    expect(page).toContain('Private car: USD 0.725 a mile')
    expect(page).toContain('<h1>Which trip was it?</h1>')
    expect(page).toContain('Discard this expense')
    expect(page).not.toMatch(/class="receipts"|There is no receipt/)
  })

  test('a drive that is filled in shows what it gives and how', () => {
    const expense = draft({ kind: 'mileage', receipts: [], calculation: mileage, amount: usd(15624) })
    const page = render(expense).replaceAll('\u00a0', ' ')
    expect(page).toContain('<p class="amount">USD 156.24</p>')
    expect(page).toContain('215.5 mi at USD 0.725 a mile; Private car')
  })

  test('a drive demands no category that its rate fills in, and every other', () => {
    const form = (hasCategory: boolean) =>
      render(
        draft({ kind: 'mileage', receipts: [], category: null, missing: ['trip', 'date', 'category'] }),
        {
          choices: { ...choices, rates: [{ id: 'car', name: 'Car', unit: 'mi', hasCategory }] },
          values: {},
        },
      )
    expect(form(true)).toContain('Category (optional)')
    expect(form(true)).toContain('Empty: the usual one for this rate.')
    expect(form(true)).toContain('Please fill in the trip and the date.')
    expect(form(false)).not.toContain('Category (optional)')
    expect(form(false)).toContain('Please fill in the trip, the date and the category.')
  })

  test('a form that was refused says what is wrong once', () => {
    const expense = draft({ kind: 'mileage', receipts: [], missing: ['trip', 'date', 'category'] })
    const page = render(expense, { errors: { distance: 'The distance must be more than zero.' } })
    expect(page).toContain('The distance must be more than zero.')
    expect(page).not.toContain('Please fill in')
  })

  test('is not called ready while something blocks it', () => {
    const ready = { kind: 'per_diem' as const, receipts: [], missing: [], findings: [] }
    expect(render(draft(ready))).toContain('<h1>Ready to submit</h1>')
    const overlap = { code: 'overlap', severity: 'blocking' as const, message: 'Overlaps.', clause: null }
    const page = render(draft({ ...ready, findings: [overlap] }))
    expect(page).toContain('<h1>It cannot go on as it is</h1>')
    expect(page).not.toContain('Ready to submit')
  })

  test('several rates are chosen from; without any an admin is asked for', () => {
    const rates = ['car', 'bike'].map((id) => ({ id, name: id, unit: 'mi' as const, hasCategory: false }))
    const page = render(draft({ ...none, kind: 'mileage' }), { choices: { ...choices, rates } })
    expect(page).toContain('<select id="rateKey" name="rateKey">')
    expect(render(draft({ ...none, kind: 'mileage' }))).toContain('The company has no rates for this yet.')
  })

  test('days away: both days and the meals that were provided', () => {
    const page = render(draft({ receipts: [], kind: 'per_diem' }))
    expect(labels(page).slice(0, 5)).toEqual(['firstDay', 'lastDay', 'breakfasts', 'lunches', 'dinners'])
    expect(page).not.toMatch(/name="(amount|merchant|date)"/)
  })

  test('a request to spend: what for, how much, when about', () => {
    const page = render(draft({ receipts: [], kind: 'request', missing: ['merchant'] }))
    for (const words of ['What for', 'When, about', 'Why it is needed', 'Discard this request']) {
      expect(page).toContain(words)
    }
    expect(page).not.toContain('name="requestId"')
  })
})

describe('what can be chosen for an expense', () => {
  const costCentres = [{ id: '4711', name: '4711 Sales' }]
  const request = {
    id: 'r',
    number: 'REQ-2026-0007',
    merchant: 'Laptop',
    approved: usd(200000),
    left: usd(80000),
  }

  test('cost centres and requests to spend, where there are any', () => {
    const page = render(draft(), { choices: { ...choices, costCentres, requests: [request] } })
    expect(page).toContain('<option value="4711">4711 Sales</option>')
    expect(page.replaceAll('\u00a0', ' ')).toContain(
      '<option value="r">REQ-2026-0007, Laptop: USD 800.00 left</option>',
    )
    expect(render(draft())).not.toMatch(/name="(costCentre|requestId)"/)
  })

  test('a split has five rows, hidden until it is wanted; it takes the place of the one category', () => {
    const page = render(draft(), { choices: { ...choices, costCentres } })
    expect(page.match(/name="shares\.\d+\.amount"/g)).toHaveLength(5)
    expect(page).toContain('<details class="split" id="shares">')
    const values = { 'shares.0.categoryId': 'meals', 'shares.0.amount': '20.00', 'shares.1.amount': '15.10' }
    const split = render(draft(), { choices: { ...choices, costCentres }, values })
    expect(split).toContain('<details class="split" id="shares" open>')
    expect(split).toContain('aria-label="Part 1, amount"')
    expect(split).not.toMatch(/name="(category|costCentre)"/)
  })

  test('more rows come as they are filled, up to twenty', () => {
    const filled = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, row) => [`shares.${row}.amount`, '1']))
    const rows = (count: number) =>
      render(draft(), { values: filled(count) }).match(/name="shares\.\d+\.amount"/g)?.length
    expect([rows(4), rows(18)]).toEqual([7, 20])
  })

  test('what is wrong with a part is said at it, and with all of them above', () => {
    const errors = { shares: 'USD 5.00 is missing.', 'shares.1.amount': 'That is no amount.' }
    const page = render(draft(), { errors, values: { 'shares.1.amount': 'ten' } })
    expect(page).toContain('<a href="#shares">USD 5.00 is missing.</a>')
    expect(page).toContain('<a href="#shares.1.amount">That is no amount.</a>')
    expect(page).toContain('id="shares.1.amount-error"')
    expect(page).toContain('id="shares-error"')
  })
})

describe('the page of a request to spend', () => {
  const request = (change: Partial<ExpenseView>) =>
    sampleExpense({ kind: 'request', number: 'REQ-2026-0007', receipts: [], ...change })

  test('approved: says how to use it, what is drawn, and lets it be given back', () => {
    const drawn = { used: usd(0), left: usd(200000), expenses: [] }
    const page = render(request({ status: 'approved', round: 1, drawn }))
    expect(page).toContain('choose REQ-2026-0007 on its expense')
    expect(page).toContain('USD\u00a02,000.00 left')
    expect(actions(page)).toEqual(['close'])
  })

  test('given back: says so, and not that nothing was submitted', () => {
    const page = render(request({ status: 'cancelled', round: 1 }))
    expect(page).toContain('<h1>Closed</h1>')
    expect(page).not.toContain('<form')
  })
})
