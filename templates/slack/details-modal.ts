import type { KnownBlock, ModalView } from '@slack/types'
import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { formatDate } from '../../src/kernel/calendar-date.ts'
import { commentText } from './comments.ts'
import { findingLines } from './expense-parts.ts'
import { drawnBlocks, factPairs, sharesBlocks } from './facts.ts'
import { deciderText, explainedStepLines, whenAndWhere } from './steps-text.ts'
import { allFields, blockQuote, context, plain, quote, section, sections } from './text.ts'
import { wordsOf } from './words/index.ts'

/** https://docs.slack.dev/reference/views/modal-views */
const mostBlocks = 100
/** Slack takes 250 KB. */
const mostBytes = 240_000
/** With these there is nearly always room for everything. */
const mostComments = 40
const mostFindings = 20
const mostHistory = 30

/** Everything about one expense: facts, findings, who is asked and why, all that was said, and its history. */
export function detailsModal(expense: ExpenseView): ModalView {
  const { locale } = expense.company
  const { common, cards } = wordsOf(locale)
  const texts = cards.detailsForm
  const findings = findingLines(expense.findings).slice(0, mostFindings)
  return {
    type: 'modal',
    title: plain(expense.number, 24),
    close: plain(common.close, 24),
    blocks: fitting(locale, [
      ...allFields('facts', [
        ...factPairs(expense),
        ...paidBy(expense),
        [common.fields.submittedBy, quote(expense.submitter.name, 60)],
        [common.fields.team, quote(expense.submitter.team ?? common.nothing, 60)],
      ]),
      // Where an approver decides here, it stands above their buttons.
      ...(findings.length > 0 ? sections('findings', [`*${texts.findings}*`, ...findings]) : []),
      ...sharesBlocks(expense),
      ...drawnBlocks(expense),
      ...rateUsed(expense),
      ...(expense.note
        ? [section('note', `*${common.fields.note}*\n${blockQuote(expense.note, 2000)}`)]
        : []),
      ...judgedBy(expense),
      ...approval(expense),
      ...comments(expense),
      ...history(expense),
    ]),
  }
}

function paidBy({ kind, paidBy, submitter, company }: ExpenseView): [string, string][] {
  if (kind === 'request') return []
  const { common } = wordsOf(company.locale)
  return [[common.fields.paidBy, paidBy === 'person' ? quote(submitter.name, 60) : common.company]]
}

/** `Rate of Nov 1, 2026: 1 EUR = 1.165 USD` */
function rateUsed({ rate, amount, company }: ExpenseView): KnownBlock[] {
  if (!rate || !amount) return []
  const { currency, locale } = company
  const value = Number(rate.value).toLocaleString(locale, { maximumFractionDigits: 10 })
  const said = wordsOf(locale).cards.detailsForm.rate
  return [context('rate', said(`1 ${amount.currency} = ${value} ${currency}`, formatDate(rate.date, locale)))]
}

/** As many as a form may have; what is left out is said. */
function fitting(locale: string, blocks: KnownBlock[]): KnownBlock[] {
  const most = blocks.length <= mostBlocks ? mostBlocks : mostBlocks - 1
  let bytes = 0
  const end = blocks.findIndex((block, index) => {
    bytes += Buffer.byteLength(JSON.stringify(block))
    return index === most || bytes > mostBytes
  })
  return end === -1 ? blocks : [...blocks.slice(0, end), context('more', wordsOf(locale).common.moreThanFits)]
}

function judgedBy({ policy, company }: ExpenseView): KnownBlock[] {
  if (!policy) return []
  const { judgedBy: said } = wordsOf(company.locale).cards.detailsForm
  return [context('policy', said(quote(policy.name), policy.version))]
}

function approval(expense: ExpenseView): KnownBlock[] {
  const texts = wordsOf(expense.company.locale).cards.steps
  if (expense.steps.length > 0) return sections('steps', [`*${texts.title}*`, ...explainedStepLines(expense)])
  if (expense.automatic === null) return []
  return [section('steps', `*${texts.title}*\n${texts.nobody(quote(expense.automatic, 200))}`)]
}

function comments(expense: ExpenseView): KnownBlock[] {
  const { earlierComments } = wordsOf(expense.company.locale).cards.detailsForm
  const shown = expense.comments.slice(-mostComments)
  const left = expense.comments.length - shown.length
  return [
    ...(left > 0 ? [context('comments_before', earlierComments(left))] : []),
    ...shown.map((comment, index) => section(`comment_${index + 1}`, commentText(comment, expense, 2000))),
  ]
}

function history(expense: ExpenseView): KnownBlock[] {
  const { locale } = expense.company
  const { cards, common } = wordsOf(locale)
  const lines = expense.history.slice(-mostHistory).map((entry) => {
    const why = entry.comment ? ` (${common.quoted(quote(entry.comment, 300))})` : ''
    return `• ${whenAndWhere(entry, expense)}: ${happened(entry, locale)}${why}`
  })
  const title = `*${cards.detailsForm.history}*`
  return lines.length > 0 ? sections('history', [title, ...lines]) : []
}

/** What happened and who did it, in a few words. */
function happened({ event, ...entry }: ExpenseView['history'][number], locale: string): string {
  const words = wordsOf(locale)
  const texts = words.cards.detailsForm
  const who = deciderText(entry, words)
  if (typeof event === 'string') return texts.events[event](who)
  const noun = event.undone === 'objected' ? texts.objection : words.cards.undo.nouns[event.undone]
  return event.whose === null
    ? texts.events.tookBack(noun, who)
    : texts.events.undid(noun, quote(event.whose, 60), who)
}
