import { type Database, inCompany, type Tx } from '../src/database/index.ts'
import { parsePayload } from '../src/database/outbox.ts'
import { applyReading } from '../src/features/expenses/index.ts'
import { mailInstead } from '../src/features/notifications/index.ts'
import { tellGivenUp } from '../src/features/organisation/index.ts'
import { logger } from '../src/kernel/logger.ts'

interface DeadWork {
  job: string
  payload: unknown
  companyId: string | null
}

/**
 * What must happen when work is given up, so that nobody waits for it for ever: a receipt that could not be read is
 * known as unreadable, and its expense and the answer to its mail go on without it; an admin whose change could not be
 * saved is told; what Slack did not show for a day is mailed.
 */
export async function goOnWithout(database: Database, work: DeadWork): Promise<void> {
  const { companyId } = work
  const goOn = insteadOf(work)
  if (!goOn || companyId === null) return
  try {
    await inCompany(database, { companyId, actor: { personId: null, channel: 'system' } }, goOn)
  } catch (error) {
    logger.error({ error }, 'could not go on without dead work')
  }
}

function insteadOf({ job, payload }: DeadWork): ((tx: Tx) => Promise<void>) | null {
  const problem = 'It could not be read.'
  switch (job) {
    case 'receipt.read':
      return (tx) =>
        applyReading(tx, parsePayload(job, payload).receiptId, { reading: null, problem, rendition: null })
    case 'organisation.save':
      return (tx) => tellGivenUp(tx, parsePayload(job, payload).changeId)
    case 'surface.render':
      return (tx) => mailInstead(tx, parsePayload(job, payload).surfaceId)
    default:
      return null
  }
}
