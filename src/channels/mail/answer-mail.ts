import { inCompany, type WorkInHand } from '../../database/index.ts'
import { expensesOfMail, submitWhenSure } from '../../features/expenses/index.ts'
import { lockInboundMail, recordVerdict } from './inbound-mail.ts'
import type { MailChannel } from './mail-channel.ts'
import { queueAnswer } from './queue-answer.ts'

/**
 * Once every receipt of a mail is read: a single one that is sure submits by itself, everything else stays a draft;
 * either way one answer goes out. Asked again, or too early, it does nothing.
 */
export async function concludeMail(
  channel: MailChannel,
  companyId: string,
  mailId: string,
  work: WorkInHand,
): Promise<void> {
  const system = { personId: null, channel: 'system' as const }
  const personId = await inCompany(
    channel.database,
    { companyId, actor: system },
    async (tx) => (await lockInboundMail(tx, mailId)).person_id,
  )
  await inCompany(channel.database, { companyId, actor: { personId, channel: 'email' } }, async (tx) => {
    await work.finish(tx)
    const mail = await lockInboundMail(tx, mailId)
    const expenses = await expensesOfMail(tx, mailId)
    if (mail.outcome !== 'reading' || mail.sender === null || expenses.some(({ isRead }) => !isRead)) return
    const [only] = expenses
    const isSubmitted = expenses.length === 1 && only !== undefined && (await submitWhenSure(tx, only.id))
    await recordVerdict(tx, mailId, { outcome: isSubmitted ? 'submitted' : 'drafted' })
    await queueAnswer(tx, {
      mailId,
      to: mail.sender,
      personId,
      hasReceipts: true,
      ...(only && isSubmitted ? { expenseId: only.id } : {}),
    })
  })
}
