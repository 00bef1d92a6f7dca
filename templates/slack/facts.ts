import type { KnownBlock } from '@slack/types'
import type { DrawnRequest, ExpenseView } from '../../src/features/expenses/index.ts'
import { formatMoney } from '../../src/kernel/money.ts'
import { mealsText } from '../fact-words.ts'
import { amountText, dateText, quote, sections } from './text.ts'

/** The facts of an expense, with a mark at what was read without certainty. */
export function factPairs(view: ExpenseView): Fact[] {
  const pairs: Fact[] = [...leadingFacts(view)]
  if (view.shares.length === 0) {
    pairs.push(['Category', check(view, ['category'], view.category ? quote(view.category.name) : '—')])
  }
  if (view.costCentre && view.shares.length === 0) pairs.push(['Cost centre', centreText(view.costCentre)])
  if (view.request) pairs.push(['Request to spend', requestText(view.request)])
  if (view.reason) pairs.push(['Reason', quote(view.reason.name)])
  if (view.attendees.length > 0) pairs.push(['Attendees', quote(view.attendees.join(', '), 300)])
  return pairs
}

type PerDiem = Extract<ExpenseView['calculation'], { kind: 'per_diem' }>
type Fact = [label: string, value: string]

/** What it is, how much and when: in the words of its kind. */
function leadingFacts(view: ExpenseView): Fact[] {
  const { locale } = view.company
  const merchant = check(view, ['merchant'], view.merchant ? quote(view.merchant) : '—')
  const amount = check(view, ['amount', 'currency'], amountText(view.amount, view.companyAmount, locale))
  const date = check(view, ['date'], dateText(view.date, locale))
  const { calculation } = view
  if (calculation?.kind === 'mileage') {
    const { distance, unit, rate, rateName } = calculation
    return [
      ['Drive', merchant],
      ['Amount', amount],
      ['Distance', `${distance} ${unit} × ${view.company.currency} ${rate} (${quote(rateName, 60)})`],
      ['Date', date],
    ]
  }
  if (calculation?.kind === 'per_diem') {
    return [
      ['Per diem', quote(calculation.rateName, 80)],
      ['Amount', amount],
      ['Days', daysText(calculation, locale)],
      ['Worked out', workedOut(calculation, view.company)],
    ]
  }
  return view.kind === 'request'
    ? [['What for', merchant], ['Amount', amount], ['When', date], ...drawnFacts(view)]
    : [
        ['Merchant', merchant],
        ['Amount', amount],
        ['Date', date],
      ]
}

function check(view: ExpenseView, fields: ExpenseView['uncertain'], text: string): string {
  return fields.some((field) => view.uncertain.includes(field)) ? `${text} :warning: _please check_` : text
}

function daysText({ firstDay, lastDay, days }: PerDiem, locale: string): string {
  if (firstDay === lastDay) return dateText(firstDay, locale)
  return `${dateText(firstDay, locale)} to ${dateText(lastDay, locale)} (${days.length} days)`
}

/** `2 travel days × USD 51.00, 1 full day × USD 68.00, less USD 32.00 for 2 breakfasts` */
function workedOut({ days, mealsMinor, provided }: PerDiem, company: ExpenseView['company']): string {
  const money = (minor: number) => formatMoney({ minor, currency: company.currency }, company.locale)
  const parts = [...Map.groupBy(days, ({ kind, minor }) => `${kind} ${minor}`).values()].flatMap((same) => {
    const [first] = same
    if (!first) return []
    const name = first.kind === 'full' ? 'full day' : 'travel day'
    return [`${same.length} ${name}${same.length === 1 ? '' : 's'} × ${money(first.minor)}`]
  })
  const meals = mealsText(provided)
  return [...parts, ...(meals === '' ? [] : [`less ${money(mealsMinor)} for ${meals}`])].join(', ')
}

/** What has become of an approved request. */
function drawnFacts({ drawn, status, company }: ExpenseView): Fact[] {
  if (!drawn || status !== 'approved') return []
  return [
    ['Spent', formatMoney(drawn.used, company.locale)],
    ['Left', formatMoney(drawn.left, company.locale)],
  ]
}

/** What is left of it is said by the finding, which knows whether this expense is counted. */
function requestText({ number, merchant }: DrawnRequest): string {
  return `${number}, ${quote(merchant, 60)}`
}

function centreText({ code, name }: { code: string; name: string }): string {
  return `${quote(code, 40)} ${quote(name, 60)}`
}

/** The parts of a split expense, a line each. */
export function sharesBlocks({ shares, company }: ExpenseView): KnownBlock[] {
  const lines = shares.map(({ category, costCentre, amount }) => {
    const where = [category.name, ...(costCentre ? [`${costCentre.code} ${costCentre.name}`] : [])]
    return `• ${formatMoney(amount, company.locale)}  ${where.map((part) => quote(part, 60)).join(', ')}`
  })
  return lines.length > 0 ? sections('shares', ['*Split*', ...lines]) : []
}

/** More would make the form long; all of them are counted in what is spent. */
const mostDrawn = 20

/** The expenses that draw on a request, a line each. */
export function drawnBlocks({ drawn, company }: ExpenseView): KnownBlock[] {
  const expenses = drawn?.expenses ?? []
  const lines = expenses
    .slice(0, mostDrawn)
    .map(
      ({ number, amount, status }) =>
        `• ${number}  ${formatMoney(amount, company.locale)}, ${status.replaceAll('_', ' ')}`,
    )
  const left = expenses.length - lines.length
  const more = left > 0 ? [`and ${left} more`] : []
  return lines.length > 0 ? sections('drawn', ['*Spent under it*', ...lines, ...more]) : []
}
