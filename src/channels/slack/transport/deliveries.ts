import { acrossCompanies, addToOutbox, type Database, type Tx } from '../../../database/index.ts'
import { permanentError, userError } from '../../../kernel/errors.ts'
import { logger, withCorrelation } from '../../../kernel/logger.ts'
import { cleanJson } from '../../../kernel/text.ts'

/**
 * Stores what Slack delivered, under the key of the delivery, and asks for it to be worked on. Slack is answered only
 * after this committed. The same delivery again (Slack repeats what it thinks was lost) changes nothing.
 * @throws userError `payload_refused` for a key that is none of Slack's
 */
export async function storeDelivery(database: Database, key: string, payload: unknown): Promise<void> {
  // Ids of Slack are short, and an index does not take what is long.
  if (key.length > 500) throw userError('payload_refused', 'This is nothing that Outlay understands.')
  const id = database.newId()
  await withCorrelation(`slack-${id}`, () =>
    acrossCompanies(database, async (tx) => {
      const stored = await tx.em.execute<unknown[]>(
        `insert into inbound_delivery (id, source, key, payload, received_at) values (?, 'slack', ?, ?, ?)
       on conflict (source, key) do nothing returning id`,
        [id, key, cleanJson(payload), tx.now],
      )
      if (stored.length === 1) await addToOutbox(tx, 'slack.receive', { deliveryId: id })
      logger.info({ key, isNew: stored.length === 1 }, 'Slack delivery stored')
    }),
  )
}

/**
 * Whether this is delivered for the first time. Of two at the same moment the second waits until it is known whether the
 * first is done. For what is worked on at once and would not be the same done twice.
 */
export async function isFirstDelivery(tx: Tx, key: string): Promise<boolean> {
  const stored = await tx.em.execute<unknown[]>(
    `insert into inbound_delivery (id, company_id, source, key, payload, received_at) values (?, ?, 'slack', ?, '{}', ?)
     on conflict (source, key) do nothing returning id`,
    [tx.newId(), tx.companyId, key, tx.now],
  )
  return stored.length === 1
}

/** What was delivered, as Slack sent it. */
export async function readDelivery(database: Database, id: string): Promise<unknown> {
  const [row] = await acrossCompanies(database, (tx) =>
    tx.em.execute<{ payload: unknown }[]>('select payload from inbound_delivery where id = ?', [id]),
  )
  if (!row) throw permanentError('delivery_unknown', 'There is no such delivery.', { details: { id } })
  return row.payload
}
