import type { EntityName, RequiredEntityData } from '@mikro-orm/postgresql'
import { type SystemTx, type Tx, violatedConstraint } from '../../database/index.ts'
import { userError } from '../../kernel/errors.ts'
import { Category, Company, Level, Person, Reason, type Role, Team } from './people.entity.ts'

/** The part of an organisation file that this room keeps. */
export interface OrganisationPeople {
  company: { name: string; currency: string; time_zone: string; locale: string; intake?: string | undefined }
  teams: { name: string; company_wide: boolean }[]
  levels: { rank: number; name: string; team?: string | undefined }[]
  categories: { key: string; name: string; keywords: string[] }[]
  reasons: { key: string; name: string }[]
  people: {
    name: string
    email: string
    team?: string | undefined
    level?: number | undefined
    manager?: string | undefined
    roles: Role[]
    time_zone?: string | undefined
    active: boolean
  }[]
}

/** The id of the company of this name, if it exists. */
export async function companyIdByName(tx: SystemTx, name: string): Promise<string | null> {
  return (await tx.em.findOne(Company, { name }))?.id ?? null
}

/**
 * Adds or changes the company, teams, levels, categories, reasons and people that the file names. What it does not
 * name stays as it is; a person leaves by `active: false`.
 * @returns what was added or changed, a line each
 * @throws userError `email_taken` when another company has one of the addresses
 */
export async function importPeople(tx: Tx, organisation: OrganisationPeople): Promise<string[]> {
  try {
    return await upsertAll(tx, organisation)
  } catch (error) {
    const taken = takenBy[violatedConstraint(error) ?? '']
    throw taken ? userError('email_taken', taken, { cause: error }) : error
  }
}

async function upsertAll(tx: Tx, organisation: OrganisationPeople): Promise<string[]> {
  const { companyId } = tx
  const changes: string[] = []
  /** What ids stand for, in the lines for people. */
  const names = new Map<unknown, string>()
  const upsert = upserter(tx, changes, names)
  const { company } = organisation
  await upsert(
    Company,
    `company ${company.name}`,
    { id: companyId },
    {
      name: company.name,
      currency: company.currency,
      timeZone: company.time_zone,
      locale: company.locale,
      intakeAddress: company.intake ?? null,
    },
  )
  const teamIds = new Map<string, string>()
  for (const team of organisation.teams) {
    const id = await upsert(
      Team,
      `team ${team.name}`,
      { companyId, name: team.name },
      { companyWide: team.company_wide },
    )
    teamIds.set(team.name, id)
    names.set(id, team.name)
  }
  const teamId = (name: string | undefined) => (name === undefined ? null : (teamIds.get(name) ?? null))
  for (const level of organisation.levels) {
    const where = { companyId, rank: level.rank, teamId: teamId(level.team) }
    await upsert(Level, `level ${level.rank}`, where, { name: level.name })
  }
  for (const [position, { key, name, keywords }] of organisation.categories.entries()) {
    await upsert(Category, `category ${key}`, { companyId, key }, { name, keywords, position, active: true })
  }
  for (const { key, name } of organisation.reasons) {
    await upsert(Reason, `reason ${key}`, { companyId, key }, { name, active: true })
  }
  const personIds = new Map<string, string>()
  for (const person of organisation.people) {
    const id = await upsert(
      Person,
      `person ${person.email}`,
      { companyId, email: person.email },
      {
        name: person.name,
        teamId: teamId(person.team),
        levelRank: person.level ?? null,
        roles: person.roles.filter((role) => role !== 'employee'),
        timeZone: person.time_zone ?? null,
        active: person.active,
      },
    )
    personIds.set(person.email, id)
  }
  for (const { email, manager } of organisation.people) {
    const person = await tx.em.findOneOrFail(Person, { companyId, email })
    const managerId = (manager && personIds.get(manager)) ?? null
    if (person.managerId === managerId) continue
    person.managerId = managerId
    if (!changes.includes(`person ${email}: added`))
      changes.push(`person ${email}: manager is now ${manager ?? 'nobody'}`)
  }
  await tx.em.flush()
  return changes
}

const takenBy: Record<string, string> = {
  person_email_key: 'A person of another company already has one of these e-mail addresses.',
  company_intake_address_key: 'Another company already takes its receipts at this address.',
}

type Row = { id: string; [column: string]: unknown }

/** Finds a row by `where`, makes it or changes what differs in it, and notes that as a line for people. */
function upserter(tx: Tx, changes: string[], names: ReadonlyMap<unknown, string>) {
  const say = (value: unknown) => names.get(value) ?? show(value)
  return async <Entity extends Row>(
    entity: EntityName<Entity>,
    label: string,
    where: Partial<Entity>,
    values: Partial<Entity>,
  ): Promise<string> => {
    const found = await tx.em.findOne<Entity>(entity, where as object)
    if (!found) {
      const id = typeof where.id === 'string' ? where.id : tx.newId()
      const data = { id, createdAt: tx.now, ...where, ...values }
      tx.em.persist(tx.em.create<Entity>(entity, data as unknown as RequiredEntityData<Entity>))
      changes.push(`${label}: added`)
      return id
    }
    const different = Object.entries(values).filter(([name, value]) => !same(found[name], value))
    if (different.length > 0) {
      changes.push(
        `${label}: ${different.map(([name, value]) => `${labels[name] ?? name} ${say(found[name])} → ${say(value)}`).join(', ')}`,
      )
      Object.assign(found, values)
    }
    return found.id
  }
}

/** The words of the file for what is changed. */
const labels: Record<string, string> = {
  levelRank: 'level',
  teamId: 'team',
  timeZone: 'time zone',
  companyWide: 'company-wide',
  intakeAddress: 'intake',
}

const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
const show = (value: unknown) => (Array.isArray(value) ? value.join('+') || 'none' : String(value ?? 'none'))
