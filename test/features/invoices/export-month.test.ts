import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { bob } from '../expenses/kinds-company.ts'
import { Books } from './months-support.ts'

let database: TestDatabase
let books: Books
beforeAll(async () => {
  database = await createTestDatabase()
  books = await Books.create(database)
})
afterAll(() => database.drop())

const rowsOf = (csv: string): Record<string, string>[] =>
  parse(csv, { columns: true, bom: true, record_delimiter: '\r\n' })

test('a month as a file: one line for each expense and each part of a split one, with what accounting asks for', async () => {
  const { id } = await books.approved(
    {
      parts: [
        ['travel', '3.33', '4100'],
        ['travel', '6.67'],
      ],
      changes: { amount: '10.00', currency: 'EUR', date: '2026-10-31', merchant: '=cmd|" /C calc"!A0' },
    },
    '2026-11-02T12:00:00Z',
  )
  const { number } = await books.company.view(id)
  await database.asSuperuser('update expense set tax_minor = 160 where id = $1', [id])
  const { approvalId } = await books.approved({ changes: { amount: '10.00' } }, '2026-11-03T12:00:00Z')
  const open = await books.export('2026-11')
  expect(open.fileName).toBe('expenses-2026-11-not-closed.csv')
  expect(open.csv.startsWith('\uFEFFnumber,date,submitter,e-mail,team,')).toBe(true)
  const same = {
    number,
    date: '2026-10-31',
    submitter: 'Ann',
    'e-mail': 'ann@kinds.example',
    team: 'Work',
    merchant: `'=cmd|" /C calc"!A0`,
    category: 'travel',
    currency: 'EUR',
    rate: '1.117',
    'company currency': 'USD',
    'paid by': 'person',
    'approved at': '2026-11-02T12:00:00Z',
    approvers: 'Bob',
    month: '2026-11',
    'settled at': '',
  }
  const [first, second, third] = rowsOf(open.csv)
  expect(first).toEqual({
    ...same,
    'cost centre': '4100',
    amount: '3.33',
    'company amount': '3.72',
    tax: '0.53',
  })
  expect(second).toEqual({
    ...same,
    'cost centre': '',
    amount: '6.67',
    'company amount': '7.45',
    tax: '1.07',
  })
  expect(third).toMatchObject({ amount: '10.00', rate: '', 'company amount': '10.00', tax: '' })

  books.at('2026-12-05T12:00:00Z')
  await books.close('2026-11')
  const closed = await books.export('2026-11')
  expect(closed).toEqual({ fileName: 'expenses-2026-11.csv', csv: open.csv })

  await books.settle([id])
  await books.company.undo(approvalId, bob)
  expect(rowsOf((await books.export('2026-11')).csv).map((row) => row['settled at'])).toEqual([
    '2026-12-05T12:00:00Z',
    '2026-12-05T12:00:00Z',
    '',
  ])
  expect(rowsOf((await books.export('2026-12')).csv)).toMatchObject([
    { amount: '-10.00', 'company amount': '-10.00', 'approved at': '2026-11-03T12:00:00Z', month: '2026-12' },
  ])
})

test('the lines add up to the month, and who took it out is in the audit log', async () => {
  const { total } = await books.overview('2026-11')
  const sum = rowsOf((await books.export('2026-11')).csv).reduce(
    (all, row) => all + Math.round(Number(row['company amount']) * 100),
    0,
  )
  expect(sum).toBe(total.minor)
  const [entry] = await database.asSuperuser<{ changes: object }>(
    `select changes from audit_entry where action = 'month.exported' order by id desc limit 1`,
  )
  expect(entry?.changes).toEqual({ month: '2026-11', closed: true, lines: 3 })
})
