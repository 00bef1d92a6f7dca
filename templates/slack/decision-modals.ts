import type { KnownBlock, ModalView } from '@slack/types'
import type { SentCode, Verdict } from '../../src/features/approvals/index.ts'
import type { CommentView, ExpenseView } from '../../src/features/expenses/index.ts'
import { commentText } from './comments.ts'
import { actions, actionsBlock, button } from './expense-parts.ts'
import { textInput } from './form-inputs.ts'
import { forms } from './modals.ts'
import { amountText, context, instantText, plain, quote, section } from './text.ts'

const wording = {
  approve: { verb: 'Approve', title: 'Approve', question: '' },
  reject: { verb: 'Reject', title: 'Reject', question: 'Why is it rejected?' },
  send_back: { verb: 'Send back', title: 'Send back', question: 'What should be changed?' },
  ask: { verb: 'Ask', title: 'Ask about', question: 'What would you like to know?' },
} as const

export interface DecisionModalView {
  expense: ExpenseView
  approvalId: string
  verdict: Verdict
  /** null where no code is needed. */
  code: SentCode | null
  /** How often the person asked for another code. */
  resent?: number
}

/** The input of a code. For another code it is another input: what was wrong about the one before does not stand at it. */
export const codeBlock = (resent: number) => (resent === 0 ? 'code' : `code_${resent}`)

/**
 * Asks for the words of a rejection, a send-back or a question, and for a large amount a code; says once more
 * about what.
 */
export function decisionModal({
  expense,
  approvalId,
  verdict,
  code,
  resent = 0,
}: DecisionModalView): ModalView {
  const { verb, title, question } = wording[verdict]
  return {
    type: 'modal',
    callback_id: forms.decide,
    private_metadata: JSON.stringify({ approvalId, verdict, resent }),
    title: plain(`${title} ${expense.number}`, 24),
    submit: plain(verb, 24),
    close: plain('Close', 24),
    blocks: [
      subject(expense),
      ...(verdict === 'approve' ? [] : [words(question, hintOf(expense, verdict))]),
      ...(code ? codeBlocks(code, { expense, approvalId, resent }) : []),
    ],
  }
}

function hintOf({ submitter }: ExpenseView, verdict: Verdict): string {
  const name = quote(submitter.name, 60)
  return verdict === 'ask' ? `${name} gets the question; it stays open for you.` : `${name} sees this.`
}

function codeBlocks(
  { via, to, expiresAt }: SentCode,
  { expense, approvalId, resent }: { expense: ExpenseView; approvalId: string; resent: number },
): KnownBlock[] {
  const { timeZone, locale } = expense.company
  const until = instantText(expiresAt, timeZone, locale)
  const where =
    via === 'app'
      ? 'Please type the code that your authenticator app shows now.'
      : `We sent a code to ${via === 'slack' ? 'you in Slack' : quote(to, 80)}. It is good until ${until}.`
  return [
    section('code_sent', `:lock: *A large amount: please prove that it is you.* ${where}`),
    textInput(codeBlock(resent), 'Code', { placeholder: '123 456', most: 20 }),
    ...(via === 'app'
      ? []
      : [
          // Within a minute the same code stays good, and the button would seem to do nothing.
          context('code_hint', 'Not there after a minute? A new one takes its place.'),
          actionsBlock('code_actions', [button(actions.newCode, 'Send a new code', approvalId)]),
        ]),
  ]
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
    close: plain('Close', 24),
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
  return textInput('comment', label, { hint, multiline: true, most: 2000 })
}
