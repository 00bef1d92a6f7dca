import qrcode from 'qrcode'
import type { Env } from '../../config/env.ts'
import { acrossCompanies, inCompany, type Tx } from '../database/index.ts'
import { readSecrets } from '../embedded.ts'
import {
  addAuthenticator,
  type Person,
  personByEmail,
  removeAuthenticator,
} from '../features/people/index.ts'
import { userError } from '../kernel/errors.ts'
import { openForCommand } from '../program.ts'

const actor = { personId: null, channel: 'cli' as const }
const say = (line: string) => process.stdout.write(`${line}\n`)

/**
 * Gives a person an authenticator app, and shows this once what the app must scan. An earlier one ends.
 * @throws userError `person_unknown`
 */
export async function addAuthenticatorFor(env: Env, email: string): Promise<void> {
  const dataKey = env.dataKey ?? (await readSecrets(env.home)).dataKey
  const { person, result } = await forPerson(env, email, (tx, { id }) => addAuthenticator(tx, id, dataKey))
  say(`Let ${person.name} scan this with an authenticator app. It is shown only now:`)
  say(await qrcode.toString(result.uri, { type: 'terminal', small: true, errorCorrectionLevel: 'L' }))
  say(`Or type in the key: ${result.secret}`)
  say(result.uri)
  say(`From now on codes come from the app alone, wherever ${person.name} decides.`)
}

/** @throws userError `person_unknown` */
export async function removeAuthenticatorOf(env: Env, email: string): Promise<void> {
  const { person, result } = await forPerson(env, email, (tx, { id }) => removeAuthenticator(tx, id))
  if (result) say(`${person.name} has no authenticator any more: codes are sent again.`)
  else say(`${person.name} has no authenticator. Nothing changes.`)
}

async function forPerson<T>(
  env: Env,
  email: string,
  work: (tx: Tx, person: Person) => Promise<T>,
): Promise<{ person: Person; result: T }> {
  const { database, close } = await openForCommand(env)
  try {
    const person = await acrossCompanies(database, (tx) => personByEmail(tx, email))
    if (!person) throw userError('person_unknown', `There is nobody with the address ${email}.`)
    const { companyId } = person
    return { person, result: await inCompany(database, { companyId, actor }, (tx) => work(tx, person)) }
  } finally {
    await close()
  }
}
