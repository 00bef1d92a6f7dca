import { z } from 'zod'
import { installByPerson } from '../installing.ts'
import type { Sandbox } from '../sandbox.ts'
import { SlackError } from '../slack-error.ts'
import type { Arguments } from './method.ts'

/** Who calls: by a token, or by the app's own id and secret (HTTP Basic). */
export interface Caller {
  token: string | undefined
  basic: { id: string; secret: string } | undefined
}

type AppMethod = (sandbox: Sandbox, caller: Caller, args: Arguments) => object

const accessArguments = z.object({
  code: z.string().optional(),
  client_id: z.string().optional(),
  client_secret: z.string().optional(),
  redirect_uri: z.string().optional(),
})

/** Methods that belong to the app and not to one workspace. */
export const appMethods: Record<string, AppMethod> = {
  'api.test': () => ({}),

  'apps.connections.open': (sandbox, { token }) => {
    if (token === undefined) throw new SlackError('not_authed')
    if (sandbox.byToken(token) !== undefined) throw new SlackError('not_allowed_token_type')
    if (token !== sandbox.settings?.appToken) throw new SlackError('invalid_auth')
    return { url: sandbox.sockets.address() }
  },

  // https://docs.slack.dev/reference/methods/oauth.v2.access
  'oauth.v2.access': (sandbox, { basic }, args) => {
    const parsed = accessArguments.safeParse(args)
    if (!parsed.success) throw new SlackError('invalid_arguments')
    const { code, client_id, client_secret, redirect_uri } = parsed.data
    const app = sandbox.settings
    const id = basic?.id ?? client_id
    if (app?.clientId === undefined || id !== app.clientId) throw new SlackError('invalid_client_id')
    if ((basic?.secret ?? client_secret) !== app.clientSecret) throw new SlackError('bad_client_secret')
    const grant = sandbox.codes.redeem(code ?? '')
    if (typeof grant === 'string') throw new SlackError(grant)
    if (redirect_uri !== undefined && redirect_uri !== grant.redirectUri)
      throw new SlackError('bad_redirect_uri')
    const workspace = sandbox.byTeam(grant.teamId)
    const { botToken } = installByPerson(workspace, workspace.person(grant.user), grant.scopes)
    return {
      app_id: sandbox.appId,
      authed_user: { id: grant.user },
      scope: grant.scopes.join(','),
      token_type: 'bot',
      access_token: botToken,
      bot_user_id: workspace.identity.botUserId,
      team: { id: workspace.teamId, name: workspace.settings?.team.name ?? '' },
      enterprise: null,
      is_enterprise_install: false,
    }
  },
}
