import { type Database, inCompany } from '../src/database/index.ts'
import { parsePayload } from '../src/database/outbox.ts'
import { applyReading } from '../src/features/expenses/index.ts'
import { logger } from '../src/kernel/logger.ts'

/**
 * What must happen when work is given up, so that nobody waits for it for ever: a receipt that could not be read is
 * known as unreadable, and its expense and the answer to its mail go on without it.
 */
export async function goOnWithout(
  database: Database,
  work: { job: string; payload: unknown; companyId: string | null },
): Promise<void> {
  if (work.job !== 'receipt.read' || work.companyId === null) return
  try {
    const { receiptId } = parsePayload('receipt.read', work.payload)
    const who = { companyId: work.companyId, actor: { personId: null, channel: 'system' as const } }
    const problem = 'It could not be read.'
    await inCompany(database, who, (tx) =>
      applyReading(tx, receiptId, { reading: null, problem, rendition: null }),
    )
  } catch (error) {
    logger.error({ error }, 'could not go on without dead work')
  }
}
