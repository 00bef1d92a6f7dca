import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { delegateFields, delegatePage } from '../../../../templates/pages/delegate-page.ts'
import { delegationLinkPage } from '../../../../templates/pages/delegation-link-page.ts'
import type { Notice } from '../../../../templates/pages/page.ts'
import type { Tx } from '../../../database/index.ts'
import { mailDelegationLink } from '../../../features/notifications/index.ts'
import {
  addDelegation,
  endDelegation,
  findColleagues,
  findDelegate,
  getCompany,
  getPerson,
  listDelegations,
} from '../../../features/people/index.ts'
import { dateIn } from '../../../kernel/calendar-date.ts'
import { addLinkPage, type Done } from './link-page.ts'
import type { PageSite } from './page-site.ts'

const text = z.string().default('')
const form = z.discriminatedUnion('action', [
  z.object({ action: z.literal('add'), delegate: text, from: text, to: text, up_to: text }),
  z.object({ action: z.literal('end'), id: z.uuid() }),
])
type Form = z.infer<typeof form>

/** So many are offered in the list; of more, one types the address. */
const mostOffered = 1000

/**
 * `/d/<token>`: the page on which somebody lets a colleague decide for them. `/a/<token>/delegate`, to which every mail
 * that asks for an approval leads, only mails the way there: such mails are passed on, and must open nothing else.
 */
export function addDelegateRoutes(server: FastifyInstance, site: PageSite): void {
  addDelegatePage(server, site)
  addDelegationLinkPage(server, site)
}

function addDelegationLinkPage(server: FastifyInstance, site: PageSite): void {
  addLinkPage<'approval', { action: 'mail' }, never>(server, site, {
    path: 'a',
    below: '/delegate',
    purpose: 'approval',
    form: z.object({ action: z.literal('mail') }),
    fields: [],
    show: async (tx, { person }, { link, action }, { notice, done }) =>
      delegationLinkPage({
        company: await getCompany(tx),
        viewer: await getPerson(tx, person),
        action,
        backUrl: link,
        notice: notice ?? noticeOf(done),
      }),
    perform: async ({ inTx }) => {
      await inTx(mailDelegationLink)
      return { done: 'mailed' }
    },
  })
}

function addDelegatePage(server: FastifyInstance, site: PageSite): void {
  addLinkPage<'delegation', Form, (typeof delegateFields)[number]>(server, site, {
    path: 'd',
    purpose: 'delegation',
    form,
    fields: delegateFields,
    show: async (tx, { person: personId }, { action }, { notice, form, errors, done }) => {
      const viewer = await getPerson(tx, personId)
      const company = await getCompany(tx)
      const today = dateIn(tx.now, viewer.timeZone ?? company.timeZone)
      const colleagues = await findColleagues(tx, '', mostOffered + 1)
      return delegatePage({
        company,
        viewer,
        action,
        colleagues: colleagues.length > mostOffered ? [] : colleagues,
        delegations: await listDelegations(tx, { personId }),
        values: form?.action === 'add' ? form : { delegate: '', from: today, to: '', up_to: '' },
        errors: errors ?? {},
        notice: notice ?? noticeOf(done),
      })
    },
    perform: async ({ inTx }, { person }, form) => ({
      done: await inTx((tx) => perform(tx, person, form)),
    }),
  })
}

async function perform(tx: Tx, principalId: string, form: Form): Promise<Done> {
  if (form.action === 'end') {
    await endDelegation(tx, form.id)
    return 'ended'
  }
  const { id: delegateId } = await findDelegate(tx, form.delegate)
  await addDelegation(tx, { principalId, delegateId, from: form.from, to: form.to, upTo: form.up_to })
  return 'delegated'
}

function noticeOf(done: Done | undefined): Notice | null {
  if (done === 'delegated') return { kind: 'success', text: 'Done. You both get a mail about it.' }
  if (done === 'mailed') {
    return { kind: 'success', text: 'The link is on its way to your mailbox. It is good for one day.' }
  }
  if (done === 'ended') return { kind: 'success', text: 'It is ended.' }
  return null
}
