import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { viewExpense } from '../../../src/features/expenses/index.ts'
import { doTurns } from '../../support/do-work.ts'
import { as } from '../../support/test-database.ts'
import { frank, grace, openPages, type Pages } from './pages-support.ts'

const bob = 'bob.smith@techcorp.example'
const days = { from: '2026-11-20', to: '2026-11-27' }
let pages: Pages
beforeAll(async () => {
  pages = await openPages()
})
afterAll(() => pages.close())
beforeEach(async () => {
  await pages.database.asSuperuser('update delegation set starts_at = created_at, ends_at = created_at')
})

const add = (url: string, change: Record<string, string> = {}) =>
  pages.post(url, { action: 'add', delegate: bob, ...days, up_to: '', ...change })
const franks = () => pages.linkTo('delegation', frank, '')
const linksMailed = () =>
  pages.database.asSuperuser<{ to_address: string }>(
    `select to_address from outgoing_mail where kind = 'delegation_link'`,
  )
const turn = () => doTurns(pages.database)
const delegations = () =>
  pages.database.asSuperuser<{ id: string; delegate: string; up_to_minor: string | null }>(
    `select d.id, p.email as delegate, d.up_to_minor from delegation d join person p on p.id = d.delegate_id
     where d.ends_at > d.created_at order by d.created_at`,
  )
const fieldsIn = ({ body }: { body: string }) =>
  [...body.matchAll(/<a href="#(\w+)">/g)].map(([, field]) => field)

async function bobsLink(id: string): Promise<string> {
  const view = await as(pages.database, grace, (tx) => viewExpense(tx, id))
  return pages.linkTo('approval', bob, view?.steps[0]?.approvers[0]?.approvalId ?? '')
}

describe('letting somebody decide by link', () => {
  test('the page of an approval leads there; the delegate is asked by mail and decides by their own link', async () => {
    const { id, theirs } = await pages.lunch()
    expect((await pages.get(theirs)).body).toContain(`href="${theirs}/delegate"`)
    const own = await franks()
    const page = await pages.get(own)
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain('<option value="Bob Smith &lt;bob.smith@techcorp.example&gt;">')
    expect(page.body).not.toContain('frank.miller@')

    const added = await add(own, { delegate: 'Bob Smith <bob.smith@techcorp.example>' })
    expect(added.headers.location).toBe(`${own}?delegated=1`)
    const after = await pages.get(`${own}?delegated=1`)
    expect(after.body).toContain('Bob Smith decides for you')
    await turn()
    expect((await pages.get(theirs)).body).toContain('Bob Smith decides for you until Nov 27, 2026.')

    const his = await bobsLink(id)
    const asked = await pages.get(his)
    expect(asked.body).toContain('You are asked because you decide for Frank Miller until Nov 27, 2026')
    expect((await pages.post(his, { decision: 'approve' })).statusCode).toBe(303)
    expect(await pages.statusOf(id)).toBe('approved')
    for (const url of [theirs, his]) {
      expect((await pages.get(url)).body).toContain('was approved by Bob Smith for Frank Miller')
    }
    expect((await pages.get(theirs)).body).not.toContain('value="undo"')
    expect((await pages.get(his)).body).toContain('value="undo"')
  })

  test('ended by its button, it is the principal’s again, and the delegate’s page says so', async () => {
    const { id, theirs } = await pages.lunch()
    const own = await franks()
    await add(own)
    await turn()
    const his = await bobsLink(id)
    const [delegation] = await delegations()
    const end = { action: 'end', id: delegation?.id ?? '' }
    const foreign = await pages.post(await pages.linkTo('delegation', bob, ''), end)
    expect(foreign.statusCode).toBe(403)
    const ended = await pages.post(own, end)
    expect(ended.headers.location).toBe(`${own}?ended=1`)
    expect((await pages.get(own)).body).not.toContain('Bob Smith decides')
    await turn()
    const closed = await pages.get(his)
    expect(closed.body).toContain('<h1>This is not yours to decide any more</h1>')
    expect((await pages.post(his, { decision: 'approve' })).statusCode).toBe(403)
    expect((await pages.post(theirs, { decision: 'approve' })).statusCode).toBe(303)
  })

  test('an admin ends nobody else’s by a link of a mail', async () => {
    const own = await franks()
    await add(own)
    const [delegation] = await delegations()
    const admin = await pages.linkTo('delegation', 'adam.root@techcorp.example', '')
    const refused = await pages.post(admin, { action: 'end', id: delegation?.id ?? '' })
    expect(refused.statusCode).toBe(403)
    expect(await delegations()).toHaveLength(1)
    const end = { action: 'end', id: delegation?.id ?? '' }
    for (const _ of ['pressed', 'pressed twice']) expect((await pages.post(own, end)).statusCode).toBe(303)
  })

  test.each([
    ['a name', 'Bob Smith'],
    ['a first name', 'bob'],
    ['the beginning of a name', 'Bob S'],
    ['a last name', 'Smith'],
    ['an address in capitals', 'BOB.SMITH@TechCorp.example'],
  ])('somebody is found by %s', async (_, delegate) => {
    expect((await add(await franks(), { delegate, up_to: '1,500.00' })).statusCode).toBe(303)
    expect(await delegations()).toMatchObject([{ delegate: bob, up_to_minor: '150000' }])
  })

  test.each([
    ['nobody', { delegate: ' ' }, 'delegate'],
    ['what is in the middle of a word', { delegate: 'mith' }, 'delegate'],
    ['a stranger', { delegate: 'Peter' }, 'delegate'],
    ['oneself', { delegate: frank }, 'delegate'],
    ['dates the wrong way round', { to: '2026-11-19' }, 'to'],
    ['no date', { to: '' }, 'to'],
    ['no amount', { up_to: 'much' }, 'up_to'],
  ] as const)('%s is refused at its field, and what was typed stays', async (_, change, field) => {
    const refused = await add(await franks(), change)
    expect(refused.statusCode).toBe(422)
    expect(fieldsIn(refused)).toEqual([field])
    expect(refused.body).toContain(`value="${days.from}"`)
    expect(await delegations()).toEqual([])
  })

  test('a part of a name that two have is refused, one’s own name aside', async () => {
    const rename = (name: string, email: string) =>
      pages.database.asSuperuser('update person set name = $1 where email = $2', [name, email])
    await rename('Bob Davis', bob)
    try {
      const refused = await add(await franks(), { delegate: 'Davis' })
      expect(fieldsIn(refused)).toEqual(['delegate'])
      expect(refused.body).toContain('There are several people of that name.')
      await rename('Frank Davis', frank)
      expect((await add(await franks(), { delegate: 'Bob' })).statusCode).toBe(303)
    } finally {
      await rename('Bob Smith', bob)
      await rename('Frank Miller', frank)
    }
  })

  test('two at a time are refused with the name of the other', async () => {
    await add(await franks())
    const refused = await add(await franks(), { delegate: 'Eve Davis' })
    expect(refused.statusCode).toBe(422)
    expect(refused.body).toContain('Bob Smith decides for you already')
    expect(await delegations()).toHaveLength(1)
  })

  test('opening it changes nothing, and no button of another page works on it', async () => {
    const own = await franks()
    for (const method of ['GET', 'HEAD'] as const) {
      const url = `${own}?action=add&delegate=${bob}&from=${days.from}&to=${days.to}`
      expect((await pages.server.inject({ method, url })).statusCode).toBe(200)
    }
    expect((await pages.post(own, { decision: 'approve' })).statusCode).toBe(400)
    expect(await delegations()).toEqual([])
  })

  test('no other link opens it, and its link opens nothing else', async () => {
    const own = await franks()
    expect((await pages.get(own)).body).toContain('<h1>Let somebody decide for you</h1>')
    expect((await add(own)).headers.location).toBe(`${own}?delegated=1`)
    expect(await delegations()).toHaveLength(1)
    for (const path of ['/a/', '/e/']) {
      expect((await pages.get(own.replace('/d/', path))).statusCode).toBe(404)
    }
    expect((await pages.get(`${own.replace('/d/', '/a/')}/delegate`)).statusCode).toBe(404)
  })
})

describe('the link of an approval', () => {
  test('opens one approval: letting somebody decide for everything takes a link from one’s own mailbox', async () => {
    const { theirs } = await pages.lunch()
    const page = await pages.get(`${theirs}/delegate`)
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain('Mail me a link')
    expect(page.body).not.toContain(bob)
    expect((await add(`${theirs}/delegate`)).statusCode).toBe(400)
    await add(await franks())
    const [delegation] = await delegations()
    const end = { action: 'end', id: delegation?.id ?? '' }
    expect((await pages.post(`${theirs}/delegate`, end)).statusCode).toBe(400)
    expect(await delegations()).toHaveLength(1)
    expect((await pages.get(`${theirs}/delegate`)).body).not.toContain('Bob Smith')
    expect(await linksMailed()).toEqual([])
  })

  test('mails it to its person alone, by the button, five times an hour', async () => {
    const { theirs } = await pages.lunch()
    for (const method of ['GET', 'HEAD'] as const) {
      const url = `${theirs}/delegate?action=mail&mailed=1`
      expect((await pages.server.inject({ method, url })).statusCode).toBe(200)
    }
    expect(await linksMailed()).toEqual([])
    const press = () => pages.post(`${theirs}/delegate`, { action: 'mail', to: 'mallory@evil.example' })
    const sent = await press()
    expect(sent.headers.location).toBe(`${theirs}/delegate?mailed=1`)
    expect((await pages.get(`${theirs}/delegate?mailed=1`)).body).toContain('on its way to your mailbox')
    await Promise.all([press(), press(), press(), press(), press(), press()])
    expect(await linksMailed()).toEqual(Array.from({ length: 5 }, () => ({ to_address: frank })))
    const refused = await press()
    expect(refused.statusCode).toBe(409)
    expect(refused.body).toContain('We mailed you 5 links within an hour.')
    pages.database.clock.advance(3_600_000)
    expect((await press()).statusCode).toBe(303)
  })
})
