import type { Tx } from '../../database/index.ts'
import type { AppError } from '../../kernel/errors.ts'
import { allocate, formatMoney, type Money, parseTypedAmount } from '../../kernel/money.ts'
import { getCompany, listCategories } from '../people/index.ts'
import type { ShareChanges } from './expense-changes.ts'
import { type Expense, ExpenseShare } from './expenses.entity.ts'
import { FieldErrors, fieldsError } from './field-errors.ts'
import { chosen, parseCostCentre } from './parse-fields.ts'

/** A part of a split expense, in its currency. */
export type Part = Pick<ExpenseShare, 'categoryId' | 'costCentre' | 'amountMinor'>

const mostShares = 20

/** The parts of a split expense in order; none when it is not split. */
export async function sharesOf(tx: Tx, expenseId: string): Promise<ExpenseShare[]> {
  const where = { companyId: tx.companyId, expenseId }
  return tx.em.find(ExpenseShare, where, { orderBy: { position: 'asc' } })
}

/**
 * Reads the parts as they were typed, in a currency.
 * @throws userError with the field, such as `shares.0.amount` or `shares`, and `details.fields` with a message for each
 */
export async function parseShares(tx: Tx, typed: ShareChanges[], currency: string | null): Promise<Part[]> {
  if (typed.length === 0) return []
  if (typed.length === 1) {
    throw wrong('shares_too_few', { shares: 'Please give at least two parts, or none.' })
  }
  if (typed.length > mostShares) {
    throw wrong('shares_too_many', { shares: `Please give at most ${mostShares} parts.` })
  }
  const inCurrency = currency ?? (await getCompany(tx)).currency
  const categories = await listCategories(tx)
  const errors = new FieldErrors()
  const parts: Part[] = []
  for (const [index, share] of typed.entries()) {
    const at = (field: string) => `shares.${index}.${field}`
    const message = 'Please choose one of the categories.'
    const categoryId = await errors.attempt(() =>
      chosen(categories, share.categoryId, at('categoryId'), message),
    )
    const costCentre = await errors.attempt(() => parseCostCentre(tx, share.costCentre, at('costCentre')))
    const money = await errors.attempt(() => parseTypedAmount(share.amount, inCurrency, at('amount')))
    if (categoryId && money) parts.push({ categoryId, costCentre, amountMinor: money.minor })
  }
  if (!errors.isEmpty) throw fieldsError('shares_invalid', errors.problems())
  return parts
}

/** Parts must add up to the amount exactly. @throws userError about `shares`, with `details.fields` */
export async function requireSum(tx: Tx, parts: readonly Part[], amount: Money | null): Promise<void> {
  if (parts.length === 0) return
  if (!amount) throw wrong('amount_missing', { shares: 'Please give the amount that is split.' })
  const sum = parts.reduce((all, { amountMinor }) => all + amountMinor, 0)
  if (sum !== amount.minor) throw wrong('shares_sum', { shares: await offBy(tx, sum, amount) })
}

async function offBy(tx: Tx, sum: number, { minor, currency }: Money): Promise<string> {
  const { locale } = await getCompany(tx)
  const words = (amount: number) => formatMoney({ minor: amount, currency }, locale)
  const off = sum < minor ? `${words(minor - sum)} is missing` : `${words(sum - minor)} is too much`
  return `The parts add up to ${words(sum)}, not to ${words(minor)}: ${off}.`
}

function wrong(code: string, message: { shares: string } | { amount: string }): AppError {
  const problems = Object.entries(message).map(([field, text]) => [field, { code, message: text }])
  return fieldsError('shares_invalid', Object.fromEntries(problems))
}

/** Puts these parts in the place of those that there are. */
export async function writeShares(tx: Tx, { id: expenseId }: Expense, parts: readonly Part[]): Promise<void> {
  const { companyId } = tx
  for (const share of await sharesOf(tx, expenseId)) tx.em.remove(share)
  await tx.em.flush()
  for (const [position, { categoryId, costCentre, amountMinor }] of parts.entries()) {
    tx.em.create(ExpenseShare, {
      id: tx.newId(),
      companyId,
      expenseId,
      position,
      categoryId,
      costCentre,
      amountMinor,
      companyAmountMinor: null,
    })
  }
}

/** A split expense is for what most of it is for. */
export function mainCategory(parts: readonly Part[]): string | null {
  const biggest = parts.reduce<Part | null>(
    (most, part) => (most && most.amountMinor >= part.amountMinor ? most : part),
    null,
  )
  return biggest?.categoryId ?? null
}

/**
 * Another amount: parts that nobody gave anew keep their proportions.
 * @throws userError `shares_invalid` when a part would get nothing
 */
export function rescaled(parts: readonly Part[], amountMinor: number | null): readonly Part[] {
  if (parts.length === 0 || amountMinor === null) return parts
  const weights = parts.map((part) => part.amountMinor)
  const minors = allocate(amountMinor, weights)
  if (minors.includes(0)) {
    throw wrong('shares_too_small', { amount: 'This is too little for the parts that it is split into.' })
  }
  return parts.map(({ categoryId, costCentre }, index) => ({
    categoryId,
    costCentre,
    amountMinor: minors[index] ?? 0,
  }))
}

/** What of an amount in company currency falls on each part: it adds up to it exactly. */
export function inCompanyCurrency(
  shares: readonly Pick<Part, 'amountMinor'>[],
  companyMinor: number,
): number[] {
  if (shares.length === 0) return []
  return allocate(
    companyMinor,
    shares.map(({ amountMinor }) => amountMinor),
  )
}

/** What of an expense is for which category, in company currency: all of it for its own, where it is not split. */
export function byCategory(
  { categoryId }: Pick<Expense, 'categoryId'>,
  shares: readonly Pick<Part, 'categoryId' | 'amountMinor'>[],
  companyMinor: number,
): Map<string, number> {
  if (shares.length === 0) return new Map(categoryId === null ? [] : [[categoryId, companyMinor]])
  const amounts = new Map<string, number>()
  for (const [index, minor] of inCompanyCurrency(shares, companyMinor).entries()) {
    const id = shares[index]?.categoryId ?? ''
    amounts.set(id, (amounts.get(id) ?? 0) + minor)
  }
  return amounts
}
