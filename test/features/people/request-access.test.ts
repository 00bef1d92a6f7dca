import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acrossCompanies, inCompany } from '../../../src/database/index.ts'
import {
  companyOfStranger,
  linkSlackUser,
  recordAccessRequest,
  type UnknownUser,
} from '../../../src/features/people/index.ts'
import { as, createTestDatabase, importExample, type TestDatabase } from '../../support/test-database.ts'

let database: TestDatabase
let techcorp: string
let globex: string

beforeAll(async () => {
  database = await createTestDatabase()
  techcorp = await importExample(database)
  globex = await importExample(database, 'globex')
})
afterAll(() => database.drop())

const stranger = (change: Partial<UnknownUser> = {}): UnknownUser => ({
  teamId: 'T1',
  userId: 'U9',
  name: 'Nina Newcomer',
  email: 'nina@elsewhere.example',
  ...change,
})
const companyOf = (change: Partial<UnknownUser>) =>
  acrossCompanies(database, (tx) => companyOfStranger(tx, stranger(change)))
const link = (email: string, teamId: string) =>
  as(database, email, async (tx) => {
    await linkSlackUser(tx, tx.actor.personId ?? '', { teamId, userId: `U-${email}` })
  })

describe('the company of a stranger', () => {
  test('is not guessed from a mail domain: anybody may have an address at a public one', async () => {
    expect(await companyOf({ email: 'Nina@TechCorp.example' })).toBeNull()
  })

  test('is none where nothing points to one', async () => {
    expect(await companyOf({})).toBeNull()
    expect(await companyOf({ email: null })).toBeNull()
    expect(await companyOf({ email: 'nina' })).toBeNull()
    expect(await companyOf({ email: 'nina@%' })).toBeNull()
  })

  test('is the only one with people in the same workspace, and none where there are two', async () => {
    await link('grace.taylor@techcorp.example', 'T2')
    expect(await companyOf({ teamId: 'T2' })).toBe(techcorp)
    await link('homer.simpson@globex.example', 'T2')
    expect(await companyOf({ teamId: 'T2' })).toBeNull()
    expect(await companyOf({ teamId: 'T2', email: 'nina@globex.example' })).toBe(globex)
  })

  test('is not told by people who left', async () => {
    await link('frank.miller@techcorp.example', 'T3')
    await database.asSuperuser(`update person set active = false where email like 'frank%'`)
    expect(await companyOf({ teamId: 'T3' })).toBeNull()
    await database.asSuperuser(`update person set active = true where email like 'frank%'`)
  })
})

describe('a request for access', () => {
  const record = (companyId: string, change: Partial<UnknownUser> = {}) =>
    inCompany(database, { companyId, actor: { personId: null, channel: 'slack' } }, (tx) =>
      recordAccessRequest(tx, stranger(change)),
    )

  test('is new once, however many ask at the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => record(techcorp, { userId: 'U1' })))
    expect(answers.filter((isNew) => isNew)).toHaveLength(1)
    expect(await record(techcorp, { userId: 'U1' })).toBe(false)
  })

  test('is one for each user, workspace and company', async () => {
    expect(await record(techcorp, { userId: 'U2' })).toBe(true)
    expect(await record(techcorp, { userId: 'U2', teamId: 'T9' })).toBe(true)
    expect(await record(globex, { userId: 'U2' })).toBe(true)
  })

  test('keeps a name clean and short', async () => {
    expect(await record(techcorp, { userId: 'U3', name: `Nina\u0000${'x'.repeat(500)}`, email: ' ' })).toBe(
      true,
    )
    const [row] = await database.asSuperuser<{ name: string; email: string | null }>(
      `select name, email from access_request where slack_user_id = 'U3'`,
    )
    expect(row?.name).toMatch(/^Ninax+$/)
    expect(row?.name).toHaveLength(200)
    expect(row?.email).toBeNull()
  })
})

describe('in the audit log', () => {
  const entries = (action: string) =>
    database.asSuperuser<{ subject: string; changes: unknown; values: unknown }>(
      `select coalesce(p.email, c.name) as subject, e.changes, v."values" from audit_entry e
       left join person p on p.id = e.subject_id left join company c on c.id = e.subject_id
       left join audit_personal v on v.entry_id = e.id where e.action = $1 order by e.at, e.id`,
      [action],
    )

  test('stands who was linked to a Slack user, once', async () => {
    const before = (await entries('person.slack_linked')).length
    const email = 'eve.davis@techcorp.example'
    await link(email, 'T7')
    await link(email, 'T7')
    expect((await entries('person.slack_linked')).slice(before)).toEqual([
      { subject: email, changes: {}, values: { slackTeamId: 'T7', slackUserId: `U-${email}` } },
    ])
  })

  test('stands who asked for access, once, and what they are called can be erased', async () => {
    const before = (await entries('access.requested')).length
    const who = { companyId: globex, actor: { personId: null, channel: 'slack' as const } }
    const user = stranger({ userId: 'U7' })
    for (let n = 0; n < 2; n++) await inCompany(database, who, (tx) => recordAccessRequest(tx, user))
    expect((await entries('access.requested')).slice(before)).toEqual([
      {
        subject: 'Globex',
        changes: {},
        values: { name: user.name, email: user.email, slackTeamId: 'T1', slackUserId: 'U7' },
      },
    ])
  })
})
