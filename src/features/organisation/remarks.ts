import { didYouMean } from '../../kernel/did-you-mean.ts'
import { AppError } from '../../kernel/errors.ts'
import { parseAmount } from '../../kernel/money.ts'
import type { Remark } from './yaml-text.ts'

export type CheckedRemark = Remark & { severity: 'error' | 'warning' }

export function error(path: PropertyKey[], message: string): CheckedRemark {
  return { path, message, severity: 'error' }
}

export function warning(path: PropertyKey[], message: string): CheckedRemark {
  return { path, message, severity: 'warning' }
}

/** An entry that stands in a section for the second time, by what it is known by. */
export function repeated(section: string, keys: string[]): CheckedRemark[] {
  const seen = new Set<string>()
  return keys.flatMap((key, index) => {
    if (seen.has(key)) return [error([section, index], `“${key}” stands here a second time`)]
    seen.add(key)
    return []
  })
}

/** Refuses a name that is not one of the known ones. */
export function lookUp(kind: string, known: Iterable<string>) {
  const names = new Set(known)
  // To compare every wrong name with every right one of a large company takes minutes.
  const suggested = names.size > 500 ? [] : names
  return (path: PropertyKey[], name: string | undefined): CheckedRemark[] =>
    name === undefined || names.has(name)
      ? []
      : [error(path, `names the ${kind} “${name}”, which is not in this file.${didYouMean(name, suggested)}`)]
}

/** Refuses what is no amount of the company's currency; above zero unless it `mayBeZero`. */
export function amountIn(currency: string, { mayBeZero = false } = {}) {
  return (path: PropertyKey[], text: string | undefined): CheckedRemark[] => {
    if (text === undefined || (mayBeZero && Number(text) === 0)) return []
    try {
      parseAmount(text, currency)
      return []
    } catch (problem) {
      if (!(problem instanceof AppError)) throw problem
      return [error(path, problem.message)]
    }
  }
}
