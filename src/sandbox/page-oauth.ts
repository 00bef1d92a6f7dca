import { z } from 'zod'
import { type AppError, userError } from '../kernel/errors.ts'
import { readJson, readQuery } from './http.ts'
import type { Handler } from './page-who.ts'
import type { Sandbox } from './sandbox.ts'

const asked = z.object({
  client_id: z.string().default(''),
  scope: z.string().default(''),
  user_scope: z.string().default(''),
  state: z.string().default(''),
  redirect_uri: z.string().default(''),
})

/** What the page that asks “allow this app?” needs (https://docs.slack.dev/authentication/installing-with-oauth). */
export const oauthRoutes: Record<string, Handler> = {
  'GET oauth': (sandbox, request) => {
    const query = checked(sandbox, readQuery(request, asked))
    return {
      app: sandbox.settings?.bot ?? { name: 'Outlay', description: '' },
      scopes: query.scopes,
      leadsTo: new URL(query.redirect_uri).host,
      workspaces: sandbox.workspaces.map((workspace) => ({
        team: workspace.teamId,
        name: workspace.settings?.team.name ?? 'Sandbox',
        installed: workspace.hasApp,
        people: workspace.users
          .all()
          .filter((user) => !user.isBot && !user.deleted && !user.isStranger)
          .map(({ email, name, title }) => ({ email, name, title })),
      })),
    }
  },

  /** A person of a workspace allows the app; answers where the browser goes on. */
  'POST oauth/allow': async (sandbox, request) => {
    const schema = asked.extend({ as: z.string(), team: z.string() })
    const body = await readJson(request, schema)
    const query = checked(sandbox, body)
    const { workspace, user } = sandbox.actingAs(body)
    if (user.deleted || user.isStranger || user.isRestricted || user.isUltraRestricted)
      throw userError('not_allowed', `${user.name} may not install apps here.`)
    const code = sandbox.codes.issue({
      teamId: workspace.teamId,
      user: user.id,
      scopes: query.scopes,
      clientId: body.client_id,
      redirectUri: body.redirect_uri,
    })
    return { location: back(body.redirect_uri, { code, state: body.state }) }
  },

  'POST oauth/deny': async (sandbox, request) => {
    const body = await readJson(request, asked)
    checked(sandbox, body)
    return { location: back(body.redirect_uri, { error: 'access_denied', state: body.state }) }
  },
}

/** @throws AppError `invalid_client_id`, `bad_redirect_uri`, `invalid_scope`, in Slack's own words */
function checked(sandbox: Sandbox, query: z.infer<typeof asked>) {
  const app = sandbox.settings
  if (app?.clientId === undefined || query.client_id !== app.clientId)
    throw refusal('invalid_client_id', 'Invalid client_id parameter')
  if (!mayLeadTo(query.redirect_uri, app.redirectUrls))
    throw refusal('bad_redirect_uri', `redirect_uri did not match any configured URIs: ${query.redirect_uri}`)
  const scopes = query.scope.split(/[ ,]+/).filter((scope) => scope !== '')
  if (scopes.length === 0) throw refusal('invalid_scope', 'Invalid permissions requested: no scope is named')
  return { ...query, scopes }
}

function refusal(code: string, message: string): AppError {
  return userError(code, message)
}

function mayLeadTo(target: string, allowed: string[] | undefined): boolean {
  if (!URL.canParse(target)) return false
  if (allowed !== undefined) return allowed.some((prefix) => target.startsWith(prefix))
  return ['localhost', '127.0.0.1'].includes(new URL(target).hostname)
}

function back(redirectUri: string, answer: Record<string, string>): string {
  const url = new URL(redirectUri)
  for (const [name, value] of Object.entries(answer)) if (value !== '') url.searchParams.set(name, value)
  return url.toString()
}
