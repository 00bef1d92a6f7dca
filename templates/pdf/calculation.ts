import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { formatDate } from '../../src/kernel/calendar-date.ts'
import { formatMoney, type Money } from '../../src/kernel/money.ts'
import { mealsText } from '../expense-words.ts'
import { type Line, type Sheet, section } from './sheet.ts'
import { type Column, table } from './table.ts'
import { short } from './words.ts'

/** What says where an amount comes from, and where it goes. */
type Calculated = Pick<ExpenseView, 'calculation' | 'shares'> & { amount: Money; locale: string }

/** `4711 Sales` */
export function costCentreText({ code, name }: { code: string; name: string }): string {
  return short(name === code ? code : `${code} ${name}`, 120)
}

/** Every number that the amount comes from, so that anybody can check it. */
export function drawCalculation(sheet: Sheet, view: Calculated): void {
  const { calculation, amount, locale } = view
  if (!calculation) return
  section(sheet, 'Calculation')
  const money = (minor: number) => formatMoney({ ...amount, minor }, locale)
  const total: Line[][] = [
    [{ text: 'Total', style: 'strong' }],
    [],
    [],
    [{ text: money(amount.minor), style: 'strong' }],
  ]
  const cells = (...texts: string[]) => texts.map((text): Line[] => [{ text, style: 'body' }])
  if (calculation.kind === 'mileage') {
    const { from, to, distance, unit, rate, rateName } = calculation
    const drive = cells(
      `${short(from, 150)} to ${short(to, 150)}`,
      `${distance} ${unit}`,
      `${amount.currency} ${rate} a ${unit === 'km' ? 'kilometre' : 'mile'}`,
      money(amount.minor),
    )
    drive[2]?.push({ text: short(rateName, 100), style: 'muted' })
    figures(sheet, ['Drive', 'Distance', 'Rate', 'Amount'], [drive, total])
    return
  }
  const rows = calculation.days.map(({ date, kind, minor }) =>
    cells(
      formatDate(date, locale),
      kind === 'full' ? 'Full day' : 'Travel day',
      short(calculation.rateName, 100),
      money(minor),
    ),
  )
  if (calculation.mealsMinor > 0) {
    rows.push(
      cells('Meals provided', mealsText(calculation.provided), '', `−${money(calculation.mealsMinor)}`),
    )
  }
  figures(sheet, ['Day', 'What', 'Rate', 'Amount'], [...rows, total])
}

/** The parts of a split expense. */
export function drawShares(sheet: Sheet, { shares, amount, locale }: Calculated): void {
  if (shares.length === 0) return
  section(sheet, 'Split')
  const rows = shares.map((share): Line[][] => [
    [{ text: short(share.category.name, 120), style: 'body' }],
    [{ text: share.costCentre ? costCentreText(share.costCentre) : '', style: 'body' }],
    [],
    [{ text: formatMoney(share.amount, locale), style: 'body' }],
  ])
  const total: Line[][] = [
    [{ text: 'Total', style: 'strong' }],
    [],
    [],
    [{ text: formatMoney(amount, locale), style: 'strong' }],
  ]
  figures(sheet, ['Category', 'Cost centre', '', 'Amount'], [...rows, total])
}

/** Rows whose last column is an amount. */
function figures(sheet: Sheet, titles: [string, string, string, string], rows: Line[][][]): void {
  const [first, second, amount] = [170, 130, 90]
  const widths = [first, second, sheet.width - first - second - amount, amount]
  const columns = widths.map(
    (width, index): Column => ({
      width,
      title: titles[index] ?? '',
      ...(index === 3 ? { align: 'right' as const } : {}),
    }),
  )
  table(sheet, columns, rows)
}
