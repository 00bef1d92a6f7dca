import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHttpServer } from '../../../src/channels/http/index.ts'
import {
  draftExpense,
  editExpense,
  reactToApproval,
  submitExpense,
  viewExpense,
} from '../../../src/features/expenses/index.ts'
import { makeLink } from '../../../src/features/notifications/index.ts'
import { listCategories } from '../../../src/features/people/index.ts'
import { logger } from '../../../src/kernel/logger.ts'
import { parseLinkKeys } from '../../../src/kernel/signed-link.ts'
import { as, createTestDatabase, importExample, type TestDatabase } from '../../support/test-database.ts'

const grace = 'grace.taylor@techcorp.example'
const frank = 'frank.miller@techcorp.example'
const keys = parseLinkKeys(`k1:${'s'.repeat(32)}`)
let database: TestDatabase
let company: string
let server: FastifyInstance
let shops = 0
beforeAll(async () => {
  database = await createTestDatabase()
  company = await importExample(database, 'company')
  const pages = { database, keys, subjects: { expense: reactToApproval } }
  server = createHttpServer({ database, pages, isReady: () => true, slack: null, sandbox: null })
})
afterAll(async () => {
  await server.close()
  await database.drop()
})

const idOf = async (email: string) =>
  (await database.asSuperuser<{ id: string }>('select id from person where email = $1', [email]))[0]?.id ?? ''
const link = async (purpose: 'approval' | 'expense', email: string, id: string) => {
  const claims = { company, person: await idOf(email), [purpose]: id }
  const url = await makeLink({ keys, publicUrl: '' }, purpose, claims as never, database.clock.now())
  return url
}

/** A submitted lunch: the submitter's link and Frank's. */
async function lunch() {
  const { id, approvalId } = await as(database, grace, async (tx) => {
    const expense = await draftExpense(tx, {
      submitterId: tx.actor.personId ?? '',
      source: 'email',
      deliveryKey: `p${shops++}`,
      files: [],
    })
    const categoryId = (await listCategories(tx)).find(({ key }) => key === 'meals')?.id ?? ''
    await editExpense(tx, expense.id, {
      merchant: `Shop ${shops}`,
      amount: `${10 + shops}.00`,
      currency: 'USD',
      date: '2026-11-03',
      categoryId,
    })
    await submitExpense(tx, expense.id)
    await tx.em.flush()
    const view = await viewExpense(tx, expense.id)
    return { id: expense.id, approvalId: view?.steps[0]?.approvers[0]?.approvalId ?? '' }
  })
  return { id, own: await link('expense', grace, id), theirs: await link('approval', frank, approvalId) }
}

const get = (url: string) => server.inject({ method: 'GET', url })
const post = (url: string, form: Record<string, string>) =>
  server.inject({
    method: 'POST',
    url,
    payload: new URLSearchParams(form).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
const statusOf = async (id: string) =>
  (await database.asSuperuser<{ status: string }>('select status from expense where id = $1', [id]))[0]
    ?.status

test('a link expires with a page that says so, and decides nothing any more', async () => {
  const { id, theirs } = await lunch()
  database.clock.advance(15 * 86_400_000)
  expect((await get(theirs)).statusCode).toBe(410)
  expect((await post(theirs, { decision: 'approve' })).statusCode).toBe(410)
  expect(await statusOf(id)).toBe('awaiting_approval')
})

test('a person who left neither sees nor does anything by an old link', async () => {
  const { id, own, theirs } = await lunch()
  await database.asSuperuser('update person set active = false where email = any($1)', [[grace, frank]])
  try {
    for (const url of [own, theirs, `${theirs}/receipts/${id}`]) expect((await get(url)).statusCode).toBe(403)
    expect((await post(own, { action: 'take_back' })).statusCode).toBe(403)
    expect((await post(theirs, { decision: 'approve' })).statusCode).toBe(403)
  } finally {
    await database.asSuperuser('update person set active = true where email = any($1)', [[grace, frank]])
  }
  expect(await statusOf(id)).toBe('awaiting_approval')
})

test('a link of another company’s making opens nothing', async () => {
  const { theirs } = await lunch()
  const globex = await importExample(database, 'globex')
  const hank = await idOf('hank.scorpio@globex.example')
  const approval =
    (await database.asSuperuser<{ id: string }>('select id from approval order by id desc limit 1'))[0]?.id ??
    ''
  const url = await makeLink(
    { keys, publicUrl: '' },
    'approval',
    { company: globex, person: hank, approval },
    database.clock.now(),
  )
  expect((await get(url)).statusCode).toBe(404)
  expect((await post(url, { decision: 'approve' })).statusCode).toBeGreaterThanOrEqual(400)
  expect((await get(theirs)).statusCode).toBe(200)
})

test('what was typed is never lost, whatever is in it', async () => {
  const { theirs } = await lunch()
  const answer = await post(theirs, { decision: 'reject', comment: '\u0000<script>alert(1)</script>' })
  expect(answer.statusCode).toBe(303)
  const page = await get(theirs)
  expect(page.body).toContain('&lt;script&gt;')
  expect(page.body).not.toContain('<script>')
})

test('no token ever reaches the log', async () => {
  const lines: string[] = []
  const original = process.stdout.write.bind(process.stdout)
  const { own, theirs } = await lunch()
  logger.level = 'trace'
  process.stdout.write = ((text: string) => lines.push(text) > 0) as typeof process.stdout.write
  try {
    await get(own)
    await get(`${theirs}x`)
    await post(theirs, { decision: 'approve' })
    await get('/%E0%A4%A')
  } finally {
    process.stdout.write = original
    logger.level = 'silent'
  }
  const token = theirs.split('/').at(-1) ?? ''
  expect(lines.join('')).not.toContain(token.slice(0, 60))
})
