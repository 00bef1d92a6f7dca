import nodemailer from 'nodemailer'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { composeMail } from '../../../src/channels/mail/compose-mail.ts'
import type { MailChannel } from '../../../src/channels/mail/index.ts'
import { inCompany, type Tx } from '../../../src/database/index.ts'
import { issueCancellation, issueDocument, viewExpense } from '../../../src/features/expenses/index.ts'
import { getMail, type MailToSend, queueMail } from '../../../src/features/notifications/index.ts'
import { parseLinkKeys } from '../../../src/kernel/signed-link.ts'
import { eve, frank, grace, openPages, type Pages } from '../http/pages-support.ts'

const fay = 'fay.adams@techcorp.example'
let pages: Pages
let channel: MailChannel
let company: string
beforeAll(async () => {
  pages = await openPages()
  const [row] = await pages.database.asSuperuser<{ company_id: string }>(
    'select company_id from person where email = $1',
    [grace],
  )
  company = row?.company_id ?? ''
  channel = {
    database: pages.database,
    transport: nodemailer.createTransport({ streamTransport: true, buffer: true }),
    from: 'Outlay <outlay@techcorp.example>',
    site: { publicUrl: 'https://outlay.example', keys: parseLinkKeys(`k1:${'s'.repeat(32)}`) },
    authservId: null,
    dataKey: 'd'.repeat(32),
  }
})
afterAll(() => pages.close())

const system = <T>(work: (tx: Tx) => Promise<T>) =>
  inCompany(pages.database, { companyId: company, actor: { personId: null, channel: 'system' } }, work)
const press = (link: string, decision: string) => pages.post(link, { decision, comment: 'Because.' })

async function newestMail(kind: string, to: string): Promise<string> {
  const rows = await pages.database.asSuperuser<{ id: string }>(
    'select id from outgoing_mail where kind = $1 and to_address = $2 order by id desc limit 1',
    [kind, to],
  )
  expect(rows, `a mail ${kind} to ${to}`).toHaveLength(1)
  return rows[0]?.id ?? ''
}
const compose = (mailId: string) => system(async (tx) => composeMail(channel, tx, await getMail(tx, mailId)))
const newest = async (kind: string, to: string) => compose(await newestMail(kind, to))
const numberOf = async (id: string) => (await system((tx) => viewExpense(tx, id)))?.number ?? ''

describe('a decision that was taken back', () => {
  test('is told to the submitter with whom it waits for, and the one who took it back is asked anew', async () => {
    const { id, theirs } = await pages.lunch()
    await press(theirs, 'reject')
    const rejection = await newestMail('decided', grace)
    const before = await newestMail('approval_request', frank)
    await press(theirs, 'undo')
    const told = await newest('undone', grace)
    expect(told?.subject).toBe(`Frank Miller took back the rejection of ${await numberOf(id)}`)
    expect(told?.text).toContain('it is waiting for Frank Miller now')
    expect(told?.text).toMatch(/https:\/\/outlay\.example\/e\/[\w.-]+/)
    const asked = await newestMail('approval_request', frank)
    expect(asked).not.toBe(before)
    expect((await compose(asked))?.text).toContain('Rejection by Frank Miller taken back')
    for (const stale of [rejection, before]) expect(await compose(stale)).toBeNull()
  })

  test('is told to the one whose later decision fell with it, who is asked anew when it is their turn', async () => {
    const { id, franks, eves } = await pages.trip()
    await press(franks, 'approve')
    await press(eves, 'approve')
    const before = await newestMail('approval_request', eve)
    await press(franks, 'undo')
    const told = await newest('undone', eve)
    expect(told?.subject).toBe(`Your approval of ${await numberOf(id)} does not count any more`)
    expect(told?.text).toContain('Frank Miller took back an earlier decision')
    expect(told?.html).not.toContain('href')
    expect(await newestMail('approval_request', eve)).toBe(before)
  })
})

describe('a statement', () => {
  const facts = {
    merchant: 'Shop & Co',
    category: 'Meals',
    date: '2026-11-03',
    paidBy: 'person',
    amount: { minor: 1250, currency: 'USD' },
    companyAmount: null,
  } as const
  const issue = (id: string, round: number) =>
    system(async (tx) => {
      const revision = (await viewExpense(tx, id))?.revision ?? 0
      const pdf = Buffer.from(`%PDF- ${id} ${round}`)
      return issueDocument(tx, { expenseId: id, revision, round, facts, pdf })
    })
  const queue = (mail: MailToSend) => system((tx) => queueMail(tx, mail))

  test('that is mailed only after it was cancelled is not mailed; its cancellation is; the next one has its own number', async () => {
    const { id, theirs } = await pages.lunch()
    const number = await numberOf(id)
    await press(theirs, 'approve')
    const statementId = (await issue(id, 1)) ?? ''
    await queue({ kind: 'document', to: { address: fay }, expenseId: id, documentId: statementId })
    const mailId = await newestMail('document', fay)
    expect((await compose(mailId))?.attachment?.fileName).toBe(`${number}.pdf`)

    await press(theirs, 'undo')
    expect(await compose(mailId)).toBeNull()
    const cancellationId = await system((tx) =>
      issueCancellation(tx, { statementId, pdf: Buffer.from(`%PDF- cancelled ${id}`) }),
    )
    const approvalId = (await system((tx) => viewExpense(tx, id)))?.undone[0]?.approvalId ?? ''
    const documentId = cancellationId ?? ''
    await queue({ kind: 'cancellation', to: { address: fay }, expenseId: id, documentId, approvalId })
    const told = await newest('cancellation', fay)
    expect(told?.subject).toBe(`Cancelled: statement ${number}, USD 12.50, Shop & Co`)
    expect(told?.text).toContain('Please do not reimburse or book anything')
    expect(told?.attachment).toEqual({
      fileName: `${number}-C.pdf`,
      bytes: Buffer.from(`%PDF- cancelled ${id}`),
    })

    const fresh = /class="button" href="([^"]+)"/.exec((await pages.get(theirs)).body)?.[1] ?? ''
    await press(fresh, 'approve')
    expect(await compose(mailId)).toBeNull()
    const secondId = (await issue(id, 2)) ?? ''
    await queue({ kind: 'document', to: { address: fay }, expenseId: id, documentId: secondId })
    const second = await newest('document', fay)
    expect(second?.attachment?.fileName).toBe(`${number}-2.pdf`)
    expect(second?.text).toContain(`${number}-2\n`)
    expect(second?.text).toContain('In place of the one that was cancelled')
    expect((await newest('cancellation', fay))?.subject).toContain(`Cancelled: statement ${number},`)
  })
})
