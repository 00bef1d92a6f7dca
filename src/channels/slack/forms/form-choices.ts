import type { FormChoices } from '../../../../templates/slack/form-subject.ts'
import type { Tx } from '../../../database/index.ts'
import { listRates, listSpendRequests } from '../../../features/expenses/index.ts'
import {
  getCompany,
  listCategories,
  listCostCentres,
  listReasons,
  requireActor,
} from '../../../features/people/index.ts'
import { type CalendarDate, dateIn } from '../../../kernel/calendar-date.ts'
import { userError } from '../../../kernel/errors.ts'

/**
 * What the actor can choose from in the form of an expense.
 * @throws userError `no_categories`
 */
export async function formChoices(tx: Tx): Promise<FormChoices> {
  const { id } = await requireActor(tx)
  const categories = await listCategories(tx)
  if (categories.length === 0) {
    throw userError('no_categories', 'Your company has no categories yet. Please ask your admin to add some.')
  }
  const requests = await listSpendRequests(tx, id)
  return {
    categories,
    reasons: await listReasons(tx),
    costCentres: await listCostCentres(tx),
    requests: requests.filter(({ left }) => left.minor > 0),
    rates: await listRates(tx),
  }
}

/** The date of today where the actor is. */
export async function todayOfActor(tx: Tx): Promise<CalendarDate> {
  const { timeZone } = await requireActor(tx)
  return dateIn(tx.now, timeZone ?? (await getCompany(tx)).timeZone)
}
