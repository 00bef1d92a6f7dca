import { acrossCompanies, type Database, inCompany } from '../../../database/index.ts'
import { mailSlackTrouble, type SlackTroubleDetails } from '../../../features/notifications/index.ts'
import { companiesInSlack } from '../../../features/people/index.ts'
import { logger } from '../../../kernel/logger.ts'
import { inBackground } from '../in-background.ts'
import type { SlackTrouble } from './paced-client.ts'

/** A process that meets the same trouble a hundred times a minute asks the database about it this often. */
const askAgainMs = 10 * 60_000

/** Who is to be told of trouble with a workspace. */
export interface TroubledWorkspace {
  /** null for the one of SLACK_BOT_TOKEN */
  workspace: SlackTroubleDetails['workspace']
  /** The company that the workspace was installed for; null where nobody installed it. */
  companyId: string | null
}

/** Tells the admins of the companies concerned, in the background: whoever met the trouble goes on with its own error. */
export function createTroubleReporter(
  database: Database,
  { workspace, companyId }: TroubledWorkspace,
): (trouble: SlackTrouble & { problem?: SlackTroubleDetails['problem'] }) => void {
  const reportedAt = new Map<string, number>()
  return ({ code, neededScope, problem = code === 'missing_scope' ? 'scope' : 'token' }) => {
    const key = `${problem} ${neededScope}`
    const now = database.clock.now().getTime()
    if (Math.abs(now - (reportedAt.get(key) ?? 0)) < askAgainMs) return
    reportedAt.set(key, now)
    logger.error({ code, neededScope, teamId: workspace?.teamId }, 'Slack refuses what Outlay does')
    inBackground('telling the admins about Slack', () => {
      const details = { problem, code, neededScope: neededScope ?? null, workspace }
      return tellAdmins(database, companyId, details).catch((error: unknown) => {
        // Nobody was told: the next time it happens is the first again.
        reportedAt.delete(key)
        throw error
      })
    })
  }
}

async function tellAdmins(
  database: Database,
  companyId: string | null,
  details: SlackTroubleDetails,
): Promise<void> {
  const concerned = companyId === null ? await acrossCompanies(database, companiesInSlack) : [companyId]
  const actor = { personId: null, channel: 'system' } as const
  for (const id of concerned) {
    await inCompany(database, { companyId: id, actor }, (tx) => mailSlackTrouble(tx, details))
  }
}
