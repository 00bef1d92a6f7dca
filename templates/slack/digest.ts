import type { KnownBlock } from '@slack/types'
import type { WaitingExpense, WaitingSummary } from '../../src/features/expenses/index.ts'
import type { Reader } from '../../src/features/people/index.ts'
import { formatDay } from '../../src/kernel/calendar-date.ts'
import { formatMoney } from '../../src/kernel/money.ts'
import { actions, actionsBlock, button, linkButton } from './expense-parts.ts'
import { warningText } from './home-lines.ts'
import { amountText, context, message, quote, type SlackMessage, section, sections, shorten } from './text.ts'
import { wordsOf } from './words/index.ts'

export interface DigestView {
  reader: Reader
  /** null: nothing waits any more. */
  waiting: WaitingSummary | null
  /** The longest waiting of it. */
  oldest: WaitingExpense[]
  /** A newer digest has taken the place of this one. */
  isOld: boolean
  /** Opens App Home; null: we do not know the way. */
  homeLink: string | null
}

/** How many of what waits are named. */
export const mostInDigest = 5

/** All that waits for somebody in one message, where a card each would be too many. */
export function digestMessage({ reader, waiting, oldest, isOld, homeLink }: DigestView): SlackMessage {
  const { cards } = wordsOf(reader.locale)
  const texts = cards.digest
  if (isOld) return message(texts.newer, [context('digest', `:heavy_minus_sign: ${texts.newer}`)])
  if (waiting === null)
    return message(texts.nothing, [section('digest', `:white_check_mark: ${texts.nothing}`)])
  const title = texts.waiting(waiting.count, formatMoney(waiting.total, reader.locale))
  const shown = oldest.slice(0, mostInDigest)
  const left = waiting.count - shown.length
  const lines = [...shown.map((one) => `• ${lineOf(one, reader)}`), ...(left > 0 ? [texts.more(left)] : [])]
  const blocks: KnownBlock[] = [
    section('digest', `:inbox_tray: *${title}*`),
    ...(shown.length > 0 ? sections('oldest', [`*${texts.oldest}*`, ...lines]) : []),
    actionsBlock('actions', [
      button(actions.several, cards.approval.several, 'digest', { style: 'primary' }),
      ...(homeLink === null ? [] : [linkButton(actions.openHome, texts.openHome, homeLink)]),
    ]),
    ...(homeLink === null ? [context('home', texts.inHome)] : []),
  ]
  const named = shown.map(({ merchant, submitter }) => `${quote(merchant, 40)} (${quote(submitter, 40)})`)
  return message(`${title}. ${named.join(', ')}`, blocks)
}

/** `*USD 12.50*  Corner Shop  ·  Grace Taylor  ·  since Tue, Nov 17`, over what stands out. */
function lineOf(expense: WaitingExpense, { locale, timeZone }: Reader): string {
  const { cards } = wordsOf(locale)
  const { merchant, submitter, amount, companyAmount, kind, onBehalfOf, waitingSince } = expense
  const why = warningText(expense, locale)
  const parts = [
    `*${amountText(amount, companyAmount, locale)}*  ${cards.severalForm.kinds[kind]}${quote(merchant, 60)}`,
    quote(submitter, 40),
    ...(onBehalfOf ? [cards.severalForm.forWhom(quote(shorten(onBehalfOf, 40)))] : []),
    cards.digest.since(formatDay(waitingSince, timeZone, locale)),
  ]
  return [parts.join('  ·  '), ...(why ? [`\u2003:warning: ${why}`] : [])].join('\n')
}
