import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { RunningProgram } from '../support/running-program.ts'
import { adam, frank, grace, hank, Person, said } from './play.ts'
import { Admin, blockOf, optionNamed } from './play-admin.ts'
import { changeWorkspace } from './slack-wire.ts'

vi.setConfig({ testTimeout: 60_000 })

let program: RunningProgram
const person = (email: string) => new Person(email, () => program.people)
const Adam = new Admin(adam, () => program.people)
const [Grace, Frank] = [person(grace), person(frank)]

beforeAll(async () => {
  program = await RunningProgram.start()
})
afterAll(() => program.end())

describe('an admin', () => {
  test('adds somebody, who then posts a receipt', async () => {
    const people = (await program.people.people()).map(({ name, email, title }) => ({ name, email, title }))
    const nora = 'nora.new@techcorp.example'
    await changeWorkspace(program, { people: [...people, { name: 'Nora New', email: nora, title: '' }] })
    const Nora = person(nora)
    // Whose colleague she is shows by who is met in this workspace.
    await Adam.home('Admin')
    // Nobody knows her yet: she is told so, and the admin sees that she asked.
    const { ts } = await Nora.post([], 'Hello')
    await Nora.reply(ts, 'asked the admins')
    const [asked] = await program.sql<{ id: string }>('select id from access_request')
    await Adam.home('asked for access')
    await Adam.pressAtHome('admin.people', asked?.id)
    expect(JSON.stringify(await Adam.form('admin.change'))).toContain(nora)
    await Adam.closeForm()
    await Adam.list('people', 'Nora New')
    await Adam.press('admin.add_stranger')
    const form = await Adam.form('admin.change')
    expect(said(form)).toContain('People')
    expect(await Adam.offered(form, 'manager', 'frank')).toMatchObject([{ text: 'Frank Miller' }])
    const [manager] = await Adam.offered(form, 'manager', 'frank')
    const shown = await Adam.save(form, {
      team: optionNamed(form, 'team', 'Technology'),
      level: optionNamed(form, 'level', 'SDE3'),
      manager: manager?.value ?? '',
    })
    expect(shown).toMatch(/Nora New.* is added/)
    expect(shown).toContain('*Manager*: Frank Miller')
    await Adam.closeForm()
    await Nora.draft()
  })

  test('renames a category, and everybody is offered it by its new name', async () => {
    await Adam.list('categories', 'Travel')
    const shown = await Adam.save(await Adam.change('Travel'), { name: 'Journeys' })
    expect(shown).toContain('*Name*: Travel → Journeys')
    // Back from what was saved stands the list as it is now.
    await program.people.closeView(adam, false)
    expect(said(await Adam.formSaying('Journeys'))).not.toContain('Travel')
    await Adam.closeForm()
    const draft = await Grace.draft()
    await Grace.openExpense(draft)
    expect(await Grace.suggest('category', 'Journ')).toMatchObject([{ text: 'Journeys' }])
    await Grace.closeForm()
  })

  test('changes the band of a policy, and the next expense is judged by it', async () => {
    const before = await Grace.submit({ merchant: 'Monitor Shop', amount: '1500.00', category: 'Equipment' })
    await Frank.card(before.number)
    await Adam.list('policies', 'Small Equipment')
    const amounts = await Adam.change('Small Equipment')
    expect(said(amounts)).toContain('Large Equipment*, above that')
    expect(await Adam.errors(amounts, { amount_1: 'a thousand' })).toEqual({
      amount_1: expect.stringContaining('is not an amount'),
    })
    // What is not an amount is changed as text.
    await Adam.press('admin.change', { blockId: 'admin_remove' })
    const form = await Adam.formSaying('2,000.00')
    const text =
      form.blocks.find(({ block_id }) => block_id === blockOf(form, 'text'))?.element?.initial_value ?? ''
    const wrong = await Adam.errors(form, {
      text: text.replace('category: equipment', 'category: equipmint'),
    })
    expect(wrong.text).toMatch(/^Line \d+: .*equipmint/)
    await Adam.press('admin.back')
    await Adam.formSaying('Small Equipment')
    const shown = await Adam.save(await Adam.change('Small Equipment'), { amount_1: '1,000.00' })
    expect(shown.replaceAll('\u00a0', ' ')).toContain('USD 2,000.00 → USD 1,000.00')
    expect(shown).toContain('Small Equipment, Large Equipment')
    expect(shown).toMatch(/examples come out differently/)
    // Done, without going back to the list.
    expect(await Adam.submitForm({})).toEqual({ kind: 'closed' })
    expect(await program.people.openView(adam)).toBeFalsy()
    const after = await Grace.submit({ merchant: 'Monitor Shop 2', amount: '1600.00', category: 'Equipment' })
    // The next band begins where this one ends now.
    const card = await Frank.card(after.number)
    expect(said(card)).toContain('Large Equipment')
  })

  test('is told at the field what cannot be', async () => {
    await Adam.list('people', 'people')
    const form = await Adam.add('people')
    expect(await Adam.errors(form, { name: 'Grace again', email: grace })).toEqual({
      email: expect.stringContaining('is there already'),
    })
    expect(await Adam.errors(form, { name: 'Homer', email: hank })).toEqual({
      email: expect.stringContaining('another company'),
    })
    await Adam.closeForm()
  })

  test('lets somebody decide for somebody else, and ends it', async () => {
    await Adam.list('delegations', 'Who decides for somebody')
    const form = await Adam.add('delegations')
    const [principal] = await Adam.offered(form, 'principal', 'Frank')
    const [delegate] = await Adam.offered(form, 'delegate', 'Eve')
    const day = (days: number) =>
      new Date(Date.now() + days * 86_400_000).toLocaleDateString('en-CA', { timeZone: 'America/New_York' })
    const values = { principal: principal?.value ?? '', delegate: delegate?.value ?? '' }
    expect(await Adam.errors(form, { ...values, from: day(3), to: day(2) })).toEqual({
      to: expect.stringContaining('before'),
    })
    await Adam.goOn(form, { ...values, from: day(2), to: day(3) })
    expect(said(await Adam.formSaying('Eve Davis decides for Frank Miller'))).toContain('Both get a mail')
    await Adam.closeForm()
    await Adam.list('delegations', 'Eve Davis decides for Frank Miller')
    await Adam.press('admin.end')
    await Adam.formSaying('Nothing here yet')
    await Adam.closeForm()
  })

  test('says who approves a category, and takes that away again', async () => {
    await Adam.list('assignments', 'Nothing here yet')
    const form = await Adam.add('assignments')
    const [approver] = await Adam.offered(form, 'approver', 'Eve')
    const category = optionNamed(form, 'category', 'Equipment')
    await Adam.save(form, { category, approver: approver?.value ?? '' })
    await program.people.closeView(adam, false)
    await Adam.formSaying('Equipment › Eve Davis')
    await Adam.change('Equipment › Eve Davis')
    await Adam.press('admin.remove')
    expect(said(await Adam.form('admin.save'))).toContain('Equipment › Eve Davis* is removed')
    await Adam.submitForm({})
    await Adam.formSaying('Saved.')
    await program.people.closeView(adam, false)
    await Adam.formSaying('Nothing here yet')
    await Adam.closeForm()
  })

  test('is answered in time while somebody else’s import is under way, and told when it is done', async () => {
    await Adam.list('reasons', 'Conference')
    const form = await Adam.change('Conference')
    const hold = () =>
      program.sql(
        `select pg_advisory_lock(hashtextextended('import of TechCorp Solutions', 0)), pg_sleep(3.5)`,
      )
    const first = hold()
    await program.people.waitFor(
      async () => (await program.sql(`select 1 from pg_stat_activity where wait_event = 'PgSleep'`))[0],
      { what: 'the other import' },
    )
    await Adam.goOn(form, { name: 'Congress' })
    expect(said(await Adam.formSaying('Checking what this changes'))).not.toContain('Congress')
    expect(said(await Adam.form('admin.save'))).toContain('Conference → Congress')
    await first
    const second = hold()
    await Adam.submitForm({})
    await Adam.formSaying('Saving…')
    // Closed before it is saved: it is told in the conversation.
    await Adam.closeForm()
    await second
    const told = async () => (await Adam.messages()).find((one) => said(one).includes('Your change is saved'))
    const message = await program.people.waitFor(told, { what: 'the message', timeoutMs: 25_000 })
    expect(said(message)).toContain('Conference → Congress')
  })

  test('hears that it is saved though Slack refuses to show the list anew, or even the form', async () => {
    for (const times of [1, 2]) {
      await Adam.list('categories', 'Meals')
      await Adam.goOn(await Adam.change('Meals'), { name: `Meals ${times}` })
      await Adam.form('admin.save')
      await program.people.faults({
        kind: 'error',
        method: 'views.update',
        error: 'invalid_arguments',
        times,
      })
      await Adam.submitForm({})
      if (times === 1) await Adam.formSaying('Saved.')
      const isTold = async () =>
        (await Adam.messages()).some((one) => said(one).includes('Meals 1 → Meals 2'))
      if (times === 2) await program.people.waitFor(isTold, { what: 'the message', timeoutMs: 25_000 })
      await program.people.clearFaults()
      await Adam.closeForm()
      await Adam.closeForm().catch(() => {})
    }
    expect((await program.outbox()).dead).toBe(0)
  })

  test('is told when looking at a change fails on our side', async () => {
    await Adam.list('policies', 'Equipment of exactly')
    await Adam.change('Equipment of exactly')
    await program.sql('alter table organisation_change rename to elsewhere')
    try {
      await Adam.press('admin.remove')
      await Adam.formSaying('Something went wrong on our side.')
    } finally {
      await program.sql('alter table elsewhere rename to organisation_change')
    }
    await Adam.closeForm()
  })

  test('sees what becomes of what is open before somebody leaves', async () => {
    const draft = await Grace.submit({ merchant: 'Desk Shop', amount: '200.00', category: 'Equipment' })
    await Frank.card(draft.number)
    await Adam.list('people', 'people')
    const form = await Adam.find('Frank')
    const outcome = await Adam.goOn(form, { active: 'off' })
    expect(outcome.kind).toBe('view')
    expect(said(await Adam.form('admin.save'))).toMatch(/waits? for Frank Miller now.*go(es)? to/s)
    // Only looked at: Frank still decides.
    await Adam.closeForm()
    await Frank.approve(draft.number)
  })
})

describe('what nobody may', () => {
  test('change the organisation without being an admin, by a form that was forged', async () => {
    const { teamId } = await changeWorkspace(program)
    const send = async (who: Person, metadata: unknown, callbackId = 'admin.change') =>
      program.interact({
        type: 'view_submission',
        team: { id: teamId },
        user: { id: await who.id(), team_id: teamId },
        trigger_id: 'forged',
        view: {
          id: 'V1',
          type: 'modal',
          callback_id: callbackId,
          private_metadata: JSON.stringify(metadata),
          state: { values: { 'admin.name.s': { value: { type: 'plain_text_input', value: 'Mine' } } } },
        },
      })
    const company = { section: 'company', id: 'company', seen: null, stamp: 's' }
    const refused = await (await send(Grace, company)).text()
    expect(refused).toContain('Only an admin')
    // An admin of another company, with the id of somebody here.
    const [row] = await program.sql<{ id: string }>(`select id from person where email = $1`, [grace])
    const hers = { section: 'people', id: row?.id, seen: null, stamp: 's' }
    const foreign = await (await send(person(hank), hers)).text()
    expect(foreign).toContain('not there any more')
    const [after] = await program.sql<{ name: string }>(`select name from person where email = $1`, [grace])
    expect(after?.name).toBe('Grace Taylor')
  })
})
