import type { CalendarDate } from '../../kernel/calendar-date.ts'
import { parseAmount } from '../../kernel/money.ts'
import {
  type Comparison,
  type Condition,
  type Fact,
  type FactTest,
  factKinds,
  isChoice,
  namedBy,
  testsIn,
} from './condition.ts'
import type { PolicyFacts } from './facts.ts'

export type Predicate = (facts: PolicyFacts) => boolean

const compiled = new WeakMap<Condition, { currency: string; predicate: Predicate }>()

/**
 * Whether a condition holds. What is not known (no level, no reason) fulfils no test, and so it fulfils every `not`.
 * A condition is compiled once and must not be changed afterwards.
 * @throws userError `amount_invalid` for an amount that the currency does not have; `reviewPolicies` finds those before
 */
export function holds(condition: Condition, facts: PolicyFacts, currency: string): boolean {
  let known = compiled.get(condition)
  if (known?.currency !== currency) {
    known = { currency, predicate: compile(condition, currency) }
    compiled.set(condition, known)
  }
  return known.predicate(facts)
}

function compile({ any, all = [], not, ...tests }: Condition, currency: string): Predicate {
  const parts = testsIn(tests).map((test) => compileTest(test, currency))
  parts.push(...all.map((inner) => compile(inner, currency)))
  if (any) {
    const options = any.map((inner) => compile(inner, currency))
    parts.push((facts) => options.some((option) => option(facts)))
  }
  if (not) {
    const opposite = compile(not, currency)
    parts.push((facts) => !opposite(facts))
  }
  return (facts) => parts.every((part) => part(facts))
}

function compileTest({ fact, test }: FactTest, currency: string): Predicate {
  if (isChoice(test)) {
    const named = namedBy(test)
    const patterns = named.map(foldCase)
    const isNamed =
      factKinds[fact] === 'text'
        ? (value: string) => patterns.some((pattern) => fits(foldCase(value), pattern))
        : (value: string) => named.includes(value)
    const wanted = Array.isArray(test)
    // A person in several teams is in a list when any of the teams is.
    return (facts) => [facts[fact]].flat().some((one) => typeof one === 'string' && isNamed(one)) === wanted
  }
  const { low, high } = rangeOf(fact, test, currency)
  return (facts) => {
    const value = facts[fact]
    const number = typeof value === 'string' ? dayNumber(value) : value
    return typeof number === 'number' && number >= low && number <= high
  }
}

/** Whole numbers from `low` to `high`, both included: minor units, counts, or days since 1970. Empty when low > high. */
export interface Range {
  low: number
  high: number
}

/** What a comparison allows. As all values are whole, `over: "500.00"` is the same as from 500.01. */
export function rangeOf(
  fact: Fact,
  { over, from, under, up_to, between }: Comparison<string | number>,
  currency: string,
): Range {
  const at = (value: string | number | undefined, or: number) => {
    if (value === undefined) return or
    if (typeof value === 'number') return value
    return factKinds[fact] === 'date' ? dayNumber(value) : minorUnits(value, currency)
  }
  const none = Number.NEGATIVE_INFINITY
  const endless = Number.POSITIVE_INFINITY
  return {
    low: Math.max(at(over, none) + 1, at(from, none), at(between?.[0], none)),
    high: Math.min(at(under, endless) - 1, at(up_to, endless), at(between?.[1], endless)),
  }
}

/** Days since 1970 of a calendar date. */
export const dayNumber = (date: CalendarDate): number => Date.parse(date) / 86_400_000

/** A condition may say zero, which no expense may. */
const minorUnits = (text: string, currency: string) =>
  /^[0.]+$/.test(text) ? 0 : parseAmount(text, currency).minor

/** So that `Café`, `CAFÉ` and the same with a combining accent are one. */
export const foldCase = (text: string): string => text.normalize('NFC').toLowerCase()

/** Whether a whole text fits a pattern in which `*` stands for anything. Linear, whatever the pattern. */
function fits(text: string, pattern: string): boolean {
  const [start = '', ...rest] = pattern.split('*')
  const end = rest.pop()
  if (end === undefined) return text === start
  if (!text.startsWith(start) || !text.endsWith(end)) return false
  let position = start.length
  for (const piece of rest) {
    const found = text.indexOf(piece, position)
    if (found < 0) return false
    position = found + piece.length
  }
  return position <= text.length - end.length
}
