import type { RequestListener } from 'node:http'
import type { Env, SlackEnv } from '../config/env.ts'
import {
  createInstallPages,
  createSlackApp,
  createTroubleReporter,
  eventsPath,
  installedWorkspaces,
  listenByHttp,
  listenBySocket,
  oneWorkspace,
  openSlackClient,
  type SlackChannel,
  type SlackSocket,
  type SlackWorkspaces,
} from './channels/slack/index.ts'
import type { Database } from './database/index.ts'
import type { SandboxSecrets } from './embedded.ts'
import type { LinkKeys } from './kernel/signed-link.ts'
import type { SandboxProcess } from './sandbox-process.ts'
import { subjects } from './subjects.ts'

/** The Slack that is configured, or else the sandbox. */
export function slackSettings(
  env: Env,
  sandbox: SandboxProcess | null,
  secrets: SandboxSecrets | null,
): SlackEnv {
  if (env.slack) return env.slack
  if (!sandbox || !secrets) throw new Error('there is no Slack')
  const { slackBotToken: botToken, slackSigningSecret: signingSecret, slackAppToken: appToken } = secrets
  const transport = env.sandboxSlackMode === 'socket' ? { appToken } : { signingSecret }
  return { access: { botToken }, transport, apiUrl: `${sandbox.url}/api/` }
}

/** What use cases and jobs need to speak in Slack. */
export function openSlack(
  settings: SlackEnv,
  { database, dataKey }: { database: Database; dataKey: string },
): SlackChannel {
  const { apiUrl } = settings
  return { database, workspaces: openWorkspaces(settings, database, dataKey), apiUrl, subjects, dataKey }
}

function openWorkspaces({ access, apiUrl }: SlackEnv, database: Database, dataKey: string): SlackWorkspaces {
  if ('clientId' in access) return installedWorkspaces({ database, dataKey, apiUrl })
  const { botToken } = access
  const onTrouble = createTroubleReporter(database, { workspace: null, companyId: null })
  return oneWorkspace({ client: openSlackClient({ botToken, apiUrl, onTrouble }), botToken })
}

/** How Slack reaches us. */
export interface SlackListening {
  /** Answers `/slack/…`. */
  requests: RequestListener
  /** Set in Socket Mode; not opened yet. */
  socket: SlackSocket | null
}

/** Listens to Slack by the transport that is configured, with the same listeners. */
export function listenToSlack(
  { access, transport, apiUrl }: SlackEnv,
  slack: SlackChannel,
  site: { keys: LinkKeys; publicUrl: () => string },
): SlackListening {
  const app = createSlackApp(slack)
  const isSocket = 'appToken' in transport
  const events = isSocket ? missing : listenByHttp(app, transport.signingSecret)
  const pages = 'clientId' in access ? createInstallPages(slack, { ...access, ...site }) : missing
  return {
    requests: (request, response) => {
      const isEvent = request.url?.split('?')[0] === eventsPath
      return (isEvent ? events : pages)(request, response)
    },
    socket: isSocket ? createSocket(slack, app, { appToken: transport.appToken, apiUrl }) : null,
  }
}

function createSocket(
  { database }: SlackChannel,
  app: ReturnType<typeof createSlackApp>,
  options: { appToken: string; apiUrl: string },
): SlackSocket {
  const report = createTroubleReporter(database, { workspace: null, companyId: null })
  const onRefused = (code: string) => report({ code, problem: 'app_token' })
  return listenBySocket(app, { ...options, onRefused })
}

const missing: RequestListener = (_request, response) => {
  response.writeHead(404).end()
}
