import type { OwnReport } from '../../src/features/expenses/index.ts'
import type { Reader } from '../../src/features/people/index.ts'
import { formatMonth } from '../../src/kernel/calendar-date.ts'
import { formatMoney } from '../../src/kernel/money.ts'
import { message, quote, type SlackMessage, section, sections } from './text.ts'
import { wordsOf } from './words/index.ts'

/** What somebody submitted in a month: how much, what for, and what became of it. */
export function reportMessage(
  { month, spent, byStatus, byCategory }: OwnReport,
  reader: Reader,
): SlackMessage {
  const { locale } = reader
  const { talk, common } = wordsOf(locale)
  const name = formatMonth(`${month}-01`, locale)
  if (byStatus.length === 0) return message(talk.reportNone(name), [section('none', talk.reportNone(name))])
  const total = talk.reportTotal(formatMoney(spent.total, locale), spent.count)
  const line = (what: string, { total: sum, count }: OwnReport['spent']) =>
    `• ${formatMoney(sum, locale)}  ${what}${count > 1 ? ` (${count})` : ''}`
  const categories = byCategory.map((sum) => line(quote(sum.name, 60), sum))
  const statuses = byStatus.map((sum) => line(common.statuses[sum.status], sum))
  const parts = [
    { id: 'total', lines: [total] },
    { id: 'categories', lines: categories.length > 0 ? [`*${talk.reportCategories}*`, ...categories] : [] },
    { id: 'statuses', lines: [`*${talk.reportStatuses}*`, ...statuses] },
  ].filter(({ lines }) => lines.length > 0)
  const spoken = parts.flatMap(({ lines }) => lines).join('\n')
  return message(`${talk.reportTitle(name)}\n${spoken.replaceAll('*', '')}`, [
    section('title', `*${talk.reportTitle(name)}*`),
    ...parts.flatMap(({ id, lines }) => sections(id, lines)),
  ])
}
