import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { type Installation, InstallProvider } from '@slack/oauth'
import {
  askForLinkPage,
  installedPage,
  installPage,
  linkOnItsWayPage,
  notInstalledPage,
} from '../../../../templates/pages/install-page.ts'
import { openLink } from '../../../features/notifications/index.ts'
import { AppError, permanentError, userError } from '../../../kernel/errors.ts'
import { logger } from '../../../kernel/logger.ts'
import type { LinkKeys } from '../../../kernel/signed-link.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { botScopes } from '../transport/app-manifest.ts'
import { clientOptions } from '../transport/paced-client.ts'
import { slackLogger } from '../transport/slack-logger.ts'
import { askForInstallLink, readAddress } from './ask-for-install-link.ts'
import { connectWorkspace, type Installer, isAdmin } from './connect-workspace.ts'
import { asMetadata, installerIn, signedState } from './install-state.ts'

export interface InstallOptions {
  clientId: string
  clientSecret: string
  /** Signs the links that begin an installation, and its state. */
  keys: LinkKeys
  /** Where people reach us; no slash at its end. Known when the first of them comes. */
  publicUrl: () => string
}

const installPath = '/slack/install'
const redirectPath = '/slack/oauth_redirect'

/** As on every page of ours: nothing from elsewhere, no frame, no index, and the address is told to nobody. */
const headers = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex, nofollow',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
}

/**
 * The pages by which an admin adds the app to a workspace: they have a link mailed to the address that Outlay knows, which
 * leads to OAuth 2.0 as Slack has it (https://docs.slack.dev/authentication/installing-with-oauth). The state is signed,
 * says for which company and by whom, is good for ten minutes and bound to the browser by a cookie (RFC 9700, 4.7), so
 * that nobody can make somebody else finish what they began.
 */
export function createInstallPages(slack: SlackChannel, options: InstallOptions): RequestListener {
  const provider = createProvider(slack, options)
  const pageFor = (method: string | undefined, path: string): Page | null => {
    const token = path.startsWith(`${installPath}/`) ? path.slice(installPath.length + 1) : ''
    if (method === 'POST') return path === installPath ? mailLink : null
    if (method !== 'GET') return null
    if (path === installPath) return (_request, response) => sendPage(response, 200, askForLinkPage(null))
    if (path === redirectPath) return finish
    return token === '' ? null : begin(token)
  }
  const mailLink: Page = async (request, response) => {
    const address = await readAddress(request)
    if (address === null) return sendPage(response, 422, askForLinkPage('Write it like name@example.com.'))
    askForInstallLink(slack, address)
    sendPage(response, 200, linkOnItsWayPage())
  }
  const begin =
    (token: string): Page =>
    async (request, response) => {
      const opened = await openLink(options.keys, 'install', token, slack.database.clock.now())
      const installer = typeof opened === 'string' ? null : opened.claims
      if (!installer || !(await isAdmin(slack, installer))) {
        return sendPage(response, opened === 'expired' ? 410 : 404, notInstalledPage(noLink))
      }
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
      await provider.handleInstallPath(request, response, {}, asked(options, installer))
    }
  const finish: Page = (request, response) =>
    provider.handleCallback(request, response, {
      successAsync: async ({ team }) => {
        const slackUrl = `https://app.slack.com/client/${encodeURIComponent(team?.id ?? '')}`
        sendPage(response, 200, installedPage({ team: team?.name ?? 'your workspace', slackUrl }))
      },
      failureAsync: async (error) => {
        const { status, title, text } = explain(error)
        sendPage(response, status, notInstalledPage({ title, text }))
      },
    })
  return async (request, response) => {
    const page = pageFor(request.method, request.url?.split('?')[0] ?? '')
    if (!page) return void response.writeHead(404).end()
    try {
      await page(request, response)
    } catch (error) {
      logger.error({ error }, 'a page for adding Outlay to a workspace failed')
      if (response.headersSent) response.end()
      else sendPage(response, 500, notInstalledPage(failed))
    }
  }
}

type Page = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void

/** What is asked of Slack; `metadata` comes back with the state. */
const asked = ({ publicUrl }: InstallOptions, installer?: Installer) => ({
  scopes: botScopes,
  redirectUri: `${publicUrl()}${redirectPath}`,
  ...(installer && { metadata: asMetadata(installer) }),
})

function createProvider(slack: SlackChannel, options: InstallOptions): InstallProvider {
  const { clientId, clientSecret, keys } = options
  return new InstallProvider({
    clientId,
    clientSecret,
    stateStore: signedState({ database: slack.database, keys }, () => asked(options)),
    installationStore: {
      storeInstallation: (installation) => store(slack, installation),
      fetchInstallation: () =>
        Promise.reject(permanentError('workspace_unknown', 'Workspaces are found by `SlackWorkspaces`.')),
    },
    authorizationUrl: new URL('/oauth/v2/authorize', slack.apiUrl).href,
    renderHtmlForInstallPath: installPage,
    clientOptions: clientOptions(slack.apiUrl),
    // That somebody cancels, or comes back too late, is no error of ours.
    logger: { ...slackLogger, error: slackLogger.info },
  })
}

/** @throws userError `not_an_admin`, `workspace_taken`, `org_install` */
async function store(slack: SlackChannel, installation: Installation): Promise<void> {
  const { team, bot, user, isEnterpriseInstall, metadata } = installation
  if (isEnterpriseInstall || !team || !bot) {
    throw userError(
      'org_install',
      'Outlay is added to one workspace at a time, not to a whole organisation. Choose a workspace at the top of Slack’s page.',
    )
  }
  await connectWorkspace(slack, installerIn(metadata), {
    teamId: team.id,
    teamName: team.name ?? team.id,
    botToken: bot.token,
    slackUserId: user.id,
  })
}

const noLink = {
  title: 'This link no longer works',
  text: 'It is good for 15 minutes, and only for an admin. Please have a new one mailed to you.',
}
const tooLate = {
  title: 'Please start again',
  text: 'It took more than ten minutes, or it was begun in another browser. Nothing was changed.',
}
const failed = {
  title: 'That did not work',
  text: 'Slack or Outlay had a problem on the way. Nothing was changed; please try again in a moment.',
}

/** What whoever came back from Slack is told. */
function explain(error: { code: string; message: string }): { status: number; title: string; text: string } {
  switch (error.code) {
    case 'slack_oauth_installer_authorization_error':
      return {
        status: 200,
        title: 'Outlay was not added',
        text: 'You said no to it in Slack. Nothing was changed.',
      }
    case 'slack_oauth_missing_code':
    case 'slack_oauth_missing_state':
    case 'slack_oauth_invalid_state':
    case 'state_invalid':
      return { status: 400, ...tooLate }
    default:
      if (error instanceof AppError && error.kind === 'user') {
        return { status: 403, title: 'Outlay was not added', text: error.message }
      }
      logger.error({ error }, 'Outlay could not be added to a workspace')
      return { status: 502, ...failed }
  }
}

function sendPage(response: ServerResponse, status: number, page: string): void {
  response.writeHead(status, { ...headers, 'content-type': 'text/html; charset=utf-8' }).end(page)
}
