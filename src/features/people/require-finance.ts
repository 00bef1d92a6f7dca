import type { Tx } from '../../database/index.ts'
import { userError } from '../../kernel/errors.ts'
import type { Person, Role } from './people.entity.ts'
import { requireActor } from './people.ts'

/**
 * Refuses everybody but the active people in finance, who are answered. A link in a mail may have been passed on.
 * @throws userError `finance_required`, `person_inactive`, `nobody_acts`
 */
export async function requireFinance(tx: Tx): Promise<Person> {
  return requireOneOf(tx, ['finance'])
}

/**
 * The same for who may look at what finance sees: admins as well, and the system, which acts for nobody.
 * @throws userError `finance_required`, `person_inactive`
 */
export async function requireSeesFinance(tx: Tx): Promise<void> {
  if (tx.actor.personId !== null) await requireOneOf(tx, ['finance', 'admin'])
}

async function requireOneOf(tx: Tx, allowed: Role[]): Promise<Person> {
  const actor = await requireActor(tx)
  if (tx.actor.channel !== 'email' && allowed.some((role) => actor.roles.includes(role))) return actor
  throw userError('finance_required', 'Only finance can do this.')
}
