import { Secret, TOTP } from 'otpauth'
import type { Tx } from '../../database/index.ts'
import { userError } from '../../kernel/errors.ts'
import { seal, unseal } from '../../kernel/sealed-text.ts'
import { recordAudit } from '../audit/index.ts'
import { Person } from './people.entity.ts'
import { getPerson } from './people.ts'

/** Codes of an authenticator app: RFC 6238 with what every app understands, SHA-1, six digits, half a minute each. */
const form = { issuer: 'Outlay', algorithm: 'SHA1', digits: 6, period: 30 }

/** How many time steps a clock may be off, either way (RFC 6238, 5.2). */
const tolerance = 1

/**
 * Gives a person an authenticator in place of any earlier one. The secret is shown this once. Not for somebody who acts by
 * a channel: whoever sits in another's Slack would prove everything by an app of their own from then on.
 * @returns the secret (base32), and the address that apps read from a QR code
 * @throws userError `console_only`
 */
export async function addAuthenticator(
  tx: Tx,
  personId: string,
  dataKey: string,
): Promise<{ secret: string; uri: string }> {
  requireConsole(tx)
  const person = await getPerson(tx, personId)
  const replaced = person.authenticatorSealed !== null
  const totp = new TOTP({ ...form, label: person.email, secret: new Secret() })
  person.authenticatorSealed = await seal(totp.secret.base32, dataKey)
  person.authenticatorUsedStep = null
  await recordAudit(tx, {
    action: 'person.authenticator_added',
    subject: { kind: 'person', id: personId },
    changes: { replaced },
  })
  return { secret: totp.secret.base32, uri: totp.toString() }
}

/**
 * @returns whether there was one
 * @throws userError `console_only`
 */
export async function removeAuthenticator(tx: Tx, personId: string): Promise<boolean> {
  requireConsole(tx)
  const person = await getPerson(tx, personId)
  if (person.authenticatorSealed === null) return false
  person.authenticatorSealed = null
  person.authenticatorUsedStep = null
  await recordAudit(tx, {
    action: 'person.authenticator_removed',
    subject: { kind: 'person', id: personId },
  })
  return true
}

export async function hasAuthenticator(tx: Tx, personId: string): Promise<boolean> {
  return (await getPerson(tx, personId)).authenticatorSealed !== null
}

/**
 * Compares a code with what the person's app shows now, a step before or a step after. A code is good once, and with it
 * every earlier one (RFC 6238, 5.2): `used` for one that was right and is spent, also for the later of two at once. How
 * often somebody may guess is the caller's to limit.
 * @throws permanentError `sealed_text_unreadable` when DATA_KEY is not the one it was added with
 */
export async function checkAuthenticator(
  tx: Tx,
  personId: string,
  { code, dataKey }: { code: string; dataKey: string },
): Promise<'right' | 'used' | 'wrong'> {
  const { authenticatorSealed } = await getPerson(tx, personId)
  // The library compares as many bytes as characters, and throws where these differ.
  if (authenticatorSealed === null || !/^\d{6}$/.test(code)) return 'wrong'
  const secret = Secret.fromBase32(await unseal(authenticatorSealed, dataKey))
  const totp = new TOTP({ ...form, secret })
  const timestamp = tx.now.getTime()
  const delta = totp.validate({ token: code, timestamp, window: tolerance })
  if (delta === null) return 'wrong'
  const step = totp.counter({ timestamp }) + delta
  // One statement, or two with the same code could both find it unused.
  const isFirst = await tx.em.nativeUpdate(
    Person,
    {
      id: personId,
      authenticatorSealed,
      $or: [{ authenticatorUsedStep: null }, { authenticatorUsedStep: { $lt: step } }],
    },
    { authenticatorUsedStep: step },
  )
  return isFirst === 1 ? 'right' : 'used'
}

function requireConsole({ actor }: Tx): void {
  if (actor.personId !== null || actor.channel !== 'cli')
    throw userError('console_only', 'An authenticator is added and removed by an admin at the console.')
}
