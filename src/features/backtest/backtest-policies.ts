import { type Actor, type Database, inCompany, type Tx } from '../../database/index.ts'
import { type CalendarDate, dateIn, startOfDay } from '../../kernel/calendar-date.ts'
import { isRefused, type Judgement, judgeInEach } from '../approvals/index.ts'
import { byCategory, countedUnder, countsAsSpent } from '../expenses/index.ts'
import {
  type Company,
  type Directory,
  getCompany,
  homeTeamName,
  listAllCategories,
  listAllReasons,
  loadDirectory,
  type Member,
} from '../people/index.ts'
import {
  type Cover,
  currentPolicies,
  type LimitPeriod,
  limitsFor,
  type PolicyDocument,
  type PolicyFacts,
  policyDocumentSchema,
  policyFacts,
} from '../policy/index.ts'
import { type BacktestSummary, BacktestTally } from './backtest-tally.ts'
import { type RecordedExpense, readRecorded } from './recorded-expenses.ts'
import { SpendingLedger } from './spending-ledger.ts'

export interface BacktestOptions {
  /** The policy that is tried. */
  document: PolicyDocument
  /** Expenses submitted on this day (in the company's time zone) or later are judged. */
  since: CalendarDate
  onProgress?: (judged: number) => void
}

const pageSize = 500

/**
 * Judges the recorded expenses twice, by the policy in force and by `document`, and says what differs. Nothing is changed.
 * Facts are those on record; people, levels and assignments are today's, for both. Whether a receipt said another amount,
 * what was a duplicate, and whether a request that was approved before paid for it, is taken from the findings of then; by
 * which rules that request was judged, from each policy. Spending adds up from January of the year before on, under each
 * policy for itself: what one refuses does not count towards its limits.
 */
export async function backtestPolicies(
  database: Database,
  who: { companyId: string; actor: Actor },
  { document, since, onProgress }: BacktestOptions,
): Promise<BacktestSummary> {
  const world = await inCompany(database, who, loadWorld)
  const { timeZone } = world.company
  const start = startOfDay(since, timeZone)
  const before = new Side(world, world.inForce)
  const after = new Side(world, document)
  const tally = new BacktestTally(world.directory, document)
  let judged = 0
  let last: { submittedAt: Date; id: string | null } = {
    submittedAt: startOfDay(`${Number(since.slice(0, 4)) - 1}-01-01`, timeZone),
    id: null,
  }
  for (;;) {
    const page = await inCompany(database, who, (tx) => readRecorded(tx, last, pageSize))
    for (const expense of page) {
      const judgements = [before.judge(expense), after.judge(expense)] as const
      if (expense.submittedAt < start || !judgements[0] || !judgements[1]) continue
      tally.add(expense, judgements[0], judgements[1])
      judged += 1
    }
    onProgress?.(judged)
    const end = page.at(-1)
    if (!end || page.length < pageSize) return tally.summarize(world.company)
    last = end
  }
}

/** What the company is, for the whole run. */
interface World {
  company: Company
  directory: Directory
  members: ReadonlyMap<string, Member>
  /** By id. */
  categories: ReadonlyMap<string, { key: string; name: string }>
  reasonKeys: ReadonlyMap<string, string>
  inForce: PolicyDocument
}

async function loadWorld(tx: Tx): Promise<World> {
  const directory = await loadDirectory(tx)
  const inForce = await currentPolicies(tx)
  return {
    company: await getCompany(tx),
    directory,
    members: new Map(directory.people.map((member) => [member.id, member])),
    categories: new Map((await listAllCategories(tx)).map(({ id, key, name }) => [id, { key, name }])),
    reasonKeys: new Map((await listAllReasons(tx)).map(({ id, key }) => [id, key])),
    inForce: inForce?.document ?? policyDocumentSchema.parse({}),
  }
}

/** One of the two policies, with the spending as it adds up under it. */
class Side {
  readonly #world: World
  readonly #document: PolicyDocument
  readonly #ledger = new SpendingLedger()
  /** What was found about each request to spend; null: nobody was asked about it. */
  readonly #requests = new Map<string, string[] | null>()

  constructor(world: World, document: PolicyDocument) {
    this.#world = world
    this.#document = document
  }

  /** null for an expense of somebody, or of a category, that is no longer known. */
  judge(expense: RecordedExpense): Judgement | null {
    const { company, directory, members, categories } = this.#world
    const submitter = members.get(expense.submitterId)
    const amounts = amountsOf(expense)
    const own = [...amounts.keys()].flatMap((id) => ({ id, key: categories.get(id)?.key ?? '' }))
    if (!submitter || own.some(({ id }) => !categories.has(id))) return null
    const { date, companyMinor: minor } = expense
    const limited = this.#limited(expense, submitter, own).map((period) => ({
      period,
      minor: countedUnder(period, own, amounts),
    }))
    const judgement = judgeInEach(
      own.map(({ id: categoryId, key }) => ({
        document: this.#document,
        facts: this.#facts(expense, submitter, key),
        setting: {
          currency: company.currency,
          locale: company.locale,
          categoryNames: new Map([...categories.values()].map(({ key, name }) => [key, name])),
        },
        spent: new Map(
          limited.map(({ period }) => [period.limit.key, this.#ledger.underLimit(period, submitter)]),
        ),
        counted: new Map(limited.map(({ period, minor }) => [period.limit.key, minor])),
        submitter,
        directory,
        categoryId,
        isDoubtful: false,
        covered: this.#coverOf(expense),
      })),
    )
    if (expense.kind === 'request') {
      const { automatic, findings } = judgement.verdict
      this.#requests.set(expense.id, automatic === null ? findings.map(({ code }) => code) : null)
    } else if (countsAsSpent(expense.status) && !isRefused(judgement)) {
      this.#ledger.add({ submitter, date, minor, limited })
    }
    return judgement
  }

  /** The request that paid for it, as this policy would have judged that; one that is not looked at stands as it does. */
  #coverOf({ requestId, covered }: RecordedExpense): Cover | null {
    const found = requestId === null ? undefined : this.#requests.get(requestId)
    return found === undefined ? covered : covered && found && { ...covered, found }
  }

  /** The limits that it counts towards in any of its categories, each once. */
  #limited({ date }: RecordedExpense, submitter: Member, own: { key: string }[]): LimitPeriod[] {
    const homeTeam = homeTeamName(this.#world.directory, submitter)
    const periods = own.flatMap(({ key: category }) =>
      limitsFor(this.#document, { category, homeTeam, date }),
    )
    return [...new Map(periods.map((period) => [period.limit.key, period])).values()]
  }

  #facts(expense: RecordedExpense, submitter: Member, category: string): PolicyFacts {
    const { company, directory, reasonKeys } = this.#world
    return policyFacts({
      kind: expense.kind,
      submitter,
      teamNames: directory.teamNames,
      merchant: expense.merchant,
      note: expense.note,
      attendees: expense.attendees,
      paidBy: expense.paidBy,
      category,
      reason: (expense.reasonId && reasonKeys.get(expense.reasonId)) || null,
      date: expense.date,
      judgedOn: dateIn(expense.submittedAt, company.timeZone),
      currency: expense.currency,
      companyMinor: expense.companyMinor,
      receipts: expense.receipts,
      receiptAmount: receiptAmount(expense),
      duplicate: duplicateThen(expense),
      spent: this.#ledger.byPerson(submitter.id, expense.date),
    })
  }
}

/** What of it is for which category, that of the biggest part first. */
function amountsOf({ categoryId, companyMinor, shares }: RecordedExpense): Map<string, number> {
  return new Map([[categoryId, 0], ...byCategory({ categoryId }, shares, companyMinor)])
}

function duplicateThen({ found }: RecordedExpense): PolicyFacts['duplicate'] {
  if (found.includes('duplicate_file')) return 'same_file'
  return found.includes('duplicate_fields') ? 'same_fields' : 'none'
}

function receiptAmount({ receipts, found }: RecordedExpense): PolicyFacts['receipt_amount'] {
  if (found.includes('amount_differs')) return 'differs'
  const isUnread = found.includes('receipt_not_read') || found.includes('amount_unread')
  return receipts > 0 && !isUnread ? 'same' : 'unknown'
}
