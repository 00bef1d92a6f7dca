import type { KnownBlock } from '@slack/types'
import type { ExpenseLine, WaitingExpense, WaitingSummary } from '../../src/features/expenses/index.ts'
import type { HomeList } from '../../src/features/notifications/index.ts'
import type { Reader } from '../../src/features/people/index.ts'
import { dateIn, daysBetween } from '../../src/kernel/calendar-date.ts'
import { formatMoney } from '../../src/kernel/money.ts'
import { actions, actionsBlock, button, gravestFirst } from './expense-parts.ts'
import {
  amountText,
  context,
  dateText,
  escapeText,
  header,
  joined,
  quote,
  section,
  sectionWith,
  shorten,
} from './text.ts'
import { type Words, wordsOf } from './words/index.ts'

/** One page of a list in App Home. */
export interface HomePage<Line> {
  lines: Line[]
  /** How many there are on all pages, where that is known. */
  count?: number
  hasMore: boolean
  hasBefore: boolean
}

/** How many lines of each list App Home shows at a time. All of them together stay below Slack's hundred blocks. */
export const linesShown: Record<HomeList, number> = {
  waiting: 6,
  sentBack: 5,
  drafts: 4,
  recent: 5,
  requests: 5,
  delegations: 5,
  strangers: 3,
  stuck: 3,
}

/** What waits for this person to decide: what it is, how much, since when; decided with one press. */
export function waitingBlocks(
  page: HomePage<WaitingExpense> & { summary: WaitingSummary | null },
  reader: Reader,
  now: Date,
): KnownBlock[] {
  const { summary } = page
  if (!summary || page.lines.length === 0) return []
  const words = wordsOf(reader.locale)
  const { title, summary: inAll, several } = words.home.waiting
  const total = formatMoney(summary.total, reader.locale)
  return [
    ...titled('waiting', title, summary.count, words),
    context('waiting_summary', inAll(total, waitsText(summary.since, now, reader))),
    ...page.lines.flatMap((line) => [
      section(`waiting_${line.approvalId}`, waitingText(line, now, reader)),
      actionsBlock(`decide_${line.approvalId}`, decideButtons(line, reader)),
    ]),
    ...turning('waiting', page, {
      last: page.lines.at(-1)?.approvalId,
      locale: reader.locale,
      before: summary.count > 1 ? [button(actions.several, several, 'several')] : [],
    }),
  ]
}

function waitingText(line: WaitingExpense, now: Date, reader: Reader): string {
  const words = wordsOf(reader.locale)
  const { onBehalfOf, code } = words.home.waiting
  const amount = amountText(line.amount, line.companyAmount, reader.locale)
  const first = [`*${amount}*`, quote(line.merchant, 60), quote(line.submitter, 60)]
  const second = [
    ...kindText(line.kind, words),
    quote(line.categories.join(', '), 80),
    ...(line.onBehalfOf ? [onBehalfOf(quote(line.onBehalfOf, 60))] : []),
    waitsText(line.waitingSince, now, reader),
    line.number,
    ...(line.needsCode ? [`:lock: ${code}`] : []),
  ]
  const warning = warningText(line, reader.locale)
  return [dotted(first), dotted(second), ...(warning === null ? [] : [`:warning: ${warning}`])].join('\n')
}

/** The gravest of what warns, and how much more there is; the details have all of it. What is only unsure comes last. */
export function warningText(
  { warned, uncertain }: Pick<WaitingExpense, 'warned' | 'uncertain'>,
  locale: string,
): string | null {
  const words = wordsOf(locale)
  const { drafts, waiting } = words.home
  const unsure = joined(
    uncertain.map((field) => words.common.theFields[field]),
    'and',
    locale,
  )
  const texts = [
    ...gravestFirst(warned).map(({ message }) => quote(message, 150)),
    ...(unsure === '' ? [] : [drafts.check(unsure)]),
  ]
  const [gravest] = texts
  if (gravest === undefined) return null
  return texts.length > 1 ? `${gravest} (${waiting.further(texts.length - 1)})` : gravest
}

function decideButtons(line: WaitingExpense, { locale }: Reader) {
  const { approve, approveByCode, approveWhat } = wordsOf(locale).home.waiting
  const what = spoken([line.merchant, amountText(line.amount, line.companyAmount, locale)])
  const labelled = { accessibility_label: shorten(approveWhat(what), 75) }
  const main = line.needsCode
    ? button(actions.approveByCode, approveByCode, line.approvalId, labelled)
    : button(actions.approve, approve, line.approvalId, { ...labelled, style: 'primary' })
  return [main, button(actions.details, wordsOf(locale).home.details, line.approvalId, saying(what, locale))]
}

/** What came back to its submitter, with the reason. */
export function sentBackBlocks(page: HomePage<ExpenseLine>, { locale }: Reader): KnownBlock[] {
  if (page.lines.length === 0) return []
  const words = wordsOf(locale)
  const { title, edit } = words.home.sentBack
  return [
    ...titled('sent_back', title, page.count, words),
    ...page.lines.map((line) =>
      sectionWith(
        `sent_back_${line.id}`,
        `${lineText(line, locale)}\n${dotted([cameBackText(line, locale), ...numberOf(line)])}`,
        button(actions.complete, edit, line.id, about(edit, line, locale)),
      ),
    ),
    ...turning('sentBack', page, { last: page.lines.at(-1)?.id, locale }),
  ]
}

const cameBackText = (line: ExpenseLine, locale: string) =>
  `${line.status === 'blocked' ? ':no_entry:' : ':leftwards_arrow_with_hook:'} ${saidText(line, locale)}`

/** What was begun: what it still needs, or that it can be submitted. */
export function draftBlocks(page: HomePage<ExpenseLine>, { locale }: Reader): KnownBlock[] {
  if (page.lines.length === 0) return []
  const words = wordsOf(locale)
  return [
    ...titled('drafts', words.home.drafts.title, page.count, words),
    ...page.lines.flatMap((line) => [
      section(
        `draft_${line.id}`,
        `${lineText(line, locale)}\n${dotted([draftState(line, locale), ...dayAndNumber(line, locale)])}`,
      ),
      actionsBlock(`begun_${line.id}`, draftButtons(line, locale)),
    ]),
    ...turning('drafts', page, { last: page.lines.at(-1)?.id, locale }),
  ]
}

function draftState({ missing, uncertain, isReading }: ExpenseLine, locale: string): string {
  const words = wordsOf(locale)
  const { drafts } = words.home
  // Whoever types the amount chooses its currency.
  const named = (fields: ExpenseLine['missing']) =>
    joined(
      fields
        .filter((field) => field !== 'currency' || !fields.includes('amount'))
        .map((field) => words.common.theFields[field]),
      'and',
      locale,
    )
  if (isReading) return `:hourglass_flowing_sand: ${drafts.reading}`
  if (missing.length > 0) return `:pencil2: ${drafts.missing(named(missing))}`
  if (uncertain.length > 0) return `:eyes: ${drafts.check(named(uncertain))}`
  return `:white_check_mark: ${drafts.ready}`
}

function draftButtons(line: ExpenseLine, locale: string) {
  const { complete, submit, edit } = wordsOf(locale).home.drafts
  if (line.missing.length > 0 || line.isReading) {
    return [button(actions.complete, complete, line.id, about(complete, line, locale))]
  }
  return [
    button(actions.submit, submit, line.id, about(submit, line, locale)),
    button(actions.edit, edit, line.id, about(edit, line, locale)),
  ]
}

/** What became of what was submitted, the newest first. */
export function recentBlocks(page: HomePage<ExpenseLine>, { locale }: Reader): KnownBlock[] {
  if (page.lines.length === 0) return []
  const words = wordsOf(locale)
  const { details } = words.home
  return [
    ...titled('recent', words.home.recent.title, undefined, words),
    ...page.lines.map((line) =>
      sectionWith(
        `recent_${line.id}`,
        `${lineText(line, locale)}\n${dotted([stateText(line, locale), ...dayAndNumber(line, locale)])}`,
        button(actions.ownDetails, details, line.id, about(details, line, locale)),
      ),
    ),
    ...turning('recent', page, { last: page.lines.at(-1)?.id, locale }),
  ]
}

function stateText(line: ExpenseLine, locale: string): string {
  const words = wordsOf(locale)
  const { recent } = words.home
  switch (line.status) {
    case 'submitted':
      return `:hourglass_flowing_sand: ${recent.on}`
    case 'awaiting_approval':
      return `:hourglass_flowing_sand: ${line.waitingFor ? recent.waitingFor(quote(line.waitingFor, 120)) : recent.on}`
    case 'approved':
      return `:white_check_mark: ${recent.approved}`
    case 'settled':
      return `:moneybag: ${recent.settled}`
    case 'rejected':
      return `:x: ${line.said ? recent.rejectedBecause(saidText(line, locale)) : recent.rejected}`
    case 'draft':
    case 'sent_back':
    case 'blocked':
    case 'cancelled':
      return escapeText(words.common.statuses[line.status])
  }
}

function saidText({ said, status }: ExpenseLine, locale: string): string {
  const words = wordsOf(locale)
  if (!said) return escapeText(words.common.statuses[status])
  const text = quote(said.text, 200)
  return said.by === null ? text : words.home.sentBack.said(quote(said.by, 60), text)
}

/** What an expense is, in a line: the merchant, what kind it is, the amount. */
export function lineText(line: ExpenseLine, locale: string): string {
  const words = wordsOf(locale)
  return dotted([
    `*${quote(line.merchant ?? line.number, 80)}*`,
    ...kindText(line.kind, words),
    ...(line.amount ? [amountText(line.amount, line.companyAmount, locale)] : []),
  ])
}

/** Below the amount: on a phone one line holds no more. */
const dayAndNumber = (line: ExpenseLine, locale: string) => [
  ...(line.date ? [dateText(line.date, locale)] : []),
  ...numberOf(line),
]

/** Tells two apart that look alike. Where there is no merchant, it stands in its place already. */
const numberOf = ({ merchant, number }: ExpenseLine) => (merchant === null ? [] : [number])

const kindText = (kind: ExpenseLine['kind'], words: Words) =>
  kind === 'receipt' ? [] : [words.common.kinds[kind]]

/** A list's heading, set apart from what stands above. */
export function titled(
  blockId: string,
  title: string,
  count: number | undefined,
  { home }: Words,
): KnownBlock[] {
  return [
    { type: 'divider' },
    header(`${blockId}_title`, count === undefined ? title : home.counted(title, count)),
  ]
}

interface Turning {
  /** The id of the last line shown. */
  last: string | undefined
  locale: string
  /** Buttons that stand before those that turn the page. */
  before?: ReturnType<typeof button>[]
}

/** The buttons that turn the page of a list, where there is another one. */
export function turning(
  list: HomeList,
  { hasMore, hasBefore }: Pick<HomePage<unknown>, 'hasMore' | 'hasBefore'>,
  { last, locale, before = [] }: Turning,
): KnownBlock[] {
  const { more, back } = wordsOf(locale).home
  const buttons = [
    ...before,
    ...(hasMore && last ? [button(actions.homeMore, more, `${list} ${last}`)] : []),
    ...(hasBefore ? [button(actions.homeBack, back, list)] : []),
  ]
  return buttons.length > 0 ? [actionsBlock(`${list}_pages`, buttons)] : []
}

/** How long it waits, in days of the reader's. */
function waitsText(since: Date, now: Date, { timeZone, locale }: Reader): string {
  const { waits } = wordsOf(locale).home.waiting
  const days = daysBetween(dateIn(since, timeZone), dateIn(now, timeZone))
  if (days <= 0) return waits.today
  return days === 1 ? waits.yesterday : waits.days(days)
}

/** What a screen reader says of a button beside a line. */
const about = (verb: string, line: ExpenseLine, locale: string) => ({
  accessibility_label: shorten(
    `${verb.replace('…', '')}: ${spoken([line.merchant ?? line.number, amountText(line.amount, null, locale)])}`,
    75,
  ),
})
const saying = (what: string, locale: string) => ({
  accessibility_label: shorten(`${wordsOf(locale).home.details}: ${what}`, 75),
})
const spoken = (parts: string[]) => parts.map((part) => shorten(part, 30)).join(', ')

export const dotted = (parts: string[]) => parts.filter((part) => part !== '').join('  ·  ')
