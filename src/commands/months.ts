import { writeFile } from 'node:fs/promises'
import type { Env } from '../../config/env.ts'
import { inCompany, type Tx } from '../database/index.ts'
import { closeMonth, exportMonth, listMonths, monthOverview } from '../features/invoices/index.ts'
import { type Company, peopleByEmail } from '../features/people/index.ts'
import { userError } from '../kernel/errors.ts'
import { formatMoney } from '../kernel/money.ts'
import { openForCommand } from '../program.ts'
import { chooseCompany } from './choose-company.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)
/** Ten years. */
const mostListed = 120

/** Prints the months, the newest first, with what each holds. @throws userError `company_unclear` */
export async function showMonths(env: Env, options: { company?: string }): Promise<void> {
  await inOneCompany(env, options.company, null, async (tx, { locale }) => {
    const months = await listMonths(tx, { limit: mostListed })
    for (const { month, total, count, closed } of months)
      say(`${month}  ${closed ? 'closed' : 'open  '}  ${formatMoney(total, locale)}  (${count})`)
    if (months.length === 0) say('Nothing was approved yet.')
  })
}

/**
 * Closes a month as a person in finance: whoever may use the shell is trusted.
 * @throws userError `company_unclear`, `person_unknown`, and those of `closeMonth`
 */
export async function closeOneMonth(
  env: Env,
  month: string,
  options: { as: string; company?: string },
): Promise<void> {
  await inOneCompany(env, options.company, options.as, async (tx, { locale }) => {
    await closeMonth(tx, month)
    const { total, count } = await monthOverview(tx, month)
    say(`Closed ${month}: ${formatMoney(total, locale)} (${count}).`)
  })
}

/** Writes a month as CSV to a file, or to the standard output. @throws userError `company_unclear`, and those of `exportMonth` */
export async function exportOneMonth(
  env: Env,
  month: string,
  options: { file?: string; company?: string },
): Promise<void> {
  await inOneCompany(env, options.company, null, async (tx) => {
    const { csv } = await exportMonth(tx, month)
    if (options.file === undefined) process.stdout.write(csv)
    else await writeFile(options.file, csv)
  })
}

/** @param email as whom; null: as the system */
async function inOneCompany(
  env: Env,
  name: string | undefined,
  email: string | null,
  work: (tx: Tx, company: Company) => Promise<void>,
): Promise<void> {
  const { database, close } = await openForCommand(env)
  try {
    const company = await chooseCompany(database, name)
    const as = (personId: string | null) => ({
      companyId: company.id,
      actor: { personId, channel: 'cli' as const },
    })
    const personId =
      email === null ? null : await inCompany(database, as(null), (tx) => idOf(tx, email, company))
    await inCompany(database, as(personId), (tx) => work(tx, company))
  } finally {
    await close()
  }
}

async function idOf(tx: Tx, email: string, { name }: Company): Promise<string> {
  const [person] = await peopleByEmail(tx, [email.trim().toLowerCase()])
  if (!person) throw userError('person_unknown', `There is nobody with the address ${email} in ${name}.`)
  return person.id
}
