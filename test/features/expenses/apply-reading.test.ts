import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { goOnWithout } from '../../../jobs/when-dead.ts'
import { inCompany } from '../../../src/database/index.ts'
import {
  addReceipts,
  applyReading,
  discardExpense,
  draftExpense,
  editExpense,
  submitExpense,
  viewExpense,
} from '../../../src/features/expenses/index.ts'
import { listCategories } from '../../../src/features/people/index.ts'
import { type ReceiptReading, receiptsOf } from '../../../src/features/receipts/index.ts'
import { as, createTestDatabase, importExample, type TestDatabase } from '../../support/test-database.ts'

const grace = 'grace.taylor@techcorp.example'
let database: TestDatabase
let companyId: string
let deliveries = 0
beforeAll(async () => {
  database = await createTestDatabase()
  companyId = await importExample(database, 'company')
})
afterAll(() => database.drop())

const jpeg = () =>
  Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from(`picture ${deliveries}`)])
async function withReceipt() {
  deliveries += 1
  return as(database, grace, async (tx) => {
    const files = [{ name: 'r.jpg', bytes: jpeg() }]
    const { id } = await draftExpense(tx, {
      submitterId: tx.actor.personId ?? '',
      source: 'slack',
      deliveryKey: `d${deliveries}`,
      files,
    })
    await tx.em.flush()
    const [receipt] = await receiptsOf(tx, id)
    return { id, receiptId: receipt?.id ?? '' }
  })
}

function reading(change: Partial<ReceiptReading> = {}): ReceiptReading {
  return {
    engine: 'local',
    engineVersion: '1',
    merchant: { value: 'Blue Bottle Coffee', confidence: 0.95 },
    date: { value: '2026-11-03', confidence: 0.95 },
    total: { value: '12.50', confidence: 0.95 },
    currency: { value: 'USD', confidence: 0.95 },
    taxLines: [],
    tip: null,
    cardLastFour: null,
    lineItems: [],
    text: 'Blue Bottle Coffee\nLatte 12.50',
    seconds: 1,
    ...change,
  }
}
const system = { personId: null, channel: 'system' as const }
const read = (receiptId: string, found: ReceiptReading) =>
  inCompany(database, { companyId, actor: system }, (tx) =>
    applyReading(tx, receiptId, { reading: found, problem: null, rendition: null }),
  )
const view = (id: string) => inCompany(database, { companyId, actor: system }, (tx) => viewExpense(tx, id))

test('a reading fills what nobody set, and marks what it is not sure of', async () => {
  const { id, receiptId } = await withReceipt()
  await as(database, grace, (tx) => editExpense(tx, id, { merchant: 'My own word' }))
  await read(receiptId, reading({ date: { value: '2026-11-03', confidence: 0.4 } }))
  expect(await view(id)).toMatchObject({
    merchant: 'My own word',
    amount: { minor: 1250, currency: 'USD' },
    date: '2026-11-03',
    uncertain: ['date'],
  })
})

test('what was submitted is never changed by a reading', async () => {
  const { id, receiptId } = await withReceipt()
  await as(database, grace, async (tx) => {
    const [category] = await listCategories(tx)
    await editExpense(tx, id, {
      merchant: 'Shop',
      amount: '9.00',
      currency: 'USD',
      date: '2026-11-02',
      categoryId: category?.id ?? '',
    })
    await submitExpense(tx, id)
  })
  await read(receiptId, reading())
  expect(await view(id)).toMatchObject({ merchant: 'Shop', amount: { minor: 900 } })
})

test('a total in other digits than the currency has is a finding, not a dead end', async () => {
  const { id, receiptId } = await withReceipt()
  await read(receiptId, reading({ currency: null }))
  await as(database, grace, (tx) => editExpense(tx, id, { amount: '1250', currency: 'JPY' }))
  const shown = await view(id)
  expect(shown?.findings.find(({ code }) => code === 'amount_differs')?.message).toContain('12.50')
})

test('letters that PostgreSQL does not take are left out of a reading', async () => {
  const { id, receiptId } = await withReceipt()
  await read(
    receiptId,
    reading({ merchant: { value: 'Blue \u0000Bottle', confidence: 0.9 }, text: 'a\u0000b \ud800' }),
  )
  expect((await view(id))?.merchant).toBe('Blue Bottle')
})

test('when reading is given up the receipt is known as unreadable, and nobody waits for it', async () => {
  const { id, receiptId } = await withReceipt()
  await goOnWithout(database, { job: 'receipt.read', payload: { receiptId }, companyId })
  expect((await view(id))?.receipts[0]).toMatchObject({
    status: 'unreadable',
    problem: 'It could not be read.',
  })
})

test.each([
  [{ amount: '11.50', currency: 'USD' }, 0.95, true],
  [{ amount: '12.50', currency: 'USD' }, 0.95, false],
  [{ amount: '12.50', currency: 'EUR' }, 0.95, true],
  [{ amount: '12.50', currency: 'EUR' }, 0.2, false],
])(
  'claiming %j where USD 12.50 was read (currency sure to %d) is a finding: %s',
  async (claim, confidence, isFinding) => {
    const { id, receiptId } = await withReceipt()
    await read(receiptId, reading({ currency: { value: 'USD', confidence } }))
    await as(database, grace, (tx) => editExpense(tx, id, claim))
    const shown = await view(id)
    expect(shown?.findings.some(({ code }) => code === 'amount_differs')).toBe(isFinding)
  },
)

describe('several receipts of one expense', () => {
  const totalOf = (value: string, currency = 'USD') =>
    reading({ total: { value, confidence: 0.95 }, currency: { value: currency, confidence: 0.95 } })

  async function withReceipts(...readings: ReceiptReading[]) {
    const { id, receiptId } = await withReceipt()
    for (const [index] of readings.slice(1).entries()) {
      const bytes = Buffer.concat([jpeg(), Buffer.from(`${index}`)])
      await as(database, grace, (tx) => addReceipts(tx, id, [{ name: 'more.jpg', bytes }]))
    }
    const all = await inCompany(database, { companyId, actor: system }, (tx) => receiptsOf(tx, id))
    expect(all[0]?.id).toBe(receiptId)
    for (const [index, found] of readings.entries()) await read(all[index]?.id ?? '', found)
    return id
  }

  test('the amount is what they add up to, once all are read, and is asked about', async () => {
    const id = await withReceipts(totalOf('12.50'), totalOf('7.00'), totalOf('0.50'))
    expect(await view(id)).toMatchObject({ amount: { minor: 2000, currency: 'USD' }, uncertain: ['amount'] })
  })

  test('receipts that say the same may be pictures of one', async () => {
    const id = await withReceipts(totalOf('12.50'), totalOf('12.50'))
    expect(await view(id)).toMatchObject({ amount: { minor: 1250, currency: 'USD' }, uncertain: ['amount'] })
  })

  test('in several currencies the first one’s stays, for a person to look at', async () => {
    const id = await withReceipts(totalOf('12.50'), totalOf('7.00', 'EUR'))
    expect(await view(id)).toMatchObject({ amount: { minor: 1250, currency: 'USD' } })
  })

  test('what a person typed stays', async () => {
    const { id, receiptId } = await withReceipt()
    await as(database, grace, (tx) => editExpense(tx, id, { amount: '30.00', currency: 'USD' }))
    const bytes = Buffer.concat([jpeg(), Buffer.from('second')])
    await as(database, grace, (tx) => addReceipts(tx, id, [{ name: 'more.jpg', bytes }]))
    const [, second] = await inCompany(database, { companyId, actor: system }, (tx) => receiptsOf(tx, id))
    await read(receiptId, totalOf('12.50'))
    await read(second?.id ?? '', totalOf('7.00'))
    expect(await view(id)).toMatchObject({ amount: { minor: 3000, currency: 'USD' }, uncertain: [] })
  })
})

test('receipts are added by the submitter alone, to what they may still change', async () => {
  const { id } = await withReceipt()
  const add = (email: string, bytes: Buffer) =>
    as(database, email, (tx) => addReceipts(tx, id, [{ name: 'more.jpg', bytes }]))
  await expect(add('frank.miller@techcorp.example', jpeg())).rejects.toMatchObject({ code: 'not_yours' })
  await expect(add(grace, jpeg())).rejects.toMatchObject({ code: 'receipts_known' })
  await expect(add(grace, Buffer.from('words'))).rejects.toMatchObject({ code: 'file_not_receipt' })
  await as(database, grace, (tx) => discardExpense(tx, id))
  await expect(add(grace, Buffer.concat([jpeg(), Buffer.from('x')]))).rejects.toMatchObject({
    code: 'expense_locked',
  })
})
