import { toDecimal } from '../../kernel/money.ts'
import type { Remark } from './check-document.ts'
import type { Comparison, Condition } from './condition.ts'
import { describeCondition } from './describe-condition.ts'
import { describeExample } from './describe-example.ts'
import type { PolicyFacts } from './facts.ts'
import type { Range } from './matches.ts'
import type { Policy } from './policy.ts'
import { amountStretches } from './representative-expenses.ts'
import type { Trial } from './trial.ts'

/** What no active policy covers, for each category: whole ranges of amounts, else an example. */
export function findGaps(policies: readonly Policy[], trial: Trial): Remark[] {
  const whens = policies.filter(({ active }) => active).map(({ when }) => when)
  if (whens.length === 0) return [gap('There is no active policy, so finance decides everything.')]
  return trial.vocabulary.categories.flatMap(({ key }) => gapsIn(key, whens, trial))
}

function gapsIn(category: string, whens: Condition[], trial: Trial): Remark[] {
  const relevant = whens.filter((when) => isFor(category, when))
  const stretches = stretchesOf(category, relevant, trial)
  const [lowest] = amountStretches(relevant, trial.vocabulary)
  const always = joined(stretches.filter(({ isAlways }) => isAlways)).map((range) => {
    const amount = comparisonFor(range, range.low === lowest, trial.vocabulary.currency)
    const shown = describeCondition({ category: [category], ...(amount && { amount }) }, trial.setting)
    return gap(`No policy covers ${shown}, so finance decides them.`)
  })
  const example = stretches.find(({ isAlways }) => !isAlways)?.example
  if (!example) return always
  const shown = describeExample(example, relevant, trial.setting)
  return [...always, gap(`For example, no policy covers ${shown}, so finance decides them.`)]
}

const gap = (message: string): Remark => ({ path: ['policies'], severity: 'warning', message })

const isFor = (category: string, { category: choice }: Condition) =>
  choice === undefined || (Array.isArray(choice) ? choice.includes(category) : !choice.not.includes(category))

/** A stretch of amounts with something that no policy covers: always, or only in cases such as the example. */
interface Stretch extends Range {
  isAlways: boolean
  example: PolicyFacts
}

function stretchesOf(category: string, whens: Condition[], trial: Trial): Stretch[] {
  const expenses = trial.expensesFor(whens, { category }) ?? []
  const lows = amountStretches(whens, trial.vocabulary)
  return lows.flatMap((low, index) => {
    const high = (lows[index + 1] ?? Number.POSITIVE_INFINITY) - 1
    const inside = expenses.filter(({ amount }) => amount >= low && amount <= high)
    const uncovered = inside.filter((expense) => !whens.some((when) => trial.fits(when, expense)))
    const [example] = uncovered
    return example ? [{ low, high, isAlways: uncovered.length === inside.length, example }] : []
  })
}

/** Stretches that touch each other as one. */
function joined(stretches: Range[]): Range[] {
  const ranges: Range[] = []
  for (const { low, high } of stretches) {
    const last = ranges.at(-1)
    if (last && last.high + 1 === low) last.high = high
    else ranges.push({ low, high })
  }
  return ranges
}

/** A range of minor units in the words of policies; null for all amounts. */
function comparisonFor({ low, high }: Range, isLowest: boolean, currency: string): Comparison<string> | null {
  const text = (minor: number) => toDecimal({ minor, currency })
  if (low === high) return { between: [text(low), text(low)] }
  const over = isLowest ? {} : { over: text(low - 1) }
  const upTo = Number.isFinite(high) ? { up_to: text(high) } : {}
  return isLowest && !Number.isFinite(high) ? null : { ...over, ...upTo }
}
