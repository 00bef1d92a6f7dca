import type { KnownBlock } from '@slack/types'
import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { formatMoney } from '../../src/kernel/money.ts'
import { fieldList, isReading } from '../expense-words.ts'
import { answerButton, commentText, openQuestions } from './comments.ts'
import { actions, actionsBlock, button, findingsBlocks, headline } from './expense-parts.ts'
import { drawnBlocks, factPairs, sharesBlocks } from './facts.ts'
import { explainedStepLines, stepLines, verdictWord, waitingFor } from './steps-text.ts'
import {
  allFields,
  blockQuote,
  context,
  message,
  plain,
  quote,
  type SlackMessage,
  section,
  sections,
} from './text.ts'
import { takenBackLines } from './undo.ts'

/** The message in the submitter's thread: what was read, what policy says, who will approve, what can be done. */
export function expenseMessage(view: ExpenseView): SlackMessage {
  const title = titleOf(view)
  if (view.status === 'draft' && isReading(view)) {
    return message(`${view.number}: reading your receipt…`, [
      section('title', `:hourglass_flowing_sand: *Reading your receipt…*  ${view.number}`),
      actionsBlock('actions', [discardButton(view)]),
    ])
  }
  if (view.status === 'cancelled') {
    return message(discarded(view), [context('title', discarded(view))])
  }
  const blocks: KnownBlock[] = [
    section('title', title),
    ...allFields('facts', factPairs(view)),
    ...sharesBlocks(view),
    ...drawnBlocks(view),
  ]
  if (view.note) blocks.push(context('note', `:memo: ${quote(view.note, 500)}`))
  const files = view.receipts.map(({ fileName }) => quote(fileName, 80)).slice(0, 5)
  if (files.length > 0) blocks.push(context('files', `:paperclip: ${files.join(', ')}`))
  blocks.push(...problems(view), ...findingsBlocks(view), ...approval(view))
  const questions = openQuestions(view)
  for (const [index, question] of questions.slice(-3).entries()) {
    blocks.push(section(`question_${index + 1}`, commentText(question, view, 2000)))
  }
  const buttons = buttonsOf(view)
  if (buttons.length > 0) blocks.push(actionsBlock('actions', buttons))
  return message(`${plainTitle(view)} ${headline(view)}`, blocks)
}

/** Who will approve and why they, or who did; on a draft about which nobody has to be asked, that. */
function approval(view: ExpenseView): KnownBlock[] {
  const isPlan = view.requestStatus === null
  if (view.steps.length > 0) {
    return sections('steps', [
      isPlan ? '*Who will approve*' : '*Approval*',
      ...(isPlan ? explainedStepLines(view) : stepLines(view)),
      ...takenBackLines(view),
    ])
  }
  if (!isPlan || view.automatic === null) return []
  return [section('steps', `*Who will approve*\nNobody has to be asked (${quote(view.automatic, 200)}).`)]
}

function plainTitle(view: ExpenseView): string {
  return titleOf(view)
    .replace(/:[a-z_]+: /, '')
    .replace(/\*/g, '')
}

/** A request to spend that was approved is not discarded but closed. */
function discarded({ number, kind, requestStatus }: ExpenseView): string {
  return kind === 'request' && requestStatus === 'approved'
    ? `${number} is closed. What was left of it was given back.`
    : `${number} was discarded. Nothing was submitted.`
}

/** It is not what was read any more. */
const isChanged = ({ kind, confirmed, shares }: ExpenseView) =>
  kind === 'receipt' && (confirmed.length > 0 || shares.length > 0)

const isBlocked = ({ findings }: ExpenseView) => findings.some(({ severity }) => severity === 'blocking')

function titleOf(view: ExpenseView): string {
  const decision = view.history.findLast(({ what }) => what === verdictWord(view.status))
  const because = decision?.comment ? `\n${blockQuote(decision.comment)}` : ''
  const decider = quote(decision?.who ?? 'an approver', 140)
  switch (view.status) {
    case 'draft':
      return view.missing.length > 0
        ? `:pencil2: *${view.number}: ${whatIsMissing(view)}*`
        : isBlocked(view)
          ? `:no_entry: *${view.number} cannot go on as it is.*`
          : isChanged(view)
            ? `:receipt: *${view.number}: here is your draft.*`
            : readyTitles[view.kind](view.number)
    case 'submitted':
      return `:hourglass_flowing_sand: *${view.number} is submitted.* It goes to the approvers when the receipt is read.`
    case 'awaiting_approval':
      return view.question
        ? `:question: *${quote(view.question.who, 60)} has a question about ${view.number}.*`
        : `:hourglass_flowing_sand: *${view.number} is waiting for ${waitingFor(view)}.*`
    case 'approved':
      return view.automatic === null
        ? `:white_check_mark: *${view.number} is approved.* ${afterApproval(view)}`
        : `:white_check_mark: *${view.number} is approved automatically* (${quote(view.automatic, 200)}). ${afterApproval(view)}`
    case 'rejected':
      return `:x: *${view.number} was rejected by ${decider}.*${because}`
    case 'sent_back':
      return `:leftwards_arrow_with_hook: *${view.number} was sent back by ${decider}.* Change it and submit it again.${because}`
    case 'blocked':
      return `:no_entry: *${view.number} cannot go on as it is.*`
    case 'settled':
      return `:white_check_mark: *${view.number} is settled.*`
    case 'cancelled':
      return `*${view.number} was discarded.*`
  }
}

const readyTitles: Record<ExpenseView['kind'], (number: string) => string> = {
  receipt: (number) => `:receipt: *${number}: here is what I read.*`,
  mileage: (number) => `:car: *${number}: your mileage.* Submit it when it is right.`,
  per_diem: (number) => `:calendar: *${number}: your per diem.* Submit it when it is right.`,
  request: (number) => `:moneybag: *${number}: your request to spend.* Submit it when it is right.`,
}

function afterApproval({ kind, drawn, company }: ExpenseView): string {
  if (kind !== 'request') return 'The statement is mailed to you and finance.'
  const left = drawn ? ` *${formatMoney(drawn.left, company.locale)}* is left.` : ''
  return `Choose it in the form of each expense that you spend under it.${left}`
}

/** Says of a receipt that gave nothing that it gave nothing. */
function whatIsMissing(view: ExpenseView): string {
  const [only] = view.missing
  if (view.missing.length === 1 && only) return `${fieldList([only])} is missing.`
  return view.missing.length > 3
    ? 'I could not read this receipt. Please fill it in.'
    : 'a few things are missing.'
}

/** What the person has to do before it can go on. */
function problems(view: ExpenseView): KnownBlock[] {
  const unreadable = view.receipts.find(({ status }) => status === 'unreadable')
  const lines = [
    ...(unreadable
      ? [
          `:warning: I could not read ${quote(unreadable.fileName, 80)}. ${quote(unreadable.problem ?? '', 300)}`,
        ]
      : []),
    ...(view.missing.length > 0 ? [`:point_right: Please fill in ${fieldList(view.missing)}.`] : []),
  ]
  return lines.length > 0 ? [section('problems', lines.join('\n'))] : []
}

function buttonsOf(view: ExpenseView) {
  const { id } = view
  const edit = button(actions.edit, 'Edit', id)
  switch (view.status) {
    case 'draft':
    case 'sent_back':
    case 'blocked': {
      const label = view.status === 'draft' ? 'Submit' : 'Submit again'
      const submit =
        view.missing.length > 0
          ? button(actions.complete, label, id, { style: 'primary' })
          : button(actions.submit, label, id, {
              style: 'primary',
              accessibility_label: `${label} ${view.number}`,
            })
      return [submit, edit, discardButton(view)]
    }
    case 'submitted':
      return [button(actions.takeBack, 'Take back', id)]
    case 'awaiting_approval': {
      const isDecided = view.steps.some(({ approvers }) => approvers.some(({ decided }) => decided !== null))
      return [
        ...(view.question ? [answerButton(view)] : []),
        ...(isDecided ? [] : [button(actions.takeBack, 'Take back', id)]),
      ]
    }
    case 'approved':
      return view.kind === 'request' ? [closeButton(view)] : []
    default:
      return []
  }
}

function closeButton(view: ExpenseView) {
  const left = view.drawn ? formatMoney(view.drawn.left, view.company.locale) : 'What is left'
  return closeRequestButton({ ...view, left })
}

/** Gives back what is left of a request to spend. `left` as it is read. */
export function closeRequestButton({ id, number, left }: { id: string; number: string; left: string }) {
  return button(actions.close, 'Give back', id, {
    accessibility_label: `Give back what is left of ${number}`,
    confirm: {
      title: plain('Give back the rest?'),
      text: plain(`${left} of ${number} can be spent no more. Expenses that name it stay as they are.`, 300),
      confirm: plain('Give back', 30),
      deny: plain('Keep', 30),
    },
  })
}

function discardButton(view: ExpenseView) {
  return button(actions.discard, 'Discard', view.id, {
    accessibility_label: `Discard ${view.number}`,
    confirm: {
      title: plain('Discard?'),
      text: plain(
        `${view.number} will not be submitted.${view.kind === 'receipt' ? ' You can post the receipt again.' : ''}`,
        300,
      ),
      confirm: plain('Discard', 30),
      deny: plain('Keep', 30),
    },
  })
}
