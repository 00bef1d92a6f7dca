import { afterAll, beforeAll, expect, test } from 'vitest'
import { logger } from '../../../src/kernel/logger.ts'
import { importExample } from '../../support/test-database.ts'
import { frank, grace, openPages, type Pages } from './pages-support.ts'

let pages: Pages
beforeAll(async () => {
  pages = await openPages()
})
afterAll(() => pages.close())

test('a link expires with a page that says so, and decides nothing any more', async () => {
  const { id, theirs } = await pages.lunch()
  pages.database.clock.advance(15 * 86_400_000)
  expect((await pages.get(theirs)).statusCode).toBe(410)
  expect((await pages.post(theirs, { decision: 'approve' })).statusCode).toBe(410)
  expect(await pages.statusOf(id)).toBe('awaiting_approval')
})

test('a person who left neither sees nor does anything by an old link', async () => {
  const { id, own, theirs } = await pages.lunch()
  await pages.database.asSuperuser('update person set active = false where email = any($1)', [[grace, frank]])
  try {
    for (const url of [own, theirs, `${theirs}/receipts/${id}`])
      expect((await pages.get(url)).statusCode).toBe(403)
    expect((await pages.post(own, { action: 'take_back' })).statusCode).toBe(403)
    expect((await pages.post(theirs, { decision: 'approve' })).statusCode).toBe(403)
  } finally {
    await pages.database.asSuperuser('update person set active = true where email = any($1)', [
      [grace, frank],
    ])
  }
  expect(await pages.statusOf(id)).toBe('awaiting_approval')
})

test('a link of another company’s making opens nothing', async () => {
  const { theirs } = await pages.lunch()
  const globex = await importExample(pages.database, 'globex')
  const rows = await pages.database.asSuperuser<{ id: string }>(
    'select id from approval order by id desc limit 1',
  )
  const url = await pages.linkTo('approval', 'hank.scorpio@globex.example', rows[0]?.id ?? '', globex)
  expect((await pages.get(url)).statusCode).toBe(404)
  expect((await pages.post(url, { decision: 'approve' })).statusCode).toBeGreaterThanOrEqual(400)
  expect((await pages.get(theirs)).statusCode).toBe(200)
})

test('what was typed is never lost, whatever is in it', async () => {
  const { theirs } = await pages.lunch()
  const answer = await pages.post(theirs, { decision: 'reject', comment: '\u0000<script>alert(1)</script>' })
  expect(answer.statusCode).toBe(303)
  const page = await pages.get(theirs)
  expect(page.body).toContain('&lt;script&gt;')
  expect(page.body).not.toContain('<script>')
})

test('no token ever reaches the log', async () => {
  const lines: string[] = []
  const original = process.stdout.write.bind(process.stdout)
  const { own, theirs } = await pages.lunch()
  logger.level = 'trace'
  process.stdout.write = ((text: string) => lines.push(text) > 0) as typeof process.stdout.write
  try {
    await pages.get(own)
    await pages.get(`${theirs}x`)
    await pages.post(theirs, { decision: 'approve' })
    await pages.get('/%E0%A4%A')
  } finally {
    process.stdout.write = original
    logger.level = 'silent'
  }
  const token = theirs.split('/').at(-1) ?? ''
  expect(lines.join('')).not.toContain(token.slice(0, 60))
})
