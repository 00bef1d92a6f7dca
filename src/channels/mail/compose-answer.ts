import { type AnswerMailView, renderAnswerMail } from '../../../templates/email/answer-mail.ts'
import type { Tx } from '../../database/index.ts'
import { type ExpenseView, expensesOfMail, viewExpense } from '../../features/expenses/index.ts'
import type { OutgoingMail } from '../../features/notifications/index.ts'
import { getCompany } from '../../features/people/index.ts'
import { type InboundMail, lockInboundMail } from './inbound-mail.ts'
import type { MailChannel } from './mail-channel.ts'
import { expenseLink, type MailContent } from './mail-parts.ts'

/** Answers a mail that came in, by what came of it. */
export async function composeAnswer(
  channel: MailChannel,
  tx: Tx,
  mail: OutgoingMail,
): Promise<MailContent | null> {
  const inbound = await lockInboundMail(tx, mail.inboundMailId ?? '')
  const company = await getCompany(tx)
  const base = { company, subject: inbound.subject ?? '', ignored: inbound.ignored }
  const items: { expense: ExpenseView; link: string }[] = []
  for (const { id } of await expensesOfMail(tx, inbound.id)) {
    const expense = await viewExpense(tx, id)
    if (expense) items.push({ expense, link: await expenseLink(channel, tx, expense) })
  }
  const view = answerView(base, inbound, items)
  return view && { ...renderAnswerMail(view), inReplyTo: inbound.message_id }
}

function answerView(
  base: { company: { name: string }; subject: string; ignored: InboundMail['ignored'] },
  inbound: InboundMail,
  items: { expense: ExpenseView; link: string }[],
): AnswerMailView | null {
  const because = inbound.because ?? ''
  const [only] = items
  switch (inbound.outcome) {
    case 'submitted':
      return only ? { ...base, ...only, outcome: 'submitted' } : null
    case 'drafted':
      return { ...base, items, outcome: 'drafted' }
    case 'quarantined':
      return { ...base, because, outcome: 'quarantined' }
    case 'unknown_sender':
      return { ...base, address: inbound.sender ?? '', outcome: 'unknown_sender' }
    case 'unreadable':
      return { ...base, problem: because, outcome: 'unreadable' }
    case 'empty':
      return { ...base, outcome: 'empty' }
    case 'open':
    case 'reading':
    case 'automatic':
      return null
  }
}
