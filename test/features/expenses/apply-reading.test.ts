import { afterAll, beforeAll, expect, test } from 'vitest'
import { goOnWithout } from '../../../jobs/when-dead.ts'
import { inCompany } from '../../../src/database/index.ts'
import {
  applyReading,
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
