import nodemailer from 'nodemailer'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { composeMail } from '../../../src/channels/mail/compose-mail.ts'
import { type MailChannel, sendMail } from '../../../src/channels/mail/index.ts'
import { inCompany, type Tx } from '../../../src/database/index.ts'
import { decideApproval, type Verdict } from '../../../src/features/approvals/index.ts'
import {
  commentOnExpense,
  draftExpense,
  editExpense,
  reactToApproval,
  submitExpense,
  viewExpense,
  withdrawExpense,
} from '../../../src/features/expenses/index.ts'
import { getMail, type MailToSend, queueMail } from '../../../src/features/notifications/index.ts'
import { listCategories } from '../../../src/features/people/index.ts'
import { parseLinkKeys } from '../../../src/kernel/signed-link.ts'
import { as, createTestDatabase, importExample, type TestDatabase } from '../../support/test-database.ts'

const grace = 'grace.taylor@techcorp.example'
const frank = 'frank.miller@techcorp.example'
const fay = 'fay.adams@techcorp.example'
const adam = 'adam.root@techcorp.example'
const subjects = { expense: reactToApproval }
const keys = parseLinkKeys(`k1:${'s'.repeat(32)}`)
let database: TestDatabase
let company: string
let channel: MailChannel
let shops = 0
beforeAll(async () => {
  database = await createTestDatabase()
  company = await importExample(database, 'company')
  channel = {
    database,
    transport: nodemailer.createTransport({ streamTransport: true, buffer: true }),
    from: 'Outlay <outlay@techcorp.example>',
    site: { publicUrl: 'https://outlay.example', keys },
    authservId: null,
    dataKey: 'd'.repeat(32),
  }
})
afterAll(() => database.drop())

const system = <T>(work: (tx: Tx) => Promise<T>) =>
  inCompany(database, { companyId: company, actor: { personId: null, channel: 'system' } }, work)

/** As somebody, a second after whatever was before. */
const later: typeof as = (...given) => {
  database.clock.advance(1000)
  return as(...given)
}

/** A lunch of Grace's that came by mail and waits for Frank. */
async function lunch(): Promise<{ id: string; approvalId: string; number: string }> {
  shops += 1
  const id = await later(database, grace, async (tx) => {
    const expense = await draftExpense(tx, {
      submitterId: tx.actor.personId ?? '',
      source: 'email',
      deliveryKey: `c${shops}`,
      files: [],
    })
    const categoryId = (await listCategories(tx)).find(({ key }) => key === 'meals')?.id ?? ''
    await editExpense(tx, expense.id, {
      merchant: `Shop ${shops}`,
      amount: `${10 + shops}.00`,
      currency: 'USD',
      date: '2026-11-03',
      categoryId,
    })
    await submitExpense(tx, expense.id)
    return expense.id
  })
  const view = await system((tx) => viewExpense(tx, id))
  return {
    id,
    number: view?.number ?? '',
    approvalId: view?.steps[0]?.approvers[0]?.approvalId ?? '',
  }
}

const decide = (approvalId: string, verdict: Verdict, comment?: string) =>
  later(database, frank, (tx) => decideApproval(tx, subjects, { approvalId, verdict, comment }))
const say = (id: string, text: string) =>
  later(database, grace, (tx) => commentOnExpense(tx, subjects, id, text))

async function newestMail(kind: string, to: string): Promise<string> {
  const rows = await database.asSuperuser<{ id: string }>(
    'select id from outgoing_mail where kind = $1 and to_address = $2 order by id desc limit 1',
    [kind, to],
  )
  expect(rows, `a mail ${kind} to ${to}`).toHaveLength(1)
  return rows[0]?.id ?? ''
}
const compose = (mailId: string) => system(async (tx) => composeMail(channel, tx, await getMail(tx, mailId)))
async function composeNew(mail: MailToSend) {
  database.clock.advance(1000)
  await system((tx) => queueMail(tx, mail))
  return compose(await newestMail(mail.kind, mail.to.address))
}

describe('a question', () => {
  test('goes to the submitter with the way to the box for the answer, and falls silent once it is answered', async () => {
    const { id, approvalId, number } = await lunch()
    await decide(approvalId, 'ask', 'Who was there?')
    const mailId = await newestMail('comment', grace)
    const mail = await compose(mailId)
    expect(mail?.subject).toBe(`Frank Miller asks about ${number}`)
    expect(mail?.text).toContain('> Who was there?')
    expect(mail?.text).toMatch(/https:\/\/outlay\.example\/e\/[\w.-]+#answer/)
    await say(id, 'Ann Lee')
    expect(await compose(mailId)).toBeNull()
  })

  test('falls silent once the expense is decided', async () => {
    const { approvalId } = await lunch()
    await decide(approvalId, 'ask', 'Who was there?')
    const mailId = await newestMail('comment', grace)
    await decide(approvalId, 'approve')
    expect(await compose(mailId)).toBeNull()
  })
})

describe('an answer', () => {
  test('goes to the one who asked with the way to their page, and falls silent once they decided', async () => {
    const { id, approvalId, number } = await lunch()
    await decide(approvalId, 'ask', 'Who was there?')
    await say(id, 'Ann Lee')
    const mailId = await newestMail('comment', frank)
    const mail = await compose(mailId)
    expect(mail?.subject).toBe(`Grace Taylor answered about ${number}`)
    expect(mail?.text).toContain('> Ann Lee')
    expect(mail?.text).toContain('Who was there?')
    expect(mail?.text).toMatch(/https:\/\/outlay\.example\/a\/[\w.-]+/)
    await decide(approvalId, 'approve')
    expect(await compose(mailId)).toBeNull()
  })

  test('stands in a later request for approval', async () => {
    const { id, approvalId } = await lunch()
    const mailId = await newestMail('approval_request', frank)
    await decide(approvalId, 'ask', 'Who was there?')
    await say(id, 'Ann Lee')
    const mail = await compose(mailId)
    expect(mail?.text).toContain('Questions and answers')
    expect(mail?.text).toMatch(/Grace Taylor answered, .*“Ann Lee”/)
    await decide(approvalId, 'reject', 'No')
    expect(await compose(mailId)).toBeNull()
  })
})

test('a rejection is told with who and why, whatever was said before and after', async () => {
  const { id, approvalId, number } = await lunch()
  await decide(approvalId, 'ask', 'Who was there?')
  await decide(approvalId, 'reject', 'Nobody was there')
  const mailId = await newestMail('decided', grace)
  await say(id, 'But I was')
  const mail = await compose(mailId)
  expect(mail?.subject).toBe(`${number} was rejected by Frank Miller`)
  expect(mail?.text).toContain('> Nobody was there')
})

describe('an expense that nobody may decide', () => {
  test('is told to an admin as long as it is so', async () => {
    const others = [grace, adam]
    await database.asSuperuser(
      `update person set active = email = any($1), roles = case when email = $2 then '{}' else roles end`,
      [others, adam],
    )
    try {
      const { id, number } = await lunch()
      const to = { address: adam }
      const mail = await composeNew({ kind: 'blocked', to, expenseId: id })
      expect(mail?.subject).toBe(`Nobody may decide ${number}`)
      await database.asSuperuser('update person set active = true')
      expect(await compose(await newestMail('blocked', adam))).toBeNull()
    } finally {
      await database.asSuperuser(
        `update person set active = true, roles = case when email = $1 then '{admin}' else roles end`,
        [adam],
      )
    }
  })
})

describe('a notice', () => {
  test('cites the rule, asks for nothing, and falls silent when the expense is taken back', async () => {
    const { id, number } = await lunch()
    const details = { sentences: ['6.2 Alcohol'] }
    const mail = await composeNew({ kind: 'notice', to: { address: fay }, expenseId: id, details })
    expect(mail?.subject).toContain(number)
    expect(mail?.text).toContain('- 6.2 Alcohol')
    expect(mail?.text).toContain('you do not have to do anything')
    expect(mail?.html).not.toContain('href')
    await as(database, grace, (tx) => withdrawExpense(tx, id))
    expect(await compose(await newestMail('notice', fay))).toBeNull()
  })

  test('does not tell somebody who is asked to approve that there is nothing to do', async () => {
    const { id } = await lunch()
    const [person] = await database.asSuperuser<{ id: string }>('select id from person where email = $1', [
      frank,
    ])
    const to = { address: frank, personId: person?.id ?? '' }
    const mail = await composeNew({ kind: 'notice', to, expenseId: id, details: { sentences: ['6.2'] } })
    expect(mail?.text).not.toContain('do not have to do anything')
  })
})

test('a late reading says what the receipt says', async () => {
  const { id, approvalId } = await lunch()
  await decide(approvalId, 'approve')
  const details = { sentences: ['The receipt seems to say USD 99.00.'] }
  const mail = await composeNew({ kind: 'late_reading', to: { address: fay }, expenseId: id, details })
  expect(mail?.text).toContain('! The receipt seems to say USD 99.00.')
  expect(mail?.text).toContain('approved by Frank Miller')
})

describe('a Slack user whom nobody knows', () => {
  test('is told to an admin with how to add them', async () => {
    const details = { user: { name: 'Ann Lee', email: 'ann.lee@techcorp.example' } }
    const mail = await composeNew({ kind: 'access_request', to: { address: adam }, details })
    expect(mail?.subject).toBe('Ann Lee would like to use Outlay')
  })

  test('is not told once somebody added them, however the address is written', async () => {
    const details = { user: { name: 'Frank', email: 'Frank.Miller@TechCorp.example' } }
    expect(await composeNew({ kind: 'access_request', to: { address: adam }, details })).toBeNull()
  })
})

/** Hands a mail to the mail server. Returns to whom it was sent, if it was. */
async function sent(mailId: string): Promise<string[]> {
  const sent: string[] = []
  const recording = nodemailer.createTransport({ streamTransport: true, buffer: true })
  recording.use('stream', (mail, done) => {
    sent.push(String(mail.message.getHeader('auto-submitted')), ...mail.message.getEnvelope().to)
    done()
  })
  await sendMail({ ...channel, transport: recording }, company, mailId, {
    attempt: 1,
    failures: 0,
    since: database.clock.now(),
    companyId: company,
    finish: async () => {},
    finishAlone: async () => {},
  })
  return sent
}
const statusOf = (mailId: string) =>
  database.asSuperuser('select status from outgoing_mail where id = $1', [mailId])

test('no machine answers what Outlay sends by itself (RFC 3834)', async () => {
  const { approvalId } = await lunch()
  await decide(approvalId, 'ask', 'Who was there?')
  const mailId = await newestMail('comment', grace)
  expect(await sent(mailId)).toEqual(['auto-generated', grace])
  expect(await statusOf(mailId)).toEqual([{ status: 'sent' }])
})

test('what comes in another mail by then is not sent', async () => {
  await lunch()
  const mailId = await newestMail('approval_request', frank)
  await database.asSuperuser(`update outgoing_mail set status = 'not_needed' where id = $1`, [mailId])
  expect(await sent(mailId)).toEqual([])
  expect(await statusOf(mailId)).toEqual([{ status: 'not_needed' }])
})
