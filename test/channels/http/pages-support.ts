import type { LightMyRequestResponse } from 'fastify'
import { createHttpServer } from '../../../src/channels/http/index.ts'
import {
  draftExpense,
  editExpense,
  reactToApproval,
  submitExpense,
  viewExpense,
} from '../../../src/features/expenses/index.ts'
import { makeLink, type PagePurpose } from '../../../src/features/notifications/index.ts'
import { listCategories } from '../../../src/features/people/index.ts'
import { parseLinkKeys } from '../../../src/kernel/signed-link.ts'
import { as, createTestDatabase, importExample } from '../../support/test-database.ts'

export const grace = 'grace.taylor@techcorp.example'
export const frank = 'frank.miller@techcorp.example'
export const eve = 'eve.davis@techcorp.example'
const keys = parseLinkKeys(`k1:${'s'.repeat(32)}`)
export const dataKey = 'd'.repeat(32)

export type Pages = Awaited<ReturnType<typeof openPages>>

/** The pages behind signed links over a database of their own. */
export async function openPages() {
  const database = await createTestDatabase()
  const company = await importExample(database, 'company')
  const site = { database, keys, subjects: { expense: reactToApproval }, dataKey }
  const server = createHttpServer({ database, pages: site, isReady: () => true, slack: null, sandbox: null })
  let shops = 0

  async function linkTo(purpose: PagePurpose, email: string, id: string, of = company): Promise<string> {
    const rows = await database.asSuperuser<{ id: string }>('select id from person where email = $1', [email])
    const claims = { company: of, person: rows[0]?.id ?? '', approval: id, expense: id }
    return makeLink({ keys, publicUrl: '' }, purpose, claims, database.clock.now())
  }

  /** A complete draft of Grace's that came by mail, her link, and what its form holds. */
  async function draft(kind = 'meals'): Promise<{ id: string; own: string; form: Record<string, string> }> {
    shops += 1
    const form = {
      merchant: `Shop ${shops}`,
      amount: `${10 + shops}.00`,
      currency: 'USD',
      date: '2026-11-03',
    }
    const { id, category } = await as(database, grace, async (tx) => {
      const expense = await draftExpense(tx, {
        submitterId: tx.actor.personId ?? '',
        source: 'email',
        deliveryKey: `page ${shops}`,
        files: [],
      })
      const category = (await listCategories(tx)).find(({ key }) => key === kind)?.id ?? ''
      await editExpense(tx, expense.id, { ...form, categoryId: category })
      return { id: expense.id, category }
    })
    return { id, own: await linkTo('expense', grace, id), form: { ...form, category } }
  }

  /** A submitted one: Grace's link and Frank's. */
  async function lunch(): Promise<{ id: string; own: string; theirs: string }> {
    const { id, own } = await draft()
    await as(database, grace, (tx) => submitExpense(tx, id))
    return { id, own, theirs: await linkOfStep(id, 0, frank) }
  }

  /** A submitted trip: Frank decides first, then Eve. */
  async function trip(): Promise<{ id: string; own: string; franks: string; eves: string }> {
    const { id, own } = await draft('travel')
    await as(database, grace, (tx) => submitExpense(tx, id))
    return { id, own, franks: await linkOfStep(id, 0, frank), eves: await linkOfStep(id, 1, eve) }
  }

  async function linkOfStep(id: string, step: number, email: string): Promise<string> {
    const view = await as(database, grace, (tx) => viewExpense(tx, id))
    return linkTo('approval', email, view?.steps[step]?.approvers[0]?.approvalId ?? '')
  }

  return {
    database,
    server,
    linkTo,
    draft,
    lunch,
    trip,
    get: (url: string) => server.inject({ method: 'GET', url }),
    /** A second after whatever was before. */
    async post(url: string, form: Record<string, string>): Promise<LightMyRequestResponse> {
      database.clock.advance(1000)
      return server.inject({
        method: 'POST',
        url,
        payload: new URLSearchParams(form).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      })
    },
    statusOf: async (id: string) =>
      (await database.asSuperuser<{ status: string }>('select status from expense where id = $1', [id]))[0]
        ?.status,
    commentsOn: async (id: string) =>
      (
        await database.asSuperuser<{ text: string }>(
          'select text from comment where subject_id = $1 order by at, id',
          [id],
        )
      ).map(({ text }) => text),
    async close() {
      await server.close()
      await database.drop()
    },
  }
}
