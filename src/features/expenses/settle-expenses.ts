import type { Tx } from '../../database/index.ts'
import { userError } from '../../kernel/errors.ts'
import { refreshSurfaces } from '../notifications/index.ts'
import { type Person, peopleWithRole, requireFinance } from '../people/index.ts'
import type { Expense } from './expenses.entity.ts'
import { lockExpense } from './expenses.ts'
import { statusInWords } from './status.ts'
import { tellPaid } from './tell.ts'
import { changeStatus } from './transitions.ts'

/**
 * Finance has paid for these approved expenses: from then on their approval cannot be taken back. Their submitters are told.
 * All of them or none; what was settled before is left out, so that doing it again changes nothing. One's own is for
 * somebody else in finance to settle, as long as there is anybody else.
 * @returns the numbers of those that were settled by this
 * @throws userError `expense_unknown`, `not_payable` (details: expense), `own_expense` (details: expense),
 *   `finance_required`, `person_inactive`
 */
export async function settleExpenses(tx: Tx, ids: string[]): Promise<string[]> {
  const actor = await requireFinance(tx)
  const settled: Expense[] = []
  // In one order, or two who settle the same wait for each other.
  for (const id of [...new Set(ids)].sort()) {
    const expense = await lockExpense(tx, id)
    if (expense.status === 'settled') continue
    await requirePayable(tx, expense, actor)
    await changeStatus(tx, expense, 'settled')
    settled.push(expense)
  }
  for (const { id } of settled) await refreshSurfaces(tx, id)
  await tellPaid(tx, settled)
  return settled.map(({ number }) => number).sort()
}

/** @throws userError `not_payable`, `own_expense` */
async function requirePayable(tx: Tx, expense: Expense, actor: Person): Promise<void> {
  const { id, number, kind, status, submitterId } = expense
  const details = { expense: id, number, kind, status }
  if (kind === 'request') {
    const message = `${number} is a request to spend: there is nothing to pay back. Nothing was changed.`
    throw userError('not_payable', message, { details })
  }
  if (status !== 'approved') {
    const message = `${number} is ${statusInWords(status)}, so it cannot be marked as paid. Nothing was changed.`
    throw userError('not_payable', message, { details })
  }
  if (submitterId !== actor.id) return
  const others = (await peopleWithRole(tx, 'finance')).filter((one) => one.id !== actor.id)
  if (others.length === 0) return
  const message = `${number} is your own: somebody else in finance marks it as paid. Nothing was changed.`
  throw userError('own_expense', message, { details })
}
