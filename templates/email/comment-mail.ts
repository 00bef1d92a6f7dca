import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { amountText, linesOf, merchantText, numberAndKind, quote, spoke, thing } from '../expense-words.ts'
import { furtherFacts } from '../fact-words.ts'
import { conversationBlock, factRows } from './expense-blocks.ts'
import { type Mail, renderMail } from './layout.ts'

export interface CommentMailView {
  expense: ExpenseView
  /** One of `expense.comments`. */
  comment: ExpenseView['comments'][number]
  audience: 'submitter' | 'approver'
  /** The signed page: for the submitter with the box for the answer, for an approver the one to decide on. */
  link: string
}

const verbs = { asked: 'asks', answered: 'answered', wrote: 'wrote' }

/** Passes on what somebody asked, answered or remarked. */
export function renderCommentMail({ expense, comment, audience, link }: CommentMailView): Mail {
  const who = quote(comment.who, 60)
  const spoken = spoke(expense, comment)
  const own = audience === 'submitter'
  return renderMail({
    subject: `${who} ${verbs[spoken]} about ${expense.number}`,
    preview: comment.text,
    company: expense.company.name,
    title: `${who} ${verbs[spoken]} about ${own ? `your ${thing(expense)}` : expense.number}`,
    blocks: [
      { kind: 'quote', lines: linesOf(comment.text, 2000) },
      ...conversationBlock(expense, comment.id),
      {
        kind: 'button',
        label: own ? (spoken === 'asked' ? 'Answer' : 'Look at it') : 'Look at it and decide',
        url: link,
        rank: 'main',
        note: own ? null : 'Opening the page decides nothing.',
      },
      { kind: 'amount', text: amountText(expense), note: merchantText(expense) },
      {
        kind: 'facts',
        rows: [...factRows(furtherFacts(expense, audience)), ['Number', numberAndKind(expense)]],
      },
    ],
    reason: own
      ? `You get this mail because you submitted this ${thing(expense)}. Its link works in your name, so please do not pass it on.`
      : `You get this mail because you are asked to approve this ${thing(expense)}. Its link works in your name, so please do not pass it on.`,
  })
}
