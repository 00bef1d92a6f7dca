import { renderDelegationMail, type WaitingItem } from '../../../templates/email/delegation-mail.ts'
import type { Tx } from '../../database/index.ts'
import { listWaiting } from '../../features/approvals/index.ts'
import { viewExpense } from '../../features/expenses/index.ts'
import { makeLink, type OutgoingMail } from '../../features/notifications/index.ts'
import { type DelegationView, getCompany, listDelegations } from '../../features/people/index.ts'
import { permanentError } from '../../kernel/errors.ts'
import type { MailChannel } from './mail-channel.ts'
import { approvalLink, type MailContent } from './mail-parts.ts'

/** So many things that wait are named in one mail, and so many are counted. */
const mostNamed = 20
const mostCounted = 1000

/** To either of two people: one decides for the other in time, from now on, or no more. Nothing when that was overtaken. */
export async function composeDelegation(
  channel: MailChannel,
  tx: Tx,
  mail: OutgoingMail,
): Promise<MailContent | null> {
  const personId = mail.toPersonId ?? ''
  const delegation = (await listDelegations(tx, { personId, includeOver: true })).find(
    ({ id }) => id === mail.delegationId,
  )
  const turn = mail.details?.turn
  if (!delegation || !turn) {
    throw permanentError('mail_incomplete', 'The mail is about a delegation that does not exist.')
  }
  const { principal, createdBy, state } = delegation
  if ((turn === 'made' && state !== 'coming') || (turn === 'begins' && state !== 'active')) return null
  const audience = personId === principal.id ? 'principal' : 'delegate'
  const isOver = turn === 'ended'
  return renderDelegationMail({
    ...delegation,
    turn,
    audience,
    company: await getCompany(tx),
    arrangedBy: createdBy === principal.name ? null : createdBy,
    ...(await whatWaits(channel, tx, { delegation, isOver, personId })),
    manageLink:
      audience === 'principal' && !isOver
        ? await makeLink(channel.site, 'delegation', { company: tx.companyId, person: personId }, tx.now)
        : null,
  })
}

/** What is with the delegate while it lasts, and with the principal when it is over; the links are the reader's. */
async function whatWaits(
  channel: MailChannel,
  tx: Tx,
  given: { delegation: DelegationView; isOver: boolean; personId: string },
): Promise<{ waiting: WaitingItem[]; more: number }> {
  const { principal, delegate } = given.delegation
  const whose = given.isOver ? principal.id : delegate.id
  const all = (await listWaiting(tx, whose, { limit: mostCounted })).filter(
    ({ onBehalfOf }) => given.isOver || onBehalfOf === principal.name,
  )
  const waiting: WaitingItem[] = []
  for (const { approvalId, subjectId } of all.slice(0, mostNamed)) {
    const expense = await viewExpense(tx, subjectId, approvalId)
    if (!expense?.amount) continue
    waiting.push({
      number: expense.number,
      merchant: expense.merchant ?? '',
      amount: expense.amount,
      submitter: expense.submitter.name,
      link: await approvalLink(channel, tx, { approvalId, personId: given.personId }),
    })
  }
  return { waiting, more: all.length - waiting.length }
}
