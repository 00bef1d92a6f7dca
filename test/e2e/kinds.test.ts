import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { textOfPdf } from '../support/pdf-text.ts'
import { RunningProgram } from '../support/running-program.ts'
import { eve, frank, grace, homer, numberIn, optionOf, Person, said, shownInputs } from './play.ts'
import { changeWorkspace } from './slack-wire.ts'

vi.setConfig({ testTimeout: 60_000 })

let program: RunningProgram
const person = (email: string) => new Person(email, () => program.people)
const [Grace, Frank, Eve, Homer] = [person(grace), person(frank), person(eve), person(homer)]

beforeAll(async () => {
  program = await RunningProgram.start()
})
afterAll(() => program.end())

/** Submits a draft in the conversation with the bot and has Frank and Eve approve it. */
async function approved(ts: string, number: string): Promise<string> {
  await Grace.click(ts, 'expense.submit')
  await Frank.approve(number)
  await Eve.approve(number)
  const mail = await Grace.mail(number)
  return (await textOfPdf(mail.attachments[0]?.bytes ?? Buffer.alloc(0))).replace(/\s+/g, ' ')
}

describe('/expense', () => {
  test('opens each form, however it is written', async () => {
    for (const [typed, title] of [
      ['Mileage', 'Mileage'],
      ['per-diem', 'Per diem'],
      ['perdiem', 'Per diem'],
      [' per  diem ', 'Per diem'],
      ['REQUEST', 'Request to spend'],
    ] as const) {
      const view = await Grace.commandForm(`/expense ${typed}`, 'expense.start')
      expect(view.title?.text).toBe(title)
      await Grace.closeForm()
    }
  })

  test('says to somebody whose company has no rates that it has none', async () => {
    await Homer.command('/expense mileage')
    await Homer.formSaying('Your company has no rates for this yet.')
    await Homer.closeForm()
  })

  test('says to somebody whom nobody added that we do not know them', async () => {
    const people = [
      ...(await program.people.people()),
      { name: 'New Hire', email: 'new.hire@elsewhere.example' },
    ]
    await changeWorkspace(program, { people: people.map(({ name, email }) => ({ name, email })) })
    const stranger = person('new.hire@elsewhere.example')
    await stranger.command('/expense delegate')
    await stranger.formSaying('I do not know you yet')
    await stranger.home('I do not know you yet')
  })
})

describe('mileage', () => {
  const drive = { from: 'Office', to: 'Airport', distance: '42.5', date: '2026-02-03' }

  test('is worked out, approved and documented; mistakes stand at their fields', async () => {
    await Grace.commandForm('/expense mileage', 'expense.start')
    expect(await Grace.submitForm({ ...drive, distance: 'far', date: '2099-01-01' })).toMatchObject({
      kind: 'errors',
      errors: { distance: expect.any(String), date: expect.stringContaining('future') },
    })
    await Grace.closeForm()
    const draft = await Grace.start('mileage', drive)
    expect(said(draft)).toMatch(
      /\*Drive\*\nOffice – Airport\n\*Amount\*\nUSD 30\.81\n\*Distance\*\n42\.5 mi × USD 0\.725/,
    )
    expect(said(draft)).toContain('*Category*\nTravel')
    const pdf = await approved(draft.ts, numberIn(draft))
    expect(pdf).toContain('30.81')
  })

  test('pressed twice, the form makes one draft', async () => {
    const view = await Grace.commandForm('/expense mileage', 'expense.start')
    const before = (await Grace.messages()).length
    const { teamId } = await changeWorkspace(program)
    const values = Object.fromEntries(
      Object.entries({ ...drive, from: 'Twice', rateKey: 'car' }).map(([block, value]) => {
        const kind = block === 'date' ? { selected_date: value } : { value }
        return [block, { value: block === 'rateKey' ? { selected_option: { value } } : kind }]
      }),
    )
    const submission = {
      type: 'view_submission',
      team: { id: teamId },
      user: { id: await Grace.id(), team_id: teamId },
      view: {
        id: view.id,
        callback_id: 'expense.start',
        private_metadata: view.private_metadata,
        state: { values },
      },
    }
    const answers = await Promise.all([1, 2, 3].map(() => program.interact(submission)))
    expect(answers.map(({ status }) => status)).toContain(200)
    await Grace.closeForm()
    await program.settle()
    expect((await Grace.messages()).length).toBe(before + 1)
  })
})

describe('a per diem', () => {
  test('is worked out from days and meals, and can be changed', async () => {
    const draft = await Grace.start('per diem', {
      firstDay: '2026-03-03',
      lastDay: '2026-03-05',
      breakfasts: '2',
      dinners: '1',
    })
    expect(said(draft)).toContain('*Amount*\nUSD 110.00')
    expect(said(draft)).toMatch(/less USD 60\.00 for 2 breakfasts and 1 dinner/)
    const form = await Grace.openForm(draft.ts, 'expense.edit', 'expense.edit')
    expect(shownInputs(form)).toMatchObject({ firstDay: '2026-03-03', breakfasts: '2', category: 'Travel' })
    expect(await Grace.submitForm({ dinners: '9' })).toMatchObject({
      kind: 'errors',
      errors: { dinners: expect.any(String) },
    })
    expect(await Grace.submitForm({ dinners: '0' })).toEqual({ kind: 'closed' })
    await Grace.message(draft.ts, 'USD 138.00')
    expect(await approved(draft.ts, numberIn(draft))).toContain('138.00')
  })
})

describe('splitting an expense', () => {
  const inputsOf = async () => {
    const view = await program.people.openView(grace)
    return view?.blocks.map(({ block_id }) => block_id ?? '').filter((id) => id.startsWith('shares.')) ?? []
  }
  const withParts = (count: number) =>
    program.people.waitFor(async () => (await inputsOf()).length === count * 3, { what: `${count} parts` })

  test('rows are added, what is left is shown, nothing typed is lost, and the parts must add up', async () => {
    const draft = await Grace.draft()
    const form = await Grace.openExpense(draft)
    const meals = await Grace.option(form, 'category', 'Meals')
    const travel = await Grace.option(form, 'category', 'Travel')
    await Grace.split('90.00')
    await withParts(2)
    await Grace.press('value', { blockId: 'shares.0.amount', value: '60.00' })
    await Grace.formSaying('*USD 30.00* of USD 90.00 is left.')
    await Grace.press('value', { blockId: 'amount', value: '' })
    await Grace.formSaying('Fill in the amount above first.')
    const typed = {
      merchant: 'Grand Hotel',
      amount: '100.00',
      date: '2026-02-10',
      'shares.0.categoryId': travel,
      'shares.1.categoryId': meals,
    }
    expect(await Grace.submitForm({ ...typed, 'shares.1.amount': '30.00' })).toEqual({
      kind: 'errors',
      errors: { 'shares.1.amount': expect.stringMatching(/USD.10\.00 is missing/) },
    })
    await Grace.press('split.add')
    await withParts(3)
    await Grace.formSaying('*USD 10.00* of USD 100.00 is left.')
    // The one between stays empty and is dropped; a mistake behind it stands where it was made.
    const moved = { 'shares.1.categoryId': null, 'shares.1.amount': '', 'shares.2.categoryId': meals }
    expect(await Grace.submitForm({ ...moved, 'shares.2.amount': 'forty' })).toEqual({
      kind: 'errors',
      errors: { 'shares.2.amount': expect.stringContaining('is not an amount') },
    })
    const again = await program.people.openView(grace)
    const customers = again ? optionOf(again, 'shares.2.costCentre', '4200') : ''
    const last = { 'shares.2.amount': '40.00', 'shares.2.costCentre': customers }
    expect(await Grace.submitForm(last)).toEqual({ kind: 'closed' })
    const shown = await Grace.reply(draft.thread, '*Split*')
    expect(said(shown)).toContain('• USD 60.00  Travel\n• USD 40.00  Meals, 4200 Customer Projects')
    await Grace.reply(draft.thread, 'is waiting for')
  })

  test('categories that are too many for twenty menus are searched', async () => {
    await program.sql(
      `insert into category (id, company_id, key, name, keywords, active, position)
       select gen_random_uuid(), company_id, key || n, 'Subject number ' || n, '{}', true, 1000 + n
       from category, generate_series(1, 60) n where key = 'meals'
         and company_id = (select company_id from person where email = $1)`,
      [grace],
    )
    const draft = await Grace.draft()
    const form = await Grace.openExpense(draft)
    expect(await Grace.option(form, 'category', 'Subject number 60')).not.toBe('')
    await Grace.split('10.00')
    await withParts(2)
    const chosen: Record<string, string> = {}
    for (const [part, query] of ['number 59', 'NUMBER 60'].entries()) {
      const blockId = `shares.${part}.categoryId`
      const [found, ...others] = await Grace.suggest(blockId, query)
      expect(others).toEqual([])
      chosen[blockId] = found?.value ?? ''
      chosen[`shares.${part}.amount`] = '5.00'
    }
    expect((await Grace.suggest('shares.0.categoryId', '')).length).toBeGreaterThan(60)
    const typed = { merchant: 'Two Subjects', amount: '10.00', date: '2026-02-11' }
    expect(await Grace.submitForm({ ...typed, ...chosen })).toEqual({ kind: 'closed' })
    await Grace.reply(draft.thread, '• USD 5.00  Subject number 59\n• USD 5.00  Subject number 60')
    await program.sql(`update category set active = false where name like 'Subject number %'`)
  })

  test('and put together again it has one category', async () => {
    const draft = await Grace.draft()
    await Grace.complete(draft, { merchant: 'One Thing', amount: '20.00' })
    await Grace.reply(draft.thread, 'is waiting for')
    await Grace.click(draft.ts, 'expense.take_back')
    await Grace.reply(draft.thread, 'here is your draft')
    const form = await Grace.openExpense(draft)
    const other = await Grace.option(form, 'category', 'Other')
    await Grace.press('split.begin')
    await withParts(2)
    const parts = { 'shares.0.amount': '15', 'shares.1.amount': '5', 'shares.1.categoryId': other }
    expect(await Grace.submitForm(parts)).toEqual({ kind: 'closed' })
    await Grace.reply(draft.thread, '• USD 15.00  Meals\n• USD 5.00  Other')

    const split = await Grace.openExpense(draft)
    expect(shownInputs(split)).toMatchObject({ 'shares.0.amount': '15.00', 'shares.1.categoryId': 'Other' })
    await Grace.press('split.end')
    await program.people.waitFor(async () => (await inputsOf()).length === 0, { what: 'the parts to go' })
    expect(await Grace.submitForm({})).toEqual({ kind: 'closed' })
    const whole = await Grace.reply(draft.thread, '*Category*\nMeals')
    expect(said(whole)).not.toContain('*Split*')
  })
})
