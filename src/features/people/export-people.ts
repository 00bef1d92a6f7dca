import type { Tx } from '../../database/index.ts'
import { toDecimal } from '../../kernel/money.ts'
import { delegationsOfFile } from './import-delegations.ts'
import type { OrganisationPeople } from './import-structure.ts'
import { Assignment, Category, CostCentre, Level, Person, Reason, Team, TeamMember } from './people.entity.ts'
import { getCompany } from './people.ts'

/**
 * The company, its teams, levels, categories, reasons, cost centres, people, assignments and delegations as an organisation
 * file states them: the reverse of `importPeople`. IBANs are left out, and so are delegations that people made themselves.
 */
export async function exportPeople(tx: Tx): Promise<OrganisationPeople> {
  const { companyId } = tx
  const company = await getCompany(tx)
  const teams = await tx.em.find(Team, { companyId }, { orderBy: { name: 'asc' } })
  const levels = await tx.em.find(Level, { companyId }, { orderBy: { rank: 'asc' } })
  const inOrder = { orderBy: { position: 'asc', key: 'asc' } } as const
  const categories = await tx.em.find(Category, { companyId }, inOrder)
  const reasons = await tx.em.find(Reason, { companyId }, inOrder)
  const costCentres = await tx.em.find(
    CostCentre,
    { companyId },
    { orderBy: { position: 'asc', code: 'asc' } },
  )
  const people = await tx.em.find(Person, { companyId })
  const members = Map.groupBy(await tx.em.find(TeamMember, { companyId }), ({ personId }) => personId)
  const assignments = await tx.em.find(Assignment, { companyId })
  const teamNames = new Map(teams.map(({ id, name }) => [id, name]))
  const teamName = (id: string | null) => (id === null ? undefined : teamNames.get(id))
  const delegations = await delegationsOfFile(tx)
  const emails = new Map(people.map(({ id, email }) => [id, email]))
  const keys = new Map(categories.map(({ id, key }) => [id, key]))
  const amount = (minor: number | null) =>
    minor === null ? undefined : toDecimal({ minor, currency: company.currency })
  return {
    company: {
      name: company.name,
      currency: company.currency,
      time_zone: company.timeZone,
      locale: company.locale,
      intake: company.intakeAddress ?? undefined,
      rollback_hours: company.rollbackHours,
      working_hours: { days: company.workingDays, from: company.workFrom, to: company.workTo },
      holidays: company.holidays ?? undefined,
      remind_after_days: company.remindAfterDays,
      escalate_after_days: company.escalateAfterDays,
      step_up_over: amount(company.stepUpOverMinor),
      request_tolerance_percent: company.requestTolerancePercent,
      digest_over: company.digestOver,
    },
    teams: teams.map(({ name, companyWide }) => ({ name, company_wide: companyWide })),
    levels: levels
      .map(({ rank, name, teamId }) => ({ rank, name, team: teamName(teamId) }))
      .sort((a, b) => compare(a.team ?? '', b.team ?? '')),
    categories: categories.map(({ key, name, keywords, active }) => ({ key, name, keywords, active })),
    reasons: reasons.map(({ key, name, active }) => ({ key, name, active })),
    cost_centres: costCentres.map(({ code, name, active }) => ({ code, name, active })),
    people: people
      .map((person) => ({
        name: person.name,
        email: person.email,
        team: teamName(person.teamId),
        also_in: (members.get(person.id) ?? [])
          .map(({ teamId }) => teamNames.get(teamId) ?? '')
          .sort(compare),
        level: person.levelRank ?? undefined,
        manager: (person.managerId && emails.get(person.managerId)) || undefined,
        roles: person.roles,
        time_zone: person.timeZone ?? undefined,
        holidays: person.holidays ?? undefined,
        active: person.active,
      }))
      .sort(byPlace),
    assignments: assignments
      .map(({ categoryId, personId, teamId }) => ({
        category: keys.get(categoryId) ?? '',
        approver: emails.get(personId) ?? '',
        team: teamName(teamId),
      }))
      .sort((a, b) => compare(Object.values(a).join(), Object.values(b).join())),
    delegations: delegations
      .map(({ principalId, delegateId, fromDate, toDate, upToMinor }) => ({
        principal: emails.get(principalId) ?? '',
        delegate: emails.get(delegateId) ?? '',
        from: fromDate,
        to: toDate,
        up_to: amount(upToMinor),
      }))
      .sort((a, b) => compare(Object.values(a).join(), Object.values(b).join())),
  }
}

type Placed = OrganisationPeople['people'][number]

/** By team, from the highest level down, those without a level last. */
function byPlace(a: Placed, b: Placed): number {
  const level = ({ level }: Placed) => level ?? Number.MAX_SAFE_INTEGER
  return (
    compare(a.team ?? '', b.team ?? '') ||
    level(a) - level(b) ||
    compare(a.name, b.name) ||
    compare(a.email, b.email)
  )
}

/** The same order everywhere, whatever the language of the machine. */
const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b))
