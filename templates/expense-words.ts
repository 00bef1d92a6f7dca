import type { ExpenseView } from '../src/features/expenses/index.ts'
import { formatDate, formatDay, formatInstant } from '../src/kernel/calendar-date.ts'
import { formatMoney } from '../src/kernel/money.ts'
import { oneLine } from './html.ts'

/** A label with its lines; `check` marks what was read without certainty. */
export interface Fact {
  label: string
  lines: string[]
  check: boolean
}

export const pleaseCheck = 'please check'
export const nothing = '—'

/** What a person or a receipt wrote, short enough to stand inside a sentence. */
export function quote(text: string, length = 150): string {
  return oneLine(text, length)
}

/** What a person wrote over several lines: at most 20 of them, and `length` characters together. */
export function linesOf(text: string, length: number): string[] {
  return text
    .slice(0, length)
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => oneLine(line, length))
    .filter((line) => line !== '')
    .slice(0, 20)
}

/** A subject with plain spaces stays plain ASCII, readable in every log and list. */
export function plainSpaces(text: string): string {
  return text.replace(/\s/g, ' ')
}

/** `EUR 35.10`, or a dash where nothing is known yet. */
export function amountText(view: ExpenseView): string {
  return view.amount ? formatMoney(view.amount, view.company.locale) : nothing
}

/** `EUR 35.10 (USD 38.64)`: with the company's currency beside it where that is another one. */
export function bothAmounts(view: ExpenseView): string {
  const own = amountText(view)
  return view.companyAmount ? `${own} (${formatMoney(view.companyAmount, view.company.locale)})` : own
}

export function merchantText(view: ExpenseView): string {
  return view.merchant ? quote(view.merchant) : nothing
}

export function dateText(view: ExpenseView): string {
  return view.date ? formatDate(view.date, view.company.locale) : nothing
}

export function isUncertain(view: ExpenseView, ...fields: ExpenseView['uncertain']): boolean {
  return fields.some((field) => view.uncertain.includes(field))
}

/** What its people call it in a sentence. */
export function thing({ kind }: Pick<ExpenseView, 'kind'>): 'expense' | 'request' {
  return kind === 'request' ? 'request' : 'expense'
}

const kindNames: Record<ExpenseView['kind'], string | null> = {
  receipt: null,
  mileage: 'Mileage',
  per_diem: 'Per diem',
  request: 'Request to spend',
}

/** `EXP-2026-0042`, with its kind where that is none with a receipt: `EXP-2026-0042, mileage`. */
export function numberAndKind({ number, kind }: ExpenseView): string {
  const name = kindNames[kind]
  return name === null ? number : `${number}, ${name.toLowerCase()}`
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

type Step = ExpenseView['steps'][number]
type Approver = Step['approvers'][number]

/** One approval step in words. */
export interface StepLine {
  status: string
  title: string
  /** Whom it asks and how many of them must agree, or who decided what and when. */
  outcome: string
  /** Who was reminded, and who is asked besides, a sentence each. */
  asked: string[]
  /** Why it asks these people, a sentence each. */
  why: string[]
  comments: string[]
}

/** The steps of the plan or of the request. `own`: the approval of the reader, who is told elsewhere why they are asked. */
export function stepLines(view: ExpenseView, own: string | null = null): StepLine[] {
  return view.steps.slice(0, 10).map((step) => ({
    status: step.status,
    title: `${quote(step.description, 100)}${step.required ? '' : ' (optional)'}`,
    outcome: stepOutcome(step, view),
    asked: askSentences(step, view),
    why: step.status === 'skipped' ? [] : reasonsOf(step, own),
    comments: step.approvers.flatMap(({ decided }) => (decided?.comment ? [decided.comment] : [])),
  }))
}

function stepOutcome(step: Step, view: ExpenseView): string {
  const { timeZone, locale } = view.company
  const people = peopleOf(step)
  const parts = people.flatMap((approver) => {
    const { decided } = approver
    if (!decided) return []
    const when = formatInstant(decided.at, timeZone, locale)
    const by = deciderText(decided)
    return isObjection(step, approver)
      ? [`${by} objected (this holds nothing up), ${when}`]
      : [`${verdictWord(approver.status)} by ${by}, ${when}`]
  })
  const asked = people.filter(({ status }) => status === 'asked')
  if (step.status === 'open' && asked.length > 0) {
    parts.push(`waiting for ${quorum(asked.map(askedNow), stillNeeded(step))}${since(asked, view)}`)
  }
  if (parts.length > 0) return parts.join('; ')
  if (step.status === 'skipped') return 'not needed any more'
  return `${quorum(people, step.needed)}${step.status === 'waiting' ? ', after that' : ''}`
}

/** `Bob Smith`, and `Bob Smith for Alice Chen` where it was not his own to decide. */
export function deciderText(
  { by, onBehalfOf }: { by: string; onBehalfOf: string | null },
  name = (text: string) => quote(text, 60),
): string {
  return onBehalfOf === null ? name(by) : `${name(by)} for ${name(onBehalfOf)}`
}

/** That one person is asked about an approval, since when and why; null when they are not. */
export function askOf(
  { steps }: ExpenseView,
  approvalId: string | null,
  personId: string | null,
): Approver['asks'][number] | null {
  const approver = steps
    .flatMap(({ approvers }) => approvers)
    .find((one) => approvalId !== null && one.approvalId === approvalId)
  return approver?.asks.find((ask) => ask.personId === personId) ?? null
}

/** The approval whose reason its reader is told elsewhere; whoever is asked besides its approver is told another one. */
export function ownReason(approvalId: string, ask: Approver['asks'][number] | null): string | null {
  return ask?.role === 'escalated' ? null : approvalId
}

/** Who answers for an approver now: they themselves, or `Bob Smith (for Alice Chen)`. */
function askedNow({ name, asks }: Approver): { name: string } {
  const delegate = asks.find(({ role, onBehalfOf }) => role === 'delegate' && onBehalfOf === name)
  return { name: delegate ? `${quote(delegate.name, 60)} (for ${quote(name, 60)})` : name }
}

function since(asked: Approver[], { company }: ExpenseView): string {
  const [first] = asked.flatMap(({ askedAt }) => askedAt ?? []).sort((a, b) => a.getTime() - b.getTime())
  return first ? ` since ${formatDay(first, company.timeZone, company.locale)}` : ''
}

function askSentences({ status, approvers }: Step, { company }: ExpenseView): string[] {
  if (status !== 'open') return []
  const day = (at: Date) => formatDay(at, company.timeZone, company.locale)
  return approvers
    .filter((approver) => approver.status === 'asked')
    .flatMap(({ name, asks }) =>
      asks.flatMap((ask) => {
        const who = quote(ask.name, 60)
        const reminded = ask.remindedAt ? [`${who} was reminded on ${day(ask.remindedAt)}.`] : []
        if (ask.role === 'escalated') {
          return [
            `${who}, the next one up, is asked besides ${quote(name, 60)} since ${day(ask.askedAt)}.`,
            ...reminded,
          ]
        }
        if (ask.role === 'delegate' && ask.onBehalfOf !== null && ask.onBehalfOf !== name) {
          return [`${who} is asked for ${quote(ask.onBehalfOf, 60)} since ${day(ask.askedAt)}.`, ...reminded]
        }
        return reminded
      }),
    )
    .slice(0, 6)
}

/** Who is in a step now: not those in whose place somebody else was asked. */
function peopleOf({ approvers }: Step): Approver[] {
  return approvers.filter(({ status }) => status !== 'moved')
}

/** Somebody in an optional step who does not agree: others see it, and it ends nothing. */
export function isObjection({ required }: Step, { status }: Approver): boolean {
  return !required && (status === 'rejected' || status === 'sent_back')
}

function stillNeeded({ needed, approvers }: Step): number {
  return needed - approvers.filter(({ status }) => status === 'approved').length
}

/** `any of A or B`, `all of A and B`, `2 of A, B and C`. */
function quorum(people: { name: string }[], needed: number): string {
  if (people.length < 2) return listed(people, 'and')
  if (needed <= 1) return `any of ${listed(people, 'or')}`
  return `${needed < people.length ? needed : 'all'} of ${listed(people, 'and')}`
}

function reasonsOf(step: Step, own: string | null): string[] {
  const people = peopleOf(step)
  const others = people.filter(({ approvalId }) => own === null || approvalId !== own)
  const reasons = [...Map.groupBy(others, ({ because }) => quote(because, 200))].slice(0, 5)
  const isShared = reasons.length === 1 && others.length === people.length
  return reasons.map(([because, same]) => `Why${isShared ? '' : ` ${listed(same, 'and')}`}: ${because}.`)
}

const verdicts = new Map([
  ['approved', 'approved'],
  ['rejected', 'rejected'],
  ['sent_back', 'sent back'],
])

/** `sent back` for `sent_back`. */
export function verdictWord(status: string): string {
  return verdicts.get(status) ?? 'decided'
}

/** The entry of the history that made an expense what it is: rejected, sent back or approved. */
export function lastDecision({ history, status }: ExpenseView): ExpenseView['history'][number] | undefined {
  return history.findLast(({ what }) => what === verdictWord(status))
}

/** `A, B and C`; of more than five the first five, and how many others. */
function listed(people: { name: string }[], word: 'and' | 'or'): string {
  const names = people.slice(0, 5).map(({ name }) => quote(name, 130))
  const others = people.length - names.length
  if (others > 0) names.push(others === 1 ? 'one other' : `${others} others`)
  return joined(names, word)
}

export function joined(words: string[], word: 'and' | 'or'): string {
  const last = words.at(-1) ?? ''
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} ${word} ${last}` : last
}

/**
 * Whom an expense is waiting for now: `Frank Miller or Eve Davis`, with the next ones up who may answer as well. Those
 * whose answer holds nothing up come last.
 */
export function waitingFor({ steps }: ExpenseView): string {
  const open = steps.filter(({ status }) => status === 'open')
  const step = open.find(({ required }) => required) ?? open[0]
  const asked = step?.approvers.filter(({ status }) => status === 'asked') ?? []
  if (!step || asked.length === 0) return 'approval'
  const needed = stillNeeded(step)
  if (needed <= 1) {
    const nextUp = asked.flatMap(({ asks }) => asks.filter(({ role }) => role === 'escalated'))
    return listed([...asked.map(askedNow), ...nextUp], 'or')
  }
  return `${needed < asked.length ? `${needed} of ` : ''}${listed(asked.map(askedNow), 'and')}`
}

/** The submitter's to take back as long as nobody has decided. */
export function canTakeBack({ status, steps }: ExpenseView): boolean {
  const isDecided = steps.some(({ approvers }) => approvers.some(({ decided }) => decided !== null))
  return status === 'submitted' || (status === 'awaiting_approval' && !isDecided)
}

/** Why nobody is asked; null when somebody is. */
export function automaticSentence({ automatic, status }: ExpenseView): string | null {
  if (automatic === null) return null
  const clause = quote(automatic, 200)
  return status === 'approved' || status === 'settled'
    ? `Approved without asking anybody (${clause}).`
    : `Nobody has to be asked (${clause}).`
}

type Comment = ExpenseView['comments'][number]

/** What somebody asked, answered or remarked. */
export interface Saying {
  id: string
  /** `Frank Miller asked, Nov 20, 2026, 10:00 AM EST` */
  head: string
  text: string
}

/** What was asked and said about an expense, oldest first; of very much the newest. */
export function conversation(view: ExpenseView): Saying[] {
  const { company, comments } = view
  return comments.slice(-50).map((comment) => ({
    id: comment.id,
    head: `${quote(comment.who, 60)} ${spoke(view, comment)}, ${formatInstant(comment.at, company.timeZone, company.locale)}`,
    text: comment.text,
  }))
}

/** What the submitter says after a question answers it. */
export function spoke(
  { comments, submitter }: ExpenseView,
  comment: Comment,
): 'asked' | 'answered' | 'wrote' {
  if (comment.kind === 'question') return 'asked'
  const before = comments.slice(0, comments.indexOf(comment))
  const isAnswer = comment.personId === submitter.id && before.some(({ kind }) => kind === 'question')
  return isAnswer ? 'answered' : 'wrote'
}

const fieldWords: Record<ExpenseView['missing'][number], string> = {
  merchant: 'the merchant',
  amount: 'the amount',
  currency: 'the currency',
  date: 'the date',
  category: 'the category',
  trip: 'the trip',
  stay: 'the days away',
}

/** `the merchant, the date and the category` */
export function fieldList(fields: ExpenseView['missing'], kind: ExpenseView['kind'] = 'receipt'): string {
  const words = { ...fieldWords, ...(kind === 'request' ? { merchant: 'what it is for' } : {}) }
  return joined(
    fields.map((field) => words[field]),
    'and',
  )
}

/** A sentence with how much it matters. */
export interface Remark {
  severity: 'info' | 'warning' | 'blocking'
  text: string
}

/** What policy says with its clause, a sentence each, the gravest first. That nobody is asked stands with the steps. */
export function policyRemarks(view: ExpenseView): Remark[] {
  const weight = { blocking: 0, warning: 1, info: 2 }
  return view.findings
    .filter(({ code }) => code !== 'approved_automatically')
    .map(({ severity, message, clause }) => {
      const cited = clause === null || message.includes(clause) ? message : `${message} (${clause})`
      return { severity, text: quote(cited, 600) }
    })
    .sort((a, b) => weight[a.severity] - weight[b.severity])
    .slice(0, 8)
}

/** What the submitter has to look at before it can go on. */
export function openPoints(view: ExpenseView): Remark[] {
  const points: Remark[] = []
  for (const { fileName, problem } of view.receipts.filter(({ status }) => status === 'unreadable')) {
    points.push({
      severity: 'warning',
      text: `I could not read ${quote(fileName, 80)}. ${quote(problem ?? '', 300)}`.trim(),
    })
  }
  if (view.missing.length > 0) {
    points.push({ severity: 'warning', text: `Please fill in ${fieldList(view.missing, view.kind)}.` })
  }
  const unsure = view.uncertain.filter((field) => !view.missing.includes(field))
  if (unsure.length > 0) {
    points.push({ severity: 'warning', text: `I am not sure that I read ${fieldList(unsure)} right.` })
  }
  return points
}

/** The receipts are still being read, and nothing can be said yet. */
export function isReading(view: ExpenseView): boolean {
  return view.missing.length > 0 && view.receipts.some(({ status }) => status === 'waiting')
}
