import type { WebClient } from '@slack/web-api'
import type { Database, SystemTx } from '../../database/index.ts'
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
  /** null: only Slack knows, of the workspace of SLACK_BOT_TOKEN. */
  teamId: string | null
}

/** The workspaces that the app is installed in: one by its token, or many by their installations. */
export interface SlackWorkspaces {
  /** Whether they were installed by OAuth; otherwise there is one, by its token. */
  areInstalled: boolean
  /**
   * The workspace with this id; with a company, only where it does not work for another one: what is a company's is shown
   * in no other's workspace, also when it was once its own.
   * @throws permanentError `workspace_unknown`; transientError `workspace_revoked` until it is installed again
   */
  of(teamId: string, companyId?: string): Promise<SlackWorkspace>
  /**
   * The only company that a workspace works for, whoever its members say they are; null: it works for all of them.
   * @throws permanentError `workspace_unknown`
   */
  companyOf(tx: SystemTx, teamId: string): Promise<string | null>
  /** Where the people of a company may be found who were not met in Slack yet. */
  ofCompany(companyId: string): Promise<SlackWorkspace[]>
  /** Whether what happens in this workspace is for us. */
  isOurs(teamId: string): Promise<boolean>
  /** Its token changed: it is looked up anew. */
  forget(teamId: string): void
}

/** The one workspace of a token that was configured: whoever did so trusts its admins with every company. */
export function oneWorkspace(access: Pick<SlackWorkspace, 'client' | 'botToken'>): SlackWorkspaces {
  const workspace = { ...access, teamId: null }
  return {
    areInstalled: false,
    companyOf: async () => null,
    of: async () => workspace,
    ofCompany: async () => [workspace],
    isOurs: async () => true,
    forget: () => {},
  }
}
