import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { type ShownView, shownButtons } from '../../src/sandbox/client.ts'
import { modalSchema } from '../../src/sandbox/client-shapes.ts'
import { RunningProgram } from '../support/running-program.ts'
import { bob, eve, fay, frank, grace, optionOf, Person, said } from './play.ts'

vi.setConfig({ testTimeout: 90_000 })

let program: RunningProgram
const person = (email: string) => new Person(email, () => program.people)
const [Grace, Frank, Bob, Eve, Fay] = [person(grace), person(frank), person(bob), person(eve), person(fay)]

beforeAll(async () => {
  program = await RunningProgram.start()
})
afterAll(() => program.end())

/** What App Home shows, without opening it: only what was published by itself changes it. */
async function glance(who: Person): Promise<ShownView> {
  const query = new URLSearchParams({ as: await who.id() })
  const answer = await fetch(`${program.sandboxUrl}/sandbox/api/home?${query}`)
  return z.object({ view: modalSchema }).parse(await answer.json()).view
}

/** Waits until an open App Home says something by itself. */
function seesAtHome(who: Person, words: string | RegExp): Promise<ShownView> {
  return program.people.waitFor(
    async () => {
      const view = await glance(who)
      const text = said(view)
      return (typeof words === 'string' ? text.includes(words) : words.test(text)) && view
    },
    { what: `“${words}” in the open App Home of ${who.email}`, timeoutMs: 30_000 },
  )
}

/** The value of the button of a line in App Home. */
function buttonOf(view: ShownView, actionId: string, words: string): string {
  const at = view.blocks.findIndex((block) => said({ blocks: [block] }).includes(words))
  const found = shownButtons({ blocks: view.blocks.slice(at, at + 2) }).find(
    (one) => one.actionId === actionId,
  )
  if (!found) throw new Error(`no ${actionId} beside “${words}” in: ${said(view)}`)
  return found.value ?? ''
}

const idsOf = (view: ShownView, actionId: string) =>
  shownButtons(view)
    .filter((one) => one.actionId === actionId)
    .map(({ value }) => value)

describe('App Home', () => {
  test('greets somebody new and shows nothing empty', async () => {
    const view = await Eve.home('Hello Eve Davis.')
    expect(view.blocks.some(({ type }) => type === 'header')).toBe(false)
  })

  test('approves with one press, and both sides see it by themselves', async () => {
    await Grace.home('Hello')
    await Frank.home('New expense')
    const draft = await Grace.submit({ merchant: 'Approve me', amount: '31.40' })
    expect(said(await seesAtHome(Grace, 'Approve me'))).toContain('Waiting for Frank Miller')
    const view = await seesAtHome(Frank, 'Approve me')
    expect(said(view)).toMatch(/To approve \(1\)/)
    expect(said(view)).toContain('*USD 31.40* in all')
    await Frank.pressAtHome('approval.approve', buttonOf(view, 'approval.approve', 'Approve me'))
    await Grace.reply(draft.thread, 'approved')
    await program.people.waitFor(async () => !said(await glance(Frank)).includes('Approve me'), {
      what: 'the line to go',
    })
    await seesAtHome(Grace, /Approve me[^\n]*\n:white_check_mark: Approved/)
  })

  test('rejects through the details, with a reason, which the submitter reads at home', async () => {
    await Grace.submit({ merchant: 'Reject me' })
    const view = await seesAtHome(Frank, 'Reject me')
    await Frank.pressAtHome('approval.details', buttonOf(view, 'approval.details', 'Reject me'))
    await Frank.formSaying('Reject me')
    await Frank.press('approval.reject')
    await Frank.form('approval.decide')
    expect(await Frank.submitForm({ comment: 'Not for work.' })).toEqual({ kind: 'closed' })
    await seesAtHome(Grace, 'Rejected by Frank Miller: “Not for work.”')
  })

  test('approves in the details, and shows there what became of it', async () => {
    await Grace.submit({ merchant: 'Look closer' })
    const view = await seesAtHome(Frank, 'Look closer')
    await Frank.pressAtHome('approval.details', buttonOf(view, 'approval.details', 'Look closer'))
    await Frank.formSaying('Look closer')
    await Frank.press('approval.approve')
    const after = await program.people.waitFor(
      async () => {
        const shown = await program.people.openView(frank)
        return shown && !idsOf(shown, 'approval.approve').length && shown
      },
      { what: 'the details to show the decision' },
    )
    expect(said(after)).toContain('Look closer')
    await Frank.closeForm()
    await seesAtHome(Grace, /Look closer[^\n]*\n:white_check_mark: Approved/)
  })

  test('tells whoever comes too late who decided', async () => {
    const today = new Date().toLocaleDateString('en-CA', { timeZone: 'America/New_York' })
    await Frank.delegate('Bob', { from: today, to: today })
    const draft = await Grace.submit({ merchant: 'Two at once' })
    await Bob.home('Two at once')
    const view = await Bob.home('for Frank Miller')
    const approvalId = buttonOf(view, 'approval.approve', 'Two at once')
    await Bob.pressAtHome('approval.approve', approvalId)
    await Grace.reply(draft.thread, 'approved')
    await Frank.home('New expense')
    // Frank’s screen still showed the button: the press is on its way when the line goes.
    const [slack] = await program.sql<{ team: string; id: string }>(
      'select slack_team_id as team, slack_user_id as id from person where email = $1',
      [frank],
    )
    const answer = await program.interact({
      type: 'block_actions',
      team: { id: slack?.team },
      user: { id: slack?.id },
      trigger_id: 'too-late',
      container: { type: 'view' },
      view: { id: 'V1', hash: 'h', type: 'home', private_metadata: '', state: { values: {} } },
      actions: [{ action_id: 'approval.approve', action_ts: `${Date.now() / 1000}`, value: approvalId }],
    })
    expect(answer.status).toBe(200)
    expect(said(await seesAtHome(Frank, 'already approved this'))).toContain('Bob Smith')
    await program.people.waitFor(async () => !said(await Frank.home('New expense')).includes('already'), {
      what: 'the note to go when App Home is opened anew',
    })
    const [own] = await program.sql<{ id: string }>('select id from delegation where ended_at is null')
    await Frank.pressAtHome('delegation.end', own?.id)
    await program.settle()
  })

  test('turns the pages of a long list, and back', async () => {
    for (let count = 0; count < 5; count += 1) await Bob.draft()
    await program.settle()
    const first = await Bob.home(/Drafts \(5\)/)
    const shown = idsOf(first, 'expense.complete')
    expect(shown).toHaveLength(4)
    await Bob.pressAtHome('home.more', buttonValue(first, 'home.more', 'drafts'))
    const second = await program.people.waitFor(
      async () => {
        const view = await glance(Bob)
        return idsOf(view, 'expense.complete').length === 1 && view
      },
      { what: 'the second page' },
    )
    expect(shown).not.toContain(idsOf(second, 'expense.complete')[0])
    await Bob.pressAtHome('home.back', 'drafts')
    await program.people.waitFor(async () => idsOf(await glance(Bob), 'expense.complete').length === 4, {
      what: 'the first page again',
    })
    expect(idsOf(await glance(Bob), 'expense.complete')).toEqual(shown)
  })

  test('speaks German as soon as somebody chooses it, and so does what they are sent', async () => {
    await Frank.home('New expense')
    await Frank.pressAtHome('settings.open')
    const view = await Frank.form('person.settings')
    const outcome = await Frank.submitForm({
      locale: optionOf(view, 'locale', 'Deutsch'),
      quietFrom: '21:00',
      quietTo: '07:30',
      digestOver: optionOf(view, 'digestOver', 'Never'),
    })
    // In the language that was just chosen.
    expect(outcome.kind === 'view' && said(outcome.view)).toContain('Gespeichert.')
    await Frank.closeForm()
    await seesAtHome(Frank, 'Neue Ausgabe')
    const draft = await Grace.submit({ merchant: 'Auf Deutsch', amount: '64.00' })
    await Grace.reply(draft.thread, 'waiting')
    await seesAtHome(Frank, 'Zur Freigabe')
    const card = await Frank.card(draft.number)
    expect(said(card)).toContain('Freigabe')
    const [kept] = await program.sql(
      `select locale, quiet_from, digest_over from preference p join person on person.id = p.person_id where email = $1`,
      [frank],
    )
    expect(kept).toEqual({ locale: 'de-DE', quiet_from: null, digest_over: 0 })
  })
})

const buttonValue = (view: ShownView, actionId: string, start: string) =>
  shownButtons(view).find((one) => one.actionId === actionId && one.value?.startsWith(start))?.value ?? ''

describe('finance', () => {
  const messagesWithFile = async () => (await Fay.messages()).filter(({ files }) => files.length > 0)

  test('closes a month that is over, once, and says by whom', async () => {
    const draft = await Grace.submit({ merchant: 'Last month', amount: '55.00' })
    await Frank.approve(draft.number)
    await Grace.reply(draft.thread, 'approved')
    await program.settle()
    await program.sql(
      `with moved as (
         update expense set completed_at = date_trunc('month', now()) - interval '10 days' where number = $1
         returning id, completed_at
       ) update month_waiting set approved_at = moved.completed_at from moved where expense_id = moved.id`,
      [draft.number],
    )
    const home = await Fay.home('Finance')
    expect(said(home)).toMatch(/still open/)
    await Fay.pressAtHome('finance.month')
    const view = await Fay.formSaying('over and not closed')
    expect(said(view)).toContain('USD 55.00')
    expect(said(view)).toContain('Meals')
    await Fay.press('finance.close_month')
    await Fay.formSaying('Closed by Fay Adams')
    await Fay.closeForm()
    expect(said(await seesAtHome(Fay, ':lock: closed'))).toContain('USD 55.00')
  })

  test('gets the file of a month once, also where Slack’s answer got lost or the work is done again', async () => {
    await program.people.faults({ kind: 'lost_reply', method: 'files.completeUploadExternal' })
    await Fay.pressAtHome('finance.export')
    const view = await Fay.form('finance.export')
    const month =
      view.blocks.find(({ block_id }) => block_id === 'month')?.element?.initial_option?.value ?? ''
    expect(await Fay.submitForm({})).toMatchObject({ kind: 'view' })
    const [message] = await program.people.waitFor(
      async () => {
        const found = await messagesWithFile()
        return found.length > 0 && found
      },
      { what: 'the file', timeoutMs: 30_000 },
    )
    expect(message?.files[0]?.name).toBe(`expenses-${month}.csv`)
    await program.sql(`update outbox set status = 'pending', not_before = now() where job = 'finance.export'`)
    await program.settle(60_000)
    expect(await messagesWithFile()).toHaveLength(1)
    expect((await program.outbox()).dead).toBe(0)
    const bytes = await fetch(`${program.sandboxUrl}/sandbox/files/${message?.files[0]?.id}`)
    expect(await bytes.text()).toContain('Last month')
  })

  test('marks as paid what was ticked, and its submitter sees it', async () => {
    await Fay.pressAtHome('finance.unpaid')
    const view = await Fay.form('finance.unpaid')
    expect(said(view)).toContain('Tick what you have paid.')
    const group = view.blocks.find(({ block_id }) => block_id?.startsWith('unpaid_'))
    const option = group?.element?.options?.find(({ description }) =>
      description?.text.includes('Last month'),
    )
    expect(await Fay.submitForm({})).toMatchObject({ kind: 'errors' })
    const outcome = await Fay.submitForm({ [group?.block_id ?? '']: [option?.value ?? ''] })
    // Slack is answered at once, however many there are.
    expect(outcome.kind === 'view' && said(outcome.view)).toContain('Marking 1 expense as paid')
    expect(said(await Fay.formSaying('1 expense marked as paid'))).not.toContain('Last month')
    await seesAtHome(Grace, /Last month[^\n]*\n:moneybag: Paid/)
  })
})

test('nobody else sees finance or admin', async () => {
  expect(said(await Grace.home('New expense'))).not.toMatch(/Finance|Admin/)
})
