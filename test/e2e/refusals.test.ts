import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { RunningProgram } from '../support/running-program.ts'
import { blankPaper, type Draft, grace, hasButton, Person, said, shownInputs } from './play.ts'
import { changeWorkspace } from './slack-wire.ts'

vi.setConfig({ testTimeout: 60_000 })

describe('what is refused', () => {
  let program: RunningProgram
  const person = (email: string) => new Person(email, () => program.people)
  const Grace = person(grace)

  beforeAll(async () => {
    program = await RunningProgram.start()
  })
  afterAll(() => program.end())

  describe('in the form', () => {
    let draft: Draft
    beforeAll(async () => {
      draft = await Grace.draft()
      await Grace.complete(draft, { merchant: 'First', amount: '20.00' })
      await Grace.reply(draft.thread, 'is waiting for')
      await Grace.click(draft.ts, 'expense.take_back')
      await Grace.draftOf(draft.thread)
    })

    test.each([
      ['an amount of zero', { amount: '0' }, 'amount'],
      ['a negative amount', { amount: '-1' }, 'amount'],
      ['an exponent', { amount: '1e3' }, 'amount'],
      ['a word as amount', { amount: 'abc' }, 'amount'],
      ['not a number', { amount: 'NaN' }, 'amount'],
      ['an enormous amount', { amount: '999999999999999' }, 'amount'],
      ['a third decimal in dollars', { amount: '12.345', currency: 'USD' }, 'amount'],
      ['decimals in yen', { amount: '100.50', currency: 'JPY' }, 'amount'],
      ['a fourth decimal in dinars', { amount: '1.2345', currency: 'KWD' }, 'amount'],
      ['a date in the future', { date: '2099-01-01' }, 'date'],
      ['a date before our time', { date: '1899-12-31' }, 'date'],
      ['a merchant of spaces', { merchant: '   ' }, 'merchant'],
    ])('%s is refused at its field and nothing is saved', async (_, typed, block) => {
      const before = await Grace.replies(draft.thread)
      const view = await Grace.openExpense(draft)
      // What is right beside the mistake is not saved either.
      const outcome = await Grace.fill(view, { note: 'not saved', ...typed })
      expect(outcome).toEqual({ kind: 'errors', errors: { [block]: expect.stringMatching(/^\S.*[.?]$/) } })
      await program.people.closeView(grace)
      await program.settle()
      expect(await Grace.replies(draft.thread)).toEqual(before)
      expect(shownInputs(await Grace.openExpense(draft))).toMatchObject({
        merchant: 'First',
        amount: '20.00',
        currency: expect.stringMatching(/^USD /),
        date: '2026-01-15',
        category: 'Meals',
        note: undefined,
      })
      await program.people.closeView(grace)
    })

    test('submitting in a currency without a rate is refused at the currency and nothing is saved', async () => {
      const blank = await Grace.draft()
      const outcome = await Grace.fill(await Grace.openExpense(blank), {
        merchant: 'Thimphu Inn',
        amount: '500',
        currency: 'BTN',
        date: '2026-01-15',
        category: 'Meals',
      })
      expect(outcome).toEqual({
        kind: 'errors',
        errors: { currency: expect.stringContaining('no exchange rate from BTN') },
      })
      await program.people.closeView(grace)
      expect(shownInputs(await Grace.openExpense(blank)).merchant).toBeUndefined()
      await program.people.closeView(grace)
    })
  })

  describe('in the conversation', () => {
    test.each([
      ['a text file', 'notes.txt', 'just some words'],
      [
        'a web page that calls itself a picture',
        'receipt.jpg',
        '<!DOCTYPE html><html><body>hi</body></html>',
      ],
      ['a single byte', 'tiny.pdf', 'x'],
    ])('%s gets a reply that names it and says why it is no receipt', async (_, name, text) => {
      const { ts } = await Grace.post([{ name, bytes: Buffer.from(text) }])
      const reply = await Grace.reply(ts, name)
      expect(said(reply)).toContain('not a picture or PDF')
      await program.settle()
      expect(await Grace.replies(ts)).toHaveLength(1)
    })

    test('of several files the readable ones become expenses and the others are named', async () => {
      const files = [
        await blankPaper(),
        { name: 'notes.txt', bytes: Buffer.from('words') },
        await blankPaper(),
      ]
      const { ts } = await Grace.post(files)
      await Grace.reply(ts, 'notes.txt')
      await Grace.answerAboutFiles(ts, 'One expense each')
      await Grace.reply(ts, '2 files, one expense each')
      await program.settle()
      const replies = await Grace.replies(ts)
      expect(replies.filter((reply) => hasButton(reply, 'Edit'))).toHaveLength(2)
      expect(replies).toHaveLength(4)
    })

    test('words alone get a short help', async () => {
      const { ts } = await program.people.postMessage({
        as: grace,
        channel: 'dm',
        text: 'hi, how does this work?',
      })
      expect(said(await Grace.reply(ts, 'receipt')).length).toBeLessThan(300)
    })

    test('somebody whom Outlay does not know is told so and gets no account', async () => {
      const stranger = 'sam.stranger@elsewhere.example'
      await changeWorkspace(program, { people: [{ email: stranger, name: 'Sam Stranger' }] })
      const Sam = person(stranger)
      const { ts } = await Sam.post([await blankPaper()])
      expect(said(await Sam.reply(ts, stranger))).toMatch(/do not know you/)
      await program.settle()
      expect(await Sam.replies(ts)).toHaveLength(1)
      expect(await program.sql('select 1 from person where email = $1', [stranger])).toEqual([])
    })

    test('somebody who left the company is told so', async () => {
      const Bob = person('bob.smith@techcorp.example')
      await program.sql('update person set active = false where email = $1', [Bob.email])
      const { ts } = await Bob.post([await blankPaper()])
      expect(said(await Bob.reply(ts, 'not active'))).toContain('admin')
    })
  })

  test('no outgoing work was given up on the way', async () => {
    await program.settle()
    expect(await program.outbox()).toMatchObject({ dead: 0 })
  })
})
