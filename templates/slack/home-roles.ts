import type { KnownBlock } from '@slack/types'
import type { ExpenseLine } from '../../src/features/expenses/index.ts'
import type { Reader, Stranger } from '../../src/features/people/index.ts'
import { formatMonth } from '../../src/kernel/calendar-date.ts'
import { formatMoney, type Money } from '../../src/kernel/money.ts'
import { actions, actionsBlock, button } from './expense-parts.ts'
import { dayText, dotted, type HomePage, titled, turning } from './home-lines.ts'
import { amountText, quote, sections, sectionWith } from './text.ts'
import { wordsOf } from './words/index.ts'

/** How the months stand, for finance. */
export interface HomeFinance {
  /** The newest first. */
  months: { month: string; total: Money; count: number; closed: boolean; isOver: boolean }[]
  unpaid: { total: Money; count: number }
}

export function financeBlocks(finance: HomeFinance | null, { locale }: Reader): KnownBlock[] {
  if (!finance) return []
  const words = wordsOf(locale)
  const { finance: texts } = words.home
  const { months, unpaid } = finance
  const expenses = texts.expenses(unpaid.count)
  const lines = [
    ...months.map(({ month, total, count, closed, isOver }) => {
      const state = closed
        ? `:lock: ${texts.closed}`
        : isOver
          ? `:hourglass_flowing_sand: ${texts.open}`
          : texts.soFar
      const amount = formatMoney(total, locale)
      return dotted([texts.month(formatMonth(`${month}-01`, locale), amount, texts.expenses(count)), state])
    }),
    unpaid.count > 0 ? texts.unpaid(formatMoney(unpaid.total, locale), expenses) : texts.nothingUnpaid,
  ]
  return [
    ...titled('finance', texts.title, undefined, words),
    ...sections('finance_months', lines),
    actionsBlock('finance_actions', [
      button(actions.financeMonth, texts.monthButton, 'month'),
      ...(unpaid.count > 0 ? [button(actions.financeUnpaid, texts.unpaidButton, 'unpaid')] : []),
      button(actions.financeExport, texts.exportButton, 'export'),
    ]),
  ]
}

/** What only an admin can mend. */
export interface HomeAdmin {
  strangers: HomePage<Stranger>
  stuck: HomePage<ExpenseLine>
}

export function adminBlocks(admin: HomeAdmin | null, reader: Reader): KnownBlock[] {
  if (!admin) return []
  const { locale } = reader
  const words = wordsOf(locale)
  const { admin: texts } = words.home
  const { strangers, stuck } = admin
  return [
    ...titled('admin', texts.title, undefined, words),
    ...strangers.lines.map(({ id, name, email, askedAt }) => {
      const who = name ?? email ?? texts.unknown
      const address = name && email ? ` (${quote(email, 80)})` : ''
      const line = texts.stranger(quote(who, 80), dayText(askedAt, reader))
      return sectionWith(`stranger_${id}`, `${line}${address}`, button(actions.adminPeople, texts.add, id))
    }),
    ...turning('strangers', strangers, { last: strangers.lines.at(-1)?.id, locale }),
    ...stuck.lines.map((line) => {
      const what = [quote(line.merchant ?? line.number, 80), amountText(line.amount, null, locale)].join(', ')
      const text = texts.stuck(what, quote(line.submitter.name, 60))
      return sectionWith(`stuck_${line.id}`, text, button(actions.adminAssignments, texts.assign, line.id))
    }),
    ...turning('stuck', stuck, { last: stuck.lines.at(-1)?.id, locale }),
    actionsBlock(
      'admin_actions',
      lists.map(({ action, screen }) => button(action, `${words.admin.screens[screen]}…`, screen)),
    ),
  ]
}

/** What an admin can change, what changes most first. */
const lists = [
  { action: actions.adminPeople, screen: 'people' },
  { action: actions.adminPolicies, screen: 'policies' },
  { action: actions.adminCategories, screen: 'categories' },
  { action: actions.adminReasons, screen: 'reasons' },
  { action: actions.adminAssignments, screen: 'assignments' },
  { action: actions.adminDelegations, screen: 'delegations' },
  { action: actions.adminCostCentres, screen: 'cost_centres' },
  { action: actions.adminTeams, screen: 'teams' },
  { action: actions.adminLevels, screen: 'levels' },
  { action: actions.adminCompany, screen: 'company' },
] as const
