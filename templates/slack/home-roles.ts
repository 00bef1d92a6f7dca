import type { KnownBlock } from '@slack/types'
import type { ExpenseLine } from '../../src/features/expenses/index.ts'
import type { OrganisationSummary } from '../../src/features/organisation/index.ts'
import type { Reader, Stranger } from '../../src/features/people/index.ts'
import { formatMonth } from '../../src/kernel/calendar-date.ts'
import { formatMoney, type Money } from '../../src/kernel/money.ts'
import { actions, actionsBlock, button } from './expense-parts.ts'
import { option } from './form-inputs.ts'
import { dotted, type HomePage, titled, turning } from './home-lines.ts'
import { amountText, dayText, quote, sections, sectionWith } from './text.ts'
import { type Words, wordsOf } from './words/index.ts'

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

/** What only an admin can mend, and how the organisation stands. */
export interface HomeAdmin {
  strangers: HomePage<Stranger>
  stuck: HomePage<ExpenseLine>
  organisation: OrganisationSummary
}

/** What waits for an admin first, then what they look after, by kind. */
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
    ...areaBlocks(admin.organisation, words),
  ]
}

/** The lists by what they are about, each area with how it stands and its main list; a menu has the others. */
function areaBlocks(organisation: OrganisationSummary, { home, admin }: Words): KnownBlock[] {
  const { areas } = home.admin
  const { people, without, policies, rules, limits, categories, reasons, costCentres } = organisation
  const gaps = [
    ...(without.manager > 0 ? [areas.withoutManager(without.manager)] : []),
    ...(without.team > 0 ? [areas.withoutTeam(without.team)] : []),
  ]
  const lines = {
    people: [areas.people(people), ...gaps.map((gap) => `:warning: ${gap}`)],
    policies: policies === 0 ? [`:warning: ${areas.noPolicy}`] : [areas.policies(policies, rules, limits)],
    money: [areas.money(categories, reasons, costCentres)],
  }
  const opening = { people: 'people', policies: 'policies', money: 'categories' } as const
  const buttons = {
    people: actions.adminPeople,
    policies: actions.adminPolicies,
    money: actions.adminCategories,
  }
  return [
    ...(['people', 'policies', 'money'] as const).map((area) =>
      sectionWith(
        `admin_${area}`,
        `*${areas.titles[area]}*\n${dotted(lines[area])}`,
        button(buttons[area], `${admin.screens[opening[area]]}…`, opening[area]),
      ),
    ),
    actionsBlock('admin_actions', [
      button(actions.adminCompany, `${admin.screens.company}…`, 'company'),
      button(actions.adminDelegations, `${admin.screens.delegations}…`, 'delegations'),
      {
        type: 'overflow',
        action_id: actions.adminMore,
        options: furtherLists.map((screen) => option({ id: screen, name: `${admin.screens[screen]}…` })),
      },
    ]),
  ]
}

/** What changes least. The menu holds five, and everybody gets from any list to any other. */
const furtherLists = ['teams', 'levels', 'assignments', 'reasons', 'cost_centres'] as const
