import type { WebClient } from '@slack/web-api'
import type { Database } from '../../database/index.ts'
import type { ApprovalSubjects } from '../../features/approvals/index.ts'

/** What everything in this channel works with. */
export interface SlackChannel {
  database: Database
  workspaces: SlackWorkspaces
  /** The Web API's base: files are fetched from Slack's own hosts or from this one. */
  apiUrl: string
  subjects: ApprovalSubjects
  /** DATA_KEY: the codes that prove who decides come from it. */
  dataKey: string
}

/** A workspace that we may speak to, as its bot. */
export interface SlackWorkspace {
  client: WebClient
  botToken: string
}

/** The workspaces that the app is installed in: one by its token, or many by their installations. */
export interface SlackWorkspaces {
  /**
   * The workspace with this id.
   * @throws permanentError `workspace_unknown`
   */
  of(teamId: string): Promise<SlackWorkspace>
  /** Where the people of a company may be found who were not met in Slack yet. */
  ofCompany(companyId: string): Promise<SlackWorkspace[]>
}

/** The one workspace of a token that was configured. */
export function oneWorkspace(workspace: SlackWorkspace): SlackWorkspaces {
  return { of: async () => workspace, ofCompany: async () => [workspace] }
}
