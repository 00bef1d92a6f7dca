import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { inCompany } from '../../../src/database/index.ts'
import {
  exportOrganisation,
  importOrganisation,
  type Organisation,
  parseOrganisation,
} from '../../../src/features/organisation/index.ts'
import { subjects } from '../../../src/subjects.ts'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const actor = { personId: null, channel: 'cli' as const }
const load = (text: string) =>
  importOrganisation(database, parseOrganisation(text, 'f.yaml'), {
    actor,
    subjects,
    dataKey: 'k'.repeat(32),
  })

async function exported(text: string): Promise<string> {
  const { companyId } = await load(text)
  return inCompany(database, { companyId, actor }, exportOrganisation)
}

/** The same whatever the order of lists that have none. */
const sorted = (organisation: Organisation) => ({
  ...organisation,
  teams: organisation.teams.toSorted((a, b) => a.name.localeCompare(b.name)),
  people: organisation.people
    .map(({ iban: _, ...person }) => ({
      ...person,
      roles: person.roles.filter((role) => role !== 'employee'),
    }))
    .sort((a, b) => a.email.localeCompare(b.email)),
  assignments: organisation.assignments?.toSorted((a, b) =>
    JSON.stringify(a).localeCompare(JSON.stringify(b)),
  ),
})

const everyField = `company: { name: "Every: Field", currency: JPY, time_zone: Asia/Tokyo, locale: ja-JP, intake: in@every.example, rollback_hours: 2,
  working_hours: { days: [sunday, monday], from: "08:30", to: "12:00" }, holidays: JP, remind_after_days: 0.5,
  escalate_after_days: 0, step_up_over: "0", request_tolerance_percent: 0, digest_over: 3 }
teams:
  - { name: Sales, company_wide: true }
  - { name: "No" }
levels:
  - { rank: 1, name: Boss }
  - { rank: 2, name: "2" }
  - { rank: 2, name: Lead, team: Sales }
categories:
  - { key: tea, name: "Tea #1", keywords: ["yes", "1.5", "~", "- dash", "a: b", "日本茶"] }
  - { key: ink, name: Ink, active: false }
reasons:
  - { key: fun, name: "Fun & games" }
  - { key: old, name: Old, active: false }
cost_centres:
  - { code: "0042", name: Tea House }
  - { code: A 1, name: Old, active: false }
people:
  - { name: Ann, email: ann@every.example, team: Sales, also_in: ["No"], level: 2, manager: bob@every.example,
      roles: [employee, manager, finance], time_zone: Europe/London, holidays: GB-ENG, iban: DE89370400440532013000 }
  - { name: Bob "the boss" O'Neill, email: bob@every.example, level: 1, roles: [admin] }
  - { name: Left, email: left@every.example, active: false }
assignments:
  - { category: tea, approver: ann@every.example }
  - { category: tea, approver: bob@every.example, team: Sales }
delegations:
  - { principal: ann@every.example, delegate: bob@every.example, from: 2026-11-16, to: 2026-11-27, up_to: "5000" }
  - { principal: ann@every.example, delegate: bob@every.example, from: 2026-12-24, to: 2027-01-06 }
policies:
  - key: all
    name: All
    clause: "1.1"
    description: |
      Two
      lines.
    when:
      category: tea
      amount: { over: "500", up_to: "90000" }
      merchant: ["uber*", "*taxi"]
      any: [{ weekday: [saturday, sunday] }, { not: { receipt: present } }]
      reason: { not: [fun] }
      date: { from: 2026-07-01 }
      attendees: { between: [1, 9] }
    steps:
      - { level: 2, description: Lead, scope: { team: Sales }, needed: all }
      - { approver: category, description: Whoever is assigned, required: false, needed: 2, scope: company }
      - { approver: bob@every.example, description: "Bob: himself" }
  - { key: rest, name: Rest, active: false, steps: [{ approver: manager, description: Manager }] }
rules:
  - key: night
    name: Night
    clause: "2.1"
    priority: 5
    when: { merchant: "*bar*" }
    do: { flag: "Bars: say why.", require: [reason, note], notify: [finance, ann@every.example] }
  - { key: free, name: Free, active: false, when: { amount: { up_to: "100" } }, do: { approve_automatically: true } }
  - { key: more, name: More, when: { level: { from: 2 } }, do: { approve_by: [{ approver: finance, description: Finance }] } }
limits:
  - { key: cap, name: Cap, clause: "3.1", each: team, category: [tea], team: Sales, per: month, amount: "50000", beyond: flag }
  - { key: yearly, name: Yearly, active: false, each: company, per: year, amount: "900000" }
mileage:
  - { key: car, name: Car, unit: km, rate: "30", from: 2025-01-01, category: tea }
  - { key: car, name: Car, unit: km, rate: "31.5", from: 2026-01-01 }
per_diem:
  - { key: home, name: Home, full_day: "2800", travel_day: "1400", breakfast: "500", lunch: "0", from: 2026-01-01, category: ink }
tests:
  - name: Tea for two
    submitter: ann@every.example
    expense: { category: tea, amount: "600", merchant: Taxi, attendees: 1, spent: { cap: "100" }, date: 2026-07-04, age_days: 3,
      currency: EUR, note: x, paid_by: company, receipt: missing, receipt_amount: unknown, duplicate: same_fields, reason: old }
    expect: { policy: none, approvers: [[bob@every.example]], blocked: false, says: [cap] }
`

describe('an export', () => {
  test.each([
    ['the example company', () => readFile('config/company.example.yaml', 'utf8')],
    ['the other example', () => readFile('config/globex.example.yaml', 'utf8')],
    ['a company that uses every field', async () => everyField],
    ['a company without anything', async () => 'company: { name: Nothing, currency: USD, time_zone: UTC }'],
    [
      'a company that took its policies away',
      async () => 'company: { name: Away, currency: USD, time_zone: UTC }\npolicies: []',
    ],
  ])('of %s changes nothing when it is imported, and says the same', async (_what, read) => {
    const text = await read()
    const output = await exported(text)
    const { changes, notes } = await load(output)
    expect(changes).toEqual([])
    expect(notes).toEqual([])
    const [before, after] = [parseOrganisation(text, 'a'), parseOrganisation(output, 'b')]
    expect(sorted({ ...after, assignments: after.assignments ?? [] })).toEqual(
      sorted({ ...before, assignments: before.assignments ?? [] }),
    )
  })

  test('has no IBAN, and importing it takes none away', async () => {
    const output = await exported(everyField)
    expect(output).not.toMatch(/DE89|3000|iban:/)
    expect(output).toMatch(/^# .*\n# IBANs are left out/)
    await load(output)
    const rows = await database.asSuperuser(`select iban_tail from person where email = 'ann@every.example'`)
    expect(rows).toEqual([{ iban_tail: '3000' }])
  })

  test('leaves out what goes without saying, and keeps the order of the sections', async () => {
    const output = await exported(await readFile('config/company.example.yaml', 'utf8'))
    expect(Object.keys(parse(output))).toEqual(
      'company teams levels categories reasons cost_centres people policies rules limits mileage per_diem tests'.split(
        ' ',
      ),
    )
    expect(output).not.toMatch(
      /active: true|required: true|needed: any|scope: team|roles: \[\]|description: ""/,
    )
    expect(output).toContain('- { rank: 1, name: CTO }\n')
    expect(output).toContain('category: equipment\n')
    expect(output).toContain('amount: { up_to: "2000.00" }\n')
    expect(output).toContain('\n\npeople:\n  - name: Alice Chen\n    email: alice.chen@techcorp.example\n')
  })

  test('is the same text every time', async () => {
    const first = await exported(everyField)
    expect(await exported(first)).toBe(first)
  })
})
