import { parse } from 'csv-parse/sync'
import type { Tx } from '../../database/index.ts'
import { type CalendarDate, isCalendarDate } from '../../kernel/calendar-date.ts'
import { userError } from '../../kernel/errors.ts'
import { convert, isCurrency, type Money } from '../../kernel/money.ts'
import { recordAudit } from '../audit/index.ts'
import { getCompany } from '../people/index.ts'

/** Units of the company's currency for one unit of `currency`, as a decimal string, from `date` on. */
export interface ExchangeRate {
  date: CalendarDate
  currency: string
  rate: string
}

export interface Converted {
  minor: number
  /** null where the amount already is in the company's currency. */
  rate: string | null
  rateDate: CalendarDate | null
}

/**
 * The amount in the company's currency, at the rate of `date` or the last one before it.
 * @returns null when the company has no such rate: then a person must say what was charged; nothing is guessed
 */
export async function toCompanyCurrency(tx: Tx, money: Money, date: CalendarDate): Promise<Converted | null> {
  const company = await getCompany(tx)
  if (money.currency === company.currency) return { minor: money.minor, rate: null, rateDate: null }
  const [found] = await tx.em.execute<{ rate: string; date: string }[]>(
    `select rate::text, date::text from exchange_rate
     where company_id = ? and currency = ? and date <= ? order by date desc limit 1`,
    [tx.companyId, money.currency, date],
  )
  if (!found) return null
  const rate = found.rate.replace(/\.?0+$/, '')
  return { minor: convert(money, company.currency, rate).minor, rate, rateDate: found.date }
}

/**
 * Reads a table of rates: either `date,currency,rate` with rates into the company's currency, or the ECB's reference
 * rates (`Date,USD,JPY,…`, units of each currency for one euro), which are turned around.
 * @throws userError `rates_invalid` naming the line
 */
export function parseRates(text: string, companyCurrency: string): ExchangeRate[] {
  const rows: string[][] = parse(text, {
    comment: '#',
    skip_empty_lines: true,
    trim: true,
    relax_column_count: true,
    bom: true,
  })
  const [header, ...body] = rows
  if (!header) return []
  const names = header.map((cell) => cell.trim())
  const isPlain = names.join().toLowerCase() === 'date,currency,rate'
  if (!isPlain && names[0]?.toLowerCase() !== 'date') {
    throw userError(
      'rates_invalid',
      'The first line must be “date,currency,rate” or the header of the ECB’s file.',
    )
  }
  return body.flatMap((row, index) => {
    const where = `row ${index + 2}`
    const date = row[0] ?? ''
    if (!isCalendarDate(date))
      throw userError('rates_invalid', `${where}: “${date}” is not a date like 2026-03-31.`)
    return isPlain ? [plainRate(row, where)] : ecbRates(names, row, companyCurrency)
  })
}

function plainRate([date = '', currency = '', rate = '']: string[], where: string): ExchangeRate {
  if (!isCurrency(currency))
    throw userError('rates_invalid', `${where}: “${currency}” is not a currency code.`)
  if (!/^\d+(\.\d+)?$/.test(rate) || Number(rate) === 0) {
    throw userError('rates_invalid', `${where}: “${rate}” is not a rate.`)
  }
  return { date, currency, rate }
}

function ecbRates(names: string[], row: string[], companyCurrency: string): ExchangeRate[] {
  const perEuro = new Map<string, number>([['EUR', 1]])
  names.forEach((name, column) => {
    const value = Number(row[column])
    if (column > 0 && isCurrency(name) && value > 0) perEuro.set(name, value)
  })
  const company = perEuro.get(companyCurrency)
  if (company === undefined) return []
  return [...perEuro]
    .filter(([currency]) => currency !== companyCurrency)
    .map(([currency, value]) => ({ date: row[0] ?? '', currency, rate: (company / value).toFixed(10) }))
}

/** Loads rates; a rate of the same currency and date is replaced. Returns how many were given. */
export async function loadRates(tx: Tx, rates: ExchangeRate[]): Promise<number> {
  await tx.em.execute(
    `insert into exchange_rate (company_id, currency, date, rate)
     select ?, * from json_to_recordset(?) as given(currency text, date date, rate numeric)
     on conflict (company_id, currency, date) do update set rate = excluded.rate`,
    [tx.companyId, JSON.stringify(rates)],
  )
  const dates = rates.map(({ date }) => date).sort()
  if (rates.length > 0)
    await recordAudit(tx, {
      action: 'rates.imported',
      subject: { kind: 'company', id: tx.companyId },
      changes: {
        count: rates.length,
        currencies: [...new Set(rates.map(({ currency }) => currency))].sort(),
        from: dates[0],
        to: dates.at(-1),
      },
    })
  return rates.length
}
