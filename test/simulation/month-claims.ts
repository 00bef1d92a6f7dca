import type { Tx } from '../../src/database/index.ts'
import {
  applyReading,
  type DrawnRequest,
  type ExpenseChanges,
  listSpendRequests,
  viewExpense,
} from '../../src/features/expenses/index.ts'
import { listCategories, listReasons } from '../../src/features/people/index.ts'
import { receiptsOf } from '../../src/features/receipts/index.ts'
import { dateIn } from '../../src/kernel/calendar-date.ts'
import { allocate } from '../../src/kernel/money.ts'
import { readingOf } from '../support/reading-of.ts'
import type { Random } from './random.ts'

/** What somebody types about an expense of this kind. */
export async function claimOf(
  tx: Tx,
  random: Random,
  { kind, index }: { kind: 'receipt' | 'mileage' | 'request'; index: number },
): Promise<ExpenseChanges> {
  const categories = await listCategories(tx)
  const reason = random.chance(0.3) ? (await listReasons(tx))[0] : undefined
  const ago = Math.floor(random.next() * 4) * 86_400_000
  const of = {
    date: dateIn(kind === 'request' ? tx.now : new Date(tx.now.getTime() - ago), 'UTC'),
    categoryId: random.pick(categories).id,
    reasonId: reason?.id ?? null,
    note: random.chance(0.5) ? 'As planned' : '',
    costCentre: random.pick(['', '4100', '4200']),
  }
  if (kind === 'mileage') {
    const distance = random.amount(1, 2000).slice(0, -1)
    return { ...of, rateKey: 'car', from: 'Home', to: random.pick(['Fair', 'Client']), distance }
  }
  const merchant = `${random.pick(['Corner', 'Grand', 'Blue', 'Old'])} ${random.pick(['Café', 'Bar', 'Shop', 'Hotel'])}`
  const amount = random.amount(4, 9000)
  const typed = {
    ...of,
    merchant: `${merchant} ${random.chance(0.7) ? index : ''}`,
    amount,
    currency: 'USD',
    shares: [],
  }
  const [request] = kind === 'receipt' ? await listSpendRequests(tx, tx.actor.personId ?? '') : []
  if (request) return drawOn(tx, random, typed, request)
  if (random.chance(0.8)) return typed
  const [minor, parts] = [Math.round(Number(amount) * 100), 2 + Math.floor(random.next() * 3)]
  const shares = allocate(
    minor,
    Array.from({ length: parts }, () => 1 + Math.floor(random.next() * 9)),
  )
  return {
    ...typed,
    shares: shares.map((share) => ({
      categoryId: random.pick(categories).id,
      costCentre: random.pick(['', '4100']),
      amount: (share / 100).toFixed(2),
    })),
  }
}

/** Somewhat less than what is left of a request, or somewhat more; mostly today, for what it was approved for. */
async function drawOn(
  tx: Tx,
  random: Random,
  typed: ExpenseChanges,
  { id, left }: DrawnRequest,
): Promise<ExpenseChanges> {
  const view = await viewExpense(tx, id)
  const asApproved = view?.shares[0] ?? view
  const categoryId = asApproved?.category?.id ?? ''
  const costCentre = asApproved?.costCentre?.code ?? ''
  const date = random.chance(0.8) ? dateIn(tx.now, 'UTC') : (typed.date ?? '')
  const minor = Math.max(100, Math.round(left.minor * (0.3 + random.next() * 0.9)))
  return { ...typed, requestId: id, categoryId, costCentre, date, amount: (minor / 100).toFixed(2) }
}

/** Its receipts were read, and say what is claimed. */
export async function readReceipts(tx: Tx, expenseId: string): Promise<void> {
  const amount = (await viewExpense(tx, expenseId))?.amount?.minor ?? 0
  const reading = readingOf((amount / 100).toFixed(2))
  for (const { id } of await receiptsOf(tx, expenseId)) {
    await applyReading(tx, id, { reading, problem: null, rendition: null })
  }
}
