import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inCompany } from '../../../src/database/index.ts'
import {
  applyReading,
  confirmFields,
  discardExpense,
  draftExpense,
  editExpense,
  likelyAnswers,
  submitExpense,
  viewExpense,
} from '../../../src/features/expenses/index.ts'
import { listCategories } from '../../../src/features/people/index.ts'
import { type ReceiptReading, receiptsOf } from '../../../src/features/receipts/index.ts'
import { as, createTestDatabase, importExample, type TestDatabase } from '../../support/test-database.ts'

const grace = 'grace.taylor@techcorp.example'
const frank = 'frank.miller@techcorp.example'
let database: TestDatabase
let companyId: string
let deliveries = 0
beforeAll(async () => {
  database = await createTestDatabase()
  companyId = await importExample(database, 'company')
})
afterAll(() => database.drop())

const system = { personId: null, channel: 'system' as const }
const sure = <T>(value: T) => ({ value, confidence: 0.95 })
const unsure = <T>(value: T) => ({ value, confidence: 0.4 })

/** Grace's draft of a receipt that was read like this. */
async function read(change: Partial<ReceiptReading> = {}): Promise<string> {
  deliveries += 1
  const bytes = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from(`paper ${deliveries}`)])
  const { id, receiptId } = await as(database, grace, async (tx) => {
    const { id } = await draftExpense(tx, {
      submitterId: tx.actor.personId ?? '',
      source: 'slack',
      deliveryKey: `confirm ${deliveries}`,
      files: [{ name: 'r.jpg', bytes }],
    })
    await tx.em.flush()
    const [receipt] = await receiptsOf(tx, id)
    return { id, receiptId: receipt?.id ?? '' }
  })
  const reading: ReceiptReading = {
    engine: 'local',
    engineVersion: '1',
    merchant: sure('Blue Bottle Coffee'),
    date: sure('2026-01-13'),
    total: sure('12.50'),
    currency: sure('USD'),
    taxLines: [],
    tip: null,
    cardLastFour: null,
    lineItems: [],
    text: 'nothing that says what it was for',
    seconds: 1,
    ...change,
  }
  await inCompany(database, { companyId, actor: system }, (tx) =>
    applyReading(tx, receiptId, { reading, problem: null, rendition: null }),
  )
  return id
}

async function view(id: string) {
  const found = await inCompany(database, { companyId, actor: system }, (tx) => viewExpense(tx, id))
  if (!found) throw new Error('no such expense')
  return found
}
const confirm = (...args: Parameters<typeof confirmFields> extends [unknown, ...infer Rest] ? Rest : never) =>
  as(database, grace, (tx) => confirmFields(tx, ...args))
const answers = async (id: string) => {
  const expense = await view(id)
  return as(database, grace, (tx) => likelyAnswers(tx, expense))
}
const categoryNamed = (name: string) =>
  as(database, grace, async (tx) => (await listCategories(tx)).find((one) => one.name === name)?.id ?? '')
const audited = (id: string) =>
  inCompany(database, { companyId, actor: system }, (tx) =>
    tx.em.execute<{ action: string; changes: { fields: string[] } }[]>(
      `select action, changes from audit_entry where subject_id = ? and action like 'expense.%ed'
       order by id`,
      [id],
    ),
  )
describe('confirming what was read without certainty', () => {
  test('makes it certain, judges it anew and is on record as an edit is', async () => {
    const id = await read({ date: unsure('2026-01-13'), merchant: unsure('Blue Bottle Coffee') })
    expect((await view(id)).uncertain.sort()).toEqual(['date', 'merchant'])
    await confirm(id, ['date'])
    expect(await view(id)).toMatchObject({ uncertain: ['merchant'], confirmed: ['date'], date: '2026-01-13' })
    const last = (await audited(id)).at(-1)
    expect(last).toMatchObject({ action: 'expense.confirmed', changes: { fields: ['date'] } })
  })

  test('confirms several at once, and leaves alone what is certain', async () => {
    const id = await read({ total: unsure('12.50'), date: unsure('2026-01-13') })
    await confirm(id, ['amount', 'currency', 'date', 'merchant'], {
      amount: '12.50',
      currency: 'USD',
      date: '2026-01-13',
      merchant: 'Somebody else',
    })
    expect(await view(id)).toMatchObject({
      merchant: 'Blue Bottle Coffee',
      uncertain: [],
      confirmed: ['amount', 'currency', 'date'],
    })
  })

  test('takes the currency that is chosen, with the digits that were read', async () => {
    const id = await read({ currency: unsure('EUR') })
    expect((await answers(id)).currencies).toEqual(['EUR', 'USD'])
    await confirm(id, ['amount', 'currency'], { amount: '12.50', currency: 'USD' })
    expect(await view(id)).toMatchObject({ amount: { minor: 1250, currency: 'USD' }, uncertain: [] })
  })

  test('offers no currency in which these digits are no amount', async () => {
    const id = await read({ currency: unsure('EUR') })
    const inYen = await read({ total: sure('1250'), currency: sure('JPY') })
    await as(database, grace, (tx) => discardExpense(tx, inYen))
    expect((await answers(id)).currencies).not.toContain('JPY')
  })

  test('said twice says nothing new; said otherwise after it was answered is refused kindly', async () => {
    const id = await read({ total: unsure('12.50') })
    const value = { amount: '12.50', currency: 'USD' }
    await confirm(id, ['amount', 'currency'], value)
    const before = (await audited(id)).length
    await confirm(id, ['amount', 'currency'], value)
    expect(await audited(id)).toHaveLength(before)
    await as(database, grace, (tx) => editExpense(tx, id, { amount: '13.00', currency: 'USD' }))
    await expect(confirm(id, ['amount', 'currency'], value)).rejects.toMatchObject({
      code: 'answered_otherwise',
      message: expect.stringContaining('choose Edit'),
    })
    expect((await view(id)).amount).toEqual({ minor: 1300, currency: 'USD' })
  })

  test('is nobody else’s, and not for what is submitted', async () => {
    const id = await read({ date: unsure('2026-01-13') })
    await expect(as(database, frank, (tx) => confirmFields(tx, id, ['date']))).rejects.toMatchObject({
      code: 'not_yours',
    })
    await as(database, grace, async (tx) => {
      await editExpense(tx, id, { categoryId: (await listCategories(tx))[0]?.id ?? '' })
      await submitExpense(tx, id)
    })
    await expect(confirm(id, ['date'])).rejects.toMatchObject({ code: 'expense_locked' })
  })

  test('is refused with what is wrong where the value cannot be', async () => {
    const id = await read({ date: unsure('2026-01-13') })
    await expect(confirm(id, ['date'], { date: '2199-01-01' })).rejects.toMatchObject({
      code: 'date_in_future',
      field: 'date',
    })
    expect((await view(id)).uncertain).toEqual(['date'])
  })

  test('of two at the same moment leaves one answer', async () => {
    const id = await read({ currency: unsure('EUR') })
    const outcomes = await Promise.allSettled([
      confirm(id, ['amount', 'currency'], { amount: '12.50', currency: 'USD' }),
      confirm(id, ['amount', 'currency'], { amount: '12.50', currency: 'EUR' }),
    ])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const won = outcomes[0].status === 'fulfilled' ? 'USD' : 'EUR'
    expect((await view(id)).amount).toEqual({ minor: 1250, currency: won })
  })
})

describe('a category in doubt', () => {
  test('that nobody could tell is chosen by one tap from all, those first that this merchant had', async () => {
    const travel = await categoryNamed('Travel')
    const before = await read({ merchant: sure('Rare Shop') })
    await as(database, grace, async (tx) => {
      await editExpense(tx, before, { categoryId: travel })
      await submitExpense(tx, before)
    })
    const id = await read({ merchant: unsure('Unheard Of') })
    expect((await view(id)).missing).toContain('category')
    const { categories, likely } = await answers(id)
    expect(likely).toBe(0)
    expect(categories.length).toBeGreaterThan(3)
    await as(database, grace, (tx) => editExpense(tx, id, { merchant: 'Rare Shop' }))
    expect(await answers(id)).toMatchObject({ likely: 1, categories: { 0: { id: travel } } })
    await confirm(id, ['category'], { categoryId: travel })
    expect(await view(id)).toMatchObject({
      category: { id: travel },
      missing: [],
      confirmed: ['merchant', 'category'],
    })
  })

  test('that is certain by now is not chosen again by an old message', async () => {
    const id = await read()
    const [travel, meals] = [await categoryNamed('Travel'), await categoryNamed('Meals')]
    await as(database, grace, (tx) => editExpense(tx, id, { categoryId: meals }))
    await expect(confirm(id, ['category'], { categoryId: travel })).rejects.toMatchObject({
      code: 'answered_otherwise',
    })
  })

  test('asks for nothing where nothing is in doubt', async () => {
    const id = await read()
    await as(database, grace, async (tx) => editExpense(tx, id, { categoryId: await categoryNamed('Meals') }))
    expect(await answers(id)).toEqual({ currencies: ['USD'], likely: 0, categories: [] })
  })
})
