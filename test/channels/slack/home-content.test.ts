import { afterAll, beforeAll, expect, test } from 'vitest'
import { homeContent } from '../../../src/channels/slack/home/home-content.ts'
import {
  type HomeList,
  homeLists,
  openHome,
  type ShownHome,
  takeHome,
  turnPage,
} from '../../../src/features/notifications/index.ts'
import { addDelegation } from '../../../src/features/people/index.ts'
import { viewProblems } from '../../../src/sandbox/limits.ts'
import { type HomeContent, homeView } from '../../../templates/slack/home.ts'
import { as, createTestDatabase, importExample, type TestDatabase } from '../../support/test-database.ts'

const frank = 'frank.miller@techcorp.example'
const counts = {
  waiting: 500,
  draft: 300,
  sent_back: 60,
  approved: 200,
  requests: 40,
  strangers: 25,
  stuck: 25,
}
const reader = { locale: 'en-US', timeZone: 'America/New_York' }
let database: TestDatabase
let companyId: string

beforeAll(async () => {
  database = await createTestDatabase()
  companyId = await importExample(database)
  await fill()
})
afterAll(() => database.drop())

/** Frank has everything at once: he approves, spends, does the books and administers. */
async function fill(): Promise<void> {
  const people = await database.asSuperuser<{ id: string; email: string }>('select id, email from person')
  const id = (name: string) => people.find(({ email }) => email.startsWith(name))?.id ?? ''
  await database.asSuperuser(`update person set roles = '{manager,finance,admin}' where id = $1`, [
    id('frank'),
  ])
  const numbered = (kind: string) => `('00000000-0000-7${kind}-8000-' || lpad(to_hex(i), 12, '0'))::uuid`
  let kind = 0
  const expenses = async (status: string, count: number, who: string, type = 'receipt') => {
    kind += 1
    const key = `${kind}`.padStart(3, '0')
    await database.withoutForeignKeys(
      `insert into expense (id, company_id, number, kind, status, revision, submitter_id, merchant_name, category_id, paid_by,
         date, amount_minor, currency, company_amount_minor, source, correlation_id, submitted_at, created_at, updated_at)
       select ${numbered(key)}, $1, 'EXP-2025-${key}' || i, $5, $2, 1, $3, 'Shop ' || i, (select id from category where company_id = $1 limit 1),
         'person', '2025-01-01', 1000, 'USD', 1000, 'slack', 'x', now(), now(), now() from generate_series(1, $4::int) i`,
      [companyId, status, id(who), count, type],
    )
    return key
  }
  await expenses('draft', counts.draft, 'frank')
  await expenses('sent_back', counts.sent_back, 'frank')
  await expenses('approved', counts.approved, 'frank')
  await expenses('approved', counts.requests, 'frank', 'request')
  const stuck = await expenses('blocked', counts.stuck, 'grace')
  await database.withoutForeignKeys(
    `insert into finding (id, company_id, expense_id, code, severity, message, position)
     select gen_random_uuid(), $1, ${numbered(stuck)}, 'no_approver', 'blocking', 'Nobody', 0 from generate_series(1, $2::int) i`,
    [companyId, counts.stuck],
  )
  await database.withoutForeignKeys(
    `insert into access_request (id, company_id, slack_team_id, slack_user_id, name, email, created_at)
     select ${numbered('f00')}, $1, 'T', 'U' || i, 'Stranger ' || i, 's' || i || '@x.example', now() from generate_series(1, $2::int) i`,
    [companyId, counts.strangers],
  )
  const asked = await expenses('awaiting_approval', counts.waiting, 'grace')
  await database.withoutForeignKeys(
    `insert into approval_request (id, company_id, subject_kind, subject_id, submitter_id, revision, amount_minor, status, created_at)
     select ${numbered('a01')}, $1, 'expense', ${numbered(asked)}, $2, 1, 1000, 'open', now() from generate_series(1, $3::int) i`,
    [companyId, id('grace'), counts.waiting],
  )
  await database.withoutForeignKeys(
    `insert into approval (id, company_id, request_id, step_id, approver_id, because, status, asked_at)
     select ${numbered('a02')}, $1, ${numbered('a01')}, gen_random_uuid(), $2, 'x', 'asked', now() from generate_series(1, $3::int) i`,
    [companyId, id('frank'), counts.waiting],
  )
  await database.withoutForeignKeys(
    `insert into approval_ask (id, company_id, approval_id, person_id, role, because, asked_at)
     select ${numbered('a03')}, $1, ${numbered('a02')}, $2, 'approver', 'x', now() from generate_series(1, $3::int) i`,
    [companyId, id('frank'), counts.waiting],
  )
  await database.asSuperuser('analyze')
  for (const month of ['01', '02', '03', '04', '05', '06', '07', '08']) {
    await as(database, frank, (tx) =>
      addDelegation(tx, {
        principalId: id('frank'),
        delegateId: id('eve'),
        from: `2027-${month}-01`,
        to: `2027-${month}-05`,
        upTo: null,
      }),
    )
  }
}

/** What Frank sees now, checked against Slack's limits. */
async function look(): Promise<HomeContent> {
  return as(database, frank, async (tx) => {
    const home = await takeHome(tx, tx.actor.personId ?? '')
    if (!home) throw new Error('Frank has no Home')
    const content = await homeContent(tx, reader, home.shown)
    const view = homeView(content)
    expect(view.blocks.length).toBeLessThanOrEqual(100)
    expect(viewProblems(view)).toEqual([])
    return content
  })
}

const turn = (list: HomeList, after: string | null) =>
  as(database, frank, (tx) => turnPage(tx, tx.actor.personId ?? '', { list, after }))
const open = () => as(database, frank, (tx) => openHome(tx, tx.actor.personId ?? ''))

const keys: Record<HomeList, (content: HomeContent) => string[]> = {
  waiting: ({ waiting }) => waiting.lines.map(({ approvalId }) => approvalId),
  sentBack: ({ sentBack }) => sentBack.lines.map(({ id }) => id),
  drafts: ({ drafts }) => drafts.lines.map(({ id }) => id),
  recent: ({ recent }) => recent.lines.map(({ id }) => id),
  requests: ({ requests }) => requests.lines.map(({ id }) => id),
  delegations: ({ delegations }) => delegations.lines.map(({ id }) => id),
  strangers: ({ admin }) => admin?.strangers.lines.map(({ id }) => id) ?? [],
  stuck: ({ admin }) => admin?.stuck.lines.map(({ id }) => id) ?? [],
}
const expected: Record<HomeList, number> = {
  waiting: counts.waiting,
  sentBack: counts.sent_back,
  drafts: counts.draft,
  recent: counts.approved + counts.requests,
  requests: counts.requests,
  delegations: 8,
  strangers: counts.strangers,
  stuck: counts.stuck,
}

test('with five hundred requests, three hundred drafts and everything else no view is too long, and every line is reached', async () => {
  await open()
  const seen = new Map<HomeList, string[]>(homeLists.map((list) => [list, []]))
  for (let open = [...homeLists]; open.length > 0; ) {
    const content = await look()
    const more: HomeList[] = []
    for (const list of open) {
      const shown = keys[list](content)
      seen.get(list)?.push(...shown)
      if (!pageOf(content, list)?.hasMore) continue
      more.push(list)
      await turn(list, shown.at(-1) ?? '')
    }
    open = more
  }
  for (const [list, ids] of seen) {
    expect(new Set(ids).size, list).toBe(expected[list])
    expect(ids, list).toHaveLength(expected[list])
  }
}, 300_000)

function pageOf(content: HomeContent, list: HomeList) {
  return list === 'strangers' || list === 'stuck' ? content.admin?.[list] : content[list]
}

test('the way back leads to the first page', async () => {
  while ((await look()).sentBack.hasBefore) await turn('sentBack', null)
  const [first] = keys.sentBack(await look())
  expect(first).toMatch(/00000000003c$/)
}, 60_000)

test('a page that was emptied by decisions gives way to the one before', async () => {
  const before = keys.waiting(await look())
  expect((await look()).waiting).toMatchObject({ hasMore: false, hasBefore: true })
  await database.asSuperuser('update approval_ask set ended_at = now() where approval_id = any ($1)', [
    before,
  ])
  const content = await look()
  expect(keys.waiting(content)).not.toEqual(before)
  expect(keys.waiting(content)).toHaveLength(6)
  expect(content.waiting.summary?.count).toBe(counts.waiting - before.length)
  const [row] = await database.asSuperuser<{ shown: ShownHome }>('select shown from slack_home')
  expect(row?.shown.pages.waiting).toHaveLength(82)
})

test('pressing for more twice turns one page', async () => {
  const shown = keys.sentBack(await look())
  await turn('sentBack', shown.at(-1) ?? '')
  await turn('sentBack', shown.at(-1) ?? '')
  const next = keys.sentBack(await look())
  expect(next).toHaveLength(5)
  await turn('sentBack', null)
  expect(keys.sentBack(await look())).toEqual(shown)
})

test('pages are kept for an hour, and begin anew afterwards', async () => {
  database.clock.advance(30 * 60_000)
  await open()
  expect((await look()).recent.hasBefore).toBe(true)
  database.clock.advance(61 * 60_000)
  await open()
  expect((await look()).recent.hasBefore).toBe(false)
})
