import type { FastifyReply } from 'fastify'
import { messagePage } from '../../../../templates/pages/message-page.ts'
import { type Database, inCompany } from '../../../database/index.ts'
import type { ApprovalSubjects } from '../../../features/approvals/index.ts'
import { type LinkClaims, openLink, type PagePurpose } from '../../../features/notifications/index.ts'
import { isActivePerson } from '../../../features/people/index.ts'
import type { LinkKeys } from '../../../kernel/signed-link.ts'

/** What the pages behind signed links work with. */
export interface PageSite {
  database: Database
  keys: LinkKeys
  subjects: ApprovalSubjects
  /** DATA_KEY: the codes that prove who decides come from it. */
  dataKey: string
}

/**
 * Headers of every page behind a link: nothing is loaded from elsewhere, nobody frames it, nothing is indexed or kept,
 * and the address, which is a secret, is told to nobody.
 */
export function sendPage(reply: FastifyReply, status: number, html: string): FastifyReply {
  return reply
    .code(status)
    .headers({
      'content-security-policy':
        "default-src 'none'; img-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
    .type('text/html; charset=utf-8')
    .send(html)
}

const someWeeks =
  'Links in mails are good for some weeks. Please use Slack, or ask for the mail to be sent again.'
const expired: Record<PagePurpose, string> = {
  approval: someWeeks,
  expense: someWeeks,
  delegation:
    'For your safety it is good for a short time only. Please have a new one mailed to you, on the page of anything that you are asked to approve, or use Slack.',
}

/** What the link says, or the page that explains why it says nothing. */
export async function enter<Purpose extends PagePurpose>(
  site: PageSite,
  purpose: Purpose,
  token: string,
  reply: FastifyReply,
): Promise<LinkClaims<Purpose> | null> {
  const opened = await openLink(site.keys, purpose, token, site.database.clock.now())
  if (opened === 'expired') {
    sendPage(reply, 410, messagePage({ title: 'This link has expired', text: expired[purpose] }))
    return null
  }
  if (opened === 'invalid') {
    const text =
      'It may have been cut off by your mail program. Please copy the whole link, or use the button in the mail.'
    sendPage(reply, 404, messagePage({ title: 'This link does not work', text }))
    return null
  }
  const { company: companyId, person: personId } = opened.claims
  const isActive = await inCompany(
    site.database,
    { companyId, actor: { personId, channel: 'email' } },
    (tx) => isActivePerson(tx, personId),
  )
  if (!isActive) {
    const text = 'Your account is not active any more. Please ask your admin.'
    sendPage(reply, 403, messagePage({ title: 'This link no longer works', text }))
    return null
  }
  return opened.claims
}

/** A page for what is not there: it says as little as possible. */
export function sendMissing(reply: FastifyReply): FastifyReply {
  const text = 'It may have been removed, or the link is not for you.'
  return sendPage(reply, 404, messagePage({ title: 'There is nothing here', text }))
}
