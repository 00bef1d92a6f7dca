import type { KnownBlock, ModalView } from '@slack/types'
import type { MonthName, MonthOverview, MonthPart } from '../../src/features/invoices/index.ts'
import type { Reader } from '../../src/features/people/index.ts'
import { formatMonth } from '../../src/kernel/calendar-date.ts'
import { formatMoney, type Money } from '../../src/kernel/money.ts'
import { actions, actionsBlock, button } from './expense-parts.ts'
import { choiceInput, option } from './form-inputs.ts'
import { forms } from './modals.ts'
import { allFields, context, instantText, plain, quote, section, sections } from './text.ts'
import { wordsOf } from './words/index.ts'

/** More parts than these are summed up in a word: nobody reads a hundred lines on a phone. */
const mostParts = 30

export interface MonthModalView {
  overview: MonthOverview
  /** All that there are, the newest first. */
  months: MonthName[]
  /** The one that is closed next; null: nothing was approved yet. */
  toClose: string | null
  reader: Reader
  /** Whether the reader may close it. */
  mayClose: boolean
}

export const monthBlocks = { month: 'month' } as const

/** What a month holds, by category and team; closed with one press where it is its turn. */
export function monthModal(view: MonthModalView): ModalView {
  const { overview, reader } = view
  const { locale } = reader
  const { finance, common } = wordsOf(locale)
  const texts = finance.month
  const { unpaid } = overview
  const money = (amount: Money) => formatMoney(amount, locale)
  return {
    type: 'modal',
    callback_id: forms.month,
    title: plain(texts.title, 24),
    close: plain(common.close, 24),
    blocks: [
      actionsBlock(monthBlocks.month, [monthMenu(view)]),
      section(`state_${overview.month}`, stateText(view)),
      ...allFields('sums', [
        [texts.total, money(overview.total)],
        [texts.count, String(overview.count)],
        [
          texts.unpaid,
          unpaid.count === 0
            ? texts.nothingUnpaid
            : `${money(unpaid.total)}  ·  ${finance.expenses(unpaid.count)}`,
        ],
      ]),
      ...closing(view),
      ...(overview.byCategory.length === 0 ? [context('empty', texts.empty)] : []),
      ...parts('category', texts.byCategory, { parts: overview.byCategory, locale }),
      ...parts('team', texts.byTeam, { parts: overview.byTeam, locale }),
    ],
  }
}

function monthMenu({ overview, months, reader }: MonthModalView) {
  const options = months.slice(0, 100).map(({ month }) => option(monthChoice(month, reader.locale)))
  const chosen = options.find(({ value }) => value === overview.month)
  return {
    type: 'static_select' as const,
    action_id: actions.chooseMonth,
    placeholder: plain(wordsOf(reader.locale).finance.month.choose),
    options: options.length > 0 ? options : [option(monthChoice(overview.month, reader.locale))],
    ...(chosen ? { initial_option: chosen } : {}),
  }
}

const monthChoice = (month: string, locale: string) => ({ id: month, name: monthText(month, locale) })
export const monthText = (month: string, locale: string) => formatMonth(`${month}-01`, locale)

function stateText({ overview, reader }: MonthModalView): string {
  const { locale } = reader
  const texts = wordsOf(locale).finance.month
  const { closed, isOver, month } = overview
  const state = closed
    ? texts.closed(quote(closed.by, 60), instantText(closed.at, reader))
    : isOver
      ? texts.open
      : texts.notOver
  return `*${monthText(month, locale)}*\n${state}`
}

/** The button that closes the month, or which one comes first. */
function closing({ overview, toClose, reader, mayClose }: MonthModalView): KnownBlock[] {
  const { month, isOver, closed } = overview
  if (closed || !isOver || !mayClose || toClose === null || month < toClose) return []
  const { locale } = reader
  const { finance, common } = wordsOf(locale)
  const texts = finance.month
  if (month > toClose) return [context('close_first', texts.closeFirst(monthText(toClose, locale)))]
  const name = monthText(month, locale)
  const total = formatMoney(overview.total, locale)
  return [
    actionsBlock('close', [
      button(actions.closeMonth, texts.close(name), month, {
        style: 'primary',
        confirm: {
          title: plain(texts.closeQuestion, 100),
          text: plain(texts.closeMeans(name, total, finance.expenses(overview.count)), 300),
          confirm: plain(texts.closeYes, 30),
          deny: plain(common.cancel, 30),
        },
      }),
    ]),
  ]
}

function parts(
  blockId: string,
  title: string,
  { parts, locale }: { parts: MonthPart[]; locale: string },
): KnownBlock[] {
  if (parts.length === 0) return []
  const { finance } = wordsOf(locale)
  const texts = finance.month
  const shown = parts.slice(0, mostParts).map(({ name, total, count }) => {
    const who = name === '' ? texts.noTeam : quote(name, 80)
    return texts.part(who, formatMoney(total, locale), finance.expenses(count))
  })
  const left = parts.length - shown.length
  return sections(blockId, [`*${title}*`, ...shown, ...(left > 0 ? [texts.more(left)] : [])])
}

/** Which month is exported; closed ones hold what they will hold for ever. */
export function exportModal(months: MonthName[], chosen: string, { locale }: Reader): ModalView {
  const { finance, common } = wordsOf(locale)
  const texts = finance.export
  return {
    type: 'modal',
    callback_id: forms.exportMonth,
    title: plain(texts.title, 24),
    submit: plain(texts.submit, 24),
    close: plain(common.cancel, 24),
    blocks: [
      section('intro', texts.intro),
      choiceInput(monthBlocks.month, texts.month, {
        options: months.map(({ month, closed }) => {
          const name = monthText(month, locale)
          return { id: month, name: closed ? name : texts.open(name) }
        }),
        chosen,
      }),
    ],
  }
}
