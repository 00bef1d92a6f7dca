import type { Tx } from '../../database/index.ts'
import { addDays, type CalendarDate, dateIn, parseCalendarDate } from '../../kernel/calendar-date.ts'
import { userError } from '../../kernel/errors.ts'
import { cleanText } from '../../kernel/text.ts'
import { getCompany, listCostCentres } from '../people/index.ts'

/** One of a list, by id. @throws userError `<field>_unknown` */
export function chosen(
  list: { id: string }[],
  id: string | undefined,
  field: string,
  message: string,
): string {
  if (id === undefined || !list.some((one) => one.id === id))
    throw userError(`${field}_unknown`, message, { field })
  return id
}

export function parseAttendees(text: string): string[] {
  const names = text
    .split(/[,;\n]/)
    .map((name) => cleanText(name.replace(/\s+/g, ' ')).trim())
    .filter((name) => name !== '')
  if (names.length > 100 || names.some((name) => name.length > 100)) {
    const message = 'Please give at most 100 names of at most 100 characters, separated by commas.'
    throw userError('attendees_too_long', message, { field: 'attendees' })
  }
  return [...new Set(names)]
}

/** One line of text that must be there, such as a merchant or where a drive began. @throws userError */
export function parseLine(text: string, given: { field: string; missing: string; longest: number }): string {
  const { field, missing, longest } = given
  const line = cleanText(text.replace(/\s/g, ' ')).trim()
  if (line === '') throw userError(`${field}_missing`, missing, { field })
  if (line.length > longest)
    throw userError(`${field}_too_long`, `Please keep this under ${longest} characters.`, { field })
  return line
}

/** The code of a cost centre that can be chosen; null for none. @throws userError `cost_centre_unknown` */
export async function parseCostCentre(
  tx: Tx,
  code: string | undefined,
  field = 'costCentre',
): Promise<string | null> {
  if (!code) return null
  if ((await listCostCentres(tx)).some((centre) => centre.code === code)) return code
  throw userError('cost_centre_unknown', 'Please choose one of the cost centres.', { field })
}

/**
 * No expense is dated after tomorrow or before 2000. What is yet to be spent (`isPlanned`) may be a year ahead, and is not
 * before yesterday. Days are the company's, and where somebody is it may be another one already, or still.
 * @throws userError `date_missing`, `date_invalid`, `date_in_future`, `date_in_past`, `date_too_old`
 */
export async function parseExpenseDate(
  tx: Tx,
  text: string,
  { field = 'date', isPlanned = false }: { field?: string; isPlanned?: boolean } = {},
): Promise<CalendarDate> {
  if (text.trim() === '') throw userError('date_missing', 'Please give the date.', { field })
  const date = parseCalendarDate(text, field)
  const { timeZone } = await getCompany(tx)
  const today = dateIn(tx.now, timeZone)
  if (date > addDays(today, isPlanned ? 366 : 1)) {
    const what = isPlanned ? 'too far in the future' : 'in the future'
    throw userError('date_in_future', `This date is ${what}.`, { field })
  }
  if (isPlanned && date < addDays(today, -1)) {
    const message = 'This is for money that is not spent yet. Please give today or a later day.'
    throw userError('date_in_past', message, { field })
  }
  if (date < '2000-01-01') throw userError('date_too_old', 'This date is too long ago.', { field })
  return date
}
