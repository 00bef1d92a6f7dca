import { namesOfRanks } from '../people/index.ts'
import type { Vocabulary } from '../policy/index.ts'
import type { Organisation } from './organisation-schema.ts'

/** What the policies of a file can name. */
export function vocabularyOfFile(organisation: Organisation): Vocabulary {
  const { company, categories, reasons, teams, levels, people } = organisation
  return {
    currency: company.currency,
    locale: company.locale,
    categories,
    reasons,
    teams: teams.map((team) => team.name),
    levels: levels.map(({ rank }) => rank),
    levelNames: namesOfRanks(levels.map(({ rank, name, team }) => ({ rank, name, teamId: team ?? null }))),
    people: people.map((person) => person.email),
  }
}
