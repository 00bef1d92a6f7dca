import type { KnownBlock, ModalView } from '@slack/types'
import type { Verdict } from '../../src/features/approvals/index.ts'
import type { CommentView, ExpenseView } from '../../src/features/expenses/index.ts'
import { commentText } from './comments.ts'
import { forms } from './modals.ts'
import { amountText, plain, quote, section } from './text.ts'

const wording = {
  reject: { verb: 'Reject', title: 'Reject', question: 'Why is it rejected?' },
  send_back: { verb: 'Send back', title: 'Send back', question: 'What should be changed?' },
  ask: { verb: 'Ask', title: 'Ask about', question: 'What would you like to know?' },
} as const

/** Asks for the words of a rejection, a send-back or a question, and says once more about what. */
export function decisionModal(
  expense: ExpenseView,
  approvalId: string,
  verdict: Exclude<Verdict, 'approve'>,
): ModalView {
  const { verb, title, question } = wording[verdict]
  const reader = quote(expense.submitter.name, 60)
  return {
    type: 'modal',
    callback_id: forms.decide,
    private_metadata: JSON.stringify({ approvalId, verdict }),
    title: plain(`${title} ${expense.number}`, 24),
    submit: plain(verb, 24),
    close: plain('Cancel', 24),
    blocks: [
      subject(expense),
      words(
        question,
        verdict === 'ask' ? `${reader} gets the question; it stays open for you.` : `${reader} sees this.`,
      ),
    ],
  }
}

/** Asks the submitter for the answer to what they were asked. */
export function answerModal(expense: ExpenseView, questions: CommentView[]): ModalView {
  const askers = [...new Set(questions.map(({ who }) => who))]
  return {
    type: 'modal',
    callback_id: forms.answer,
    private_metadata: JSON.stringify({ expenseId: expense.id }),
    title: plain(`Answer ${expense.number}`, 24),
    submit: plain('Answer', 24),
    close: plain('Cancel', 24),
    blocks: [
      subject(expense),
      ...questions
        .slice(-3)
        .map((question, index) => section(`question_${index + 1}`, commentText(question, expense, 2000))),
      words('Your answer', askers.length === 1 ? `${askers[0]} sees this.` : 'Those who asked see this.'),
    ],
  }
}

function subject({ amount, companyAmount, merchant, company, submitter }: ExpenseView): KnownBlock {
  const worth = amountText(amount, companyAmount, company.locale)
  return section('subject', `*${worth}*, ${quote(merchant ?? '—')}, from ${quote(submitter.name, 60)}`)
}

function words(label: string, hint: string): KnownBlock {
  return {
    type: 'input',
    block_id: 'comment',
    label: plain(label),
    hint: plain(hint, 150),
    element: { type: 'plain_text_input', action_id: 'value', multiline: true, max_length: 2000 },
  }
}
