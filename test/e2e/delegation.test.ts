import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { shownButtons } from '../../src/sandbox/client.ts'
import { RunningProgram } from '../support/running-program.ts'
import { bob, eve, frank, grace, hasAction, hasButton, homer, labels, Person, said } from './play.ts'
import { changeWorkspace } from './slack-wire.ts'

vi.setConfig({ testTimeout: 60_000 })

const dayFromNow = (days: number) =>
  new Date(Date.now() + days * 86_400_000).toLocaleDateString('en-CA', { timeZone: 'America/New_York' })

let program: RunningProgram
const person = (email: string) => new Person(email, () => program.people)
const [Grace, Frank, Eve, Bob, Homer] = [
  person(grace),
  person(frank),
  person(eve),
  person(bob),
  person(homer),
]

beforeAll(async () => {
  program = await RunningProgram.start()
})
afterAll(() => program.end())

/** What the form of a delegation answers to days that are no good. */
const fieldErrors = async (values: Record<string, string>) => {
  const outcome = await Frank.delegate('Bob', values)
  await Frank.closeForm()
  return outcome.kind === 'errors' ? outcome.errors : outcome
}

/** As if so much time had passed that this work is due. */
async function comesDue(job: string): Promise<void> {
  await program.sql(`update outbox set not_before = now() where job = $1 and status = 'pending'`, [job])
  await program.people.waitFor(
    async () =>
      (
        await program.sql(
          `select 1 from outbox where job = $1 and status <> 'done' and not_before <= now()`,
          [job],
        )
      ).length === 0,
    { what: `${job} to be done`, timeoutMs: 25_000 },
  )
  await program.settle()
}

describe('letting somebody else decide', () => {
  test('finds colleagues by name, and nobody of another company', async () => {
    await Frank.commandForm('/expense delegate', 'person.delegate')
    expect(await Frank.suggestColleagues('SMITH')).toEqual([{ text: 'Bob Smith', value: expect.any(String) }])
    expect(await Frank.suggestColleagues('Frank')).toEqual([])
    expect(await Frank.suggestColleagues('%')).toEqual([])
    expect((await Frank.suggestColleagues('')).length).toBeGreaterThan(5)
    await Frank.closeForm()
    await Homer.commandForm('/expense delegate', 'person.delegate')
    expect(await Homer.suggestColleagues('Smith')).toEqual([])
    await Homer.closeForm()
  })

  test('shows mistakes at their fields', async () => {
    expect(await fieldErrors({ from: dayFromNow(3), to: dayFromNow(1) })).toEqual({
      to: 'The last day is before the first.',
    })
    expect(await fieldErrors({ from: dayFromNow(-9), to: dayFromNow(-3) })).toHaveProperty('to')
    expect(await fieldErrors({ from: dayFromNow(0), to: dayFromNow(3), up_to: 'much' })).toEqual({
      up_to: expect.stringContaining('is not an amount'),
    })
  })

  test('what is open goes to the delegate, who decides; both names stand wherever it is shown', async () => {
    const { number, thread } = await Grace.submit({ merchant: 'Handed Over' })
    const own = await Frank.card(number)
    const made = await Frank.delegate('Bob', { from: dayFromNow(0), to: dayFromNow(14), up_to: '1,000.00' })
    expect(made.kind === 'view' && said(made.view)).toContain('Bob Smith decides for you from now until')
    await Frank.closeForm()
    expect(said(await Frank.home('Bob Smith'))).toMatch(
      /\*Bob Smith\* decides for you until .*, up to USD 1,000\.00/,
    )
    expect(said(await Bob.home('Frank Miller'))).toContain('*You* decide for *Frank Miller* until')

    const card = await Bob.card(number)
    expect(said(card)).toContain('You are asked because you decide for Frank Miller until')
    const held = await Frank.message(own.ts, 'Bob Smith decides for you until')
    expect(labels(held)).toContain('Approve')

    await Bob.click(card.ts, 'approval.approve')
    expect(said(await Bob.closedCard(card.ts))).toContain('was approved by Bob Smith for Frank Miller')
    const closed = await Frank.closedCard(own.ts)
    expect(said(closed)).toContain('was approved by Bob Smith for Frank Miller')
    expect(labels(closed)).toEqual([])
    const mine = await program.people.waitFor(
      async () =>
        (await Bob.messages()).find(({ ts, ...one }) => ts === card.ts && hasButton({ ts, ...one }, 'Undo')),
      { what: 'Undo for the delegate' },
    )
    expect(labels(mine)).toEqual(['Undo'])
    expect(said(await Grace.reply(thread, `${number} is approved`))).toContain(
      'approved by Bob Smith for Frank Miller',
    )
  })

  test('what is new is asked of the delegate alone, who may reject; the approver sees nothing of it', async () => {
    const { number, thread } = await Grace.submit({ merchant: 'Rejected For Frank' })
    const card = await Bob.card(number)
    await Bob.giveReason(card.ts, 'reject', 'Not this one')
    expect(said(await Grace.reply(thread, 'Not this one'))).toContain(
      'was rejected by Bob Smith for Frank Miller',
    )
    await program.settle()
    expect(await Frank.cards(number)).toEqual([])
  })

  test('what is above the cap stays with the approver', async () => {
    const { number } = await Grace.submit({
      merchant: 'Above The Cap',
      category: 'Equipment',
      amount: '1500.00',
    })
    await Frank.card(number)
    await program.settle()
    expect(await Bob.cards(number)).toEqual([])
    await Frank.approve(number)
  })

  test('two at the same time are refused, with the name and the days of the other', async () => {
    expect(await fieldErrors({ from: dayFromNow(3), to: dayFromNow(20) })).toEqual({
      from: expect.stringMatching(/^Bob Smith decides for you already from/),
    })
  })

  test('ended in App Home, what is open comes back, and the delegate can decide no more', async () => {
    const { number } = await Grace.submit({ merchant: 'Comes Back' })
    const card = await Bob.card(number)
    const [approve] = shownButtons(card)
    await Frank.home('Bob Smith')
    await Frank.pressAtHome('delegation.end')
    await Frank.homeWithout('decides for you')
    const back = await Frank.card(number)
    expect(said(back)).not.toContain('Bob Smith')
    const late = await Bob.closedCard(card.ts)
    expect(said(late)).toContain(
      `${number} is not yours to decide any more.* It is waiting for Frank Miller.`,
    )

    // A press that was on its way when the delegation ended.
    const { teamId } = await changeWorkspace(program)
    const pressed = await program.interact({
      type: 'block_actions',
      team: { id: teamId },
      user: { id: await Bob.id(), team_id: teamId },
      trigger_id: 'late',
      container: { type: 'message', channel_id: late.channel, message_ts: card.ts },
      actions: [
        {
          type: 'button',
          block_id: 'actions',
          action_id: 'approval.approve',
          action_ts: '1.1',
          value: approve?.value,
        },
      ],
    })
    expect(pressed.status).toBe(200)
    await program.settle()
    expect(hasAction(await Frank.card(number), 'approval.approve')).toBe(true)
    await Frank.approve(number)
  })

  test('/expense delegate end ends the only one, and says so when there is none', async () => {
    await Frank.delegate('Bob', { from: dayFromNow(2), to: dayFromNow(4) })
    await Frank.closeForm()
    await Frank.command('/expense delegate end')
    await Frank.formSaying('Bob Smith does not decide for you any more.')
    await Frank.closeForm()
    await Frank.command('/expense delegate end')
    await Frank.formSaying('Nobody decides for you')
    await Frank.closeForm()
  })

  test('of several, each is ended in the form', async () => {
    await Frank.delegate('Bob', { from: dayFromNow(2), to: dayFromNow(4) })
    await Frank.closeForm()
    await Frank.delegate('Eve', { from: dayFromNow(6), to: dayFromNow(8) })
    await Frank.closeForm()
    await Frank.command('/expense delegate end')
    const form = await Frank.form('person.delegate')
    expect(said(form)).toMatch(
      /\*Bob Smith\* will decide for you from .*\n.*\n.*\*Eve Davis\* will decide for you from/,
    )
    const [first] = shownButtons(form)
    await program.people.click({
      as: frank,
      on: 'modal',
      actionId: 'delegation.end',
      value: first?.value ?? '',
    })
    const left = await program.people.waitFor(
      async () => {
        const view = await program.people.openView(frank)
        return view && !said(view).includes('Bob Smith') && view
      },
      { what: 'Bob to be gone' },
    )
    expect(said(left)).toContain('Eve Davis')
    await Frank.closeForm()
    await Frank.command('/expense delegate end')
    await Frank.formSaying('Eve Davis does not decide for you any more.')
    await Frank.closeForm()
  })
})

describe('when nobody answers', () => {
  // Nobody is reminded while they are off work, and this test runs on any day and at any hour.
  beforeAll(() =>
    program.sql(
      `update company set holidays = null, work_from = '00:00', work_to = '24:00',
         working_days = '{monday,tuesday,wednesday,thursday,friday,saturday,sunday}'`,
    ),
  )

  test('a reminder asks once more, then the next one up is asked besides; one decision closes every card', async () => {
    const { number, thread } = await Grace.submit({ merchant: 'Long Silence' })
    const card = await Frank.card(number)
    await comesDue('approval.remind')
    const reminder = (await Frank.cards(number)).find(({ ts }) => ts !== card.ts)
    if (!reminder) throw new Error('there is no reminder')
    expect(said(reminder)).toMatch(/^:bell: \*Still waiting for you since \w{3}, \w{3} \d+\.\*/)
    expect(labels(reminder)).toEqual(labels(card))

    await comesDue('approval.escalate')
    const above = await Eve.card(number)
    expect(said(above)).toContain('You are asked because Frank Miller has not answered since')
    await Frank.message(card.ts, 'and Eve Davis, the next one up, since')

    await Eve.click(above.ts, 'approval.approve')
    for (const [who, ts] of [
      [Eve, above.ts],
      [Frank, card.ts],
      [Frank, reminder.ts],
    ] as const) {
      expect(said(await who.closedCard(ts))).toContain('was approved by Eve Davis')
    }
    await Grace.reply(thread, `${number} is approved`)
  })
})
