import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { delegateFields, delegatePage } from '../../../../templates/pages/delegate-page.ts'
import { delegationLinkPage } from '../../../../templates/pages/delegation-link-page.ts'
import type { Notice } from '../../../../templates/pages/page.ts'
import type { Tx } from '../../../database/index.ts'
import { mailDelegationLink } from '../../../features/notifications/index.ts'
import {
  addDelegation,
  type Directory,
  endDelegation,
  getCompany,
  getPerson,
  listDelegations,
  loadDirectory,
} from '../../../features/people/index.ts'
import { dateIn } from '../../../kernel/calendar-date.ts'
import { userError } from '../../../kernel/errors.ts'
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
      const colleagues = colleaguesOf(await loadDirectory(tx), personId)
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
    // An admin could end that of anybody, but not by a link in a mail.
    const known = await listDelegations(tx, { personId: principalId, includeOver: true })
    if (!known.some(({ id, principal }) => id === form.id && principal.id === principalId)) {
      throw userError('not_yours', 'Only whoever is stood in for can end this here.')
    }
    await endDelegation(tx, form.id)
    return 'ended'
  }
  const { id: delegateId } = findColleague(await loadDirectory(tx), form.delegate, principalId)
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

function colleaguesOf({ people }: Directory, personId: string): Directory['people'] {
  return people.filter(({ id, active }) => active && id !== personId)
}

/**
 * Who is meant by a name or a part of one that only one colleague has, an address, or both as the list offers them.
 * @throws userError `delegate_unknown`, `delegate_ambiguous`
 */
function findColleague(directory: Directory, typed: string, personId: string): { id: string } {
  const field = 'delegate'
  const words = typed.trim().toLowerCase()
  const address = /<([^<>]+)>$/.exec(words)?.[1]?.trim() ?? words
  if (words === '') throw userError('delegate_missing', 'Please say who decides for you.', { field })
  const active = directory.people.filter((person) => person.active)
  const byAddress = active.find(({ email }) => email === address)
  // Oneself is found, too: why that does not do is said by the rule for it.
  const byName = active.filter(({ name }) => name.toLowerCase() === words)
  const byPart = colleaguesOf(directory, personId).filter(({ name }) => {
    const lower = name.toLowerCase()
    return lower.startsWith(words) || lower.split(/\s+/).includes(words)
  })
  const [found, ...others] = byAddress ? [byAddress] : byName.length > 0 ? byName : byPart
  if (!found) {
    const message = `No colleague is called “${typed.trim().slice(0, 60)}”. Please choose somebody from the list, or type their e-mail address.`
    throw userError('delegate_unknown', message, { field })
  }
  if (others.length > 0) {
    const message = 'There are several people of that name. Please type the e-mail address.'
    throw userError('delegate_ambiguous', message, { field })
  }
  return found
}
