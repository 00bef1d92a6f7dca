import type { Tx } from '../../database/index.ts'
import { userError } from '../../kernel/errors.ts'
import { refreshSurfaces } from '../notifications/index.ts'
import { lockOwn } from './expenses.ts'
import { statusInWords } from './status.ts'
import { changeStatus } from './transitions.ts'

/**
 * The submitter gives back what is left of an approved request to spend: no further expense can draw on it. Those that do
 * already stay as they are.
 * @throws userError `expense_unknown`, `not_yours`, `request_not_open`
 */
export async function closeSpendRequest(tx: Tx, id: string): Promise<void> {
  const request = await lockOwn(tx, id)
  if (request.kind !== 'request' || request.status !== 'approved') {
    const message = `${request.number} is ${statusInWords(request.status)}, so there is nothing to close.`
    throw userError('request_not_open', message)
  }
  await changeStatus(tx, request, 'cancelled')
  await refreshSurfaces(tx, request.id)
}
