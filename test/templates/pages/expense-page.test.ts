import { describe, expect, test } from 'vitest'
import type { ExpenseView } from '../../../src/features/expenses/index.ts'
import { type ExpensePageView, expensePage } from '../../../templates/pages/expense-page.ts'
import { at, sampleExpense, sampleStep } from '../email/sample-expense.ts'

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
    values: {
      merchant: 'Harbor & "Pine"',
      amount: '35.10',
      currency: 'EUR',
      date: '2026-11-17',
      category: 'meals',
      note: 'Two\nlines',
    },
    errors: {},
    notice: null,
    ...change,
  })

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
      for (const field of ['merchant', 'amount', 'currency', 'date', 'category', 'note']) {
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

  test('errors are listed with links to their fields, and said at them', () => {
    const errors = { currency: 'Use three letters.', amount: 'That is no amount.' }
    const page = render(draft(), { errors })
    expect([...page.matchAll(/<a href="#(\w+)">/g)].map(([, field]) => field)).toEqual(['amount', 'currency'])
    expect(page).toMatch(/id="amount"[^>]*aria-describedby="amount-error"[^>]*aria-invalid="true"/)
    expect(page).toContain('id="currency-error">Use three letters.')
    expect(page).toContain('<title>Error: ')
  })

  test('asks for a category where none is known', () => {
    const values = { merchant: '', amount: '', currency: '', date: '', category: 'gone', note: '' }
    expect(render(draft(), { values })).toContain('<option value="" selected>Choose one</option>')
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
    expect(actions(render(sampleExpense()))).toEqual(['take_back'])
    const decided = { by: 'Frank Miller', at, channel: 'slack', comment: null }
    const steps = [sampleStep({ status: 'approved', decided }), sampleStep({ status: 'waiting' })]
    expect(actions(render(sampleExpense({ steps })))).toEqual([])
  })

  test.each([
    ['submitted', 'It goes to the approvers'],
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
