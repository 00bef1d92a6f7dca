import { afterAll, beforeAll, expect, test } from 'vitest'
import { composePaid } from '../../../src/channels/mail/compose-lists.ts'
import { getMail } from '../../../src/features/notifications/index.ts'
import { savePreferences } from '../../../src/features/people/index.ts'
import { as, createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { adam, ann, bob, fay } from '../expenses/kinds-company.ts'
import { Books } from './months-support.ts'

let database: TestDatabase
let books: Books
beforeAll(async () => {
  database = await createTestDatabase()
  books = await Books.create(database)
  books.at('2026-11-02T12:00:00Z')
})
afterAll(() => database.drop())

const told = (id: string, kind: string) =>
  database.asSuperuser('select 1 from surface where expense_id = $1 and kind = $2', [id, kind])
const paidMails = (to: string) =>
  database.asSuperuser<{ id: string; details: { expenseIds: string[] } }>(
    `select id, details from outgoing_mail where kind = 'paid' and to_address = $1 order by id`,
    [to],
  )
const inThread = (id: string) =>
  database.asSuperuser(
    `insert into surface (id, company_id, kind, expense_id, person_id, address, round, created_at)
     select gen_random_uuid(), company_id, 'slack.expense', id, submitter_id, '{}', 1, now() from expense where id = $1`,
    [id],
  )

test('finance settles what is approved; its submitter is told in the thread, or in one mail about all of it', async () => {
  const { id: posted } = await books.approved()
  await inThread(posted)
  const { id: first } = await books.approved({ changes: { amount: '10.00' } })
  const { id: second } = await books.approved({ changes: { amount: '20.00', currency: 'EUR' } })
  const numbers = await books.settle([second, posted, first, first])
  expect(numbers).toHaveLength(3)
  for (const id of [posted, first, second])
    expect(await books.company.view(id)).toMatchObject({ status: 'settled' })
  expect(await told(posted, 'slack.paid')).toHaveLength(1)
  const [mail, ...others] = await paidMails(ann)
  expect(others).toEqual([])
  expect(mail?.details.expenseIds.toSorted()).toEqual([first, second].sort())
  const content = await books.company.inside(async (tx) => composePaid(tx, await getMail(tx, mail?.id ?? '')))
  const text = content.text.replaceAll('\u00a0', ' ')
  expect(content.subject.replaceAll('\u00a0', ' ')).toBe('2 of your expenses are paid: USD 32.34')
  expect(text).toContain('EUR 20.00 (USD 22.34), Shop')
})

test('doing it again changes nothing, and tells nobody', async () => {
  const { id } = await books.approved()
  await inThread(id)
  await books.settle([id])
  expect(await books.settle([id])).toEqual([])
  expect(await told(id, 'slack.paid')).toHaveLength(1)
})

test('a decision about what is settled cannot be taken back', async () => {
  const { id, approvalId } = await books.approved()
  await books.settle([id])
  await expect(books.company.undo(approvalId, bob)).rejects.toMatchObject({ code: 'request_outdated' })
  expect(await books.company.view(id)).toMatchObject({ status: 'settled', canUndo: [] })
})

test('all or none: what cannot be paid is named, and nothing is changed', async () => {
  const { id: good } = await books.approved()
  const { id: waiting, number } = await books.company.submitted({ category: 'travel', receipt: 'none' })
  await expect(books.settle([good, waiting])).rejects.toMatchObject({
    code: 'not_payable',
    message: `${number} is waiting for approval, so it cannot be marked as paid. Nothing was changed.`,
    details: { expense: waiting },
  })
  expect(await books.company.view(good)).toMatchObject({ status: 'approved' })
  const request = await books.company.approvedRequest('20.00')
  await expect(books.settle([request.id])).rejects.toMatchObject({ code: 'not_payable' })
  await expect(books.settle(['00000000-0000-4000-8000-000000000000'])).rejects.toMatchObject({
    code: 'expense_unknown',
  })
})

test('nobody but finance, who leave their own to somebody else as long as there is anybody', async () => {
  const { id } = await books.approved()
  for (const person of [ann, bob, adam])
    await expect(books.settle([id], person)).rejects.toMatchObject({ code: 'finance_required' })
  const roles = (email: string, list: string) =>
    database.asSuperuser('update person set roles = $2 where email = $1', [email, list])
  await roles(ann, '{finance}')
  await expect(books.settle([id], ann)).rejects.toMatchObject({
    code: 'own_expense',
    details: { expense: id },
  })
  await roles(fay, '{}')
  expect(await books.settle([id], ann)).toHaveLength(1)
  await roles(ann, '{}')
  await roles(fay, '{finance}')
})

test('who wants mails hears of it by mail, also of what is in a thread', async () => {
  await as(database, ann, (tx) => savePreferences(tx, { notifyBy: 'mail' }))
  const { id } = await books.approved()
  await inThread(id)
  const before = (await paidMails(ann)).length
  await books.settle([id])
  expect(await told(id, 'slack.paid')).toEqual([])
  expect(await paidMails(ann)).toHaveLength(before + 1)
  await as(database, ann, (tx) => savePreferences(tx, { notifyBy: 'both' }))
})

test('what is to be paid is listed by pages, what was approved first coming first', async () => {
  await database.asSuperuser(`update expense set status = 'settled' where status = 'approved'`)
  const made: string[] = []
  for (let day = 1; day <= 5; day += 1) made.push((await books.approved({}, `2026-11-0${day}T12:00:00Z`)).id)
  const first = await books.unpaid(2)
  const rest = await books.unpaid(10, first.at(-1)?.expenseId ?? '')
  expect([...first, ...rest].map(({ expenseId }) => expenseId)).toEqual(made)
  expect(first[0]).toMatchObject({
    submitter: 'Ann',
    merchant: expect.stringMatching(/^Shop/),
    total: { minor: 2000, currency: 'USD' },
    date: '2026-11-01',
    approvedAt: new Date('2026-11-01T12:00:00Z'),
  })
})

test('what is to be paid says what warned, and of nothing else', async () => {
  const { id } = await books.approved()
  const plain = await books.approved()
  await database.asSuperuser(
    `insert into finding (id, company_id, expense_id, code, severity, message, position)
     select gen_random_uuid(), company_id, id, 'x', severity, severity, 50
     from expense, unnest(array['warning', 'info']) severity where id = $1`,
    [id],
  )
  const unpaid = await books.unpaid(50)
  const said = (one: string) =>
    unpaid.find(({ expenseId }) => expenseId === one)?.warned.map(({ message }) => message)
  const before = said(plain.id) ?? []
  expect(said(id)).toEqual([...before, 'warning'])
})
