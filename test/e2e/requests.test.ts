import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { RunningProgram } from '../support/running-program.ts'
import { taxiReceipt } from '../support/taxi-receipt.ts'
import { contains, fay, frank, grace, labels, numberIn, optionOf, Person, said } from './play.ts'

vi.setConfig({ testTimeout: 60_000 })

/** What was spent before it was approved is not paid for by it. */
const today = new Date().toLocaleDateString('en-CA', { timeZone: 'America/New_York' })

let program: RunningProgram
const person = (email: string) => new Person(email, () => program.people)
const [Grace, Frank, Fay] = [person(grace), person(frank), person(fay)]

beforeAll(async () => {
  program = await RunningProgram.start()
})
afterAll(() => program.end())

describe('a request to spend', () => {
  let number = ''
  let ts = ''

  test('is asked for by a form, approved like an expense, and mails nobody a statement', async () => {
    const values = { merchant: 'Team offsite', amount: '400.00', date: '2026-12-01', note: 'End of year' }
    const draft = await Grace.start('request', values, { category: 'Meals' })
    number = numberIn(draft)
    ts = draft.ts
    expect(number).toMatch(/^REQ-/)
    expect(said(draft)).toContain('*What for*\nTeam offsite')
    expect(labels(draft)).toEqual(['Submit', 'Edit', 'Discard'])
    await Grace.click(ts, 'expense.submit')
    const card = await Frank.card(number)
    expect(card.text).toContain('Grace Taylor asks to spend')
    await Frank.approve(number)
    const approved = await Grace.message(ts, `${number} is approved.`)
    expect(said(approved)).toMatch(/\*Spent\*\nUSD 0\.00\n\*Left\*\nUSD 400\.00/)
    expect(labels(approved)).toEqual(['Give back'])
    await program.settle()
    const told = (await Grace.messages()).filter(
      (one) => one.ts !== ts && contains(one, `${number} was approved by`),
    )
    expect(told).toHaveLength(1)
    expect(said(await Grace.home(number))).toContain('*USD 400.00* left of USD 400.00')
    await program.settle()
    expect(await Promise.all([Grace.mails(number), Fay.mails(number)])).toEqual([[], []])
  })

  test('pays for an expense that names it, without asking anybody again, and says what is left', async () => {
    const { content: bytes } = await taxiReceipt(15_000)
    const expense = await Grace.draft([{ name: 'receipt.pdf', bytes }])
    const values = { merchant: 'Trattoria', date: today, category: 'Meals', request: number }
    expect((await Grace.fill(await Grace.openExpense(expense), values)).kind).toBe('closed')
    await Grace.click(expense.ts, 'expense.submit')
    const done = await Grace.reply(expense.thread, 'is approved automatically')
    expect(said(done)).toContain(`${number}, approved by Frank Miller`)
    await Grace.mail(expense.number)
    expect(await Frank.cards(expense.number)).toEqual([])
    expect(said(await Grace.message(ts, 'USD 250.00'))).toContain(`• ${expense.number}  USD 150.00, approved`)
    await Grace.home('*USD 250.00* left of USD 400.00')
  })

  test('exceeded by more than the company tolerates, approval starts again', async () => {
    const expense = await Grace.complete(await Grace.draft(), {
      merchant: 'Too Much',
      amount: '330.00',
      date: today,
      request: number,
    })
    const card = await Frank.card(expense.number)
    expect(said(card)).toMatch(/:warning: .*more than the USD 400\.00 that was approved/)
    expect(said(card)).toContain(`*Request to spend*\n${number}, Team offsite`)
    await Frank.giveReason(card.ts, 'reject', 'Too much')
    await Frank.closedCard(card.ts)
  })

  test('is given back in App Home, and no form offers it any more', async () => {
    await Grace.home(number)
    await Grace.pressAtHome('request.close')
    await Grace.homeWithout('Approved to spend')
    expect(said(await Grace.message(ts, 'is closed'))).toContain(
      `${number} is closed. What was left of it was given back.`,
    )
    const form = await Grace.openExpense(await Grace.draft())
    expect(() => optionOf(form, 'requestId', number)).toThrow()
    await Grace.closeForm()
  })

  test('can be given back from its message, too', async () => {
    const draft = await Grace.start(
      'request',
      { merchant: 'A chair', amount: '90.00' },
      { category: 'Equipment' },
    )
    const other = numberIn(draft)
    await Grace.click(draft.ts, 'expense.submit')
    await Frank.approve(other)
    await Grace.message(draft.ts, `${other} is approved.`)
    await Grace.click(draft.ts, 'request.close')
    await Grace.message(draft.ts, `${other} is closed.`)
  })

  test('that nobody approved is discarded like a draft', async () => {
    const draft = await Grace.start('request', { merchant: 'A whim', amount: '10.00' }, { category: 'Other' })
    await Grace.click(draft.ts, 'expense.discard')
    expect(contains(await Grace.message(draft.ts, 'discarded'), 'Nothing was submitted')).toBe(true)
  })
})
