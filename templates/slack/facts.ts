import type { KnownBlock } from '@slack/types'
import type { DrawnRequest, ExpenseView } from '../../src/features/expenses/index.ts'
import { formatMoney } from '../../src/kernel/money.ts'
import { amountText, dateText, joined, quote, sections } from './text.ts'
import { wordsOf } from './words/index.ts'

export type FactName =
  | 'merchant'
  | 'amount'
  | 'distance'
  | 'date'
  | 'workedOut'
  | 'drawn'
  | 'category'
  | 'costCentre'
  | 'request'
  | 'reason'
  | 'attendees'
/** What a fact is about, what it is called, and what it says. */
type Fact = [name: FactName, label: string, value: string]
type PerDiem = Extract<ExpenseView['calculation'], { kind: 'per_diem' }>

/** The facts of an expense but those that are left out, with a mark at what was read without certainty. */
export function factPairs(view: ExpenseView, without: FactName[] = []): [label: string, value: string][] {
  return factsOf(view)
    .filter(([name]) => !without.includes(name))
    .map(([, label, value]) => [label, value])
}

function factsOf(view: ExpenseView): Fact[] {
  const { fields, nothing } = wordsOf(view.company.locale).common
  const facts = leadingFacts(view)
  const isSplit = view.shares.length > 0
  const category = view.category ? quote(view.category.name) : nothing
  if (!isSplit) facts.push(['category', fields.category, check(view, ['category'], category)])
  if (view.costCentre && !isSplit) facts.push(['costCentre', fields.costCentre, centreText(view.costCentre)])
  if (view.request) facts.push(['request', fields.request, requestText(view.request)])
  if (view.reason) facts.push(['reason', fields.reason, quote(view.reason.name)])
  if (view.attendees.length > 0)
    facts.push(['attendees', fields.attendees, quote(view.attendees.join(', '), 300)])
  return facts
}

/** What it is, how much and when: in the words of its kind. */
function leadingFacts(view: ExpenseView): Fact[] {
  const { locale } = view.company
  const { common, cards } = wordsOf(locale)
  const { fields, nothing } = common
  const merchant = check(view, ['merchant'], view.merchant ? quote(view.merchant) : nothing)
  const amount: Fact = [
    'amount',
    fields.amount,
    check(view, ['amount', 'currency'], amountText(view.amount, view.companyAmount, locale)),
  ]
  const date = check(view, ['date'], dateText(view.date, locale))
  const { calculation } = view
  if (calculation?.kind === 'mileage') {
    const { distance, unit, rate, rateName } = calculation
    const way = `${distance} ${unit} × ${view.company.currency} ${rate} (${quote(rateName, 60)})`
    return [
      ['merchant', cards.facts.drive, merchant],
      amount,
      ['distance', cards.facts.distance, way],
      ['date', fields.date, date],
    ]
  }
  if (calculation?.kind === 'per_diem') {
    return [
      ['merchant', cards.facts.perDiem, quote(calculation.rateName, 80)],
      amount,
      ['date', cards.facts.days, daysText(calculation, locale)],
      ['workedOut', cards.facts.workedOut, workedOut(calculation, view.company)],
    ]
  }
  return view.kind === 'request'
    ? [
        ['merchant', cards.facts.whatFor, merchant],
        amount,
        ['date', cards.facts.when, date],
        ...drawnFacts(view),
      ]
    : [['merchant', fields.merchant, merchant], amount, ['date', fields.date, date]]
}

function check({ uncertain, company }: ExpenseView, fields: ExpenseView['uncertain'], text: string): string {
  const isDoubtful = fields.some((field) => uncertain.includes(field))
  return isDoubtful ? `${text} :warning: _${wordsOf(company.locale).common.pleaseCheck}_` : text
}

function daysText({ firstDay, lastDay, days }: PerDiem, locale: string): string {
  if (firstDay === lastDay) return dateText(firstDay, locale)
  const { common, cards } = wordsOf(locale)
  const count = common.days(days.length)
  return cards.facts.period(dateText(firstDay, locale), dateText(lastDay, locale), count)
}

/** `2 travel days × USD 51.00, 1 full day × USD 68.00, less USD 32.00 for 2 breakfasts` */
function workedOut({ days, mealsMinor, provided }: PerDiem, company: ExpenseView['company']): string {
  const { facts } = wordsOf(company.locale).cards
  const money = (minor: number) => formatMoney({ minor, currency: company.currency }, company.locale)
  const parts = [...Map.groupBy(days, ({ kind, minor }) => `${kind} ${minor}`).values()].flatMap((same) => {
    const [first] = same
    if (!first) return []
    const inWords = first.kind === 'full' ? facts.fullDays : facts.travelDays
    return [inWords(same.length, money(first.minor))]
  })
  const meals = mealsText(provided, company.locale)
  return [...parts, ...(meals === '' ? [] : [facts.lessMeals(money(mealsMinor), meals)])].join(', ')
}

/** `2 breakfasts and 1 dinner`; empty for none. */
function mealsText({ breakfast, lunch, dinner }: PerDiem['provided'], locale: string): string {
  const { breakfasts, lunches, dinners } = wordsOf(locale).cards.facts
  const meals = [
    ...(breakfast > 0 ? [breakfasts(breakfast)] : []),
    ...(lunch > 0 ? [lunches(lunch)] : []),
    ...(dinner > 0 ? [dinners(dinner)] : []),
  ]
  return joined(meals, 'and', locale)
}

/** What has become of an approved request. */
function drawnFacts({ drawn, status, company }: ExpenseView): Fact[] {
  if (!drawn || status !== 'approved') return []
  const { facts } = wordsOf(company.locale).cards
  return [
    ['drawn', facts.spent, formatMoney(drawn.used, company.locale)],
    ['drawn', facts.left, formatMoney(drawn.left, company.locale)],
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
  const { split } = wordsOf(company.locale).cards.expense
  return lines.length > 0 ? sections('shares', [`*${split}*`, ...lines]) : []
}

/** More would make the form long; all of them are counted in what is spent. */
const mostDrawn = 20

/** The expenses that draw on a request, a line each. */
export function drawnBlocks({ drawn, company }: ExpenseView): KnownBlock[] {
  const { common, cards } = wordsOf(company.locale)
  const expenses = drawn?.expenses ?? []
  const lines = expenses
    .slice(0, mostDrawn)
    .map(
      ({ number, amount, status }) =>
        `• ${number}  ${formatMoney(amount, company.locale)}, ${common.statuses[status]}`,
    )
  const left = expenses.length - lines.length
  const more = left > 0 ? [common.andMore(left)] : []
  return lines.length > 0 ? sections('drawn', [`*${cards.expense.spentUnder}*`, ...lines, ...more]) : []
}
