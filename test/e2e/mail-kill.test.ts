import { setTimeout as sleep } from 'node:timers/promises'
import { ImapFlow } from 'imapflow'
import MailComposer from 'nodemailer/lib/mail-composer/index.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Dovecot, type DovecotAccount, skippedWithoutDovecot } from '../support/dovecot.ts'
import { RunningProgram } from '../support/running-program.ts'
import { taxiReceipt } from '../support/taxi-receipt.ts'
import { grace } from './play.ts'

/** `MAILS=300 KILLS=20 npm test -- test/e2e/mail-kill.test.ts` for a measurement. */
const mails = Number(process.env.MAILS ?? 12)
const kills = Number(process.env.KILLS ?? 2)
const title = `${mails} mails in an IMAP mailbox and kill -9 at ${kills} random moments: each mail has one effect, and none is left behind`

let dovecot: Dovecot
let account: DovecotAccount
let program: RunningProgram
beforeAll(async () => {
  if (skippedWithoutDovecot) return
  dovecot = await Dovecot.start()
  account = dovecot.newAccount()
  program = await RunningProgram.start({
    IMAP_URL: dovecot.url(account),
    MAIL_AUTHSERV_ID: 'mx.techcorp.example',
  })
})
afterAll(async () => {
  await program?.end()
  await dovecot?.end()
})

async function mailbox<T>(work: (client: ImapFlow) => Promise<T>): Promise<T> {
  const auth = { user: account.user, pass: account.password }
  const client = new ImapFlow({ host: '127.0.0.1', port: dovecot.port, secure: false, auth, logger: false })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.logout()
  }
}
const count = (folder: string) =>
  mailbox(async (client) => {
    const status = await client.status(folder, { messages: true })
    return status === false ? 0 : (status.messages ?? 0)
  })

async function arrive(n: number): Promise<void> {
  const mail = new MailComposer({
    from: grace,
    to: 'expenses@techcorp.example',
    subject: `Ride ${n}`,
    text: 'See attached.',
    headers: { 'Authentication-Results': 'mx.techcorp.example; dmarc=pass header.from=techcorp.example' },
    attachments: [await taxiReceipt()],
  })
  const raw = await mail.compile().build()
  await mailbox((client) => client.append('INBOX', raw))
}

test.skipIf(skippedWithoutDovecot)(title, { timeout: 120_000 + mails * 3000 + kills * 15_000 }, async () => {
  const arriving = (async () => {
    for (let n = 0; n < mails; n++) await arrive(n)
  })()
  for (let kill = 0; kill < kills; kill++) {
    await sleep(200 + Math.random() * ((mails * 200) / kills))
    await program.kill()
    await program.startAgain()
  }
  await arriving
  const isDone = async () =>
    (await count('INBOX')) === 0 &&
    (await program.sql(`select 1 from inbound_mail where outcome in ('open', 'reading')`)).length === 0
  await program.people.waitFor(isDone, {
    what: 'the mailbox to be empty',
    timeoutMs: 60_000 + mails * 2000,
    everyMs: 500,
  })
  await program.settle(60_000 + mails * 1000)
  expect(await program.sql('select 1 from inbound_mail')).toHaveLength(mails)
  const expenses = await program.sql<{ status: string }>('select status from expense')
  expect(expenses).toHaveLength(mails)
  expect(new Set(expenses.map(({ status }) => status))).toEqual(new Set(['awaiting_approval']))
  expect(await count('Processed')).toBe(mails)
  expect((await program.outbox()).dead).toBe(0)
  // One answer for each mail; a mail that was sent again after an uncertain answer counts once by its Message-ID.
  const answered = await program.sql(
    `select distinct inbound_mail_id from outgoing_mail where kind = 'answer' and status = 'sent'`,
  )
  expect(answered).toHaveLength(mails)
  expect(await program.sql(`select 1 from outgoing_mail where kind = 'answer'`)).toHaveLength(mails)
  // The mailbox shows its newest 200.
  const shown = (await program.people.mails({ to: grace })).filter(({ subject }) =>
    subject.startsWith('Re: Ride'),
  )
  const seen = new Set(shown.map(({ messageId }) => messageId))
  expect(seen.size).toBeGreaterThanOrEqual(Math.min(mails, 150))
  expect(new Set(shown.map(({ subject }) => subject)).size).toBe(seen.size)
  process.stdout.write(`${mails} mails, ${kills} kills: ${expenses.length} expenses, INBOX empty\n`)
})
