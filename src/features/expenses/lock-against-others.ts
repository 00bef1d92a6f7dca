import type { Tx } from '../../database/index.ts'
import { homeTeamName, listCategories, loadDirectory } from '../people/index.ts'
import { currentPolicies, limitsFor } from '../policy/index.ts'
import { receiptsOf } from '../receipts/index.ts'
import type { Expense } from './expenses.entity.ts'
import { spellingOf } from './merchants.ts'
import { sharesOf } from './shares.ts'
import { holdSpendRequestOf } from './spend-request-draws.ts'
import { spendingKeys } from './spending.ts'

/**
 * Makes submissions wait for each other until the end of the transaction where one changes what policy says of the other:
 * the same receipt, the same merchant, date and amount, spending under one limit, or drawing on one request. Two at the
 * same moment would not see each other.
 */
export async function lockAgainstOthers(tx: Tx, expense: Expense): Promise<void> {
  await holdSpendRequestOf(tx, expense)
  const receipts = await receiptsOf(tx, expense.id)
  const claim = [
    spellingOf(expense.merchantName ?? ''),
    expense.date,
    expense.amountMinor,
    expense.currency,
  ].join()
  const keys = [claim, ...receipts.map(({ fileSha256 }) => fileSha256), ...(await limitKeys(tx, expense))]
  // Always in the same order, or two of these wait for each other.
  for (const key of keys.map((key) => `${tx.companyId} ${key}`).sort())
    await tx.em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [key])
}

async function limitKeys(tx: Tx, expense: Expense): Promise<string[]> {
  const directory = await loadDirectory(tx)
  const submitter = directory.people.find(({ id }) => id === expense.submitterId)
  const policies = await currentPolicies(tx)
  const { date, categoryId } = expense
  if (!submitter) return []
  if (!policies || date === null) return spendingKeys([], submitter)
  const ids = [categoryId, ...(await sharesOf(tx, expense.id)).map((share) => share.categoryId)]
  const homeTeam = homeTeamName(directory, submitter)
  const periods = (await listCategories(tx))
    .filter(({ id }) => ids.includes(id))
    .flatMap(({ key: category }) => limitsFor(policies.document, { category, homeTeam, date }))
  return spendingKeys(periods, submitter)
}
