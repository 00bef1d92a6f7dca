import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acrossCompanies } from '../../../src/database/index.ts'
import { importOrganisation, parseOrganisation } from '../../../src/features/policy/index.ts'
import { createTestDatabase, importExample, type TestDatabase } from '../../support/test-database.ts'

const head = 'company: { name: Acme, currency: USD, time_zone: UTC }\n'

describe('an organisation file', () => {
  test.each([
    ['a wrong currency', 'company: { name: A, currency: XXQ, time_zone: UTC }', 'f.yaml:1: company.currency'],
    [
      'an unknown time zone',
      'company: { name: A, currency: USD, time_zone: Mars/Base }',
      'f.yaml:1: company.time_zone',
    ],
    ['a misspelt key', `${head}peoples: []`, 'f.yaml:'],
    ['broken YAML', `${head}people: [`, 'f.yaml:'],
    [
      'a manager who is not in it',
      `${head}people:\n  - { name: A, email: a@b.example, manager: x@b.example }`,
      'f.yaml:3: people.0.manager names the manager “x@b.example”',
    ],
    [
      'a level that is not in it',
      `${head}people:\n  - { name: A, email: a@b.example, level: 3 }`,
      'f.yaml:3: people.0.level',
    ],
    [
      'the same address twice',
      `${head}people:\n  - { name: A, email: a@b.example }\n  - { name: B, email: A@b.example }`,
      'f.yaml:4: people.1 repeats',
    ],
    [
      'a category that is not in it',
      `${head}levels: [{ rank: 1, name: Boss }]\npolicies:\n  - { key: p, name: P, category: tea, steps: [{ level: 1, description: x }] }`,
      'category “tea”',
    ],
    [
      'a band that is empty',
      `${head}levels: [{ rank: 1, name: Boss }]\ncategories: [{ key: tea, name: Tea }]\npolicies:\n  - { key: p, name: P, category: tea, over: "5", up_to: "5", steps: [{ level: 1, description: x }] }`,
      'up_to must be more than “over”',
    ],
    [
      'more decimals than the currency has',
      `${head}levels: [{ rank: 1, name: Boss }]\ncategories: [{ key: tea, name: Tea }]\npolicies:\n  - { key: p, name: P, category: tea, over: "1999.995", steps: [{ level: 1, description: x }] }`,
      'at most 2 decimals',
    ],
    [
      'steps that nobody must pass',
      `${head}levels: [{ rank: 1, name: Boss }]\ncategories: [{ key: tea, name: Tea }]\npolicies:\n  - { key: p, name: P, category: tea, steps: [{ level: 1, description: x, required: false }] }`,
      'at least one required step',
    ],
  ])('with %s is refused, naming file, line and reason', (_what, text, message) => {
    expect(() => parseOrganisation(text, 'f.yaml')).toThrow(message)
  })
})

describe('importing', () => {
  let database: TestDatabase
  const actor = { personId: null, channel: 'cli' as const }
  beforeAll(async () => {
    database = await createTestDatabase()
    await importExample(database, 'company')
  })
  afterAll(() => database.drop())
  const load = (text: string, dryRun = false) =>
    importOrganisation(database, parseOrganisation(text, 'f.yaml'), actor, { dryRun })

  test('twice changes nothing; a change is told; a dry run only tells', async () => {
    const text = (level: number) =>
      `${head}levels: [{ rank: 1, name: Boss }, { rank: 2, name: Dev }]\npeople: [{ name: Ann, email: ann@acme.example, level: ${level} }]`
    expect((await load(text(1))).changes).toContain('person ann@acme.example: added')
    expect((await load(text(1))).changes).toEqual([])
    expect((await load(text(2), true)).changes).toEqual(['person ann@acme.example: level 1 → 2'])
    expect((await load(text(2))).changes).toEqual(['person ann@acme.example: level 1 → 2'])
  })

  test('a file without policies leaves those in force alone', async () => {
    const step = '[{ level: 1, description: x }]'
    const withPolicy = `${head}levels: [{ rank: 1, name: Boss }]\ncategories: [{ key: tea, name: Tea }]\npolicies: [{ key: p, name: P, category: tea, steps: ${step} }]`
    await load(withPolicy)
    await load(head)
    expect((await load(withPolicy)).changes).toEqual([])
  })

  test('an address that another company has is refused, and nothing is changed', async () => {
    const attempt = load(
      `${head}people: [{ name: Mole, email: grace.taylor@techcorp.example }, { name: Bob, email: bob@acme.example }]`,
    )
    await expect(attempt).rejects.toMatchObject({ code: 'email_taken', kind: 'user' })
    expect(
      await acrossCompanies(database, (tx) =>
        tx.em.execute<unknown[]>(`select 1 from person where email = 'bob@acme.example'`),
      ),
    ).toEqual([])
  })
})
