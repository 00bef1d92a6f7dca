import type { Tx } from '../../database/index.ts'
import type { CalendarDate } from '../../kernel/calendar-date.ts'
import { formatMoney, parseAmount } from '../../kernel/money.ts'
import type { Changes } from './import-changes.ts'
import {
  Category,
  Company,
  CostCentre,
  Level,
  type Person,
  Reason,
  type Role,
  Team,
  type Weekday,
} from './people.entity.ts'

/** The part of an organisation file that this room keeps. */
export interface OrganisationPeople {
  company: {
    name: string
    currency: string
    time_zone: string
    locale: string
    intake?: string | undefined
    rollback_hours: number
    working_hours: { days: Weekday[]; from: string; to: string }
    holidays?: string | undefined
    remind_after_days: number
    escalate_after_days: number
    /** A plain decimal in the company's currency. */
    step_up_over?: string | undefined
    request_tolerance_percent: number
    digest_over: number
  }
  teams: { name: string; company_wide: boolean }[]
  levels: { rank: number; name: string; team?: string | undefined }[]
  categories: { key: string; name: string; keywords: string[]; active: boolean }[]
  reasons: { key: string; name: string; active: boolean }[]
  cost_centres: { code: string; name: string; active: boolean }[]
  people: {
    name: string
    email: string
    team?: string | undefined
    also_in: string[]
    level?: number | undefined
    manager?: string | undefined
    roles: Role[]
    time_zone?: string | undefined
    holidays?: string | undefined
    /** Compact; `NONE` takes it away; left out: the one that is known stays. */
    iban?: string | undefined
    active: boolean
  }[]
  /** Left out: they stay as they are. */
  assignments?: { category: string; approver: string; team?: string | undefined }[] | undefined
  /** Left out: they stay as they are. `up_to` is a plain decimal in the company's currency. */
  delegations?: FileDelegation[] | undefined
}

export interface FileDelegation {
  principal: string
  delegate: string
  from: CalendarDate
  to: CalendarDate
  up_to?: string | undefined
}

export type Teams = Map<string, { id: string; name: string }>
export type Categories = Map<string, Category>
export type People = Map<string, Person>

export async function importCompany(
  tx: Tx,
  { company }: OrganisationPeople,
  changes: Changes,
): Promise<void> {
  const found = await tx.em.findOne(Company, { id: tx.companyId })
  const values = {
    name: company.name,
    currency: company.currency,
    timeZone: company.time_zone,
    locale: company.locale,
    intakeAddress: company.intake ?? null,
    rollbackHours: company.rollback_hours,
    workingDays: company.working_hours.days,
    workFrom: company.working_hours.from,
    workTo: company.working_hours.to,
    holidays: company.holidays ?? null,
    remindAfterDays: company.remind_after_days,
    escalateAfterDays: company.escalate_after_days,
    requestTolerancePercent: company.request_tolerance_percent,
    digestOver: company.digest_over,
  }
  const label = `company ${company.name}`
  const row = changes.upsert(label, found, values, () =>
    tx.em.create(Company, { id: tx.companyId, createdAt: tx.now, stepUpOverMinor: null, ...values }),
  )
  const before = row.stepUpOverMinor
  row.stepUpOverMinor = minorOf(company.step_up_over, company.currency)
  const { stepUpOverMinor: after } = row
  const show = (minor: number | null) =>
    minor === null ? 'never' : `over ${formatMoney({ minor, currency: company.currency }, company.locale)}`
  if (before !== after) changes.changed(label, `a code is asked for ${show(before)} → ${show(after)}`)
}

function minorOf(text: string | undefined, currency: string): number | null {
  if (text === undefined) return null
  return Number(text) === 0 ? 0 : parseAmount(text, currency).minor
}

/** The teams by name, those that the file does not name too. */
export async function importTeams(tx: Tx, { teams }: OrganisationPeople, changes: Changes): Promise<Teams> {
  const { companyId } = tx
  const rows = new Map((await tx.em.find(Team, { companyId })).map((team) => [team.name, team]))
  changes.noteUnnamed(
    'teams',
    rows.keys(),
    teams.map(({ name }) => name),
  )
  for (const { name, company_wide } of teams) {
    const values = { companyWide: company_wide }
    const create = () => tx.em.create(Team, { id: tx.newId(), companyId, name, ...values })
    rows.set(name, changes.upsert(`team ${name}`, rows.get(name), values, create))
  }
  for (const { id, name } of rows.values()) changes.names.set(id, name)
  return rows
}

export async function importLevels(
  tx: Tx,
  { levels }: OrganisationPeople,
  changes: Changes,
  teams: Teams,
): Promise<void> {
  const { companyId } = tx
  const rows = await tx.em.find(Level, { companyId })
  const label = (rank: number, teamId: string | null) =>
    teamId === null ? `level ${rank}` : `level ${rank} of ${changes.names.get(teamId)}`
  const named: string[] = []
  for (const { rank, name, team } of levels) {
    const teamId = idOf(teams, team)
    const found = rows.find((row) => row.rank === rank && row.teamId === teamId)
    const create = () => tx.em.create(Level, { id: tx.newId(), companyId, rank, teamId, name })
    named.push(label(rank, teamId))
    changes.upsert(label(rank, teamId), found, { name }, create)
  }
  changes.noteUnnamed(
    'levels',
    rows.map(({ rank, teamId }) => label(rank, teamId)),
    named,
  )
}

/** The categories by key, those that the file does not name too. */
export async function importCategories(
  tx: Tx,
  { categories }: OrganisationPeople,
  changes: Changes,
): Promise<Categories> {
  const { companyId } = tx
  const found = await tx.em.find(Category, { companyId }, { orderBy: { position: 'asc' } })
  const rows = new Map(found.map((row) => [row.key, row]))
  changes.noteUnnamed(
    'categories',
    active(found),
    categories.map(({ key }) => key),
  )
  changes.noteOrder(
    'categories',
    [...rows.keys()],
    categories.map(({ key }) => key),
  )
  for (const [position, { key, name, keywords, active }] of categories.entries()) {
    const values = { name, keywords, active }
    const create = () => tx.em.create(Category, { id: tx.newId(), companyId, key, position, ...values })
    const row = changes.upsert(`category ${key}`, rows.get(key), values, create)
    row.position = position
    rows.set(key, row)
  }
  return rows
}

export async function importReasons(
  tx: Tx,
  { reasons }: OrganisationPeople,
  changes: Changes,
): Promise<void> {
  const { companyId } = tx
  const found = await tx.em.find(Reason, { companyId }, { orderBy: { position: 'asc', name: 'asc' } })
  const rows = new Map(found.map((row) => [row.key, row]))
  changes.noteUnnamed(
    'reasons',
    active(found),
    reasons.map(({ key }) => key),
  )
  changes.noteOrder(
    'reasons',
    [...rows.keys()],
    reasons.map(({ key }) => key),
  )
  for (const [position, { key, name, active }] of reasons.entries()) {
    const values = { name, active }
    const create = () => tx.em.create(Reason, { id: tx.newId(), companyId, key, position, ...values })
    changes.upsert(`reason ${key}`, rows.get(key), values, create).position = position
  }
}

export async function importCostCentres(
  tx: Tx,
  { cost_centres }: OrganisationPeople,
  changes: Changes,
): Promise<void> {
  const { companyId } = tx
  const found = await tx.em.find(CostCentre, { companyId }, { orderBy: { position: 'asc', code: 'asc' } })
  const rows = new Map(found.map((row) => [row.code, row]))
  const codes = cost_centres.map(({ code }) => code)
  changes.noteUnnamed(
    'cost centres',
    found.filter((row) => row.active).map(({ code }) => code),
    codes,
  )
  changes.noteOrder('cost centres', [...rows.keys()], codes)
  for (const [position, { code, name, active }] of cost_centres.entries()) {
    const values = { name, active }
    const create = () => tx.em.create(CostCentre, { id: tx.newId(), companyId, code, position, ...values })
    changes.upsert(`cost centre ${code}`, rows.get(code), values, create).position = position
  }
}

const active = (rows: { key: string; active: boolean }[]) =>
  rows.filter((row) => row.active).map(({ key }) => key)

/** The id of the row of this name. */
export function idOf(rows: ReadonlyMap<string, { id: string }>, name: string | undefined): string | null {
  return (name !== undefined && rows.get(name)?.id) || null
}
