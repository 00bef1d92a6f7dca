import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { formatDate } from '../../src/kernel/calendar-date.ts'
import { formatMoney, type Money } from '../../src/kernel/money.ts'
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
    figures(sheet, { titles: ['Drive', 'Distance', 'Rate', 'Amount'], widths: [210, 70] }, [drive, total])
    return
  }
  const rows = calculation.days.map(({ date, kind, minor, meals, mealsMinor }) => {
    const what = kind === 'full' ? 'Full day' : 'Travel day'
    const less = mealsMinor === 0 ? '' : ` − ${money(mealsMinor)}`
    return cells(
      formatDate(date, locale),
      meals.length === 0 ? what : `${what}; provided: ${meals.join(', ')}`,
      `${money(minor)}${less}`,
      money(minor - mealsMinor),
    )
  })
  const title = short(calculation.rateName, 100)
  figures(sheet, { titles: ['Day', title, 'Rate', 'Amount'], widths: [80, 200] }, [...rows, total])
}

/** The parts of a split expense. */
export function drawShares(sheet: Sheet, { shares, amount, locale }: Calculated): void {
  if (shares.length === 0) return
  section(sheet, 'Split')
  const rows = shares.map((share): Line[][] => [
    [{ text: short(share.category.name, 120), style: 'body' }],
    [{ text: share.costCentre ? costCentreText(share.costCentre) : '', style: 'body' }],
    [],
    [
      { text: formatMoney(share.amount, locale), style: 'body' },
      ...(share.companyAmount
        ? [{ text: formatMoney(share.companyAmount, locale), style: 'muted' } satisfies Line]
        : []),
    ],
  ])
  const total: Line[][] = [
    [{ text: 'Total', style: 'strong' }],
    [],
    [],
    [{ text: formatMoney(amount, locale), style: 'strong' }],
  ]
  figures(sheet, { titles: ['Category', 'Cost centre', '', 'Amount'], widths: [170, 170] }, [...rows, total])
}

/** Rows whose last column is an amount; `widths` are of the first two. */
function figures(
  sheet: Sheet,
  { titles, widths: [first, second] }: { titles: string[]; widths: [number, number] },
  rows: Line[][][],
): void {
  const amount = 90
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
