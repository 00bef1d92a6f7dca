import { type FilterQuery, raw } from '@mikro-orm/postgresql'
import type { Tx } from '../../database/index.ts'
import { getPeople } from '../people/index.ts'
import { type Finding, newFinding, type PolicyFacts } from '../policy/index.ts'
import { expensesWithSameFiles, type Receipt } from '../receipts/index.ts'
import { Expense } from './expenses.entity.ts'
import { findMerchant, spellingOf } from './merchants.ts'
import { notClaimed } from './status.ts'

/** Another expense that this one looks like. */
export interface Twin {
  same: 'file' | 'fields'
  other: Expense
  submitter: string
}

/** More of them say nothing more. Those that are paid, or still may be, come before the others. */
export const mostTwins = 3

/**
 * Other expenses with the same file, or the same merchant (or drive), date and amount. They warn; nothing is ever merged. What
 * somebody only asks to spend is no twin of what they spend then.
 */
export async function findTwins(tx: Tx, expense: Expense, receipts: Receipt[]): Promise<Twin[]> {
  if (expense.kind === 'request') return []
  const sameFile = await expensesWithSameFiles(
    tx,
    expense.id,
    receipts.map(({ fileSha256 }) => fileSha256),
  )
  const sameFields = await fieldsOf(tx, expense)
  if (sameFile.length === 0 && !sameFields) return []
  const others = await tx.em.find(
    Expense,
    {
      companyId: tx.companyId,
      id: { $ne: expense.id },
      kind: { $ne: 'request' },
      status: { $ne: 'cancelled' },
      $or: [...(sameFile.length > 0 ? [{ id: { $in: sameFile } }] : []), ...(sameFields ? [sameFields] : [])],
    },
    { orderBy: [{ [claimedFirst()]: 'asc' }, { id: 'asc' }], limit: mostTwins },
  )
  const people = await getPeople(
    tx,
    others.map(({ submitterId }) => submitterId),
  )
  return others.map((other) => ({
    same: sameFile.includes(other.id) ? 'file' : 'fields',
    other,
    submitter: people.get(other.submitterId)?.name ?? 'somebody',
  }))
}

const claimedFirst = () => raw(`status in (${notClaimed.map(() => '?').join(', ')})`, [...notClaimed])

/**
 * What another one has in common with it: the merchant; or the drive, which colleagues may have made as well. Two per diems
 * of one person for one day are refused anyway, and colleagues travel together.
 */
async function fieldsOf(tx: Tx, expense: Expense): Promise<FilterQuery<Expense> | null> {
  const { kind, submitterId, merchantName, date, amountMinor, currency } = expense
  if (kind === 'per_diem' || merchantName === null) return null
  const same = { kind, status: { $ne: 'draft' as const }, date, amountMinor, currency }
  if (kind === 'mileage') {
    const drives = await tx.em.find(Expense, { companyId: tx.companyId, ...same, submitterId })
    const route = spellingOf(merchantName)
    const again = drives.filter((other) => spellingOf(other.merchantName ?? '') === route)
    return again.length > 0 ? { id: { $in: again.map(({ id }) => id) } } : null
  }
  const merchant = await findMerchant(tx, merchantName)
  return merchant && { ...same, merchantId: merchant.id }
}

/** The twins as policy sees them: the same file weighs more than the same fields. */
export function duplicateOf(twins: Pick<Twin, 'same'>[]): PolicyFacts['duplicate'] {
  if (twins.some(({ same }) => same === 'file')) return 'same_file'
  return twins.length > 0 ? 'same_fields' : 'none'
}

/** The sentence about an expense that looks like another one. */
export function twinFinding({ same, other, submitter }: Twin, locale: string): Finding {
  const { amountMinor, currency, number, kind } = other
  const amount = amountMinor === null || currency === null ? null : { minor: amountMinor, currency }
  return newFinding(
    {
      code: same === 'file' ? 'duplicate_file' : 'duplicate_fields',
      severity: 'warning',
      clause: null,
      relatedExpenseId: other.id,
    },
    { kind: 'duplicate', facts: { same, isDrive: kind === 'mileage', number, submitter, amount } },
    { locale },
  )
}

/** Whether a finding is one of `twinFinding`. */
export const isTwinFinding = (code: string): boolean =>
  code === 'duplicate_file' || code === 'duplicate_fields'
