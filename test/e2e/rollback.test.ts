import nodemailer from 'nodemailer'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type SandboxMail, type ShownMessage, shownButtons } from '../../src/sandbox/client.ts'
import { textOfPdf } from '../support/pdf-text.ts'
import { RunningProgram } from '../support/running-program.ts'
import { taxiReceipt } from '../support/taxi-receipt.ts'
import { contains, eve, fay, frank, grace, hasAction, labels, Person, said } from './play.ts'
import { changeWorkspace, SlackWire } from './slack-wire.ts'

vi.setConfig({ testTimeout: 90_000 })

let program: RunningProgram
beforeAll(async () => {
  program = await RunningProgram.start()
})
afterAll(() => program.end())

const statusOf = async (number: string) =>
  (await program.sql<{ status: string }>('select status from expense where number = $1', [number]))[0]?.status
const auditOf = async (number: string, action: string) =>
  program.sql(
    `select 1 from audit_entry a join expense e on e.id = a.subject_id where e.number = $1 and a.action = $2`,
    [number, action],
  )
/** As if every decision about it had been made a day earlier. */
const aDayLater = (number: string) =>
  program.sql(
    `update approval set decided_at = decided_at - interval '24 hours' where request_id in
     (select r.id from approval_request r join expense e on e.id = r.subject_id where e.number = $1)`,
    [number],
  )

describe('taking back a decision in Slack', () => {
  const person = (email: string) => new Person(email, () => program.people)
  const [Grace, Frank, Eve, Fay] = [person(grace), person(frank), person(eve), person(fay)]

  /** Waits until a card of a person shows what it should. */
  const shows = (who: Person, ts: string, check: (message: ShownMessage) => boolean) =>
    program.people.waitFor(
      async () => (await who.messages()).find((message) => message.ts === ts && check(message)),
      { what: `the card ${ts} of ${who.email} to change`, timeoutMs: 25_000 },
    )
  /** Approves by the card that asks now, and waits until it can be undone. */
  async function approve(who: Person, number: string): Promise<ShownMessage> {
    const { ts } = await who.approve(number)
    return shows(who, ts, (card) => hasAction(card, 'approval.undo'))
  }
  const trip = (merchant: string) => Grace.submit({ merchant, category: 'Travel', amount: '80.00' })

  test('before the next one decides: their card closes, everybody is told, fresh cards ask again', async () => {
    const { number, thread } = await trip('Night Train')
    const first = await approve(Frank, number)
    expect(labels(first)).toEqual(['Undo'])
    expect(said(first)).toMatch(/You can undo this until <!date\^\d+\^/)
    const asked = await Eve.card(number)

    await Frank.click(first.ts, 'approval.undo')
    const old = await shows(Frank, first.ts, (card) => contains(card, 'You took back your approval'))
    expect(labels(old)).toEqual([])
    const closed = await Eve.closedCard(asked.ts)
    expect(said(closed)).toContain(`${number} is not waiting for you any more`)
    expect(said(closed)).toContain('Frank Miller took back an earlier decision')
    expect(labels(closed)).toEqual([])
    const told = await Grace.reply(thread, `Frank Miller took back the approval of ${number}`)
    expect(told.text).toContain('It is to be decided again.')
    await Grace.reply(thread, `${number} is waiting for Frank Miller`)

    const fresh = await Frank.card(number)
    expect(fresh.ts).not.toBe(first.ts)
    expect(said(fresh)).toContain('Approval by Frank Miller taken back')
    await approve(Frank, number)
    const again = await Eve.card(number)
    expect(again.ts).not.toBe(asked.ts)
    await approve(Eve, number)
    expect(await statusOf(number)).toBe('approved')
    expect(await auditOf(number, 'approval.undone')).toHaveLength(1)
  })

  test('after the last step: the statement is cancelled by a document that is mailed, and a second one follows', async () => {
    const { number, thread } = await trip('Day Train')
    const first = await approve(Frank, number)
    const later = await approve(Eve, number)
    for (const who of [Grace, Fay]) await who.mail(number)
    await Grace.reply(thread, `${number} is approved`)

    await Frank.click(first.ts, 'approval.undo')
    const fallen = await shows(Eve, later.ts, (card) => contains(card, 'does not count any more'))
    expect(said(fallen)).toContain('Frank Miller took back an earlier decision')
    expect(labels(fallen)).toEqual([])
    await program.people.waitFor(
      async () =>
        (await program.people.mails({ to: eve })).some(
          ({ subject }) => subject === `Your approval of ${number} does not count any more`,
        ),
      { what: 'the mail to Eve' },
    )
    for (const who of [Grace, Fay]) {
      const { attachments } = await who.mail(`${number}-C`)
      expect(await textOfPdf(attachments[0]?.bytes ?? Buffer.alloc(0))).toMatch(
        new RegExp(`The expense statement ${number} is cancelled\\..*Approval taken back`),
      )
    }
    expect(await statusOf(number)).toBe('awaiting_approval')

    await approve(Frank, number)
    await approve(Eve, number)
    for (const who of [Grace, Fay]) {
      const { attachments } = await who.mail(`${number}-2`)
      const text = await textOfPdf(attachments[0]?.bytes ?? Buffer.alloc(0))
      expect(text).toContain(`Replaces ${number}, which is cancelled.`)
      expect(text).toMatch(/Approved by Eve Davis.*Approval taken back/)
    }
    await program.settle()
    for (const who of [Grace, Fay]) {
      for (const name of [number, `${number}-C`, `${number}-2`]) expect(await who.mails(name)).toHaveLength(1)
    }
    expect(await Frank.cards(number)).toHaveLength(2)
    expect(await Eve.cards(number)).toHaveLength(2)
  })

  test('a rejection: the submitter hears of it in a new message, and the older one stays true', async () => {
    const { number, thread } = await Grace.submit({ merchant: 'Too Fast' })
    const card = await Frank.card(number)
    await Frank.giveReason(card.ts, 'reject', 'Bought twice')
    await Grace.reply(thread, 'was rejected by Frank Miller')
    await shows(Frank, card.ts, (shown) => hasAction(shown, 'approval.undo'))
    await Frank.click(card.ts, 'approval.undo')
    await Grace.reply(thread, `took back the rejection of ${number}`)
    await Grace.reply(thread, /was rejected by Frank Miller(.|\n)*Taken back/)
    await approve(Frank, number)
    await Grace.reply(thread, `${number} is approved`)
  })

  test('pressed three times at once it is done once', async () => {
    const { number } = await trip('Thrice')
    const { ts } = await approve(Frank, number)
    const wire = await SlackWire.tap(program, { copies: 3 })
    await Frank.click(ts, 'approval.undo')
    await shows(Frank, ts, (card) => contains(card, 'You took back your approval'))
    await wire.untap()
    await program.settle()
    expect(await auditOf(number, 'approval.undone')).toHaveLength(1)
    expect(await Frank.cards(number)).toHaveLength(2)
    expect((await Frank.messages()).filter(({ visible_to }) => visible_to !== undefined)).toEqual([])
  })

  test('when the time is over the button goes by itself', async () => {
    const { number } = await Grace.submit({ merchant: 'Slow Food' })
    const { ts } = await approve(Frank, number)
    await program.settle()
    await aDayLater(number)
    const due = await program.sql(
      `update outbox set not_before = now() where status = 'pending' and job = 'surface.render'
       and not_before > now() + interval '23 hours' returning 1`,
    )
    expect(due.length).toBeGreaterThan(0)
    const over = await shows(Frank, ts, (card) => labels(card).length === 0)
    expect(said(over)).toContain('was approved by Frank Miller')
    expect(said(over)).not.toContain('You can undo this')
  })

  test('a stale press is told until when it could be, and the card loses its button', async () => {
    const { number } = await Grace.submit({ merchant: 'Late Bar' })
    const { ts } = await approve(Frank, number)
    await program.settle()
    await aDayLater(number)
    await Frank.click(ts, 'approval.undo')
    await program.people.waitFor(
      async () =>
        (await Frank.messages()).some(
          (message) => message.visible_to !== undefined && contains(message, 'could be taken back until'),
        ),
      { what: 'the sentence for Frank' },
    )
    await shows(Frank, ts, (card) => labels(card).length === 0)
    expect(await statusOf(number)).toBe('approved')
  })

  test('nobody takes back what somebody else decided, whatever they send', async () => {
    const { number } = await Grace.submit({ merchant: 'Forged Undo' })
    const card = await approve(Frank, number)
    const { teamId } = await changeWorkspace(program)
    const { channel, ts } = await program.people.postMessage({ as: eve, channel: 'dm', text: 'hello' })
    const [{ value } = {}] = shownButtons(card)
    const answer = await program.interact({
      type: 'block_actions',
      team: { id: teamId },
      user: { id: await Eve.id(), team_id: teamId },
      trigger_id: 'forged',
      container: { type: 'message', channel_id: channel, message_ts: ts },
      channel: { id: channel },
      actions: [{ type: 'button', action_id: 'approval.undo', block_id: 'actions', action_ts: '1.0', value }],
    })
    expect(answer.status).toBe(200)
    await program.people.waitFor(
      async () => (await Eve.messages()).some((message) => contains(message, 'Only the one who decided')),
      { what: 'the sentence for Eve' },
    )
    expect(await statusOf(number)).toBe('approved')
  })
})

describe('taking back a decision by the page of a mail', () => {
  const post = (link: string, decision: string) =>
    fetch(link, { method: 'POST', body: new URLSearchParams({ decision }), redirect: 'manual' })
  const pageOf = async (link: string) => (await fetch(link)).text()
  const mailTo = (to: string, what: string, check: (mail: SandboxMail) => boolean) =>
    program.people.waitFor(async () => (await program.people.mails({ to })).findLast(check), {
      what: `${what} to ${to}`,
      timeoutMs: 60_000,
    })
  const linkIn = ({ text }: SandboxMail) => /https?:\/\/\S+\/a\/[\w.-]+/.exec(text)?.[0] ?? ''
  const isRequest = (number: string) => (mail: SandboxMail) =>
    mail.subject.includes(`(${number})`) && mail.subject.includes('asks for your approval')
  /** The link in the `count`th mail that asked somebody. */
  const linkTo = (to: string, number: string, count: number) =>
    program.people.waitFor(
      async () => {
        const mail = (await program.people.mails({ to })).filter(isRequest(number))[count - 1]
        return mail && linkIn(mail)
      },
      { what: `request ${count} about ${number} to ${to}`, timeoutMs: 60_000 },
    )
  const wayOn = async (link: string) => {
    const path = /class="button" href="([^"]+)"/.exec(await pageOf(link))?.[1]
    return path === undefined ? '' : new URL(path, link).href
  }
  const document = (to: string, name: string) =>
    mailTo(to, name, ({ attachments }) => attachments.some((file) => file.name === `${name}.pdf`))

  /** A taxi that was submitted by mail: its number. */
  async function taxi(title: string): Promise<string> {
    const transport = nodemailer.createTransport({
      host: '127.0.0.1',
      port: program.intakePort,
      ignoreTLS: true,
    })
    const attachments = [await taxiReceipt()]
    await transport.sendMail({ from: grace, to: 'expenses@techcorp.example', subject: title, attachments })
    const { text } = await mailTo(grace, 'the answer', ({ subject }) => subject === `Re: ${title}`)
    return /EXP-\d{4}-\d+/.exec(text)?.[0] ?? ''
  }

  test('it goes back, fresh mails ask, the cancellation and the second statement are mailed', async () => {
    const number = await taxi('Taxi to undo')
    const franks = await linkTo(frank, number, 1)
    expect((await post(franks, 'approve')).status).toBe(303)
    const eves = await linkTo(eve, number, 1)
    expect((await post(eves, 'approve')).status).toBe(303)
    for (const to of [grace, fay]) await document(to, number)
    expect(await pageOf(franks)).toContain('value="undo"')

    expect((await post(franks, 'undo')).status).toBe(303)
    expect(await statusOf(number)).toBe('awaiting_approval')
    expect(await pageOf(franks)).toContain('<h1>You took back your approval</h1>')
    expect(await pageOf(eves)).toContain('<h1>Your approval does not count any more</h1>')
    await mailTo(
      grace,
      'the news',
      ({ subject }) => subject === `Frank Miller took back the approval of ${number}`,
    )
    await mailTo(eve, 'the news', ({ subject }) => subject.startsWith(`Your approval of ${number} does not`))
    for (const to of [grace, fay]) await document(to, `${number}-C`)

    const fresh = await linkTo(frank, number, 2)
    expect(await pageOf(fresh)).toContain('value="approve"')
    expect((await post(await wayOn(franks), 'approve')).status).toBe(303)
    expect(await pageOf(fresh)).not.toContain('value="approve"')
    expect((await post(await linkTo(eve, number, 2), 'approve')).status).toBe(303)
    for (const to of [grace, fay]) await document(to, `${number}-2`)
    expect(await statusOf(number)).toBe('approved')
  })

  test('after the window there is no button, and a press of an old page says until when', async () => {
    const number = await taxi('Taxi too late')
    const franks = await linkTo(frank, number, 1)
    await post(franks, 'approve')
    expect(await pageOf(franks)).toContain('value="undo"')
    await aDayLater(number)
    expect(await pageOf(franks)).not.toContain('value="undo"')
    const late = await post(franks, 'undo')
    expect(late.status).toBe(409)
    expect(await late.text()).toContain('This could be taken back until')
    expect(await statusOf(number)).toBe('awaiting_approval')
  })
})

test('no outgoing work was given up on the way', async () => {
  await program.settle()
  expect(await program.outbox()).toMatchObject({ enqueued: 0, dead: 0 })
})
