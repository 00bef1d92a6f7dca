import { setTimeout as sleep } from 'node:timers/promises'
import nodemailer from 'nodemailer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { shownButtons, shownText } from '../../src/sandbox/client.ts'
import { RunningProgram } from '../support/running-program.ts'
import { taxiReceipt } from '../support/taxi-receipt.ts'
import { frank, grace } from './play.ts'

/** How many races: `RACES=200 npm test -- test/e2e/mail-races.test.ts` for a measurement. */
const races = Number(process.env.RACES ?? 12)
const intake = 'expenses@techcorp.example'
let program: RunningProgram
beforeAll(async () => {
  program = await RunningProgram.start()
})
afterAll(() => program.end())

test(`of a click in Slack and a decision by link at the same moment one wins and the other is told, ${races} times`, {
  timeout: 60_000 + races * 5000,
}, async () => {
  // A card and a mail for each, however many wait.
  await program.sql('update company set digest_over = 0')
  const smtp = nodemailer.createTransport({ host: '127.0.0.1', port: program.intakePort, ignoreTLS: true })
  for (let race = 0; race < races; race++) {
    await smtp.sendMail({
      from: grace,
      to: intake,
      subject: `Ride ${race}`,
      text: '',
      attachments: [await taxiReceipt()],
    })
  }
  await program.settle(60_000 + races * 2000)
  const requests = (await program.people.mails({ to: frank })).filter(({ subject }) =>
    subject.includes('asks for your approval'),
  )
  const cards = await program.people.messages({ as: frank, channel: 'dm' })
  expect(requests).toHaveLength(races)
  const won = { slack: 0, link: 0 }
  for (const request of requests) {
    const number = /EXP-\d{4}-\d+/.exec(request.subject)?.[0] ?? ''
    const card =
      cards.find((message) => shownText(message).includes(number)) ??
      expect.unreachable(`no card of ${number}`)
    const link = /https?:\/\/\S+\/a\/[\w.-]+/.exec(request.text)?.[0] ?? ''
    const body = new URLSearchParams({ decision: 'reject', comment: 'By link' })
    // A click is stored first and worked on a moment later: a head start of some milliseconds for it.
    const [byLink] = await Promise.all([
      sleep(Math.random() * 150).then(() => fetch(link, { method: 'POST', body, redirect: 'manual' })),
      program.people.click({ as: frank, channel: 'dm', ts: card.ts, actionId: 'approval.approve' }),
    ])
    const linkWon = byLink.status === 303
    if (!linkWon) {
      expect(byLink.status).toBe(409)
      expect(await byLink.text()).toContain('Frank Miller')
    }
    won[linkWon ? 'link' : 'slack'] += 1
  }
  await program.settle(60_000)
  const rows = await program.sql<{ number: string; status: string; decisions: number }>(
    `select e.number, e.status, count(a.decided_at)::int as decisions from expense e
     join approval_request r on r.subject_id = e.id join approval a on a.request_id = r.id
     group by e.number, e.status`,
  )
  expect(rows).toHaveLength(races)
  expect(rows.filter(({ decisions }) => decisions !== 1)).toEqual([])
  expect(rows.filter(({ status }) => status === 'rejected')).toHaveLength(won.link)
  expect(rows.filter(({ status }) => status === 'awaiting_approval')).toHaveLength(won.slack)
  for (const message of await program.people.messages({ as: frank, channel: 'dm' }))
    expect(shownButtons(message).filter(({ actionId }) => actionId !== 'approval.undo')).toEqual([])
  // The page shows its newest 200 messages, cards included.
  if (races < 90) {
    const shown = await program.people.messages({ as: frank, channel: 'dm' })
    const told = shown.filter((message) => shownText(message).includes('already rejected this'))
    expect(told).toHaveLength(won.link)
  }
  process.stdout.write(`${races} races: Slack won ${won.slack}, the link won ${won.link}\n`)
})
