import { acrossCompanies, type Database } from '../../../database/index.ts'
import { permanentError, transientError } from '../../../kernel/errors.ts'
import { unseal } from '../../../kernel/sealed-text.ts'
import type { SlackWorkspace, SlackWorkspaces } from '../slack-channel.ts'
import { openSlackClient } from '../transport/paced-client.ts'
import { createTroubleReporter } from '../transport/report-trouble.ts'
import { findInstallation, type Installation, listTeamsOfCompany } from './installations.ts'

/** How long another replica may go on with a token that was replaced. */
const trustMs = 30_000
const mostKept = 500

interface Kept {
  until: number
  companyId: string
  sealedToken: string
  workspace: SlackWorkspace
}

/** The workspaces that the app was installed in by OAuth, with a client for each. */
export function installedWorkspaces(options: {
  database: Database
  dataKey: string
  apiUrl: string
}): SlackWorkspaces {
  const { database } = options
  const kept = new Map<string, Kept>()
  const now = () => database.clock.now().getTime()

  const find = async (teamId: string): Promise<Kept> => {
    const known = kept.get(teamId)
    if (known && Math.abs(known.until - now()) <= trustMs && known.until > now()) return known
    const installation = await acrossCompanies(database, (tx) => findInstallation(tx, teamId))
    if (!installation || installation.revokedAt) {
      kept.delete(teamId)
      throw installation ? revoked(installation) : unknown(teamId)
    }
    const { companyId, sealedToken } = installation
    const workspace = known?.sealedToken === sealedToken ? known.workspace : await open(options, installation)
    // The one that was found least recently goes first.
    kept.delete(teamId)
    const found = { until: now() + trustMs, companyId, sealedToken, workspace }
    kept.set(teamId, found)
    const [oldest = ''] = kept.keys()
    if (kept.size > mostKept) kept.delete(oldest)
    return found
  }

  const of = async (teamId: string, companyId?: string): Promise<SlackWorkspace> => {
    const found = await find(teamId)
    if (companyId !== undefined && companyId !== found.companyId) throw unknown(teamId)
    return found.workspace
  }

  return {
    areInstalled: true,
    of,
    companyOf: async (tx, teamId) => {
      // Not what is kept: this decides who somebody is.
      const installation = await findInstallation(tx, teamId)
      if (!installation) throw unknown(teamId)
      return installation.companyId
    },
    ofCompany: async (companyId) => {
      const teams = await acrossCompanies(database, (tx) => listTeamsOfCompany(tx, companyId))
      return Promise.all(teams.map((teamId) => of(teamId, companyId)))
    },
    isOurs: async (teamId) =>
      kept.has(teamId) || (await acrossCompanies(database, (tx) => findInstallation(tx, teamId))) !== null,
    forget: (teamId) => {
      kept.delete(teamId)
    },
  }
}

async function open(
  { database, dataKey, apiUrl }: Parameters<typeof installedWorkspaces>[0],
  { teamId, teamName, companyId, sealedToken }: Installation,
): Promise<SlackWorkspace> {
  const botToken = await unseal(sealedToken, dataKey)
  const workspace = { teamId, name: teamName }
  const onTrouble = createTroubleReporter(database, { workspace, companyId })
  return { client: openSlackClient({ botToken, apiUrl, onTrouble }), botToken, teamId }
}

function unknown(teamId: string) {
  return permanentError('workspace_unknown', 'Outlay is not installed in this workspace.', {
    details: { teamId },
  })
}

/** Installed again, it works again: until then the work waits as in an outage. */
function revoked({ teamId }: Installation) {
  return transientError('workspace_revoked', 'Outlay was removed from this workspace.', {
    details: { teamId },
  })
}
