import { addDays, type CalendarDate, weekdayOf } from '../../kernel/calendar-date.ts'
import { exponentOf } from '../../kernel/money.ts'
import { type Condition, type Fact, factKinds, factNames, isChoice, namedBy, testsIn } from './condition.ts'
import { Effort } from './effort.ts'
import type { PolicyFacts, Vocabulary } from './facts.ts'
import { dayNumber, rangeOf } from './matches.ts'
import { representativeTexts } from './representative-texts.ts'

const mostExpenses = 100_000

/**
 * Expenses that stand for all others: whichever of the conditions some expense fits, there is one here that fits the same
 * ones. Each test cuts the values of its fact into stretches on which it says the same: of each stretch of numbers or days
 * the lowest is taken, of choices each named value and one more, of texts one for each way to fit, of teams and roles each
 * combination. What hangs together stays together: the weekday follows from the date, the amount per person from amount
 * and attendees, and spending is never below the amount.
 * @returns null when there are too many combinations, or when the effort is spent
 */
export function representativeExpenses(
  conditions: readonly Condition[],
  vocabulary: Vocabulary,
  { fixed = {}, effort = new Effort() }: { fixed?: Partial<PolicyFacts>; effort?: Effort } = {},
): PolicyFacts[] | null {
  const asked = new Asked(conditions, vocabulary.currency)
  let expenses: PolicyFacts[] = [{ ...ordinaryExpense(vocabulary, asked), ...fixed }]
  for (const fact of factNames) {
    if (fact in fixed || !asked.about(...(asksFor[fact] ?? [fact]))) continue
    const values = valuesOf(fact, asked, { vocabulary, effort })
    const product = expenses.length * (values?.length ?? 0)
    if (values === null || product > mostExpenses || !effort.spend(2 * product)) return null
    expenses = expenses.flatMap((expense) => values.map((value) => ({ ...expense, [fact]: value })))
  }
  const dates = new Set(expenses.map(({ date }) => date))
  const weekdays = new Map([...dates].map((date) => [date, weekdayOf(date)]))
  return expenses
    .map((expense) => ({ ...expense, weekday: weekdays.get(expense.date) ?? expense.weekday }))
    .map((expense) => complete(expense, asked))
    .filter(isPossible)
}

/** Where the stretches of amounts begin on which the comparisons of `amount` say the same; minor units. */
export function amountStretches(conditions: readonly Condition[], { currency }: Vocabulary): number[] {
  const asked = new Asked(conditions, currency)
  return asked.lows('amount', asked.leastAmount)
}

/** Facts that are also tried when another one is asked about, and those that only follow. */
const asksFor: Partial<Record<Fact, Fact[]>> = {
  amount: ['amount', 'amount_per_person'],
  attendees: ['attendees', 'amount_per_person'],
  date: ['date', 'weekday'],
  amount_per_person: [],
  weekday: [],
}

/** What conditions ask of each fact. */
class Asked {
  readonly #tests: ReturnType<typeof testsIn>
  readonly #currency: string
  /** A whole unit of the currency, if that makes no difference to the smallest amount; it reads better. */
  readonly leastAmount: number

  constructor(conditions: readonly Condition[], currency: string) {
    this.#tests = conditions.flatMap((condition) => testsIn(condition))
    this.#currency = currency
    const unit = 10 ** exponentOf(currency)
    const amounts = factNames
      .filter((fact) => factKinds[fact] === 'money')
      .flatMap((fact) => this.#ends(fact))
    this.leastAmount = amounts.every((end) => end > unit) ? unit : 1
  }

  about(...facts: Fact[]): boolean {
    return this.#tests.some(({ fact }) => facts.includes(fact))
  }

  /** The lists of values in each choice. */
  lists(fact: Fact): string[][] {
    return this.#tests.flatMap((asked) =>
      asked.fact === fact && isChoice(asked.test) ? [namedBy(asked.test)] : [],
    )
  }

  named(fact: Fact): string[] {
    return [...new Set(this.lists(fact).flat())]
  }

  /** The named ones of all, and one more. */
  choices(fact: Fact, all: readonly string[]): string[] {
    const named = this.named(fact)
    return [...named, ...all.filter((one) => !named.includes(one)).slice(0, 1)]
  }

  /** The lowest number of each stretch on which all comparisons of a fact say the same. */
  lows(fact: Fact, least: number): number[] {
    return [...new Set([least, ...this.#ends(fact).filter((end) => end > least)])].sort((a, b) => a - b)
  }

  /** Where stretches begin. */
  #ends(fact: Fact): number[] {
    return this.#tests
      .flatMap((asked) => {
        if (asked.fact !== fact || isChoice(asked.test)) return []
        const { low, high } = rangeOf(fact, asked.test, this.#currency)
        return [low, high + 1]
      })
      .filter(Number.isFinite)
  }
}

/** The values to try of one fact; null when there are too many. */
function valuesOf(
  fact: Fact,
  asked: Asked,
  { vocabulary, effort }: { vocabulary: Vocabulary; effort: Effort },
): PolicyFacts[Fact][] | null {
  const { currency, categories, levels, people } = vocabulary
  switch (fact) {
    case 'category':
      return asked.choices(
        fact,
        categories.map(({ key }) => key),
      )
    case 'attendees':
      return headcounts(asked)
    case 'amount':
      return amountsFor(asked)
    case 'merchant':
      return representativeTexts(asked.lists(fact), effort)
    case 'note': {
      const texts = representativeTexts(asked.lists(fact), effort)
      return texts && ['', ...texts]
    }
    case 'currency':
      return asked.choices(fact, [currency, ...Intl.supportedValuesOf('currency')])
    case 'reason':
      return [null, ...asked.named(fact)]
    case 'paid_by':
      return ['person', 'company']
    case 'date':
      return datesFor(asked)
    case 'submitter':
      return asked.choices(fact, people)
    case 'team':
      return combinations(asked.named(fact))
    case 'level':
      return [null, ...new Set(levels)]
    case 'role': {
      const others = combinations(asked.named(fact).filter((role) => role !== 'employee'))
      return others?.map((roles) => ['employee', ...roles]) ?? null
    }
    case 'receipt':
      return ['present', 'missing', 'not_needed']
    case 'kind':
      return ['receipt', 'mileage', 'per_diem', 'request']
    case 'receipt_amount':
      return ['same', 'differs', 'unknown']
    case 'duplicate':
      return ['none', 'same_file', 'same_fields']
    case 'age_days':
      return asked.lows(fact, 0)
    case 'spent_in_day':
    case 'spent_in_month':
    case 'spent_in_year':
      return asked.lows(fact, asked.leastAmount)
    case 'amount_per_person':
    case 'weekday':
      return [] // these follow
  }
}

/**
 * How many attendees to try: besides the stretches of their own, for each amount and each amount per person how many
 * people it takes at least to share the one down to the other.
 */
function headcounts(asked: Asked): number[] {
  const own = asked.lows('attendees', 0)
  const shares = asked.lows('amount_per_person', 1).map((low) => low - 1)
  const sharing = asked
    .lows('amount', asked.leastAmount)
    .flatMap((amount) => shares.filter((share) => share > 0).map((share) => Math.ceil(amount / share) - 1))
  return [...new Set([...own, ...sharing])].sort((a, b) => a - b)
}

/** The amounts to try: those of the amount's own stretches, and where the amount per person changes for so many people. */
function amountsFor(asked: Asked): number[] {
  const shared = asked
    .lows('amount_per_person', 1)
    .flatMap((low) => headcounts(asked).map((attendees) => (low - 1) * (attendees + 1) + 1))
  const amounts = [...asked.lows('amount', asked.leastAmount), ...shared]
  return [...new Set(amounts.filter((amount) => amount >= asked.leastAmount))].sort((a, b) => a - b)
}

/** The first day of each stretch, and the six after it where the day of the week matters. */
function datesFor(asked: Asked): CalendarDate[] {
  const ends = asked.lows('date', Number.NEGATIVE_INFINITY).filter(Number.isFinite)
  const starts = ends[0] === undefined ? [dayNumber(someMonday)] : [ends[0] - 7, ...ends]
  const week = asked.about('weekday') ? [0, 1, 2, 3, 4, 5, 6] : [0]
  const days = new Set(starts.flatMap((start) => week.map((later) => start + later)))
  return [...days].map((day) => addDays('1970-01-01', day))
}

/** Every subset; null for more than 65,536. */
function combinations(values: string[]): string[][] | null {
  if (values.length > 16) return null
  const sets: string[][] = [[]]
  for (const value of values) sets.push(...sets.map((set) => [...set, value]))
  return sets
}

const someMonday: CalendarDate = '2026-01-05'

/** Has nothing that a policy could ask for, and is as small as it can be. */
function ordinaryExpense({ currency, categories, people }: Vocabulary, { leastAmount }: Asked): PolicyFacts {
  return {
    amount: leastAmount,
    amount_per_person: leastAmount,
    category: categories[0]?.key ?? '',
    merchant: 'Corner Shop',
    currency,
    reason: null,
    note: '',
    attendees: 0,
    paid_by: 'person',
    date: someMonday,
    weekday: 'monday',
    age_days: 0,
    submitter: people[0] ?? '',
    team: [],
    level: null,
    role: ['employee'],
    receipt: 'missing',
    kind: 'receipt',
    receipt_amount: 'unknown',
    duplicate: 'none',
    spent_in_day: 0,
    spent_in_month: 0,
    spent_in_year: 0,
  }
}

/** What follows from amount, attendees, receipt and kind as they were chosen. */
function complete(expense: PolicyFacts, asked: Asked): PolicyFacts {
  const { amount, attendees } = expense
  const spent_in_day = Math.max(expense.spent_in_day, amount)
  const spent_in_month = Math.max(expense.spent_in_month, spent_in_day)
  return {
    ...expense,
    amount_per_person: Math.ceil(amount / (attendees + 1)),
    ...receiptAndKind(expense, asked),
    spent_in_day,
    spent_in_month,
    spent_in_year: Math.max(expense.spent_in_year, spent_in_month),
  }
}

/** Only what was spent needs a receipt: of the two, the one that is not asked about follows. */
function receiptAndKind(expense: PolicyFacts, asked: Asked): Pick<PolicyFacts, 'receipt' | 'kind'> {
  const { receipt, kind } = expense
  if (asked.about('receipt')) {
    if (asked.about('kind')) return { receipt, kind }
    return { receipt, kind: receipt === 'not_needed' ? 'mileage' : 'receipt' }
  }
  if (kind !== 'receipt') return { receipt: 'not_needed', kind }
  return { receipt: needsReceipt(expense) ? 'present' : receipt, kind }
}

const needsReceipt = ({ receipt_amount, duplicate }: PolicyFacts) =>
  receipt_amount !== 'unknown' || duplicate === 'same_file'

function isPossible(expense: PolicyFacts): boolean {
  if ((expense.receipt === 'not_needed') !== (expense.kind !== 'receipt')) return false
  // What is no receipt may have one all the same, but nothing is compared with it.
  if (expense.receipt === 'not_needed') return expense.receipt_amount === 'unknown'
  return expense.receipt === 'present' || !needsReceipt(expense)
}
