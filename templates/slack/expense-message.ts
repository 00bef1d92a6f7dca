import type { KnownBlock } from '@slack/types'
import type { ExpenseView, LikelyAnswers } from '../../src/features/expenses/index.ts'
import { formatMoney } from '../../src/kernel/money.ts'
import { isReading } from '../expense-words.ts'
import { answerButton, commentText, openQuestions } from './comments.ts'
import { asksForCategory, confirmBlocks } from './confirm.ts'
import { actions, actionsBlock, button, findingsBlocks, headline } from './expense-parts.ts'
import { drawnBlocks, factPairs, sharesBlocks } from './facts.ts'
import { withoutMarks } from './outcome.ts'
import { deciderText, explainedStepLines, stepLines, waitingFor, whenAndWhere } from './steps-text.ts'
import {
  allFields,
  blockQuote,
  context,
  joined,
  message,
  plain,
  quote,
  type SlackMessage,
  section,
  sections,
} from './text.ts'
import { takenBackLines } from './undo.ts'
import { wordsOf } from './words/index.ts'

/**
 * The message in the submitter's thread: what was read, what policy says, who will approve, what can be done. Where
 * something is in doubt it asks, with the `answers` that are likely.
 */
export function expenseMessage(
  view: ExpenseView,
  answers: LikelyAnswers = { currencies: [], likely: 0, categories: [] },
): SlackMessage {
  const texts = wordsOf(view.company.locale).cards.expense
  if (view.status === 'draft' && isReading(view)) {
    return message(`${view.number}: ${texts.reading}`, [
      section('title', `:hourglass_flowing_sand: *${texts.reading}*  ${view.number}`),
      actionsBlock('actions', [discardButton(view)]),
    ])
  }
  if (view.status === 'cancelled') return message(discarded(view), [context('title', discarded(view))])
  const title = titleOf(view)
  const questions = isEditable(view) ? confirmBlocks(view, answers) : []
  // What is asked about below need not be marked here as well.
  const facts = questions.length > 0 ? { ...view, uncertain: [] } : view
  const blocks: KnownBlock[] = [
    section('title', title),
    ...allFields('facts', factPairs(facts)),
    ...sharesBlocks(view),
    ...drawnBlocks(view),
  ]
  if (view.note) blocks.push(context('note', `:memo: ${quote(view.note, 500)}`))
  const files = view.receipts.map(({ fileName }) => quote(fileName, 80)).slice(0, 5)
  if (files.length > 0) blocks.push(context('files', `:paperclip: ${files.join(', ')}`))
  blocks.push(
    ...problems(view, answers),
    ...questions,
    ...findingsBlocks(view, findingsOf(view)),
    ...approval(view),
  )
  for (const [index, question] of openQuestions(view).slice(-3).entries()) {
    blocks.push(section(`question_${index + 1}`, commentText(question, view, 2000)))
  }
  const buttons = buttonsOf(view)
  if (buttons.length > 0) blocks.push(actionsBlock('actions', buttons))
  return message(`${withoutMarks(title, view)} ${headline(view)}`, blocks)
}

const isEditable = ({ status }: ExpenseView) =>
  status === 'draft' || status === 'sent_back' || status === 'blocked'

/** What policy says; where it asks for a receipt that is not there, with what to do about it. */
function findingsOf(view: ExpenseView): ExpenseView['findings'] {
  const { findings, receipts, kind, company } = view
  if (kind !== 'receipt' || receipts.length > 0 || !isEditable(view)) return findings
  const { dropIt } = wordsOf(company.locale).cards.expense
  return findings.map((finding) =>
    lacksReceipt(finding) ? { ...finding, message: `${finding.message} ${dropIt}` } : finding,
  )
}

function lacksReceipt({ code, said }: ExpenseView['findings'][number]): boolean {
  return code === 'no_receipt' || (said?.kind === 'rule_requires' && said.facts.missing.includes('receipt'))
}

/** Who will approve and why they, or who did; on a draft about which nobody has to be asked, that. */
function approval(view: ExpenseView): KnownBlock[] {
  const texts = wordsOf(view.company.locale).cards.steps
  const isPlan = view.requestStatus === null
  if (view.steps.length > 0) {
    return sections('steps', [
      `*${isPlan ? texts.plan : texts.title}*`,
      ...(isPlan ? explainedStepLines(view) : stepLines(view)),
      ...takenBackLines(view),
    ])
  }
  if (!isPlan || view.automatic === null) return []
  return [section('steps', `*${texts.plan}*\n${texts.nobody(quote(view.automatic, 200))}`)]
}

/** A request to spend that was approved is not discarded but closed. */
function discarded({ number, kind, requestStatus, company }: ExpenseView): string {
  const texts = wordsOf(company.locale).cards.expense
  return kind === 'request' && requestStatus === 'approved' ? texts.closed(number) : texts.discarded(number)
}

/** It is not what was read any more. */
const isChanged = ({ kind, confirmed, shares }: ExpenseView) =>
  kind === 'receipt' && (confirmed.length > 0 || shares.length > 0)

const isBlocked = ({ findings }: ExpenseView) => findings.some(({ severity }) => severity === 'blocking')

const readyMarks = {
  receipt: ':receipt:',
  mileage: ':car:',
  per_diem: ':calendar:',
  request: ':moneybag:',
} as const

function titleOf(view: ExpenseView): string {
  const { number, status, kind, company } = view
  const texts = wordsOf(company.locale).cards.expense
  switch (status) {
    case 'draft':
      if (view.missing.length > 0) return `:pencil2: *${texts.missing(number, whatIsMissing(view))}*`
      if (isBlocked(view)) return `:no_entry: ${texts.blocked(number)}`
      if (isChanged(view)) return `:receipt: ${texts.changed(number)}`
      return `${readyMarks[kind]} ${texts.ready[kind](number)}`
    case 'submitted':
      return `:hourglass_flowing_sand: ${texts.submitted(number)}`
    case 'awaiting_approval':
      return view.question
        ? `:question: ${texts.question(quote(view.question.who, 60), number)}`
        : `:hourglass_flowing_sand: ${texts.waiting(number, waitingFor(view))}`
    case 'approved':
      return `:white_check_mark: ${approvedText(view)} ${afterApproval(view)}`
    case 'rejected':
      return `:x: ${decidedText(view, 'rejected')}`
    case 'sent_back':
      return `:leftwards_arrow_with_hook: ${decidedText(view, 'sent_back')}`
    case 'blocked':
      return `:no_entry: ${texts.blocked(number)}`
    case 'settled':
      return `:white_check_mark: ${texts.settled(number)}`
    case 'cancelled':
      return discarded(view)
  }
}

function approvedText({ number, automatic, company }: ExpenseView): string {
  const texts = wordsOf(company.locale).cards.expense
  return automatic === null
    ? texts.approved(number)
    : texts.approvedAutomatically(number, quote(automatic, 200))
}

/** Who ended it, when, where and why. */
function decidedText(view: ExpenseView, status: 'rejected' | 'sent_back'): string {
  const words = wordsOf(view.company.locale)
  const texts = words.cards.expense
  const decision = view.history.findLast(({ event }) => event === status)
  const who = decision ? deciderText(decision, words) : texts.anApprover
  const what = words.cards.outcome.decided[status](view.number, who)
  const when = decision ? `, ${whenAndWhere(decision, view)}` : ''
  const next = status === 'sent_back' ? ` ${texts.changeIt}` : ''
  const because = decision?.comment ? `\n${blockQuote(decision.comment)}` : ''
  return `*${what}*${when}.${next}${because}`
}

function afterApproval({ kind, drawn, company }: ExpenseView): string {
  const texts = wordsOf(company.locale).cards.expense
  if (kind !== 'request') return texts.statementMailed
  const left = drawn ? ` ${texts.isLeft(formatMoney(drawn.left, company.locale))}` : ''
  return `${texts.spendUnder}${left}`
}

/** Says of a receipt that gave nothing that it gave nothing. */
function whatIsMissing(view: ExpenseView): string {
  const texts = wordsOf(view.company.locale).cards.expense
  const [only] = view.missing
  if (view.missing.length === 1 && only) return texts.oneMissing(fieldList([only], view))
  return view.missing.length > 3 ? texts.notRead : texts.fewMissing
}

/** Whether the title has all of it. */
const saysWhatIsMissing = ({ status, missing }: ExpenseView) =>
  status === 'draft' && (missing.length === 1 || missing.length > 3)

/** `the merchant, the date and the category` */
function fieldList(fields: ExpenseView['missing'], { company }: ExpenseView): string {
  const { theFields } = wordsOf(company.locale).common
  return joined(
    fields.map((field) => theFields[field]),
    'and',
    company.locale,
  )
}

/** What the person has to do before it can go on. */
function problems(view: ExpenseView, answers: LikelyAnswers): KnownBlock[] {
  const texts = wordsOf(view.company.locale).cards.expense
  const unreadable = view.receipts.find(({ status }) => status === 'unreadable')
  const isSaid = saysWhatIsMissing(view) || (isEditable(view) && asksForCategory(view, answers))
  const lines = [
    ...(unreadable
      ? [
          `:warning: ${texts.unreadable(quote(unreadable.fileName, 80), quote(unreadable.problem ?? '', 300))}`,
        ]
      : []),
    ...(view.missing.length > 0 && !isSaid
      ? [`:point_right: ${texts.fillIn(fieldList(view.missing, view))}`]
      : []),
  ]
  return lines.length > 0 ? [section('problems', lines.join('\n'))] : []
}

function buttonsOf(view: ExpenseView) {
  const { id, number, company } = view
  const texts = wordsOf(company.locale).cards.expense
  switch (view.status) {
    case 'draft':
    case 'sent_back':
    case 'blocked': {
      const [label, described] =
        view.status === 'draft'
          ? [texts.submit, texts.labels.submit(number)]
          : [texts.submitAgain, texts.labels.submitAgain(number)]
      const isAsked = view.missing.length > 0 || view.looksLike.some(({ differs }) => !differs)
      const action = isAsked ? actions.complete : actions.submit
      const submit = button(action, label, id, { style: 'primary', accessibility_label: described })
      return [submit, button(actions.edit, texts.edit, id), discardButton(view)]
    }
    case 'submitted':
      return [button(actions.takeBack, texts.takeBack, id)]
    case 'awaiting_approval': {
      const isDecided = view.steps.some(({ approvers }) => approvers.some(({ decided }) => decided !== null))
      return [
        ...(view.question ? [answerButton(view)] : []),
        ...(isDecided ? [] : [button(actions.takeBack, texts.takeBack, id)]),
      ]
    }
    case 'approved':
      return view.kind === 'request' ? [closeButton(view)] : []
    default:
      return []
  }
}

function closeButton({ id, number, drawn, company: { locale } }: ExpenseView) {
  return closeRequestButton({ id, number, left: drawn ? formatMoney(drawn.left, locale) : null, locale })
}

/** Gives back what is left of a request to spend. `left` as it is read; null: that is not known. */
export function closeRequestButton(request: {
  id: string
  number: string
  left: string | null
  locale: string
}) {
  const { id, number, left, locale } = request
  const { common, cards } = wordsOf(locale)
  const texts = cards.expense
  return button(actions.close, texts.giveBack, id, {
    accessibility_label: texts.labels.giveBack(number),
    confirm: {
      title: plain(texts.giveBackQuestion, 100),
      text: plain(texts.giveBackMeans(left ?? texts.whatIsLeft, number), 300),
      confirm: plain(texts.giveBack, 30),
      deny: plain(common.keep, 30),
    },
  })
}

function discardButton({ id, number, kind, company }: ExpenseView) {
  const { common, cards } = wordsOf(company.locale)
  const texts = cards.expense
  const means = [texts.discardMeans(number), ...(kind === 'receipt' ? [texts.postAgain] : [])]
  return button(actions.discard, texts.discard, id, {
    accessibility_label: texts.labels.discard(number),
    confirm: {
      title: plain(texts.discardQuestion, 100),
      text: plain(means.join(' '), 300),
      confirm: plain(texts.discard, 30),
      deny: plain(common.keep, 30),
    },
  })
}
