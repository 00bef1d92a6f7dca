import { describe, expect, test } from 'vitest'
import { shownTo } from '../../../src/channels/slack/people/in-their-language.ts'
import type { ExpenseView, LikelyAnswers } from '../../../src/features/expenses/index.ts'
import { expenseMessage } from '../../../templates/slack/expense-message.ts'
import { buttons, draft, words } from './example-view.ts'

const categories = [
  { id: '11111111-1111-4111-8111-111111111111', name: 'Meals' },
  { id: '22222222-2222-4222-8222-222222222222', name: 'Travel' },
  { id: '33333333-3333-4333-8333-333333333333', name: 'Software' },
]
const answers = (change: Partial<LikelyAnswers> = {}): LikelyAnswers => ({
  currencies: ['USD'],
  likely: 0,
  categories: [],
  ...change,
})
const shown = (change: Partial<ExpenseView>, given: Partial<LikelyAnswers> = {}) =>
  expenseMessage(draft(change), answers(given))
const confirming = (message: { blocks: unknown[] }) =>
  buttons(message).filter((id) => id.startsWith('expense.confirm'))

/** What pressing a button would confirm. */
const valuesOf = (message: { blocks: unknown[] }, actionId: string) => {
  const [, value = ''] =
    new RegExp(`"action_id":"${actionId.replaceAll('.', '\\.')}"[^}]*?\\},"value":"(\\{.*?\\}\\})"`).exec(
      JSON.stringify(message.blocks),
    ) ?? []
  return JSON.parse(value.replaceAll('\\"', '"')).values
}

describe('what was read without certainty', () => {
  test('is asked in one line with one tap each, by the value that was read', () => {
    const message = shown({ uncertain: ['merchant'] })
    expect(words(message)).toMatch(/\*Is this right\?\*\n\*Merchant\*\nYes, Corner Shop/)
    expect(confirming(message)).toEqual(['expense.confirm'])
    expect(valuesOf(message, 'expense.confirm')).toEqual({ merchant: 'Corner Shop' })
  })

  test('asks about nothing that is certain', () => {
    expect(confirming(shown({ uncertain: [] }))).toEqual([])
    expect(words(shown({ uncertain: [] }))).not.toContain('Is this right?')
    expect(confirming(shown({ uncertain: ['date'] }))).toEqual(['expense.confirm'])
  })

  test('is asked and not marked beside it as well', () => {
    expect(words(shown({ uncertain: ['amount'] }))).not.toContain('please check')
  })

  test('can be confirmed all at once where it is more than one', () => {
    const message = shown({ uncertain: ['amount', 'date'] })
    expect(confirming(message)).toEqual(['expense.confirm', 'expense.confirm', 'expense.confirm_all'])
    expect(valuesOf(message, 'expense.confirm_all')).toEqual({
      amount: '12.50',
      currency: 'USD',
      date: '2026-11-17',
    })
  })

  test('names what it asks about by its label: its value stands on the button and above', () => {
    const said = words(shown({ uncertain: ['date'] }))
    expect(said).toMatch(/\*Is this right\?\*\n\*Date\*\nYes, Nov 17, 2026/)
    expect(said.match(/Nov 17, 2026/g)).toHaveLength(2)
  })

  test('of an amount whose currency is in doubt each currency is one tap', () => {
    const message = shown({ uncertain: ['currency'] }, { currencies: ['USD', 'EUR', 'CHF'] })
    expect(words(message)).toMatch(
      /Which currency is \*12\.50\* in\?\nYes, USD 12\.50\nEUR 12\.50\nCHF 12\.50/,
    )
    expect(confirming(message)).toEqual(['expense.confirm', 'expense.confirm_other', 'expense.confirm_third'])
    expect(valuesOf(message, 'expense.confirm_other')).toEqual({ amount: '12.50', currency: 'EUR' })
  })

  test('of a typed amount says which currency was taken, and how to change it', () => {
    const message = shown({ uncertain: ['currency'], receipts: [] }, { currencies: ['USD', 'EUR'] })
    expect(words(message)).toMatch(
      /I took \*USD\*\. Change it if that is wrong\.\nYes, USD 12\.50\nEUR 12\.50/,
    )
  })

  test('of a typed day says that none was given, and of one on a receipt nothing of the kind', () => {
    const typed = draft({ uncertain: ['date'], receipts: [] })
    const message = expenseMessage(typed, answers())
    expect(words(message)).toContain('You gave no exact date; I took this one.')
    expect(valuesOf(message, 'expense.confirm')).toEqual({ date: '2026-11-17' })
    const german = shownTo(typed, { locale: 'de-DE', timeZone: 'Europe/Berlin' })
    expect(words(expenseMessage(german, answers()))).toContain('Sie haben kein genaues Datum angegeben.')
    expect(words(shown({ uncertain: ['date'] }))).not.toContain('You gave')
  })

  test('is asked of nobody once it is submitted', () => {
    const message = expenseMessage(draft({ status: 'awaiting_approval', uncertain: ['amount'] }), answers())
    expect(confirming(message)).toEqual([])
  })

  test('is asked in the words, amounts and dates of whoever reads it', () => {
    const german = shownTo(draft({ uncertain: ['amount', 'date'] }), {
      locale: 'de-DE',
      timeZone: 'Europe/Berlin',
    })
    expect(words(expenseMessage(german, answers()))).toMatch(
      /Stimmt das so\?\*\n\*Betrag\*\nJa, 12,50.USD\n\*Datum\*\nJa, 17\. Nov\. 2026/,
    )
  })
})

describe('a category in doubt', () => {
  const options = (message: { blocks: unknown[] }) =>
    JSON.stringify(message.blocks).match(/"value":"[0-9a-f-]{36} [0-9a-f-]{36}"/g)?.length ?? 0

  test('that was guessed is confirmed by one tap, or another one chosen, none beforehand', () => {
    const message = shown(
      { uncertain: ['category'], category: categories[0] ?? null },
      { likely: 2, categories },
    )
    expect(words(message)).toMatch(/\*Category\*\nYes, Meals/)
    expect(JSON.stringify(message)).toContain('"action_id":"expense.choose_category"')
    expect(JSON.stringify(message)).not.toContain('initial_option')
    // The guessed one has its own button.
    expect(options(message)).toBe(2)
  })

  test('that nobody could tell is chosen in the message, the likeliest first, and not said to be missing', () => {
    const message = shown({ category: null, missing: ['category'] }, { likely: 1, categories })
    expect(words(message)).toContain('Which category is it?')
    expect(words(message)).not.toContain('Please fill in')
    expect(JSON.stringify(message)).toMatch(/Most likely.*Meals.*All categories.*Travel.*Software/)
    expect(options(message)).toBe(3)
  })

  test('is left to the form where more than the category is missing, or there is none to choose', () => {
    const more = shown({ category: null, date: null, missing: ['date', 'category'] }, { categories })
    expect(words(more)).not.toContain('Which category')
    expect(words(more)).toContain('Please fill in the date and the category.')
    const none = shown({ category: null, missing: ['category'] })
    expect(words(none)).toContain('EXP-2026-0042: the category is missing.')
    expect(words(none)).not.toContain('Which category')
  })

  test('says once what is missing', () => {
    const blank = shown({ missing: ['merchant', 'amount', 'currency', 'date', 'category'] })
    expect(words(blank)).toContain('I could not read this receipt. Please fill it in.')
    expect(words(blank)).not.toContain('Please fill in the')
  })
})
