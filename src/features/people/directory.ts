import type { Tx } from '../../database/index.ts'
import { Assignment, Level, Person, type Role, Team, TeamMember } from './people.entity.ts'

/** A person as planning approvals looks at them. */
export interface Member {
  id: string
  name: string
  email: string
  active: boolean
  /** null: outside the levels. 1 is the highest. */
  levelRank: number | null
  homeTeamId: string | null
  /** The teams they belong to, the home team first. */
  teamIds: string[]
  managerId: string | null
  roles: Role[]
}

/** Everybody, every level and every assignment of a company: what planning approvals looks at. */
export interface Directory {
  people: Member[]
  levels: { rank: number; name: string; teamId: string | null }[]
  teamNames: ReadonlyMap<string, string>
  companyWideTeams: ReadonlySet<string>
  /** Who approves a category; `teamId` null: for the submitters of every team. */
  assignments: { categoryId: string; teamId: string | null; personId: string }[]
}

export async function loadDirectory(tx: Tx): Promise<Directory> {
  const { companyId } = tx
  const people = await tx.em.find(Person, { companyId }, { orderBy: { name: 'asc', id: 'asc' } })
  const levels = await tx.em.find(Level, { companyId })
  const teams = await tx.em.find(Team, { companyId })
  const further = await tx.em.find(TeamMember, { companyId })
  const assignments = await tx.em.find(Assignment, { companyId }, { orderBy: { id: 'asc' } })
  const teamsOf = Map.groupBy(further, ({ personId }) => personId)
  return {
    people: people.map((person) => ({
      id: person.id,
      name: person.name,
      email: person.email,
      active: person.active,
      levelRank: person.levelRank,
      homeTeamId: person.teamId,
      teamIds: [person.teamId, ...(teamsOf.get(person.id) ?? []).map(({ teamId }) => teamId)].filter(
        (id) => id !== null,
      ),
      managerId: person.managerId,
      roles: person.roles,
    })),
    levels: levels.map(({ rank, name, teamId }) => ({ rank, name, teamId })),
    teamNames: new Map(teams.map(({ id, name }) => [id, name])),
    companyWideTeams: new Set(teams.filter(({ companyWide }) => companyWide).map(({ id }) => id)),
    assignments: assignments.map(({ categoryId, teamId, personId }) => ({ categoryId, teamId, personId })),
  }
}

/** What somebody's home team is called; null for somebody without one. */
export function homeTeamName(
  { teamNames }: Pick<Directory, 'teamNames'>,
  { homeTeamId }: Member,
): string | null {
  return homeTeamId === null ? null : (teamNames.get(homeTeamId) ?? null)
}

/** What each rank is called in the whole company, else in a team that has a name of its own for it. */
export function namesOfRanks(
  levels: readonly { rank: number; name: string; teamId: string | null }[],
): Map<number, string> {
  const wholeCompanyLast = levels.toSorted((a, b) => Number(a.teamId === null) - Number(b.teamId === null))
  return new Map(wholeCompanyLast.map(({ rank, name }) => [rank, name]))
}

/** The same of the company in force. */
export async function namesOfLevels(tx: Tx): Promise<Map<number, string>> {
  return namesOfRanks(await tx.em.find(Level, { companyId: tx.companyId }, { orderBy: { id: 'asc' } }))
}

/** What a level is called in a team: by its own name for it, else by the company's. */
export function levelName(directory: Directory, rank: number, teamId: string | null): string {
  const named = directory.levels.filter((level) => level.rank === rank)
  const own = named.find((level) => level.teamId === teamId) ?? named.find((level) => level.teamId === null)
  return (own ?? named[0])?.name ?? `level ${rank}`
}
