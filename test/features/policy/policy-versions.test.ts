import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inCompany, type Tx } from '../../../src/database/index.ts'
import {
  currentPolicies,
  policyNameAndNumber,
  policyVersion,
  savePolicies,
} from '../../../src/features/policy/index.ts'
import { createTestDatabase, importExample, type TestDatabase } from '../../support/test-database.ts'
import { documentOf, policies, rules } from './sample-policies.ts'

describe('versions of a policy', () => {
  let database: TestDatabase
  const companies: string[] = []
  beforeAll(async () => {
    database = await createTestDatabase()
    for (const name of ['company', 'globex'] as const) companies.push(await importExample(database, name))
  })
  afterAll(() => database.drop())
  const inside = <T>(work: (tx: Tx) => Promise<T>, companyId = companies[0] ?? '') =>
    inCompany(database, { companyId, actor: { personId: null, channel: 'cli' } }, work)

  test('a change makes the next one and the one before stays; the same again changes nothing', async () => {
    const before = await inside(currentPolicies)
    const document = documentOf(policies('{ category: meals }') + rules(['{}', '{ flag: Hm }']))
    expect(await inside((tx) => savePolicies(tx, document))).toBe(true)
    expect(
      await inside((tx) =>
        savePolicies(tx, documentOf(policies('{ category: [meals] }') + rules(['{}', '{ flag: Hm }']))),
      ),
    ).toBe(false)
    const after = await inside(currentPolicies)
    expect(after).toMatchObject({ number: (before?.number ?? 0) + 1, document })
    expect(await inside((tx) => policyVersion(tx, before?.versionId ?? ''))).toEqual(before?.document)
    expect(
      await inside((tx) => policyNameAndNumber(tx, before?.versionId ?? null, 'small_equipment')),
    ).toEqual({
      name: 'Small Equipment',
      version: before?.number,
    })
    expect(await inside((tx) => policyNameAndNumber(tx, before?.versionId ?? null, null))).toBeNull()
    const audited = await database.asSuperuser<{ changes: unknown }>(
      `select changes from audit_entry where action = 'policy.changed' and company_id = $1 order by at, id`,
      [companies[0]],
    )
    expect(audited.at(-1)?.changes).toEqual({ version: after?.number })
  })

  test('an empty document is one too', async () => {
    expect(await inside((tx) => savePolicies(tx, documentOf('')))).toBe(true)
    expect((await inside(currentPolicies))?.document).toEqual({
      policies: [],
      rules: [],
      limits: [],
      mileage: [],
      per_diem: [],
      tests: [],
    })
  })

  test('are not seen by another company', async () => {
    const own = await inside(currentPolicies)
    expect(await inside((tx) => policyVersion(tx, own?.versionId ?? ''), companies[1])).toBeNull()
  })
})
