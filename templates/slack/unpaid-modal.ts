import type { InputBlock, KnownBlock, ModalView, PlainTextOption } from '@slack/types'
import type { UnpaidExpense } from '../../src/features/invoices/index.ts'
import type { Reader } from '../../src/features/people/index.ts'
import { dateIn } from '../../src/kernel/calendar-date.ts'
import { formatMoney, type Money } from '../../src/kernel/money.ts'
import { actions, actionsBlock, button } from './expense-parts.ts'
import { option } from './form-inputs.ts'
import { warningText } from './home-lines.ts'
import { forms } from './modals.ts'
import { context, dateText, plain, quote, section, sections, shorten } from './text.ts'
import { type Words, wordsOf } from './words/index.ts'

/** Slack takes ten options in a group of checkboxes; four groups are a page. */
const mostInGroup = 10
export const unpaidOnPage = 40
export const unpaidBlocks = { all: 'all', groupPrefix: 'unpaid_' } as const
/** The one option that stands for all of them. */
export const everything = 'everything'

export interface UnpaidModalView {
  lines: UnpaidExpense[]
  hasMore: boolean
  /** The last expense of each page before. */
  before: string[]
  /** All that is unpaid, on every page. */
  sum: { total: Money; count: number }
  reader: Reader
  /** What the last press did, or why it did nothing. */
  said: { kind: 'done'; count: number } | { kind: 'problem'; text: string } | null
}

/** Approved and not paid yet, page by page; what is ticked is marked as paid. */
export function unpaidModal(view: UnpaidModalView): ModalView {
  const { lines, before, hasMore, sum, reader } = view
  const { finance, common } = wordsOf(reader.locale)
  const texts = finance.unpaid
  const isEmpty = lines.length === 0
  const total = formatMoney(sum.total, reader.locale)
  return {
    type: 'modal',
    callback_id: forms.unpaid,
    title: plain(texts.title, 24),
    ...(isEmpty ? {} : { submit: plain(texts.submit, 24) }),
    close: plain(isEmpty ? common.close : common.cancel, 24),
    private_metadata: JSON.stringify({ ids: lines.map(({ expenseId }) => expenseId), before }),
    blocks: [
      ...saidBlocks(view),
      section('intro', isEmpty ? texts.nothing : texts.intro(total, finance.expenses(sum.count))),
      ...(lines.length > 1 ? [allInput(texts.allLabel, texts.all)] : []),
      ...groups(view),
      ...turnBlocks({ hasMore, hasBefore: before.length > 0, last: lines.at(-1)?.expenseId, reader }),
    ],
  }
}

/** Stands in the place of the list while what was ticked is marked; `externalId` names it for whoever fills it in. */
export function payingModal(
  count: number,
  { externalId, words: { common, finance } }: { externalId: string; words: Words },
): ModalView {
  const text = finance.unpaid.marking(finance.expenses(count))
  return {
    type: 'modal',
    external_id: externalId,
    title: plain(finance.unpaid.title, 24),
    close: plain(common.close, 24),
    blocks: [section('paying', `:hourglass_flowing_sand: ${text}`)],
  }
}

function saidBlocks({ said, reader }: UnpaidModalView): KnownBlock[] {
  if (said === null) return []
  const { finance } = wordsOf(reader.locale)
  if (said.kind === 'problem') return [section('said', `:warning: ${quote(said.text, 600)}`)]
  const { done, nothingNew } = finance.unpaid
  return [section('said', said.count === 0 ? nothingNew : done(finance.expenses(said.count)))]
}

function allInput(label: string, all: string): InputBlock {
  return {
    type: 'input',
    block_id: unpaidBlocks.all,
    label: plain(label),
    optional: true,
    element: { type: 'checkboxes', action_id: 'value', options: [option({ id: everything, name: all })] },
  }
}

function groups({ lines, before, reader }: UnpaidModalView): KnownBlock[] {
  const texts = wordsOf(reader.locale).finance.unpaid
  const starts = Array.from({ length: Math.ceil(lines.length / mostInGroup) }, (_, i) => i * mostInGroup)
  const page = before.at(-1) ?? 'first'
  return starts.flatMap((start) => {
    const group = lines.slice(start, start + mostInGroup)
    const input: InputBlock = {
      type: 'input',
      // Slack keeps what is ticked where a block keeps its name: another page is another block.
      block_id: `${unpaidBlocks.groupPrefix}${start}_${page}_${group[0]?.expenseId ?? ''}`,
      label: plain(lines.length <= mostInGroup ? texts.list : texts.range(start + 1, start + group.length)),
      optional: true,
      element: {
        type: 'checkboxes',
        action_id: 'value',
        options: group.map((line) => unpaidOption(line, reader)),
      },
    }
    return [input, ...sections(`warned_${start}`, warningLines(group, reader))]
  })
}

/** What stands out in these: a row has no room for it, so it has the mark. */
function warningLines(group: UnpaidExpense[], { locale }: Reader): string[] {
  return group.flatMap(({ number, warned }) => {
    const why = warningText({ warned, uncertain: [] }, locale)
    return why === null ? [] : [`:warning: ${number}: ${why}`]
  })
}

function unpaidOption(line: UnpaidExpense, { locale, timeZone }: Reader): PlainTextOption {
  const { approved } = wordsOf(locale).finance.unpaid
  const day = dateText(dateIn(line.approvedAt, timeZone), locale)
  const mark = line.warned.length > 0 ? ':warning: ' : ''
  return {
    text: plain(`${mark}${formatMoney(line.total, locale)}  ·  ${shorten(line.submitter, 40)}`),
    description: plain([shorten(line.merchant, 24), line.number, approved(day)].join('  ·  ')),
    value: line.expenseId,
  }
}

function turnBlocks({
  hasMore,
  hasBefore,
  last,
  reader,
}: {
  hasMore: boolean
  hasBefore: boolean
  last: string | undefined
  reader: Reader
}): KnownBlock[] {
  const { more, back, pageHint } = wordsOf(reader.locale).finance.unpaid
  const buttons = [
    ...(hasMore && last ? [button(actions.unpaidMore, more, last)] : []),
    ...(hasBefore ? [button(actions.unpaidBack, back, 'back')] : []),
  ]
  return buttons.length > 0 ? [actionsBlock('pages', buttons), context('page_hint', pageHint)] : []
}
