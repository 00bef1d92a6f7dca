import { z } from 'zod'
import type { EventListener } from '../transport/listeners.ts'
import { createTroubleReporter } from '../transport/report-trouble.ts'
import { revokeInstallation } from './installations.ts'

/** https://docs.slack.dev/reference/events/tokens_revoked; `app_uninstalled` says nothing further. */
const revokedSchema = z.object({
  type: z.string(),
  tokens: z.object({ bot: z.array(z.string()).nullish() }).nullish(),
})

/** Somebody removed the app from a workspace, or took its token back. The admins are told; what waits, waits. */
export const receiveRevocation: EventListener = async (slack, { teamId, at, event }) => {
  const { type, tokens } = revokedSchema.parse(event)
  // Tokens of people, which we have none of.
  if (type === 'tokens_revoked' && (tokens?.bot ?? []).length === 0) return
  const installation = await revokeInstallation(slack.database, teamId, at)
  slack.workspaces.forget(teamId)
  if (!installation && slack.workspaces.areInstalled) return
  const workspace = installation && { teamId, name: installation.teamName }
  const companyId = installation?.companyId ?? null
  createTroubleReporter(slack.database, { workspace, companyId })({ code: type, problem: 'removed' })
}
