import { acrossCompanies, addToOutbox, type Database, type SystemTx } from '../../database/index.ts'
import { transientError } from '../../kernel/errors.ts'
import { logger, withCorrelation } from '../../kernel/logger.ts'
import { type MailOutcome, progressOf } from './inbound-mail.ts'
import type { MailOutcomes, ReceivedMail } from './intake/index.ts'
import { deliveryKeyOf } from './parse/index.ts'

/**
 * Stores a mail as it came and asks for it to be worked on. The same mail again, by whichever way and from whichever
 * mailbox, gives the same id and no further work.
 */
export async function storeInboundMail(database: Database, mail: ReceivedMail): Promise<{ id: string }> {
  const key = deliveryKeyOf(mail.raw)
  const id = database.newId()
  return withCorrelation(`mail-${id}`, () =>
    acrossCompanies(database, async (tx) => {
      const stored = await tx.em.execute<unknown[]>(
        `insert into inbound_mail (id, key, raw, via, envelope_from, envelope_to, peer_trusted, outcome, received_at)
         values (?, ?, ?, ?, ?, array(select jsonb_array_elements_text(?::jsonb)), ?, 'open', ?) on conflict (key) do nothing returning id`,
        [
          id,
          key,
          mail.raw,
          mail.via,
          mail.envelopeFrom,
          JSON.stringify(mail.envelopeTo),
          mail.peerTrusted,
          tx.now,
        ],
      )
      if (stored.length === 1) {
        await addToOutbox(tx, 'mail.receive', { mailId: id })
        logger.info({ via: mail.via, bytes: mail.raw.byteLength }, 'mail stored')
        return { id }
      }
      const [known] = await tx.em.execute<{ id: string }[]>('select id from inbound_mail where key = ?', [
        key,
      ])
      if (known && (await reopenQuarantined(tx, known.id, mail))) return known
      await waitForVerdict(tx, key, mail)
      logger.info({ via: mail.via, mail: known?.id }, 'this mail came before')
      return { id: known?.id ?? id }
    }),
  )
}

/**
 * Somebody in the Cc can hand in a copy first, unproven: that must not stand in the way of the true one. A copy that
 * came another way than the quarantined one is judged anew; the very same bytes again are not.
 */
async function reopenQuarantined(tx: SystemTx, id: string, mail: ReceivedMail): Promise<boolean> {
  const reopened = await tx.em.execute<unknown[]>(
    `update inbound_mail set raw = ?, via = ?, envelope_from = ?, envelope_to = array(select jsonb_array_elements_text(?::jsonb)),
       peer_trusted = ?, outcome = 'open', because = null, finished_at = null
     where id = ? and outcome = 'quarantined' and (raw <> ? or peer_trusted < ?) returning id`,
    [
      mail.raw,
      mail.via,
      mail.envelopeFrom,
      JSON.stringify(mail.envelopeTo),
      mail.peerTrusted,
      id,
      mail.raw,
      mail.peerTrusted,
    ],
  )
  if (reopened.length === 0) return false
  await addToOutbox(tx, 'mail.receive', { mailId: id })
  logger.info({ via: mail.via, mail: id }, 'a quarantined mail came another way and is judged anew')
  return true
}

/**
 * While another copy is still being judged this one must come again: if that one turns out forged, this one counts.
 * @throws transientError `copy_under_way`: by SMTP the sender tries again later, in a mailbox the mail stays
 */
async function waitForVerdict(tx: SystemTx, key: string, mail: ReceivedMail): Promise<void> {
  const [open] = await tx.em.execute<unknown[]>(
    `select id from inbound_mail where key = ? and outcome = 'open' and (raw <> ? or peer_trusted < ?)`,
    [key, mail.raw, mail.peerTrusted],
  )
  if (open)
    throw transientError('copy_under_way', 'Another copy of this mail is being looked at. Please try again.')
}

/** How far stored mails are, for the mailbox they came from. */
export function inboundOutcomes(database: Database): MailOutcomes {
  return async (ids) => {
    const rows = await acrossCompanies(database, (tx) =>
      tx.em.execute<{ id: string; outcome: MailOutcome }[]>(
        'select id, outcome from inbound_mail where id = any(?::uuid[])',
        [`{${ids.join(',')}}`],
      ),
    )
    return new Map(rows.map(({ id, outcome }) => [id, progressOf(outcome)]))
  }
}
