import type { Tx } from '../../database/index.ts'
import { userError } from '../../kernel/errors.ts'
import { requireActor } from './people.ts'

/**
 * Refuses everybody but the active admins of the company; the system, which acts for nobody, may. A link in a mail may have
 * been passed on.
 * @throws userError `admin_required`, `person_inactive`
 */
export async function requireAdmin(tx: Tx): Promise<void> {
  if (tx.actor.personId === null) return
  const { roles } = await requireActor(tx)
  if (roles.includes('admin') && tx.actor.channel !== 'email') return
  throw userError('admin_required', 'Only an admin of your company can do this.')
}
