import type { KnownBlock, ModalView } from '@slack/types'
import type { SentCode, Verdict } from '../../src/features/approvals/index.ts'
import type { CommentView, ExpenseView } from '../../src/features/expenses/index.ts'
import { commentText } from './comments.ts'
import { actions, actionsBlock, button } from './expense-parts.ts'
import { textInput } from './form-inputs.ts'
import { forms } from './modals.ts'
import { amountText, context, instantText, plain, quote, section } from './text.ts'
import { wordsOf } from './words/index.ts'

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
  const { common, cards } = wordsOf(expense.company.locale)
  const { verb, title, question } = cards.decide[verdict]
  return {
    type: 'modal',
    callback_id: forms.decide,
    private_metadata: JSON.stringify({ approvalId, verdict, resent }),
    title: plain(title(expense.number), 24),
    submit: plain(verb, 24),
    close: plain(common.cancel, 24),
    blocks: [
      subject(expense),
      ...(verdict === 'approve' ? [] : [words(question, hintOf(expense, verdict))]),
      ...(code ? codeBlocks(code, { expense, approvalId, resent }) : []),
    ],
  }
}

function hintOf({ submitter, company }: ExpenseView, verdict: Verdict): string {
  const texts = wordsOf(company.locale).cards.decide
  const name = submitter.name.slice(0, 60)
  return verdict === 'ask' ? texts.getsQuestion(name) : texts.sees(name)
}

function codeBlocks(
  { via, to, expiresAt }: SentCode,
  { expense, approvalId, resent }: { expense: ExpenseView; approvalId: string; resent: number },
): KnownBlock[] {
  const texts = wordsOf(expense.company.locale).cards.decide
  const until = instantText(expiresAt, expense.company)
  const where =
    via === 'app'
      ? texts.codeFromApp
      : texts.codeSent(via === 'slack' ? texts.youInSlack : quote(to, 80), until)
  return [
    section('code_sent', `:lock: *${texts.proveYourself}* ${where}`),
    textInput(codeBlock(resent), texts.code, { placeholder: '123 456', most: 20 }),
    ...(via === 'app'
      ? []
      : [
          // Within a minute the same code stays good, and the button would seem to do nothing.
          context('code_hint', texts.notThere),
          actionsBlock('code_actions', [button(actions.newCode, texts.newCode, approvalId)]),
        ]),
  ]
}

/** Asks the submitter for the answer to what they were asked. */
export function answerModal(expense: ExpenseView, questions: CommentView[]): ModalView {
  const { common, cards } = wordsOf(expense.company.locale)
  const texts = cards.answer
  const [asker, ...others] = new Set(questions.map(({ who }) => who))
  const hint = asker !== undefined && others.length === 0 ? texts.sees(asker) : texts.askersSee
  return {
    type: 'modal',
    callback_id: forms.answer,
    private_metadata: JSON.stringify({ expenseId: expense.id }),
    title: plain(texts.title(expense.number), 24),
    submit: plain(texts.verb, 24),
    close: plain(common.cancel, 24),
    blocks: [
      subject(expense),
      ...questions
        .slice(-3)
        .map((question, index) => section(`question_${index + 1}`, commentText(question, expense, 2000))),
      words(texts.yourAnswer, hint),
    ],
  }
}

function subject({ amount, companyAmount, merchant, company, submitter }: ExpenseView): KnownBlock {
  const { common, cards } = wordsOf(company.locale)
  const worth = amountText(amount, companyAmount, company.locale)
  return section(
    'subject',
    cards.subject(worth, quote(merchant ?? common.nothing), quote(submitter.name, 60)),
  )
}

function words(label: string, hint: string): KnownBlock {
  return textInput('comment', label, { hint, multiline: true, most: 2000 })
}
