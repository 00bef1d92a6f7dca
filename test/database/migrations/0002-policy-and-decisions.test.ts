import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inCompany, migrate } from '../../../src/database/index.ts'
import { currentPolicies, policyDocumentSchema, policyVersion } from '../../../src/features/policy/index.ts'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'

let database: TestDatabase
const companyId = randomUUID()
const otherCompany = randomUUID()
const first = randomUUID()

const steps = [{ level: 6, scope: 'team', description: 'Manager decides', required: true, needed: 'any' }]
const policy = { key: 'p', name: 'P', description: '', active: true, categories: ['equipment'], steps }

beforeAll(async () => {
  database = await createTestDatabase('template0')
  await database.orm.migrator.up({ to: '0001-foundation' })
  for (const id of [companyId, otherCompany]) {
    await database.asSuperuser(
      `insert into company (id, name, currency, time_zone, locale, created_at) values ($1::uuid, $1::text, 'USD', 'UTC', 'en-US', now())`,
      [id],
    )
  }
  const insert = (id: string, company: string, number: number, policies: unknown[]) =>
    database.asSuperuser(
      'insert into policy_version (id, company_id, number, policies, created_at) values ($1, $2, $3, $4, now())',
      [id, company, number, JSON.stringify(policies)],
    )
  await insert(first, companyId, 1, [
    { ...policy, key: 'small', upTo: '2000.00' },
    { ...policy, key: 'large', over: '2000.00', upTo: '9000.00', active: false },
    { ...policy, key: 'all', categories: ['meals', 'other'] },
  ])
  await insert(randomUUID(), companyId, 2, [{ ...policy, key: 'newest', over: '0.50' }])
  await insert(randomUUID(), otherCompany, 1, [])
  await migrate(database)
})
afterAll(() => database.drop())

const of = <T>(company: string, work: Parameters<typeof inCompany<T>>[2]) =>
  inCompany(database, { companyId: company, actor: { personId: null, channel: 'system' } }, work)

test('a stored list of policies comes through as a document, in its order and with its bands', async () => {
  const document = await of(companyId, (tx) => policyVersion(tx, first))
  const { categories: _, ...rest } = policy
  expect(document).toEqual({
    policies: [
      { ...rest, key: 'small', when: { category: ['equipment'], amount: { up_to: '2000.00' } } },
      {
        ...rest,
        key: 'large',
        active: false,
        when: { category: ['equipment'], amount: { over: '2000.00', up_to: '9000.00' } },
      },
      { ...rest, key: 'all', when: { category: ['meals', 'other'] } },
    ],
    rules: [],
    limits: [],
    mileage: [],
    per_diem: [],
    tests: [],
  })
})

test('what comes through is what the schema of today would read', async () => {
  const document = await of(companyId, (tx) => policyVersion(tx, first))
  expect(policyDocumentSchema.parse(document)).toEqual(document)
})

test('the newest version of each company stays in force', async () => {
  const current = await of(companyId, currentPolicies)
  expect(current?.number).toBe(2)
  expect(current?.document.policies.map(({ key }) => key)).toEqual(['newest'])
  expect((await of(otherCompany, currentPolicies))?.document.policies).toEqual([])
})

test('the wall between companies stands again afterwards', async () => {
  const foreign = await of(otherCompany, (tx) =>
    tx.em.execute<unknown[]>('select id from policy_version where company_id = ?', [companyId]),
  )
  expect(foreign).toEqual([])
})
