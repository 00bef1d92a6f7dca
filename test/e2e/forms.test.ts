import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { FileToSend, ShownView } from '../../src/sandbox/client.ts'
import { RunningProgram } from '../support/running-program.ts'
import {
  blankPaper,
  bob,
  contains,
  type Draft,
  frank,
  grace,
  hasButton,
  numberIn,
  Person,
  realReceipt,
  said,
} from './play.ts'
import { changeWorkspace, SlackWire } from './slack-wire.ts'

vi.setConfig({ testTimeout: 60_000 })

let program: RunningProgram
const person = (email: string) => new Person(email, () => program.people)
const [Grace, Frank] = [person(grace), person(frank)]

beforeAll(async () => {
  program = await RunningProgram.start()
})
afterAll(() => program.end())

const newExpense = (by = Grace) => by.commandForm('/expense', 'expense.start')
const count = async (table: string) => (await program.sql(`select 1 from ${table}`)).length

/** Waits for the draft that a form becomes, in the conversation with the bot. */
async function draftAfter<T>(send: () => Promise<T>, by = Grace) {
  const before = new Set((await by.messages()).map(({ ts }) => ts))
  const outcome = await send()
  expect(outcome).toEqual({ kind: 'closed' })
  return program.people.waitFor(
    async () =>
      (await by.messages()).find(
        (one) => !before.has(one.ts) && hasButton(one, 'Submit', 'Edit') && isRead(one),
      ),
    { what: 'the draft of the form', timeoutMs: 25_000 },
  )
}
const isRead = (message: Parameters<typeof said>[0]) => !/reading/i.test(said(message))

const attach = (files: FileToSend[]) =>
  program.people.uploadIntoForm({ as: grace, actionId: 'value', blockId: 'receipts', files })

describe('a new expense by the form', () => {
  test('with its receipt needs nothing else: it is read', async () => {
    await newExpense()
    await attach([await realReceipt()])
    const draft = await draftAfter(() => Grace.submitForm({}))
    expect(said(draft)).toMatch(/\*Amount\*\n(?!—)/)
    const [row] = await program.sql<{ receipts: number; source: string }>(
      `select source, (select count(*)::int from receipt r where r.expense_id = e.id) as receipts
       from expense e where number = $1`,
      [numberIn(draft)],
    )
    expect(row).toEqual({ receipts: 1, source: 'slack' })
  })

  test('keeps what was typed beside the receipt, and is one expense with all of its receipts', async () => {
    const form = await newExpense()
    await attach([await blankPaper(), await blankPaper()])
    const draft = await draftAfter(() =>
      Grace.fill(form, { merchant: 'Typed Shop', amount: '18.20', category: 'Meals', note: 'Two papers' }),
    )
    expect(said(draft)).toContain('*Merchant*\nTyped Shop')
    expect(said(draft)).toContain('USD 18.20')
    const rows = await program.sql(
      'select 1 from receipt r join expense e on e.id = r.expense_id where e.number = $1',
      [numberIn(draft)],
    )
    expect(rows).toHaveLength(2)
  })

  test('without a receipt needs all that a receipt would say, each asked for at its field', async () => {
    const form = await newExpense()
    expect(await Grace.submitForm({})).toEqual({
      kind: 'errors',
      errors: {
        merchant: 'Please say where the money was spent.',
        amount: 'Please give the amount.',
        date: 'Please give the date.',
        category: 'Please choose one of the categories.',
      },
    })
    const typed = { merchant: 'Kiosk', amount: '4.20', date: '2026-02-03', category: 'Meals' }
    expect(said(await draftAfter(() => Grace.fill(form, typed)))).toContain('*Merchant*\nKiosk')
  })

  test('with a mistake beside the receipt says so at the field, and keeps nothing yet', async () => {
    await newExpense()
    await attach([await blankPaper()])
    const before = [await count('inbound_delivery'), await count('expense')]
    expect(await Grace.submitForm({ amount: 'ten', date: '2099-01-01' })).toEqual({
      kind: 'errors',
      errors: {
        amount: expect.stringContaining('“ten” is not an amount'),
        date: expect.stringContaining('future'),
      },
    })
    expect([await count('inbound_delivery'), await count('expense')]).toEqual(before)
    await draftAfter(() => Grace.submitForm({ amount: '10', date: '2026-02-04' }))
  })

  test('with a file that is no receipt says which, and makes the expense of the rest', async () => {
    await newExpense()
    const text = { name: 'really-text.pdf', bytes: Buffer.from('hello') }
    await attach([await blankPaper(), text])
    await draftAfter(() => Grace.submitForm({ merchant: 'Rest' }))
    await program.people.waitFor(
      async () =>
        (await Grace.messages()).find((one) => contains(one, 'really-text.pdf is not a picture or PDF')),
      { what: 'why the other file cannot be used' },
    )
    const before = await count('expense')
    await newExpense()
    await attach([text])
    expect(await Grace.submitForm({})).toEqual({ kind: 'closed' })
    await program.people.waitFor(
      async () => (await Grace.messages()).find((one) => contains(one, 'I made no expense of it')),
      { what: 'that there is no expense' },
    )
    expect(await count('expense')).toBe(before)
  })

  test('delivered three times at once, is one expense', async () => {
    await newExpense()
    await attach([await blankPaper()])
    const before = (await Grace.messages()).length
    const wire = await SlackWire.tap(program, { copies: 3 })
    try {
      expect(await Grace.submitForm({ merchant: 'Thrice' })).toEqual({ kind: 'closed' })
    } finally {
      await wire.untap()
    }
    await program.settle()
    expect((await Grace.messages()).length).toBe(before + 1)
    expect(await program.sql(`select 1 from expense where merchant_name = 'Thrice'`)).toHaveLength(1)
  })
})

describe('the form while it is filled in', () => {
  let draft: Draft
  let form: ShownView
  const choose = async (block: string, label: string) => {
    const value = await Grace.option(form, block, label)
    await Grace.press('value', { blockId: block, value })
  }
  const type = (block: string, value: string) => Grace.press('value', { blockId: block, value })

  beforeAll(async () => {
    draft = await Grace.draft()
    form = await Grace.openExpense(draft)
  })
  afterAll(() => Grace.closeForm())

  test('says at first what is missing', async () => {
    expect(said(form)).toContain('Still to fill in: the merchant, the amount, the date, and the category.')
  })

  test('says who will approve as soon as everything is there, and who else for more', async () => {
    await type('merchant', 'Monitor Shop')
    await type('amount', '120.00')
    await type('date', '2026-02-05')
    await choose('category', 'Equipment')
    const first = await Grace.formSaying(/will approve\./)
    expect(said(first)).toContain('Frank Miller')
    const before = said(first)
    await type('amount', '4500.00')
    const more = await program.people.waitFor(
      async () => {
        const view = await program.people.openView(grace)
        return view && said(view) !== before && /, then .* will approve\./.test(said(view)) && view
      },
      { what: 'another plan' },
    )
    expect(said(more)).toMatch(/Frank Miller.*, then .*Eve Davis.* will approve\./)
  })

  test('says at the field what is wrong, and what follows once it is mended', async () => {
    await type('amount', 'a lot')
    const wrong = await Grace.formSaying('“a lot” is not an amount')
    expect(said(wrong)).not.toContain('will approve')
    expect(said(wrong)).toContain('Please correct what is marked')
    const problem = wrong.blocks.findIndex(({ block_id }) => block_id === 'problem_amount')
    expect(wrong.blocks[problem - 1]?.block_id).toBe('amount')
    await type('amount', '80.')
    await Grace.formSaying(/will approve\./)
    await type('amount', '80.00')
    await Grace.formSaying(/will approve\./)
  })

  test('says once what is wrong, also when it is sent like this, and why it was not taken', async () => {
    await type('date', '2099-01-01')
    await Grace.formSaying('This date is in the future.')
    const outcome = await Grace.submitForm({})
    expect(outcome).toMatchObject({ kind: 'view' })
    const shown = await Grace.formSaying('Not saved yet')
    expect(said(shown).match(/in the future/g)).toHaveLength(1)
    // What is wrong since then is told by Slack at its field.
    expect(await Grace.submitForm({ amount: 'ten' })).toEqual({
      kind: 'errors',
      errors: { amount: expect.stringContaining('“ten” is not an amount') },
    })
    await type('amount', '80.00')
    await type('date', '2026-02-05')
    await Grace.formSaying(/will approve\./)
  })

  test('has saved nothing, keeps what was typed, and saves it when it is sent', async () => {
    const [row] = await program.sql('select merchant_name, amount_minor from expense where number = $1', [
      draft.number,
    ])
    expect(row).toEqual({ merchant_name: null, amount_minor: null })
    expect(await Grace.submitForm({})).toEqual({ kind: 'closed' })
    const sent = await Grace.reply(draft.thread, 'is waiting for')
    expect(said(sent)).toContain('Monitor Shop')
    await Frank.card(draft.number)
  })

  test('of presses at the same time shows the newest', async () => {
    draft = await Grace.draft()
    form = await Grace.openExpense(draft)
    await Promise.all([type('merchant', 'Quick'), type('amount', '9.00'), type('date', '2026-02-06')])
    await choose('category', 'Meals')
    await Grace.formSaying(/will approve\./)
  })
})

describe('the menus of the form', () => {
  test('offer first the categories used for the merchant, and find them by their words', async () => {
    const draft = await Grace.draft()
    await Grace.openExpense(draft)
    await Grace.press('value', { blockId: 'merchant', value: 'Monitor Shop' })
    const [first, ...others] = await Grace.suggest('category', '')
    expect(first).toMatchObject({ text: 'Equipment', group: 'Used for Monitor Shop' })
    expect(others.map(({ text }) => text)).not.toContain('Equipment')
    expect((await Grace.suggest('category', 'lapto')).map(({ text }) => text)).toEqual(['Equipment'])
    expect((await Grace.suggest('category', 'tra')).map(({ text }) => text)[0]).toBe('Travel')
    expect((await Grace.suggest('reason', 'client')).map(({ text }) => text)).toEqual(['Client visit'])
    expect((await Grace.suggest('reason', '')).map(({ text }) => text)[0]).toBe('None')
  })

  test('offer the currencies in use first, and every other by code or name', async () => {
    const [first] = await Grace.suggest('currency', '')
    expect(first).toMatchObject({ text: 'USD  ·  US Dollar', group: 'Often used' })
    expect((await Grace.suggest('currency', 'krona')).map(({ value }) => value)).toContain('SEK')
    expect((await Grace.suggest('currency', 'kwd')).map(({ value }) => value)).toEqual(['KWD'])
    await Grace.closeForm()
  })
})

describe('what looks like an expense of before', () => {
  test('is asked about by the form that submits it, also where nothing was known of it when it was opened', async () => {
    const typed = { merchant: 'Twice Told', amount: '61.00', date: '2026-02-07', category: 'Meals' }
    const first = await Grace.complete(await Grace.draft(), typed)
    await Grace.reply(first.thread, 'is waiting for')
    const form = await Grace.openExpense(await Grace.draft())
    const asked = await Grace.fill(form, typed)
    if (asked.kind !== 'view') throw new Error(`not asked: ${JSON.stringify(asked)}`)
    expect(said(asked.view)).toContain('Not saved yet')
    expect(said(asked.view)).toContain(`Is it the same as ${first.number}?`)
    expect(said(asked.view)).toContain(`This looks like ${first.number}.`)
    expect(await Grace.sayAnother(asked.view)).toEqual({ kind: 'closed' })
  })
})

describe('a request to spend', () => {
  test('says who will approve before it exists, and is split in its own form', async () => {
    const form = await Grace.commandForm('/expense request', 'expense.start')
    const meals = await Grace.option(form, 'category', 'Meals')
    const travel = await Grace.option(form, 'category', 'Travel')
    await Grace.press('value', { blockId: 'merchant', value: 'Offsite' })
    await Grace.press('value', { blockId: 'amount', value: '300.00' })
    await Grace.press('value', { blockId: 'category', value: travel })
    await Grace.formSaying(/will approve\./)
    await Grace.press('split.begin')
    await Grace.formSaying('*USD 300.00* of USD 300.00 is left.')
    const parts = { 'shares.0.amount': '200', 'shares.1.amount': '90', 'shares.1.categoryId': meals }
    expect(await Grace.submitForm(parts)).toEqual({
      kind: 'errors',
      errors: { 'shares.1.amount': expect.stringMatching(/USD.10\.00 is missing/) },
    })
    const draft = await draftAfter(() => Grace.submitForm({ 'shares.1.amount': '100' }))
    expect(said(draft)).toContain('• USD 200.00  Travel\n• USD 100.00  Meals')
  })
})

describe('for somebody who reads German', () => {
  const Bob = person(bob)

  test('form, menus, findings and mistakes are German, with their comma', async () => {
    const people = (await program.people.people()).map(({ name, email }) => ({
      name,
      email,
      locale: email === bob ? 'de-DE' : 'en-US',
    }))
    await changeWorkspace(program, { people })
    const form = await newExpense(Bob)
    expect([form.title?.text, form.submit?.text, form.close?.text]).toEqual([
      'Neue Ausgabe',
      'Weiter',
      'Abbrechen',
    ])
    expect(await Bob.submitForm({ amount: 'zehn' })).toMatchObject({
      kind: 'errors',
      errors: {
        amount: 'Das ist kein Betrag. Schreiben Sie ihn so: 12,50.',
        date: expect.stringMatching(/^Bitte/),
      },
    })
    const [first] = await Bob.suggest('currency', '')
    expect(first).toMatchObject({ text: 'USD  ·  US-Dollar', group: 'Oft verwendet' })
    for (const [blockId, value] of Object.entries({
      merchant: 'Kiosk',
      amount: '1.240,50',
      date: '2026-02-09',
    }))
      await Bob.press('value', { blockId, value })
    await Bob.formSaying('Es fehlt noch: die Kategorie.')
    const meals = await Bob.option(form, 'category', 'Meals')
    await Bob.press('value', { blockId: 'category', value: meals })
    await Bob.formSaying(/Freigabe durch /)
    expect(await Bob.submitForm({})).toEqual({ kind: 'closed' })
    const shown = await program.people.waitFor(
      async () => (await Bob.messages()).find((one) => contains(one, '1.240,50 USD')),
      { what: 'the draft in German' },
    )
    expect(said(shown)).toContain('Kiosk')
  })
})
