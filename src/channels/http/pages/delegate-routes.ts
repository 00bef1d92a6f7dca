import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { delegateFields, delegatePage } from '../../../../templates/pages/delegate-page.ts'
import type { Notice } from '../../../../templates/pages/page.ts'
import type { Tx } from '../../../database/index.ts'
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
 * The page on which somebody lets a colleague decide for them: `/a/<token>/delegate`, from every mail that asks for an
 * approval, and `/d/<token>`, from the mails about delegations themselves.
 */
export function addDelegateRoutes(server: FastifyInstance, site: PageSite): void {
  addDelegatePage(server, site, { path: 'a', below: '/delegate', purpose: 'approval' })
  addDelegatePage(server, site, { path: 'd', purpose: 'delegation' })
}

type Way =
  | { path: 'a'; below: '/delegate'; purpose: 'approval' }
  | { path: 'd'; below?: never; purpose: 'delegation' }

function addDelegatePage(server: FastifyInstance, site: PageSite, way: Way): void {
  addLinkPage<Way['purpose'], Form, (typeof delegateFields)[number]>(server, site, {
    ...way,
    form,
    fields: delegateFields,
    show: async (tx, { person: personId }, { link, action }, { notice, form, errors, done }) => {
      const viewer = await getPerson(tx, personId)
      const company = await getCompany(tx)
      const today = dateIn(tx.now, viewer.timeZone ?? company.timeZone)
      const colleagues = colleaguesOf(await loadDirectory(tx), personId)
      return delegatePage({
        company,
        viewer,
        action,
        backUrl: way.below ? link : null,
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
  const { id: delegateId } = findColleague(await loadDirectory(tx), form.delegate)
  await addDelegation(tx, { principalId, delegateId, from: form.from, to: form.to, upTo: form.up_to })
  return 'delegated'
}

function noticeOf(done: Done | undefined): Notice | null {
  if (done === 'delegated') return { kind: 'success', text: 'Done. They are told by mail.' }
  if (done === 'ended') return { kind: 'success', text: 'It is ended.' }
  return null
}

function colleaguesOf({ people }: Directory, personId: string): Directory['people'] {
  return people.filter(({ id, active }) => active && id !== personId)
}

/**
 * Who is meant by a name, an address, or both as the list offers them.
 * @throws userError `delegate_unknown`, `delegate_ambiguous`
 */
function findColleague({ people }: Directory, typed: string): { id: string } {
  const field = 'delegate'
  const words = typed.trim().toLowerCase()
  const address = /<([^<>]+)>$/.exec(words)?.[1]?.trim() ?? words
  if (words === '') throw userError('delegate_missing', 'Please say who decides for you.', { field })
  const active = people.filter((person) => person.active)
  const byAddress = active.find(({ email }) => email === address)
  // Oneself is found, too: why that does not do is said by the rule for it.
  const byName = active.filter(({ name }) => name.toLowerCase() === words)
  const [found, ...others] = byAddress ? [byAddress] : byName
  if (!found) {
    const message = `Nobody here is called “${typed.trim().slice(0, 60)}”. Please choose somebody from the list, or type their e-mail address.`
    throw userError('delegate_unknown', message, { field })
  }
  if (others.length > 0) {
    const message = 'There are several people of that name. Please type the e-mail address.'
    throw userError('delegate_ambiguous', message, { field })
  }
  return found
}
