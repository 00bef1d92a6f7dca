import { type SystemTx, type Tx, violatedConstraint } from '../../database/index.ts'
import { userError } from '../../kernel/errors.ts'
import { seal, unseal } from '../../kernel/sealed-text.ts'
import { Changes } from './import-changes.ts'
import { importDelegations } from './import-delegations.ts'
import {
  type Categories,
  idOf,
  importCategories,
  importCompany,
  importCostCentres,
  importLevels,
  importReasons,
  importTeams,
  type OrganisationPeople,
  type People,
  type Teams,
} from './import-structure.ts'
import { Assignment, Company, Person, TeamMember } from './people.entity.ts'

export interface ImportedPeople {
  /** What was added or changed, a line each. */
  changes: string[]
  /** What the company has and the file does not name, a line for each kind. */
  notes: string[]
  /** Who was active before and is not any more. */
  left: { id: string; name: string }[]
}

/** The id of the company of this name, if it exists. */
export async function companyIdByName(tx: SystemTx, name: string): Promise<string | null> {
  return (await tx.em.findOne(Company, { name }))?.id ?? null
}

/**
 * Adds or changes the company, teams, levels, categories, reasons, cost centres, people, assignments and delegations that
 * the file names. What it does not name stays as it is, but for the memberships of the people it names, and for
 * assignments and delegations where it has that section; a person leaves by `active: false`.
 * @param dataKey encrypts the IBANs; required when the file names one
 * @throws userError `email_taken` when another company has one of the addresses; `last_admin`; `data_key_missing`; those
 *   of `addDelegation`, with the `path` in the file among the details
 */
export async function importPeople(
  tx: Tx,
  organisation: OrganisationPeople,
  { dataKey }: { dataKey?: string | undefined } = {},
): Promise<ImportedPeople> {
  try {
    return await importAll(tx, organisation, dataKey)
  } catch (error) {
    const taken = takenBy[violatedConstraint(error) ?? '']
    throw taken ? userError('email_taken', taken, { cause: error }) : error
  }
}

const takenBy: Record<string, string> = {
  person_email_key: 'A person of another company already has one of these e-mail addresses.',
  company_intake_address_key: 'Another company already takes its receipts at this address.',
}

async function importAll(
  tx: Tx,
  organisation: OrganisationPeople,
  dataKey: string | undefined,
): Promise<ImportedPeople> {
  const changes = new Changes()
  await importCompany(tx, organisation, changes)
  // At once: of two imports that make the same company, the later one must fail by its name and by nothing else.
  await tx.em.flush()
  const teams = await importTeams(tx, organisation, changes)
  await importLevels(tx, organisation, changes, teams)
  const categories = await importCategories(tx, organisation, changes)
  await importReasons(tx, organisation, changes)
  await importCostCentres(tx, organisation, changes)
  const { people, left } = await importEverybody(tx, organisation, changes, teams)
  await importIbans(organisation, people, changes, dataKey)
  await importMemberships(tx, organisation, changes, { teams, people })
  await importAssignments(tx, organisation, changes, { teams, people, categories })
  await tx.em.flush()
  await importDelegations(tx, organisation, changes, people)
  await tx.em.flush()
  return { changes: changes.lines, notes: changes.notes, left }
}

async function importEverybody(
  tx: Tx,
  { people }: OrganisationPeople,
  changes: Changes,
  teams: Teams,
): Promise<{ people: People; left: ImportedPeople['left'] }> {
  const { companyId } = tx
  const found = await tx.em.find(Person, { companyId })
  const rows = new Map(found.map((row) => [row.email, row]))
  const before = found.filter((row) => row.active)
  const adminBefore = before.find(isAdmin)
  const named = new Set(people.map(({ email }) => email))
  const unnamed = before.filter(({ email }) => !named.has(email))
  changes.noteUnnamed(
    'people',
    unnamed.map(({ name, email }) => `${name} (${email})`),
    [],
  )
  // Ids first: a manager may stand after those they manage.
  const ids = new Map(people.map(({ email }) => [email, rows.get(email)?.id ?? tx.newId()]))
  // People of the same name are told apart by their addresses.
  const everybody = [...found, ...people.map(({ email, name }) => ({ id: ids.get(email), email, name }))]
  const namesakes = Map.groupBy(everybody, ({ name }) => name)
  for (const { id, name, email } of everybody) {
    const isShared = new Set(namesakes.get(name)?.map((one) => one.email)).size > 1
    changes.names.set(id, isShared ? `${name} (${email})` : name)
  }
  for (const { email, ...person } of people) {
    const values = {
      name: person.name,
      teamId: idOf(teams, person.team),
      levelRank: person.level ?? null,
      managerId: (person.manager && ids.get(person.manager)) ?? null,
      roles: person.roles.filter((role) => role !== 'employee'),
      timeZone: person.time_zone ?? null,
      holidays: person.holidays ?? null,
      active: person.active,
    }
    const create = () =>
      tx.em.create(Person, {
        id: ids.get(email) ?? tx.newId(),
        companyId,
        email,
        createdAt: tx.now,
        slackTeamId: null,
        slackUserId: null,
        ibanSealed: null,
        ibanTail: null,
        authenticatorSealed: null,
        authenticatorUsedStep: null,
        ...values,
      })
    rows.set(email, changes.upsert(`person ${email}`, rows.get(email), values, create))
  }
  if (adminBefore && ![...rows.values()].some((row) => row.active && isAdmin(row)))
    throw lastAdmin(adminBefore)
  return { people: rows, left: before.filter((row) => !row.active) }
}

const isAdmin = ({ roles }: Person) => roles.includes('admin')

const lastAdmin = ({ name }: Person) =>
  userError(
    'last_admin',
    `${name} is the last active admin: a company must keep one. Give somebody else the role admin in the same file.`,
  )

async function importIbans(
  { people }: OrganisationPeople,
  rows: People,
  changes: Changes,
  dataKey: string | undefined,
): Promise<void> {
  for (const { email, iban } of people) {
    const row = rows.get(email)
    if (iban === undefined || !row) continue
    const tail = row.ibanTail
    if (iban === 'NONE') {
      Object.assign(row, { ibanSealed: null, ibanTail: null })
    } else {
      if (!dataKey) throw noDataKey()
      // Sealed with an earlier DATA_KEY, it is sealed anew.
      const known = row.ibanSealed && (await unseal(row.ibanSealed, dataKey).catch(() => null))
      if (known === iban) continue
      Object.assign(row, { ibanSealed: await seal(iban, dataKey), ibanTail: iban.slice(-4) })
    }
    if (tail !== null || row.ibanTail !== null)
      changes.changed(`person ${email}`, `IBAN ${showTail(tail)} → ${showTail(row.ibanTail)}`)
  }
}

const showTail = (tail: string | null) => (tail === null ? 'none' : `…${tail}`)

const noDataKey = () =>
  userError('data_key_missing', 'The file names an IBAN, which is kept encrypted only: DATA_KEY must be set.')

async function importMemberships(
  tx: Tx,
  { people }: OrganisationPeople,
  changes: Changes,
  { teams, people: rows }: { teams: Teams; people: People },
): Promise<void> {
  const { companyId } = tx
  const members = Map.groupBy(await tx.em.find(TeamMember, { companyId }), ({ personId }) => personId)
  for (const { email, also_in } of people) {
    const personId = rows.get(email)?.id
    if (personId === undefined) continue
    const found = members.get(personId) ?? []
    const wanted = also_in.map((name) => idOf(teams, name)).filter((id) => id !== null)
    for (const member of found) if (!wanted.includes(member.teamId)) tx.em.remove(member)
    for (const teamId of wanted) {
      if (!found.some((member) => member.teamId === teamId))
        tx.em.create(TeamMember, { companyId, teamId, personId })
    }
    changes.changedList(`person ${email}`, 'also in', {
      from: found.map(({ teamId }) => changes.names.get(teamId) ?? ''),
      to: also_in,
    })
  }
}

async function importAssignments(
  tx: Tx,
  { assignments }: OrganisationPeople,
  changes: Changes,
  { teams, people, categories }: { teams: Teams; people: People; categories: Categories },
): Promise<void> {
  if (!assignments) return
  const { companyId } = tx
  const found = await tx.em.find(Assignment, { companyId })
  const wanted = assignments.map(({ category, approver, team }) => ({
    categoryId: categories.get(category)?.id ?? '',
    teamId: idOf(teams, team),
    personId: people.get(approver)?.id ?? '',
  }))
  type Assigned = (typeof wanted)[number]
  const same = (a: Assigned, b: Assigned) =>
    a.categoryId === b.categoryId && a.teamId === b.teamId && a.personId === b.personId
  const keyOf = new Map([...categories.values()].map(({ id, key }) => [id, key]))
  const label = ({ categoryId, teamId, personId }: Assigned) =>
    `assignment of ${keyOf.get(categoryId)}${teamId ? ` in ${changes.names.get(teamId)}` : ''} to ${changes.names.get(personId)}`
  for (const row of found) {
    if (wanted.some((one) => same(one, row))) continue
    tx.em.remove(row)
    changes.lines.push(`${label(row)}: removed`)
  }
  for (const one of wanted) {
    if (found.some((row) => same(one, row))) continue
    tx.em.create(Assignment, { id: tx.newId(), companyId, ...one })
    changes.lines.push(`${label(one)}: added`)
  }
}
