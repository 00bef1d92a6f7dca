import { WebClient } from '@slack/web-api'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { oneWorkspace, refreshPublishedHome } from '../../../src/channels/slack/index.ts'
import { inCompany } from '../../../src/database/index.ts'
import { noteInHome, openHome, refreshHomes } from '../../../src/features/notifications/index.ts'
import { linkSlackUser } from '../../../src/features/people/index.ts'
import { subjects } from '../../../src/subjects.ts'
import { ann, bob, cas, Kinds } from '../../features/expenses/kinds-company.ts'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { WebApiStandIn } from '../../support/web-api-stand-in.ts'

let database: TestDatabase
let company: Kinds
let slack: WebApiStandIn
const ids: Record<string, string> = {}

beforeAll(async () => {
  database = await createTestDatabase()
  company = await Kinds.create(database)
  slack = await WebApiStandIn.start()
  for (const { id, email } of await database.asSuperuser<{ id: string; email: string }>(
    'select id, email from person',
  )) {
    ids[email] = id
    await inside((tx) => linkSlackUser(tx, id, { teamId: 'T1', userId: `U-${email}` }))
  }
}, 60_000)
afterAll(async () => {
  await slack.close()
  await database.drop()
})
beforeEach(async () => {
  slack.calls.length = 0
  slack.answers = {}
  await database.asSuperuser('delete from slack_home')
  await database.asSuperuser(`delete from outbox where job = 'home.publish'`)
})

const inside = <T>(work: Parameters<typeof inCompany<T>>[2]) =>
  inCompany(database, { companyId: company.id, actor: { personId: null, channel: 'system' } }, work)
const opens = (email: string) => inside((tx) => openHome(tx, ids[email] ?? ''))
const asked = () =>
  database.asSuperuser<{ person: string; not_before: Date }>(
    `select distinct payload ->> 'personId' as person, not_before from outbox
     where job = 'home.publish' and status = 'pending' order by 1`,
  )
const whoIsAsked = async () =>
  (await asked()).map(({ person }) => Object.entries(ids).find(([, id]) => id === person)?.[0])

async function publish(email: string): Promise<void> {
  const client = new WebClient('xoxb', { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } })
  const channel = {
    database,
    workspaces: oneWorkspace({ client, botToken: 'xoxb' }),
    apiUrl: slack.apiUrl,
    subjects,
    dataKey: 'd'.repeat(32),
  }
  const done = async () => {}
  const work = {
    attempt: 1,
    failures: 0,
    since: new Date(),
    companyId: company.id,
    finish: done,
    finishAlone: done,
  }
  await refreshPublishedHome(channel, { companyId: company.id, personId: ids[email] ?? '' }, work)
}

test('who opened their Home within the hour sees at once what changes for them, and nobody else is bothered', async () => {
  await opens(ann)
  await opens(bob)
  await opens(cas)
  const { id } = await company.submitted({})
  expect(await whoIsAsked()).toEqual([ann, bob].sort((a, b) => (ids[a] ?? '').localeCompare(ids[b] ?? '')))
  await database.asSuperuser(`delete from outbox where job = 'home.publish'`)
  await company.decide(id, bob)
  expect((await whoIsAsked()).sort()).toEqual([ann, bob])
})

test('who opened it longer ago, or never, is left alone', async () => {
  await opens(ann)
  database.clock.advance(61 * 60_000)
  await company.submitted({})
  expect(await asked()).toEqual([])
})

test('many changes in a short time are one, a few seconds after the last was shown', async () => {
  await opens(ann)
  await publish(ann)
  slack.calls.length = 0
  for (let count = 0; count < 5; count += 1) await company.draft()
  const due = new Set((await asked()).map(({ not_before }) => not_before.getTime()))
  expect([...due]).toEqual([database.clock.now().getTime() + 3000])
  await publish(ann)
  expect(slack.callsOf('views.publish')).toHaveLength(1)
  expect(await asked()).toEqual([])
  database.clock.advance(10_000)
  await inside((tx) => refreshHomes(tx, [ids[ann] ?? '']))
  expect((await asked())[0]?.not_before).toEqual(database.clock.now())
})

test('what was read before somebody else showed something newer is read again', async () => {
  await opens(ann)
  let shown = 'h1'
  slack.answers['views.publish'] = ({ form }) => {
    if (form.hash !== undefined && form.hash !== shown) return { ok: false, error: 'hash_conflict' }
    shown = `after ${shown}`
    return { ok: true, view: { hash: shown } }
  }
  await publish(ann)
  // Another program shows it: Slack knows another name for it now, and so do we when we look again.
  shown = 'theirs'
  await publish(ann)
  expect(slack.callsOf('views.publish')).toHaveLength(3)
  await publish(ann)
  expect(slack.callsOf('views.publish')).toHaveLength(4)
})

test('a Home that nobody ever opened is not shown', async () => {
  await publish(ann)
  expect(slack.callsOf('views.publish')).toEqual([])
})

test('what came of a press stands there until Home is opened anew', async () => {
  await opens(ann)
  await inside((tx) => noteInHome(tx, ids[ann] ?? '', 'Bob already approved this <now>.'))
  await publish(ann)
  expect(slack.callsOf('views.publish')[0]?.form.view).toContain('Bob already approved this &lt;now&gt;.')
  await opens(ann)
  await publish(ann)
  expect(slack.callsOf('views.publish')[1]?.form.view).not.toContain('already approved')
})

test('two who change something for the same busy approver do not wait for each other', async () => {
  await opens(bob)
  const isAsked = Promise.withResolvers<void>()
  const mayCommit = Promise.withResolvers<void>()
  const first = inside(async (tx) => {
    await refreshHomes(tx, [ids[bob] ?? ''])
    isAsked.resolve()
    await mayCommit.promise
  })
  await isAsked.promise
  await inside(async (tx) => {
    await tx.em.execute(`set local lock_timeout = '5s'`)
    await refreshHomes(tx, [ids[bob] ?? ''])
  })
  mayCommit.resolve()
  await first
  expect(await whoIsAsked()).toEqual([bob])
})
