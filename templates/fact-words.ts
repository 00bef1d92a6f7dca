import type { ExpenseView } from '../src/features/expenses/index.ts'
import { formatDate } from '../src/kernel/calendar-date.ts'
import { formatMoney } from '../src/kernel/money.ts'
import {
  amountText,
  dateText,
  isUncertain,
  joined,
  linesOf,
  merchantText,
  nothing,
  quote,
} from './expense-words.ts'

/** A label with its lines; `check` marks what was read without certainty. */
export interface Fact {
  label: string
  lines: string[]
  check: boolean
}

/** Merchant and amount, for where they do not stand large above the other facts. */
export function leadingFacts(view: ExpenseView): Fact[] {
  return [
    { label: merchantLabels[view.kind], lines: [merchantText(view)], check: isUncertain(view, 'merchant') },
    { label: 'Amount', lines: [amountText(view)], check: isUncertain(view, 'amount', 'currency') },
  ]
}

const merchantLabels: Record<ExpenseView['kind'], string> = {
  receipt: 'Merchant',
  mileage: 'Trip',
  per_diem: 'Rate',
  request: 'What for',
}

/** Everything but merchant and amount. `reader` decides how the one who paid is named. */
export function furtherFacts(view: ExpenseView, reader: 'submitter' | 'approver'): Fact[] {
  const facts: Fact[] = []
  if (view.companyAmount) facts.push(fact(`In ${view.companyAmount.currency}`, ...companyAmountLines(view)))
  if (view.calculation) facts.push(fact('Worked out', ...calculationLines(view)))
  facts.push(...bookingFacts(view), ...dayFacts(view))
  if (view.request) facts.push(fact('Request', ...requestLines(view.request, view)))
  // Of what is not approved yet nothing is left.
  if (view.drawn && (view.status === 'approved' || view.drawn.expenses.length > 0))
    facts.push(fact('Used so far', ...drawnLines(view.drawn, view)))
  if (view.reason) facts.push(fact('Reason', quote(view.reason.name)))
  if (view.attendees.length > 0) facts.push(fact('Attendees', attendeesText(view.attendees)))
  if (reader === 'approver') {
    const team = view.submitter.team ? `, ${quote(view.submitter.team, 60)}` : ''
    facts.push(fact('Submitted by', `${quote(view.submitter.name, 60)}${team}`))
  }
  if (view.kind !== 'request') facts.push(fact('Paid by', payment(view, reader)))
  if (view.note) facts.push(fact('Note', ...linesOf(view.note, 2000)))
  return facts
}

function fact(label: string, ...lines: string[]): Fact {
  return { label, lines, check: false }
}

/** Category and cost centre; of a split expense each part, its amount first. */
function bookingFacts(view: ExpenseView): Fact[] {
  if (view.shares.length > 0) return [fact('Split', ...shareLines(view))]
  const category = view.category ? quote(view.category.name) : nothing
  const facts: Fact[] = [{ label: 'Category', lines: [category], check: isUncertain(view, 'category') }]
  if (view.costCentre) facts.push(fact('Cost centre', costCentreText(view.costCentre)))
  return facts
}

/** `USD 20.00: Meals, 4711 Sales`, a line for each part. */
function shareLines({ shares, company }: ExpenseView): string[] {
  return shares.map(({ category, costCentre, amount, companyAmount }) => {
    const centre = costCentre ? `, ${costCentreText(costCentre)}` : ''
    const converted = companyAmount ? ` (${formatMoney(companyAmount, company.locale)})` : ''
    return `${formatMoney(amount, company.locale)}${converted}: ${quote(category.name, 60)}${centre}`
  })
}

/** `4711 Sales` */
export function costCentreText({ code, name }: { code: string; name: string }): string {
  return quote(name === code ? code : `${code} ${name}`, 100)
}

function dayFacts(view: ExpenseView): Fact[] {
  const { calculation, company, kind } = view
  if (calculation?.kind === 'per_diem') {
    const { firstDay, lastDay } = calculation
    const [first, last] = [formatDate(firstDay, company.locale), formatDate(lastDay, company.locale)]
    return [fact('Away', firstDay === lastDay ? first : `${first} to ${last}`)]
  }
  const label = kind === 'request' ? 'Planned for' : 'Date'
  return [{ label, lines: [dateText(view)], check: isUncertain(view, 'date') }]
}

/** How the amount comes about, a line for each of its parts; none for what was paid as it stands on a receipt. */
export function calculationLines({ calculation, company }: ExpenseView): string[] {
  const money = (minor: number) => formatMoney({ minor, currency: company.currency }, company.locale)
  if (!calculation) return []
  if (calculation.kind === 'mileage') {
    const { distance, unit, rate, rateName } = calculation
    return [
      `${distance} ${unit} at ${company.currency} ${rate} a ${unit === 'km' ? 'kilometre' : 'mile'}`,
      quote(rateName, 100),
    ]
  }
  const days = [...Map.groupBy(calculation.days, ({ kind, minor }) => `${kind} ${minor}`).values()]
  const lines = days.flatMap((same) => {
    const [first] = same
    if (!first) return []
    const name = first.kind === 'full' ? 'full day' : 'travel day'
    return [`${counted(same.length, name)} at ${money(first.minor)}`]
  })
  const meals = mealsText(calculation.provided)
  return meals === '' ? lines : [...lines, `${money(calculation.mealsMinor)} off for ${meals} provided`]
}

/** `2 breakfasts and 1 dinner`; empty for none. */
export function mealsText({
  breakfast,
  lunch,
  dinner,
}: {
  breakfast: number
  lunch: number
  dinner: number
}): string {
  const meals: [number, string][] = [
    [breakfast, 'breakfast'],
    [lunch, 'lunch'],
    [dinner, 'dinner'],
  ]
  const given = meals.filter(([count]) => count > 0)
  return joined(
    given.map(([count, name]) => counted(count, name, name === 'lunch' ? 'lunches' : undefined)),
    'and',
  )
}

/** `1 lunch`, `2 lunches` */
function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

type Drawn = NonNullable<ExpenseView['request']>

/** The request to spend that an expense draws on. */
function requestLines({ number, merchant, approved, left }: Drawn, { company }: ExpenseView): string[] {
  return [
    `${number}, ${quote(merchant, 100)}`,
    `${formatMoney(approved, company.locale)} approved, ${formatMoney(left, company.locale)} left for this`,
  ]
}

/** What has become of a request to spend: the newest ten expenses that draw on it. */
function drawnLines(drawn: NonNullable<ExpenseView['drawn']>, { company }: ExpenseView): string[] {
  const { used, left, expenses } = drawn
  const money = (amount: typeof used) => formatMoney(amount, company.locale)
  const more = expenses.length - 10
  return [
    `${money(used)}, ${money(left)} left`,
    ...expenses
      .slice(-10)
      .map(({ number, amount, status }) => `${number}: ${money(amount)}, ${status.replaceAll('_', ' ')}`),
    ...(more > 0 ? [`and ${more} more`] : []),
  ]
}

/** Names by comma: the first twenty, and how many more there are. */
export function attendeesText(attendees: string[]): string {
  const names = attendees.slice(0, 20).map((name) => quote(name, 60))
  const more = attendees.length - names.length
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function companyAmountLines({ companyAmount, rate, company }: ExpenseView): string[] {
  if (!companyAmount) return []
  const amount = formatMoney(companyAmount, company.locale)
  return rate ? [amount, `Rate ${rate.value} of ${formatDate(rate.date, company.locale)}`] : [amount]
}

function payment(view: ExpenseView, reader: 'submitter' | 'approver'): string {
  if (view.paidBy === 'company') return `${quote(view.company.name)}, nothing to reimburse`
  return reader === 'submitter'
    ? 'You, to be reimbursed'
    : `${quote(view.submitter.name, 60)}, to be reimbursed`
}
