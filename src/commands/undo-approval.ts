import type { Env } from '../../config/env.ts'
import { inCompany } from '../database/index.ts'
import { undoOnExpense } from '../features/expenses/index.ts'
import { peopleByEmail } from '../features/people/index.ts'
import { userError } from '../kernel/errors.ts'
import { openForCommand } from '../program.ts'
import { subjects } from '../subjects.ts'
import { chooseCompany } from './choose-company.ts'

const words = { approved: 'approval', rejected: 'rejection', sent_back: 'send-back' }

/**
 * Takes back what a person decided last about an expense, as that person: whoever may use the shell is trusted.
 * @throws userError `company_unclear`, `person_unknown`, and those of `undoOnExpense`
 */
export async function undoApproval(
  env: Env,
  number: string,
  options: { as: string; company?: string },
): Promise<void> {
  const { database, close } = await openForCommand(env)
  try {
    const company = await chooseCompany(database, options.company)
    const system = { personId: null, channel: 'cli' as const }
    const [person] = await inCompany(database, { companyId: company.id, actor: system }, (tx) =>
      peopleByEmail(tx, [options.as.trim().toLowerCase()]),
    )
    if (!person)
      throw userError('person_unknown', `There is nobody with the address ${options.as} in ${company.name}.`)
    const actor = { personId: person.id, channel: 'cli' as const }
    const verdict = await inCompany(database, { companyId: company.id, actor }, (tx) =>
      undoOnExpense(tx, subjects, number),
    )
    process.stdout.write(`The ${words[verdict]} of ${number} by ${person.name} is taken back.\n`)
  } finally {
    await close()
  }
}
