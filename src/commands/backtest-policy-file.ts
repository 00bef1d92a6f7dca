import type { Env } from '../../config/env.ts'
import { acrossCompanies } from '../database/index.ts'
import { type BacktestOutcome, type BacktestSummary, backtestPolicies } from '../features/backtest/index.ts'
import { companyIdByName } from '../features/people/index.ts'
import { type CalendarDate, dateIn, parseCalendarDate } from '../kernel/calendar-date.ts'
import { userError } from '../kernel/errors.ts'
import { formatMoney } from '../kernel/money.ts'
import { openForCommand } from '../program.ts'
import { readOrganisation } from './organisation-file.ts'

/**
 * Prints what would be different for the expenses submitted since a day, if the policies of a file were in force. How far
 * it is goes to the standard error.
 * @throws userError `date_invalid`, `company_unknown`, `no_policies`, and those of an organisation file
 */
export async function backtestPolicyFile(env: Env, file: string, options: { since: string }): Promise<void> {
  const since = parseCalendarDate(options.since, 'since')
  const { company, document } = await readOrganisation(file)
  if (!document) throw userError('no_policies', `${file} has no policies, rules or limits to try.`)
  const { database, close } = await openForCommand(env)
  try {
    const companyId = await acrossCompanies(database, (tx) => companyIdByName(tx, company.name))
    if (companyId === null)
      throw userError('company_unknown', `There is no company “${company.name}” here yet.`)
    const who = { companyId, actor: { personId: null, channel: 'cli' as const } }
    const onProgress = (judged: number) => {
      process.stderr.write(`\r${judged.toLocaleString('en-US')} expenses judged`)
    }
    const summary = await backtestPolicies(database, who, { document, since, onProgress })
    process.stderr.write('\n')
    // Days of records count, not those of this machine: its clock may be behind.
    const isEmpty = summary.outcomes.every(({ count }) => count === 0)
    if (isEmpty) refuseFuture(since, dateIn(new Date(), company.time_zone))
    process.stdout.write(`${report(summary, { file, since, locale: company.locale })}\n`)
  } finally {
    await close()
  }
}

/** @throws userError `date_invalid` */
function refuseFuture(since: CalendarDate, today: CalendarDate): void {
  if (since <= today) return
  throw userError('date_invalid', `${since} is in the future. Say a day since which expenses were submitted.`)
}

const words: Record<BacktestOutcome, string> = {
  refused: 'refused',
  not_refused_any_more: 'not refused any more',
  asked_after_all: 'not approved automatically any more',
  approved_without_asking: 'approved automatically',
  asks_more_people: 'more people asked',
  asks_fewer_people: 'fewer people asked',
  asks_others: 'other people asked',
  warns_more: 'a warning more',
  warns_less: 'a warning less',
  same: 'no difference',
}

/** The summary as a table for a terminal. */
function report(summary: BacktestSummary, given: { file: string; since: string; locale: string }): string {
  const number = (value: number) => value.toLocaleString(given.locale)
  const money = (amount: BacktestSummary['outcomes'][number]['amount']) => formatMoney(amount, given.locale)
  const shown = summary.outcomes.filter(({ count }) => count > 0)
  const all = shown.reduce((sum, { count }) => sum + count, 0)
  const same = shown.find(({ outcome }) => outcome === 'same')?.count ?? 0
  const outcomes = shown.map(({ outcome, count, amount, examples }) => [
    words[outcome],
    number(count),
    money(amount),
    `${examples.length < count && examples.length > 0 ? 'e.g. ' : ''}${examples.join(', ')}`,
  ])
  const busier = summary.work.filter(({ before, after }) => before !== after)
  const work = busier.map(({ name, before, after }) => [
    name,
    number(before),
    number(after),
    `${after > before ? '+' : '−'}${number(Math.abs(after - before))}`,
  ])
  const refusals = summary.refusals.map(({ by, count }) => [by, number(count)])
  const against = `${given.file} against the policy in force at ${summary.company}`
  if (all === 0)
    return `${against}: no expense was submitted since ${given.since}, so there is nothing to compare.`
  return [
    `${against}: ${number(all)} expenses since ${given.since}, ${number(all - same)} with a difference.`,
    '',
    table(['', 'expenses', 'amount', ''], outcomes),
    '',
    ...(refusals.length > 0 ? [table(['refused by', 'expenses'], refusals), ''] : []),
    work.length > 0 ? table(['asked to approve', 'now', 'then', ''], work) : 'Nobody gets more or less work.',
  ].join('\n')
}

/** Columns by width: the first to the left, figures to the right, the last one free. */
function table(head: string[], rows: string[][]): string {
  const lines = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  return lines
    .map((line) =>
      line
        .map((cell, column) => {
          if (column === 0) return cell.padEnd(widths[0] ?? 0)
          return column === 3 ? cell : cell.padStart(widths[column] ?? 0)
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
