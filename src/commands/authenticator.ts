import qrcode from 'qrcode'
import type { Env } from '../../config/env.ts'
import { acrossCompanies, inCompany, type Tx } from '../database/index.ts'
import { readSecrets } from '../embedded.ts'
import { queueMail } from '../features/notifications/index.ts'
import {
  addAuthenticator,
  type Person,
  personByEmail,
  removeAuthenticator,
} from '../features/people/index.ts'
import { userError } from '../kernel/errors.ts'
import { openForCommand } from '../program.ts'
import { chooseCompany } from './choose-company.ts'

const actor = { personId: null, channel: 'cli' as const }
const say = (line: string) => process.stdout.write(`${line}\n`)

/** An address belongs to one person, so a company need not be named; of the one that is, they must be. */
interface Whose {
  email: string
  company?: string
}

/**
 * Gives a person an authenticator app, and shows this once what the app must scan. An earlier one ends. They are told by
 * mail.
 * @throws userError `person_unknown`, `company_unclear`
 */
export async function addAuthenticatorFor(env: Env, options: Whose): Promise<void> {
  const dataKey = env.dataKey ?? (await readSecrets(env.home)).dataKey
  const { person, result } = await forPerson(env, options, async (tx, person) => {
    await tell(tx, person, 'added')
    return addAuthenticator(tx, person.id, dataKey)
  })
  say(`Let ${person.name} scan this with an authenticator app. It is shown only now:`)
  say(await qrcode.toString(result.uri, { type: 'terminal', small: true, errorCorrectionLevel: 'L' }))
  say(`Or type in the key: ${result.secret}`)
  say(result.uri)
  say(`From now on codes come from the app alone, wherever ${person.name} decides.`)
}

/**
 * Codes are sent to them again, and they are told by mail.
 * @throws userError `person_unknown`, `company_unclear`
 */
export async function removeAuthenticatorOf(env: Env, options: Whose): Promise<void> {
  const { person, result } = await forPerson(env, options, async (tx, person) => {
    const isRemoved = await removeAuthenticator(tx, person.id)
    if (isRemoved) await tell(tx, person, 'removed')
    return isRemoved
  })
  if (result) say(`${person.name} has no authenticator any more: codes are sent again.`)
  else say(`${person.name} has no authenticator. Nothing changes.`)
}

function tell(
  tx: Tx,
  { id: personId, email: address }: Person,
  authenticator: 'added' | 'removed',
): Promise<void> {
  return queueMail(tx, { kind: 'authenticator', to: { address, personId }, details: { authenticator } })
}

async function forPerson<T>(
  env: Env,
  { email, company: name }: Whose,
  work: (tx: Tx, person: Person) => Promise<T>,
): Promise<{ person: Person; result: T }> {
  const { database, close } = await openForCommand(env)
  try {
    const company = name === undefined ? null : await chooseCompany(database, name)
    const person = await acrossCompanies(database, (tx) => personByEmail(tx, email))
    if (!person || (company && person.companyId !== company.id)) {
      const where = company ? ` in ${company.name}` : ''
      throw userError('person_unknown', `There is nobody with the address ${email}${where}.`)
    }
    const { companyId } = person
    return { person, result: await inCompany(database, { companyId, actor }, (tx) => work(tx, person)) }
  } finally {
    await close()
  }
}
