import { renderAccessRequestMail } from '../../../templates/email/access-request-mail.ts'
import { renderAuditHeadMail } from '../../../templates/email/audit-head-mail.ts'
import { renderAuthenticatorMail } from '../../../templates/email/authenticator-mail.ts'
import { renderBlockedMail } from '../../../templates/email/blocked-mail.ts'
import { renderGivenUpMail } from '../../../templates/email/given-up-mail.ts'
import { renderInstallLinkMail } from '../../../templates/email/install-link-mail.ts'
import { renderLateReadingMail } from '../../../templates/email/late-reading-mail.ts'
import { renderNoticeMail } from '../../../templates/email/notice-mail.ts'
import { renderSlackTroubleMail } from '../../../templates/email/slack-trouble-mail.ts'
import type { Tx } from '../../database/index.ts'
import { makeLink, type OutgoingMail } from '../../features/notifications/index.ts'
import { getCompany, loadDirectory } from '../../features/people/index.ts'
import { addDays, dateIn, formatMonth } from '../../kernel/calendar-date.ts'
import type { MailChannel } from './mail-channel.ts'
import { expenseOf, type MailContent } from './mail-parts.ts'

/** To an admin: nobody may decide an expense. Nothing when somebody may by now, or it was changed or discarded. */
export async function composeBlocked(tx: Tx, mail: OutgoingMail): Promise<MailContent | null> {
  const expense = await expenseOf(tx, mail)
  const isStuck = expense.status === 'blocked' && expense.findings.some(({ code }) => code === 'no_approver')
  return isStuck ? renderBlockedMail(expense) : null
}

/** To whom a rule wants told of an expense. Nothing when it was taken back before the mail could leave. */
export async function composeNotice(tx: Tx, mail: OutgoingMail): Promise<MailContent | null> {
  const expense = await expenseOf(tx, mail)
  if (['draft', 'blocked', 'cancelled'].includes(expense.status)) return null
  const isAsked = expense.steps.some(({ approvers }) =>
    approvers.some(({ asks }) => asks.some(({ personId }) => personId === mail.toPersonId)),
  )
  return renderNoticeMail({ expense, clauses: mail.details?.sentences ?? [], isAsked })
}

/** To finance: what a receipt says that was read only after the approval. */
export async function composeLateReading(tx: Tx, mail: OutgoingMail): Promise<MailContent | null> {
  const expense = await expenseOf(tx, mail)
  const sentences = mail.details?.sentences ?? []
  return sentences.length > 0 ? renderLateReadingMail({ expense, sentences }) : null
}

/** To an admin: a Slack user whom nobody added. Nothing when somebody did by now. */
export async function composeAccessRequest(tx: Tx, mail: OutgoingMail): Promise<MailContent | null> {
  const user = mail.details?.user ?? { name: null, email: null }
  const email = user.email?.trim().toLowerCase()
  const { people } = await loadDirectory(tx)
  if (people.some((person) => person.active && person.email === email)) return null
  return renderAccessRequestMail({ company: await getCompany(tx), user })
}

/** To somebody whose app for codes was added or removed. */
export async function composeAuthenticator(
  tx: Tx,
  { details, createdAt }: OutgoingMail,
): Promise<MailContent | null> {
  const change = details?.authenticator
  return change ? renderAuthenticatorMail({ company: await getCompany(tx), change, at: createdAt }) : null
}

/** To finance, at the beginning of a month: the seal of the one before. */
export async function composeAuditHead(
  tx: Tx,
  { details, createdAt }: OutgoingMail,
): Promise<MailContent | null> {
  const head = details?.head
  if (!head) return null
  const company = await getCompany(tx)
  const before = addDays(`${dateIn(createdAt, company.timeZone).slice(0, 7)}-01`, -1)
  return renderAuditHeadMail({ company, head, month: formatMonth(before, company.locale) })
}

/** To an admin who asked for it: the way to add the app to a workspace. */
export async function composeInstallLink(
  { site }: MailChannel,
  tx: Tx,
  { toPersonId }: OutgoingMail,
): Promise<MailContent> {
  const claims = { company: tx.companyId, person: toPersonId ?? '' }
  const link = await makeLink(site, 'install', claims, tx.now)
  return renderInstallLinkMail({ company: await getCompany(tx), link })
}

/** To an admin: a change of theirs was not saved, or saved without their seeing it. */
export async function composeGivenUp(tx: Tx, { details }: OutgoingMail): Promise<MailContent | null> {
  if (!details?.givenUp) return null
  return renderGivenUpMail({ ...details.givenUp, company: await getCompany(tx) })
}

/** To an admin: Slack refuses what Outlay does. */
export async function composeSlackTrouble(
  { site }: MailChannel,
  tx: Tx,
  { details }: OutgoingMail,
): Promise<MailContent | null> {
  const trouble = details?.slackTrouble
  if (!trouble) return null
  const company = await getCompany(tx)
  // Only what was installed by that page is installed again by it.
  const installUrl = trouble.workspace && `${site.publicUrl}/slack/install`
  return renderSlackTroubleMail({
    ...trouble,
    company,
    installUrl,
    workspace: trouble.workspace?.name ?? null,
  })
}
