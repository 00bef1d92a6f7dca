import type { SystemTx, Tx } from '../../database/index.ts'
import { permanentError, userError } from '../../kernel/errors.ts'
import { recordAudit } from '../audit/index.ts'
import { Category, Company, Level, Person, Reason, type Role } from './people.entity.ts'
import { noteSlackLocale } from './slack-locale.ts'

/** The company of this transaction. */
export async function getCompany(tx: Tx): Promise<Company> {
  return tx.em.findOneOrFail(Company, { id: tx.companyId })
}

/**
 * A person of this company.
 * @throws permanentError `person_unknown`
 */
export async function getPerson(tx: Tx, id: string): Promise<Person> {
  const person = await tx.em.findOne(Person, { id })
  if (!person)
    throw permanentError('person_unknown', 'There is no such person in this company.', { details: { id } })
  return person
}

/**
 * The person who acts in this transaction, who must be an active one.
 * @throws userError `nobody_acts`, `person_inactive`
 */
export async function requireActor(tx: Tx): Promise<Person> {
  if (tx.actor.personId === null) throw userError('nobody_acts', 'Only a person can do this.')
  const person = await getPerson(tx, tx.actor.personId)
  if (!person.active) throw userError('person_inactive', 'Your account is not active. Please ask your admin.')
  return person
}

/** Whether there is such a person in this company, who still works here. */
export async function isActivePerson(tx: Tx, id: string): Promise<boolean> {
  return (await tx.em.findOne(Person, { id }))?.active ?? false
}

/** Which of these people work here, as the database says at this moment: this transaction may have read them before. */
export async function activeAmong(tx: Tx, ids: string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  await tx.em.flush()
  const rows = await tx.em.execute<{ id: string }[]>(
    'select id from person where company_id = ? and id in (?) and active',
    [tx.companyId, ids],
  )
  return new Set(rows.map(({ id }) => id))
}

/** Which of these people have somebody among their managers, however far up; as the database says at this moment. */
export async function whoReportsTo(tx: Tx, managerId: string, ids: string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  await tx.em.flush()
  const rows = await tx.em.execute<{ id: string }[]>(
    // `union` ends where managers run in a circle.
    `with recursive line as (
       select id, manager_id from person where company_id = ? and id in (?)
       union select line.id, up.manager_id from line join person up on up.company_id = ? and up.id = line.manager_id
     ) select distinct id from line where manager_id = ?`,
    [tx.companyId, ids, tx.companyId, managerId],
  )
  return new Set(rows.map(({ id }) => id))
}

/** The people with these ids, by id. */
export async function getPeople(tx: Tx, ids: Iterable<string | null>): Promise<Map<string, Person>> {
  const wanted = [...new Set(ids)].filter((id) => id !== null)
  if (wanted.length === 0) return new Map()
  const people = await tx.em.find(Person, { id: { $in: wanted } })
  return new Map(people.map((person) => [person.id, person]))
}

/** The active people of the company who have this role. */
export async function peopleWithRole(tx: Tx, role: Role): Promise<Person[]> {
  const where = { companyId: tx.companyId, active: true, roles: { $contains: [role] } }
  return tx.em.find(Person, where, { orderBy: { name: 'asc', id: 'asc' } })
}

/** The categories that can be chosen, in the company's order. */
export async function listCategories(tx: Tx): Promise<Category[]> {
  return tx.em.find(Category, { companyId: tx.companyId, active: true }, { orderBy: { position: 'asc' } })
}

/** The reasons that can be chosen, in the company's order. */
export async function listReasons(tx: Tx): Promise<Reason[]> {
  return tx.em.find(
    Reason,
    { companyId: tx.companyId, active: true },
    { orderBy: { position: 'asc', name: 'asc' } },
  )
}

/** Every category there ever was, also those that cannot be chosen any more. */
export async function listAllCategories(tx: Tx): Promise<Category[]> {
  return tx.em.find(Category, { companyId: tx.companyId }, { orderBy: { position: 'asc' } })
}

/** Every reason there ever was. */
export async function listAllReasons(tx: Tx): Promise<Reason[]> {
  return tx.em.find(Reason, { companyId: tx.companyId }, { orderBy: { position: 'asc' } })
}

/** What a category is called, also one that cannot be chosen any more. */
export async function nameOfCategory(
  tx: Tx,
  id: string | null,
): Promise<{ id: string; name: string } | null> {
  const category = id === null ? null : await tx.em.findOne(Category, { id })
  return category && { id: category.id, name: category.name }
}

/** What a reason is called, also one that cannot be chosen any more. */
export async function nameOfReason(tx: Tx, id: string | null): Promise<{ id: string; name: string } | null> {
  const reason = id === null ? null : await tx.em.findOne(Reason, { id })
  return reason && { id: reason.id, name: reason.name }
}

/** The people of this company with these addresses. */
export async function peopleByEmail(tx: Tx, emails: string[]): Promise<Person[]> {
  return tx.em.find(Person, { companyId: tx.companyId, email: { $in: emails } }, { orderBy: { id: 'asc' } })
}

/** Who this Slack user is, where that is known. Looks through all companies: the workspace does not tell. */
export async function personBySlackUser(
  tx: SystemTx,
  slackTeamId: string,
  slackUserId: string,
): Promise<Person | null> {
  return tx.em.findOne(Person, { slackTeamId, slackUserId })
}

/** The person with this address; e-mail addresses are unique in the installation. */
export async function personByEmail(tx: SystemTx, email: string): Promise<Person | null> {
  return tx.em.findOne(Person, { email: email.trim().toLowerCase() })
}

/** The company that one of these addresses takes receipts for. */
export async function companyByIntake(tx: SystemTx, addresses: string[]): Promise<Company | null> {
  const intakeAddress = { $in: addresses.map((address) => address.toLowerCase()) }
  return tx.em.findOne(Company, { intakeAddress }, { orderBy: { id: 'asc' } })
}

/** Remembers which Slack user a person is, once Slack has vouched for the e-mail address of that user. */
export async function linkSlackUser(
  tx: Tx,
  personId: string,
  slack: { teamId: string; userId: string; locale?: string | undefined },
): Promise<void> {
  const person = await getPerson(tx, personId)
  if (slack.locale !== undefined) noteSlackLocale(tx, person, slack.locale)
  if (person.slackTeamId === slack.teamId && person.slackUserId === slack.userId) return
  person.slackTeamId = slack.teamId
  person.slackUserId = slack.userId
  await recordAudit(tx, {
    action: 'person.slack_linked',
    subject: { kind: 'person', id: personId },
    personal: { slackTeamId: slack.teamId, slackUserId: slack.userId },
  })
}

/** Everybody active in the installation with what they are, for filling a sandbox workspace. */
export async function everybody(
  tx: SystemTx,
): Promise<{ name: string; email: string; title: string; intake: string | null }[]> {
  const people = await tx.em.find(
    Person,
    { active: true },
    { orderBy: { companyId: 'desc', levelRank: 'asc' } },
  )
  const levels = await tx.em.find(Level, { teamId: null })
  const companies = await tx.em.find(Company, {})
  return people.map((person) => {
    const level = levels.find(
      ({ companyId, rank }) => companyId === person.companyId && rank === person.levelRank,
    )
    const company = companies.find(({ id }) => id === person.companyId)
    const title =
      level?.name ??
      (person.roles.map((role) => role.charAt(0).toUpperCase() + role.slice(1)).join(', ') || 'Employee')
    const intake = company?.intakeAddress ?? null
    return { name: person.name, email: person.email, title: `${title}, ${company?.name}`, intake }
  })
}

/** The companies of this installation. */
export async function listCompanies(tx: SystemTx): Promise<Company[]> {
  return tx.em.find(Company, {}, { orderBy: { name: 'asc' } })
}
