import type { Directory, Member } from '../people/index.ts'
import type { Organisation } from './organisation-schema.ts'

/** The company as planning approvals sees it, out of its file: e-mail addresses, names and keys stand for ids. */
export function directoryOfFile(organisation: Organisation): Directory {
  const { people, levels, teams, assignments = [] } = organisation
  return {
    people: people.toSorted(byName).map(
      (person): Member => ({
        id: person.email,
        name: person.name,
        email: person.email,
        active: person.active,
        levelRank: person.level ?? null,
        homeTeamId: person.team ?? null,
        teamIds: [...(person.team === undefined ? [] : [person.team]), ...person.also_in],
        managerId: person.manager ?? null,
        roles: person.roles.filter((role) => role !== 'employee'),
      }),
    ),
    levels: levels.map(({ rank, name, team }) => ({ rank, name, teamId: team ?? null })),
    teamNames: new Map(teams.map(({ name }) => [name, name])),
    companyWideTeams: new Set(teams.filter((team) => team.company_wide).map(({ name }) => name)),
    assignments: assignments.map(({ category, approver, team }) => ({
      categoryId: category,
      teamId: team ?? null,
      personId: approver,
    })),
  }
}

/** In the order of `loadDirectory`. */
const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : Number(a.name > b.name))
