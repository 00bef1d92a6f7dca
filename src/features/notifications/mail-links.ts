import type { Tx } from '../../database/index.ts'
import { userError } from '../../kernel/errors.ts'
import { requireActor } from '../people/index.ts'
import { countMails, queueMail } from './outgoing-mail.ts'

/** They may be asked for by somebody else. */
const mostAnHour = 5

/**
 * Mails the actor of this transaction the way to let somebody decide for them, to their own address: whoever merely holds
 * a link of theirs to one approval does not get it.
 * @throws userError `too_many_links`, `person_inactive`
 */
export const mailDelegationLink = (tx: Tx): Promise<void> => mailLink(tx, 'delegation_link')

/**
 * The same for an admin who wants to add the app to a workspace.
 * @throws userError `too_many_links`, `person_inactive`
 */
export const mailInstallLink = (tx: Tx): Promise<void> => mailLink(tx, 'install_link')

async function mailLink(tx: Tx, kind: 'delegation_link' | 'install_link'): Promise<void> {
  const { id: personId, email: address } = await requireActor(tx)
  // One at a time: two counted at the same moment would both find room for the last one.
  await tx.em.execute('select pg_advisory_xact_lock(hashtext(?))', [`${kind} ${address}`])
  const hourAgo = new Date(tx.now.getTime() - 3_600_000)
  if ((await countMails(tx, kind, address, hourAgo)) >= mostAnHour) {
    const message = `We mailed you ${mostAnHour} links within an hour. Please look for them in your mail, or try again later.`
    throw userError('too_many_links', message)
  }
  await queueMail(tx, { kind, to: { address, personId } })
}
