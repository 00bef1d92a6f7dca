import { z } from 'zod'
import type { Env } from '../../config/env.ts'
import { inCompany, type Tx } from '../database/index.ts'
import {
  addDelegation,
  type Company,
  type DelegationView,
  endDelegation,
  findDelegation,
  getPerson,
  listDelegations,
  peopleByEmail,
} from '../features/people/index.ts'
import { dateIn, parseCalendarDate } from '../kernel/calendar-date.ts'
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
  await inOneCompany(env, options.company, async (tx, company) => {
    const delegations = await listDelegations(tx, { includeOver: options.all ?? false })
    for (const one of delegations) say(`${one.id}  ${await words(tx, one, company)}`)
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
    say(`${added.id}  ${await words(tx, added, company)}`)
  })
}

/**
 * Ends a delegation now; one that is to come never begins.
 * @throws userError `company_unclear`, `delegation_unknown`
 */
export async function endDelegationById(env: Env, id: string, options: { company?: string }): Promise<void> {
  await inOneCompany(env, options.company, async (tx, company) => {
    const delegation = z.uuid().safeParse(id).success ? await findDelegation(tx, id) : null
    if (!delegation) throw userError('delegation_unknown', `There is no delegation ${id} in ${company.name}.`)
    const before = await words(tx, delegation, company)
    await endDelegation(tx, id)
    const outcome = { active: 'Ended', coming: 'Taken away', over: 'Was over already' }[delegation.state]
    say(`${outcome}: ${before}`)
  })
}

/**
 * `Bob Smith for Eve Davis, 2026-12-01 to 2026-12-14, up to USD 5,000.00 (coming)`. Of one that was ended before its last
 * day also when, in the time zone of the principal, as its days are.
 */
async function words(tx: Tx, delegation: DelegationView, { timeZone, locale }: Company): Promise<string> {
  const { principal, delegate, from, to, startsAt, endsAt, upTo, state } = delegation
  const cap = upTo ? `, up to ${formatMoney(upTo, locale)}` : ''
  const ended = dateIn(endsAt, (await getPerson(tx, principal.id)).timeZone ?? timeZone)
  const early = endsAt <= startsAt ? `, taken away ${ended}` : ended < to ? `, ended ${ended}` : ''
  return `${delegate.name} for ${principal.name}, ${from} to ${to}${cap}${early} (${state})`
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
