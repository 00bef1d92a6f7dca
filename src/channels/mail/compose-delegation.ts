import { renderDelegationLinkMail } from '../../../templates/email/delegation-link-mail.ts'
import { renderDelegationMail, type WaitingItem } from '../../../templates/email/delegation-mail.ts'
import { isWorkLeft, type Tx } from '../../database/index.ts'
import { listWaiting } from '../../features/approvals/index.ts'
import { viewExpense } from '../../features/expenses/index.ts'
import { makeLink, type OutgoingMail } from '../../features/notifications/index.ts'
import { type DelegationView, findDelegation, getCompany } from '../../features/people/index.ts'
import { permanentError, transientError } from '../../kernel/errors.ts'
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
  const delegation = mail.delegationId && (await findDelegation(tx, mail.delegationId))
  const turn = mail.details?.turn
  if (!delegation || !turn) {
    throw permanentError('mail_incomplete', 'The mail is about a delegation that does not exist.')
  }
  const { principal, createdBy, state } = delegation
  if ((turn === 'made' && state !== 'coming') || (turn === 'begins' && state === 'over')) return null
  const audience = personId === principal.id ? 'principal' : 'delegate'
  const isOver = turn === 'ended' || turn === 'called_off'
  // Of what it lists, some is still being passed on.
  if (turn !== 'made' && (await isWorkLeft(tx, 'approval.sync_asks'))) {
    const details = { retryAfterSeconds: 2 }
    throw transientError('not_passed_on', 'What is open is not passed on yet.', { details })
  }
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

/** A day: whoever asks for it wants to use it now. */
const linkLifetimeMs = 86_400_000

/** The way to let somebody decide for them, to whoever asked for it on a page of theirs. */
export async function composeDelegationLink(
  channel: MailChannel,
  tx: Tx,
  { toPersonId }: OutgoingMail,
): Promise<MailContent> {
  const claims = { company: tx.companyId, person: toPersonId ?? '' }
  const link = await makeLink(channel.site, 'delegation', claims, tx.now, linkLifetimeMs)
  return renderDelegationLinkMail({ company: await getCompany(tx), link })
}

/** What is with the delegate while it lasts and what stays with the principal, and with the principal when it is over; the links are the reader's. */
async function whatWaits(
  channel: MailChannel,
  tx: Tx,
  given: { delegation: DelegationView; isOver: boolean; personId: string },
): Promise<{ waiting: WaitingItem[]; more: number; staying: number }> {
  const { principal, delegate } = given.delegation
  const whose = given.isOver ? principal.id : delegate.id
  const all = (await listWaiting(tx, whose, { limit: mostCounted })).filter(
    ({ onBehalfOfId }) => given.isOver || onBehalfOfId === principal.id,
  )
  const waiting: WaitingItem[] = []
  for (const { approvalId, subjectId } of all.slice(0, mostNamed)) {
    const expense = await viewExpense(tx, subjectId, approvalId)
    if (!expense?.amount) continue
    waiting.push({
      number: expense.number,
      merchant: expense.merchant ?? '',
      amount: expense.amount,
      companyAmount: expense.companyAmount,
      submitter: expense.submitter.name,
      link: await approvalLink(channel, tx, { approvalId, personId: given.personId }),
    })
  }
  const isPrincipals = given.personId === principal.id && !given.isOver
  const own = isPrincipals ? await listWaiting(tx, principal.id, { limit: mostCounted }) : []
  const passedOn = new Set(all.map(({ approvalId }) => approvalId))
  const staying = own.filter((one) => one.onBehalfOfId === null && !passedOn.has(one.approvalId)).length
  return { waiting, more: all.length - waiting.length, staying }
}
