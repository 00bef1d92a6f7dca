import type { WebClient } from '@slack/web-api'
import type { Database } from '../../database/index.ts'
import type { ApprovalSubjects } from '../../features/approvals/index.ts'

/** What everything in this channel works with. */
export interface SlackChannel {
  database: Database
  client: WebClient
  botToken: string
  /** The Web API's base: files are fetched from Slack's own hosts or from this one. */
  apiUrl: string
  subjects: ApprovalSubjects
  /** DATA_KEY: the codes that prove who decides come from it. */
  dataKey: string
}
