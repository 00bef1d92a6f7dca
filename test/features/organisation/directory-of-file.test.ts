import { afterAll, beforeAll, expect, test } from 'vitest'
import { inCompany } from '../../../src/database/index.ts'
import { directoryOfFile } from '../../../src/features/organisation/directory-of-file.ts'
import { importOrganisation, parseOrganisation } from '../../../src/features/organisation/index.ts'
import { listCategories, loadDirectory } from '../../../src/features/people/index.ts'
import { subjects } from '../../../src/subjects.ts'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const text = `company: { name: Acme, currency: USD, time_zone: UTC }
teams: [{ name: Shop }, { name: Depot, company_wide: true }, { name: Yard }]
levels: [{ rank: 1, name: Boss }, { rank: 2, name: Lead, team: Depot }]
categories: [{ key: tea, name: Tea }, { key: ink, name: Ink }]
people:
  - { name: Zoe, email: zoe@acme.example, team: Shop, also_in: [Yard], level: 1, roles: [employee, finance] }
  - { name: Ann, email: ann@acme.example, team: Depot, level: 2, manager: zoe@acme.example, roles: [admin] }
  - { name: Bob, email: bob@acme.example, also_in: [Depot], active: false }
assignments:
  - { category: tea, approver: ann@acme.example, team: Shop }
  - { category: ink, approver: zoe@acme.example }`

test('a file makes the same directory as the database that it was imported into', async () => {
  const organisation = parseOrganisation(text, 'f.yaml')
  const actor = { personId: null, channel: 'cli' as const }
  const { companyId } = await importOrganisation(database, organisation, { actor, subjects })
  const { directory, categories } = await inCompany(database, { companyId, actor }, async (tx) => ({
    directory: await loadDirectory(tx),
    categories: await listCategories(tx),
  }))
  const emails = new Map(directory.people.map(({ id, email }) => [id, email]))
  const keys = new Map(categories.map(({ id, key }) => [id, key]))
  const team = (id: string | null) => (id === null ? null : directory.teamNames.get(id))
  const person = (id: string | null) => (id === null ? null : emails.get(id))
  const stored = {
    people: directory.people.map((one) => ({
      ...one,
      id: one.email,
      homeTeamId: team(one.homeTeamId),
      teamIds: one.teamIds.map(team),
      managerId: person(one.managerId),
    })),
    levels: new Set(directory.levels.map((level) => ({ ...level, teamId: team(level.teamId) }))),
    teamNames: new Set(directory.teamNames.values()),
    companyWideTeams: new Set([...directory.companyWideTeams].map(team)),
    assignments: new Set(
      directory.assignments.map((one) => ({
        categoryId: keys.get(one.categoryId),
        teamId: team(one.teamId),
        personId: person(one.personId),
      })),
    ),
  }
  const fromFile = directoryOfFile(organisation)
  expect(stored).toEqual({
    people: fromFile.people,
    levels: new Set(fromFile.levels),
    teamNames: new Set(fromFile.teamNames.values()),
    companyWideTeams: fromFile.companyWideTeams,
    assignments: new Set(fromFile.assignments),
  })
})
