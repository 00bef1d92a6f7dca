import type { Env } from '../../config/env.ts'
import { inCompany, type Tx } from '../database/index.ts'
import {
  addDelegation,
  type Company,
  type DelegationView,
  endDelegation,
  listDelegations,
  peopleByEmail,
} from '../features/people/index.ts'
import { parseCalendarDate } from '../kernel/calendar-date.ts'
import { userError } from '../kernel/errors.ts'
import { formatMoney } from '../kernel/money.ts'
import { openForCommand } from '../program.ts'
import { chooseCompany } from './choose-company.ts'

const actor = { personId: null, channel: 'cli' as const }
const say = (line: string) => process.stdout.write(`${line}\n`)

/**
 * Prints who decides for whom, now or later, a line each that begins with its id; with `all` also what is over.
 * @throws userError `company_unclear`
 */
export async function showDelegations(env: Env, options: { company?: string; all?: boolean }): Promise<void> {
  await inOneCompany(env, options.company, async (tx, { locale }) => {
    const delegations = await listDelegations(tx, { includeOver: options.all ?? false })
    for (const one of delegations) say(`${one.id}  ${words(one, locale)}`)
    if (delegations.length === 0) say(options.all ? 'There is none.' : 'Nobody decides for anybody else.')
  })
}

/**
 * Lets somebody decide for somebody else, from one day to another, both included, in the time zone of the latter.
 * @throws userError `company_unclear`, `person_unknown`, and those of `addDelegation`
 */
export async function addDelegationFor(
  env: Env,
  options: { for: string; to: string; from: string; until: string; upTo?: string; company?: string },
): Promise<void> {
  const from = parseCalendarDate(options.from, 'from')
  const to = parseCalendarDate(options.until, 'to')
  await inOneCompany(env, options.company, async (tx, company) => {
    const principalId = await idOf(tx, options.for, company)
    const delegateId = await idOf(tx, options.to, company)
    const upTo = options.upTo ?? null
    const added = await addDelegation(tx, { principalId, delegateId, from, to, upTo })
    say(`${added.id}  ${words(added, company.locale)}`)
  })
}

/**
 * Ends a delegation now; one that is to come never begins.
 * @throws userError `company_unclear`, `delegation_unknown`
 */
export async function endDelegationById(env: Env, id: string, options: { company?: string }): Promise<void> {
  await inOneCompany(env, options.company, async (tx, { name, locale }) => {
    const known = await listDelegations(tx, { includeOver: true })
    const delegation = known.find((one) => one.id === id)
    if (!delegation) throw userError('delegation_unknown', `There is no delegation ${id} in ${name}.`)
    await endDelegation(tx, id)
    const outcome = { active: 'Ended', coming: 'Taken away', over: 'Was over already' }[delegation.state]
    say(`${outcome}: ${words(delegation, locale)}`)
  })
}

/** `Bob Smith for Eve Davis, 2026-12-01 to 2026-12-14, up to USD 5,000.00 (coming)` */
function words({ principal, delegate, from, to, upTo, state }: DelegationView, locale: string): string {
  const cap = upTo ? `, up to ${formatMoney(upTo, locale)}` : ''
  return `${delegate.name} for ${principal.name}, ${from} to ${to}${cap} (${state})`
}

async function idOf(tx: Tx, email: string, { name }: Company): Promise<string> {
  const [person] = await peopleByEmail(tx, [email.trim().toLowerCase()])
  if (!person) throw userError('person_unknown', `There is nobody with the address ${email} in ${name}.`)
  return person.id
}

async function inOneCompany(
  env: Env,
  name: string | undefined,
  work: (tx: Tx, company: Company) => Promise<void>,
): Promise<void> {
  const { database, close } = await openForCommand(env)
  try {
    const company = await chooseCompany(database, name)
    await inCompany(database, { companyId: company.id, actor }, (tx) => work(tx, company))
  } finally {
    await close()
  }
}
