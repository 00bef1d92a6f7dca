import { describe, expect, test } from 'vitest'
import type { ExpenseView } from '../../../src/features/expenses/index.ts'
import {
  type ExpensePageView,
  expenseFormFields,
  expensePage,
} from '../../../templates/pages/expense-page.ts'
import {
  at,
  sampleAnswer,
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

const render = (expense: ExpenseView, change: Partial<ExpensePageView> = {}) =>
  expensePage({
    expense,
    action: '/e/token',
    receiptUrl: (id) => `/e/token/receipts/${id}`,
    categories: [
      { id: 'meals', name: 'Meals' },
      { id: 'travel', name: 'Travel & hotels' },
    ],
    reasons: [{ id: 'client_visit', name: 'Client visit' }],
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
      for (const field of expenseFormFields) {
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
    expect(render(draft(), { reasons: [] })).not.toContain('name="reason"')
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
    expect(render(draft(automatic))).toContain('Nobody has to approve this (4.1 Small meals).')
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
      { at, who: 'Frank Miller', what: 'sent back', comment: 'Who was there?', channel: 'slack' },
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
    const decided = { by: 'Frank Miller', at, channel: 'slack', comment: null }
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
