import { acrossCompanies, type Database } from '../../../database/index.ts'
import { isThreadKnown } from '../../../features/notifications/index.ts'

/** Whether a message stands in a thread in which we show something. */
export async function isThreadOfOurs(
  database: Database,
  { channel, threadTs }: { channel: string; threadTs?: string | undefined },
): Promise<boolean> {
  if (threadTs === undefined) return false
  return acrossCompanies(database, (tx) => isThreadKnown(tx, { channel, threadTs }))
}
