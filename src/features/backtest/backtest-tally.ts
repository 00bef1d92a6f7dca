import type { Money } from '../../kernel/money.ts'
import { isRefused, type Judgement } from '../approvals/index.ts'
import type { Company, Directory } from '../people/index.ts'
import { citation, type PolicyDocument } from '../policy/index.ts'
import type { RecordedExpense } from './recorded-expenses.ts'

/** What can become of an expense under another policy, the gravest first: each expense counts once. */
export const backtestOutcomes = [
  'refused',
  'not_refused_any_more',
  'asked_after_all',
  'approved_without_asking',
  'asks_more_people',
  'asks_fewer_people',
  'asks_others',
  'warns_more',
  'warns_less',
  'same',
] as const
export type BacktestOutcome = (typeof backtestOutcomes)[number]

export interface BacktestSummary {
  company: string
  outcomes: { outcome: BacktestOutcome; count: number; amount: Money; examples: string[] }[]
  /** What refuses the expenses that are refused only by the other policy; one can be refused by several. */
  refusals: { by: string; count: number }[]
  /** How often each approver is asked under the policy in force and under the other one; the largest rise first. */
  work: { name: string; before: number; after: number }[]
}

interface Count {
  count: number
  minor: number
  examples: string[]
}

/** Counts what differs between two judgements of each expense. */
export class BacktestTally {
  readonly #directory: Directory
  readonly #counts = new Map<BacktestOutcome, Count>()
  readonly #work = new Map<string, { before: number; after: number }>()
  /** By code of the finding. */
  readonly #refusals = new Map<string, number>()
  readonly #names: ReadonlyMap<string, string>

  /** @param document the policy that is tried */
  constructor(directory: Directory, { rules, limits }: PolicyDocument) {
    this.#directory = directory
    this.#names = new Map([
      ...rules.map((rule) => [`rule:${rule.key}`, citation(rule)] as const),
      ...limits.map((limit) => [`limit:${limit.key}`, citation(limit)] as const),
    ])
  }

  add(expense: RecordedExpense, before: Judgement, after: Judgement): void {
    const outcome = compare(before, after)
    const count = this.#counts.get(outcome) ?? { count: 0, minor: 0, examples: [] }
    count.count += 1
    count.minor += expense.companyMinor
    if (outcome !== 'same' && count.examples.length < 3) count.examples.push(expense.number)
    this.#counts.set(outcome, count)
    if (outcome === 'refused') {
      for (const code of refusedBy(after)) this.#refusals.set(code, (this.#refusals.get(code) ?? 0) + 1)
    }
    for (const personId of askedBy(before)) this.#workOf(personId).before += 1
    for (const personId of askedBy(after)) this.#workOf(personId).after += 1
  }

  summarize(company: Company): BacktestSummary {
    const { currency } = company
    const names = new Map(this.#directory.people.map(({ id, name }) => [id, name]))
    return {
      company: company.name,
      outcomes: backtestOutcomes.map((outcome) => {
        const { count, minor, examples } = this.#counts.get(outcome) ?? { count: 0, minor: 0, examples: [] }
        return { outcome, count, amount: { minor, currency }, examples }
      }),
      refusals: [...this.#refusals]
        .map(([code, count]) => ({ by: this.#names.get(code) ?? 'nobody may decide it', count }))
        .sort((a, b) => b.count - a.count || a.by.localeCompare(b.by)),
      work: [...this.#work]
        .map(([id, work]) => ({ name: names.get(id) ?? 'somebody', ...work }))
        .sort((a, b) => b.after - b.before - (a.after - a.before) || a.name.localeCompare(b.name)),
    }
  }

  #workOf(personId: string): { before: number; after: number } {
    const work = this.#work.get(personId) ?? { before: 0, after: 0 }
    this.#work.set(personId, work)
    return work
  }
}

/** Everybody who is asked, once for each step; nobody for what is refused. */
function askedBy(judgement: Judgement): string[] {
  if (isRefused(judgement) || 'nobody' in judgement.plan) return []
  return judgement.plan.steps.flatMap(({ approvers }) => approvers.map(({ personId }) => personId))
}

/** Codes of what refuses it; where nothing does, nobody may decide it. */
function refusedBy({ verdict }: Judgement): Set<string> {
  const blocking = verdict.findings.filter(({ severity }) => severity === 'blocking')
  return new Set(blocking.length > 0 ? blocking.map(({ code }) => code) : ['nobody'])
}

function compare(before: Judgement, after: Judgement): BacktestOutcome {
  const wasRefused = isRefused(before)
  if (isRefused(after)) return wasRefused ? 'same' : 'refused'
  if (wasRefused) return 'not_refused_any_more'
  if (before.verdict.automatic !== null && after.verdict.automatic === null) return 'asked_after_all'
  if (before.verdict.automatic === null && after.verdict.automatic !== null) return 'approved_without_asking'
  const [asked, asks] = [askedBy(before), askedBy(after)]
  if (asks.length !== asked.length)
    return asks.length > asked.length ? 'asks_more_people' : 'asks_fewer_people'
  if (asked.join() !== asks.join()) return 'asks_others'
  const [warned, warns] = [warningsOf(before), warningsOf(after)]
  if (warns.some((code) => !warned.includes(code))) return 'warns_more'
  return warned.some((code) => !warns.includes(code)) ? 'warns_less' : 'same'
}

const warningsOf = ({ verdict }: Judgement) =>
  verdict.findings.filter(({ severity }) => severity === 'warning').map(({ code }) => code)
