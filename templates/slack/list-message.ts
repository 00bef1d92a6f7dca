import type { ExpenseLine, WaitingExpense } from '../../src/features/expenses/index.ts'
import type { Reader } from '../../src/features/people/index.ts'
import { actions, actionsBlock, button } from './expense-parts.ts'
import { warningText } from './home-lines.ts'
import {
  amountText,
  context,
  dateText,
  escapeText,
  joined,
  message,
  quote,
  type SlackMessage,
  section,
  sectionWith,
} from './text.ts'
import { wordsOf } from './words/index.ts'

/** Who reads it. */
interface ForPerson {
  personId: string
  reader: Reader
}

/** What somebody submitted or began, the newest first. */
export function listMessage(lines: ExpenseLine[], hasMore: boolean, reader: Reader): SlackMessage {
  const { locale } = reader
  const { talk } = wordsOf(locale)
  if (lines.length === 0) return message(talk.listEmpty, [section('empty', talk.listEmpty)])
  const texts = lines.map((line) => expenseText(line, locale))
  return message([`${talk.listTitle}:`, ...texts.map(oneLine)].join('\n'), [
    section('title', `*${talk.listTitle}*`),
    ...lines.map((line, index) =>
      lineBlock(line, texts[index] ?? '', { personId: line.submitter.id, reader }),
    ),
    ...(hasMore ? [context('more', talk.listMore)] : []),
  ])
}

/** How far an expense is; of several, which they are. `typed`: by which words it was looked for. */
export function statusMessage(lines: ExpenseLine[], typed: string, person: ForPerson): SlackMessage {
  const { locale } = person.reader
  const { talk } = wordsOf(locale)
  const [line] = lines
  if (!line) {
    const none = talk.statusNone(quote(typed, 60))
    return message(none, [section('none', none)])
  }
  if (lines.length > 1) {
    const texts = lines.map((one) => expenseText(one, locale))
    return message([talk.statusSeveral, ...texts.map(oneLine)].join('\n'), [
      section('title', talk.statusSeveral),
      ...lines.map((one, index) => lineBlock(one, texts[index] ?? '', person)),
    ])
  }
  return oneStatus(line, person)
}

/** The newest expense of somebody, and how to see others; null: they have none. */
export function latestMessage(line: ExpenseLine | null, person: ForPerson): SlackMessage {
  const { talk } = wordsOf(person.reader.locale)
  if (!line) return message(talk.listEmpty, [section('empty', talk.listEmpty)])
  const { text, blocks } = oneStatus(line, person)
  return message(text, [...blocks, context('others', talk.statusOthers)])
}

function oneStatus(line: ExpenseLine, person: ForPerson): SlackMessage {
  const { locale } = person.reader
  const { talk, common } = wordsOf(locale)
  const fields = joined(
    line.missing.map((field) => common.theFields[field]),
    'and',
    locale,
  )
  const said = line.said
    ? [line.said.by === null ? '' : `${talk.byWhom(quote(line.said.by, 60))}: `, quote(line.said.text, 300)]
    : []
  const text = [
    expenseText(line, locale),
    ...(line.missing.length > 0 && !line.isReading ? [talk.missing(fields)] : []),
    ...(said.length > 0 ? [said.join('')] : []),
  ].join('\n')
  return message(oneLine(text), [lineBlock(line, text, person)])
}

/** What waits for somebody's decision. */
export function approvalsMessage(
  waiting: WaitingExpense[],
  hasMore: boolean,
  { locale }: Reader,
): SlackMessage {
  const { talk } = wordsOf(locale)
  if (waiting.length === 0) return message(talk.approvalsNone, [section('none', talk.approvalsNone)])
  const title = talk.approvalsTitle(waiting.length, hasMore)
  const texts = waiting.map((one) => waitingText(one, locale))
  return message([`${title}:`, ...texts.map(oneLine)].join('\n'), [
    section('title', `*${title}*`),
    ...waiting.map(({ approvalId, number }, index) =>
      sectionWith(
        `waiting_${index + 1}`,
        texts[index] ?? '',
        button(actions.details, talk.details, approvalId, { accessibility_label: talk.detailsOf(number) }),
      ),
    ),
    ...(waiting.length > 1
      ? [actionsBlock('several', [button(actions.several, talk.approveSeveral, 'several')])]
      : []),
  ])
}

function waitingText(line: WaitingExpense, locale: string): string {
  const { talk } = wordsOf(locale)
  const why = warningText(line, locale)
  return [
    `*${quote(line.submitter, 60)}*  ${quote(line.merchant, 80)}  ·  ${amountText(line.amount, line.companyAmount, locale)}`,
    [
      line.number,
      dateText(line.date, locale),
      ...line.categories.map((name) => quote(name, 60)),
      ...(line.onBehalfOf ? [talk.inPlaceOf(quote(line.onBehalfOf, 60))] : []),
      ...(line.needsCode ? [talk.needsCode] : []),
    ].join('  ·  '),
    ...(why ? [`:warning: ${why}`] : []),
  ].join('\n')
}

/** Details of one's own; what is not one's own has its card. */
function lineBlock(line: ExpenseLine, text: string, { personId, reader }: ForPerson) {
  const { talk } = wordsOf(reader.locale)
  if (line.submitter.id !== personId) {
    return section(`expense_${line.id}`, `${text}\n${talk.byWhom(quote(line.submitter.name, 60))}`)
  }
  const labelled = { accessibility_label: talk.detailsOf(line.number) }
  return sectionWith(`expense_${line.id}`, text, button(actions.ownDetails, talk.details, line.id, labelled))
}

/** `*Taxi*  ·  EUR 23.50` over `EXP-2026-0042  ·  Nov 19, 2026  ·  waiting for Frank Miller` */
function expenseText(line: ExpenseLine, locale: string): string {
  const { talk, common } = wordsOf(locale)
  const status = line.isReading
    ? talk.reading
    : line.status === 'awaiting_approval' && line.waitingFor
      ? talk.waitingFor(quote(line.waitingFor, 120))
      : line.status === 'draft'
        ? talk.draft
        : common.statuses[line.status]
  const kind = line.kind === 'receipt' ? [] : [common.kinds[line.kind]]
  const name = line.merchant ? quote(line.merchant, 80) : escapeText(common.kinds[line.kind])
  return [
    [`*${name}*`, ...(line.amount ? [amountText(line.amount, line.companyAmount, locale)] : [])].join(
      '  ·  ',
    ),
    [line.number, ...kind, ...(line.date ? [dateText(line.date, locale)] : []), status].join('  ·  '),
  ].join('\n')
}

/** For notifications and screen readers. */
const oneLine = (text: string) =>
  text
    .replaceAll('*', '')
    .replace(/\s+·\s+|\n/g, ', ')
    .replaceAll('  ', ' ')
