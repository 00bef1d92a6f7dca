import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { parseOrganisation, testPolicies } from '../../../src/features/organisation/index.ts'

const company = `company: { name: Acme, currency: USD, time_zone: UTC }
teams: [{ name: Shop }, { name: Depot }]
levels: [{ rank: 1, name: Boss }, { rank: 2, name: Lead }, { rank: 3, name: Worker }]
categories: [{ key: tea, name: Tea }, { key: ink, name: Ink }]
people:
  - { name: Ann, email: ann@acme.example, team: Shop, level: 3, manager: bob@acme.example }
  - { name: Bob, email: bob@acme.example, team: Shop, level: 2, manager: cem@acme.example }
  - { name: Bea, email: bea@acme.example, team: Shop, level: 2, manager: cem@acme.example }
  - { name: Cem, email: cem@acme.example, team: Shop, level: 1 }
  - { name: Fay, email: fay@acme.example, roles: [finance] }
  - { name: Dan, email: dan@acme.example, team: Depot, also_in: [Shop], level: 3 }
assignments:
  - { category: ink, approver: fay@acme.example }
`
const policies = `
policies:
  - key: tea
    name: Tea
    when: { category: tea, amount: { up_to: "100.00" } }
    steps: [{ level: 2, description: Lead }]
  - key: much_tea
    name: Much tea
    when: { category: tea, amount: { over: "100.00" } }
    steps: [{ level: 2, description: Both leads, needed: all }, { level: 1, description: Boss }]
  - key: ink
    name: Ink
    when: { category: ink }
    steps: [{ approver: category, description: Whoever knows ink }]
rules:
  - { key: casino, name: Casino, when: { merchant: "*casino*" }, do: { block: No gambling. } }
  - { key: old, name: Old, when: { age_days: { over: 90 } }, do: { flag: This is old. } }
  - key: cents
    name: Cents
    when: { amount: { up_to: "5.00" } }
    do: { approve_automatically: true }
limits:
  - { key: cap, name: Cap, each: person, category: tea, per: month, amount: "150.00" }
`
const run = (expense: string, expect: string, by = 'ann') =>
  testPolicies(
    parseOrganisation(
      `${company}${policies}tests:\n  - { name: Example, submitter: ${by}@acme.example, expense: { ${expense} }, expect: { ${expect} } }\n`,
      'f.yaml',
    ),
  )
const problems = (...example: [expense: string, expect: string, by?: string]) => run(...example)[0]?.problems

describe('an example comes out as expected', () => {
  test.each([
    [
      'the policy and the nearest level',
      'category: tea, amount: "10.00"',
      'policy: tea, approvers: [[bob@acme.example]], blocked: false, says: []',
    ],
    ['up to and including the bound', 'category: tea, amount: "100.00"', 'policy: tea'],
    [
      'all who must agree, in any order',
      'category: tea, amount: "100.01"',
      'policy: much_tea, approvers: [[bea@acme.example, bob@acme.example], [cem@acme.example]]',
    ],
    ['whoever is assigned', 'category: ink, amount: "10.00"', 'approvers: [[fay@acme.example]]'],
    ['nobody, approved automatically', 'category: tea, amount: "5.00"', 'approvers: [], blocked: false'],
    [
      'somebody after all, where the receipt says something else',
      'category: tea, amount: "5.00", receipt_amount: differs',
      'approvers: [[bob@acme.example]]',
    ],
    [
      'somebody after all, where it looks like another one',
      'category: tea, amount: "5.00", duplicate: same_fields',
      'approvers: [[bob@acme.example]]',
    ],
    [
      'refused by a rule',
      'category: tea, amount: "10.00", merchant: Grand Casino',
      'blocked: true, says: [casino]',
    ],
    ['warned of', 'category: tea, amount: "10.00", age_days: 91', 'blocked: false, says: [old]'],
    [
      'beyond a limit by what was spent before',
      'category: tea, amount: "50.01", spent: { cap: "100.00" }',
      'blocked: true, says: [cap]',
    ],
    [
      'just within a limit',
      'category: tea, amount: "50.00", spent: { cap: "100.00" }',
      'blocked: false, says: []',
    ],
  ])('%s', (_what, expense, expected) => {
    expect(problems(expense, expected)).toEqual([])
  })

  test('for a member of a further team, by the leads of that team', () => {
    expect(
      problems('category: tea, amount: "10.00"', 'approvers: [[bea@acme.example, bob@acme.example]]', 'dan'),
    ).toEqual([])
  })
})

describe('what differs is said in plain words', () => {
  test.each([
    ['category: tea, amount: "10.00"', 'policy: ink', 'the policy is Tea; expected Ink'],
    [
      'category: tea, amount: "200.00", spent: { cap: "0" }',
      'blocked: false',
      'is refused; expected that it passes',
    ],
    ['category: tea, amount: "100.01"', 'policy: tea', 'the policy is Much tea; expected Tea'],
    ['category: tea, amount: "10.00"', 'blocked: true', 'passes; expected that it is refused'],
    ['category: tea, amount: "10.00"', 'approvers: [[cem@acme.example]]', 'asks Bob; expected Cem'],
    [
      'category: tea, amount: "120.00"',
      'approvers: [[bob@acme.example]]',
      'asks Bea and Bob, then Cem; expected Bob',
    ],
    ['category: tea, amount: "5.00"', 'approvers: [[bob@acme.example]]', 'asks nobody; expected Bob'],
    [
      'category: tea, amount: "10.00", merchant: casino',
      'approvers: [[bob@acme.example]]',
      'asks nobody, as it is refused; expected Bob',
    ],
    [
      'category: tea, amount: "10.00", merchant: casino',
      'approvers: []',
      'asks nobody, as it is refused; expected nobody',
    ],
    ['category: tea, amount: "10.00"', 'needed: [2]', 'needs 1 approvals; expected 2'],
    ['category: tea, amount: "10.00"', 'says: [old]', 'nothing is said; expected Old'],
    ['category: tea, amount: "10.00", age_days: 100', 'says: []', 'Old is said; expected nothing'],
  ])('%s, expected %s', (expense, expected, problem) => {
    expect(problems(expense, expected)).toEqual([problem])
  })

  test('one expense can come out otherwise in several ways', () => {
    expect(
      problems('category: tea, amount: "10.00"', 'policy: ink, approvers: [], blocked: true, says: [old]'),
    ).toEqual([
      'the policy is Tea; expected Ink',
      'passes; expected that it is refused',
      'asks Bob; expected nobody',
      'nothing is said; expected Old',
    ])
  })

  test('somebody whom nobody is above and who is finance alone: nobody may decide', () => {
    const text = `company: { name: A, currency: USD, time_zone: UTC }
categories: [{ key: tea, name: Tea }]
people: [{ name: Solo, email: solo@a.example, roles: [finance, admin] }]
policies: [{ key: p, name: P, steps: [{ approver: finance, description: Finance }] }]
tests: [{ name: Own, submitter: solo@a.example, expense: { category: tea, amount: "1.00" }, expect: { approvers: [] } }]`
    expect(testPolicies(parseOrganisation(text, 'f.yaml'))).toEqual([
      { name: 'Own', problems: ['asks nobody, as nobody may decide it; expected nobody'] },
    ])
  })
})

test('what the file does not say is that of an ordinary expense on a Wednesday', () => {
  const text = `${company}policies: [{ key: p, name: P, steps: [{ level: 1, description: x }] }]
rules:
  - { key: ordinary, name: O, when: { weekday: wednesday, age_days: { up_to: 1 }, receipt: present, receipt_amount: same,
      duplicate: none, paid_by: person, attendees: { up_to: 0 }, currency: USD, role: employee, team: Shop, level: { from: 3 } }, do: { flag: Ordinary. } }
tests: [{ name: Plain, submitter: ann@acme.example, expense: { category: tea, amount: "1.00" }, expect: { says: [ordinary] } }]`
  expect(testPolicies(parseOrganisation(text, 'f.yaml'))).toEqual([{ name: 'Plain', problems: [] }])
})

test('what needs no receipt is never without one, and policies can tell it apart', () => {
  const rules = `rules:
  - { key: bare, name: Bare, when: { receipt: missing }, do: { block: No receipt. } }
  - { key: proof, name: Proof, do: { require: [receipt] } }
  - { key: ask, name: Ask, when: { kind: request }, do: { flag: Not spent yet. } }
  - { key: drive, name: Drive, when: { kind: [mileage, per_diem], receipt: not_needed }, do: { flag: By a rate. } }
`
  const says = (kind: string, expected: string) =>
    `  - { name: ${kind}, submitter: ann@acme.example, expense: { category: tea, amount: "10.00", kind: ${kind}, receipt: missing }, expect: { says: [${expected}] } }\n`
  const tests = `tests:\n${says('receipt', 'bare, proof')}${says('request', 'ask')}${says('mileage', 'drive')}${says('per_diem', 'drive')}`
  const tested = testPolicies(parseOrganisation(`${company}${rules}${tests}`, 'f.yaml'))
  expect(tested.map(({ problems: found }) => found)).toEqual([[], [], [], []])
})

test('a file without policies has nothing to test', () => {
  expect(testPolicies(parseOrganisation(company, 'f.yaml'))).toEqual([])
})

test('the example of docs/policies.md is one of the example company, and comes out as expected', async () => {
  const docs = await readFile('docs/policies.md', 'utf8')
  const [, shown = 'none'] = /```yaml\ntests:\n([\s\S]*?)```/.exec(docs) ?? []
  const company = await readFile('config/company.example.yaml', 'utf8')
  const [first] = testPolicies(
    parseOrganisation(company.replace('\ntests:\n', `\ntests:\n${shown}\n`), 'f.yaml'),
  )
  expect(first).toEqual({ name: 'Wine on a Saturday is warned of and still goes on', problems: [] })
})

test('every example of the example company comes out as expected', async () => {
  const path = 'config/company.example.yaml'
  const tested = testPolicies(parseOrganisation(await readFile(path, 'utf8'), path))
  expect(tested.length).toBeGreaterThan(5)
  expect(tested.filter((one) => one.problems.length > 0)).toEqual([])
})
