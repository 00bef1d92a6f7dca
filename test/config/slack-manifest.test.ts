import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { commands, events, shortcuts } from '../../src/channels/slack/slack-app.ts'
import {
  botEvents,
  botScopes,
  messageShortcuts,
  slashCommands,
} from '../../src/channels/slack/transport/app-manifest.ts'

/** What the manifest may say (https://docs.slack.dev/reference/app-manifest), with Slack's own limits. */
const manifestSchema = z.object({
  display_information: z.object({ name: z.string().max(35), description: z.string().max(140) }),
  features: z.object({
    app_home: z.object({
      home_tab_enabled: z.literal(true),
      messages_tab_enabled: z.literal(true),
      messages_tab_read_only_enabled: z.literal(false),
    }),
    slash_commands: z.array(
      z.object({
        command: z.string().max(32),
        url: z.url(),
        description: z.string().max(2000),
        usage_hint: z.string().max(1000),
      }),
    ),
    shortcuts: z.array(
      z.object({
        name: z.string().max(24),
        type: z.literal('message'),
        callback_id: z.string().max(255),
        description: z.string().max(150),
      }),
    ),
  }),
  oauth_config: z.object({
    redirect_urls: z.array(z.url()),
    scopes: z.strictObject({ bot: z.array(z.string()) }),
  }),
  settings: z.object({
    event_subscriptions: z.object({ request_url: z.url(), bot_events: z.array(z.string()) }),
    interactivity: z.object({
      is_enabled: z.literal(true),
      request_url: z.url(),
      message_menu_options_url: z.url(),
    }),
    org_deploy_enabled: z.literal(false),
    socket_mode_enabled: z.literal(false),
    token_rotation_enabled: z.literal(false),
  }),
})

const text = await readFile('config/slack-manifest.yaml', 'utf8')
const manifest = manifestSchema.parse(parse(text))

/** The scope that each method of the Web API needs (its page under https://docs.slack.dev/reference/methods). */
const scopeOf: Record<string, string | null> = {
  'auth.revoke': null,
  'auth.test': null,
  'bots.info': 'users:read',
  'chat.delete': 'chat:write',
  'chat.getPermalink': null,
  'chat.postEphemeral': 'chat:write',
  'chat.postMessage': 'chat:write',
  'chat.update': 'chat:write',
  'conversations.history': 'channels:history groups:history im:history mpim:history',
  'conversations.open': 'im:write',
  'conversations.replies': 'channels:history groups:history im:history mpim:history',
  'files.completeUploadExternal': 'files:write',
  'files.getUploadURLExternal': 'files:write',
  'files.info': 'files:read',
  filesUploadV2: 'files:write',
  'users.info': 'users:read',
  'users.lookupByEmail': 'users:read.email',
  'views.open': null,
  'views.publish': null,
  'views.push': null,
  'views.update': null,
}
/** Scopes that are for what Slack tells us, not for what we ask. */
const scopesOfEvents = ['app_mentions:read', 'commands']

async function calledMethods(): Promise<Set<string>> {
  const directory = 'src/channels/slack'
  const files = (await readdir(directory, { recursive: true })).filter((name) => name.endsWith('.ts'))
  const sources = await Promise.all(files.map((name) => readFile(join(directory, name), 'utf8')))
  const called = sources.flatMap((source) =>
    [...source.matchAll(/\bclient\s*\.((?:\w+\s*\.\s*)*\w+)\s*\(/g)].map(([, name = '']) =>
      name.replace(/\s/g, ''),
    ),
  )
  // Those of the client of Socket Mode are no methods of the Web API.
  return new Set(called.filter((name) => name.includes('.') || name === 'filesUploadV2'))
}

test('the app asks for the scopes of what the code calls and is told, and for no others', async () => {
  const called = await calledMethods()
  expect([...called].filter((name) => !(name in scopeOf))).toEqual([])
  expect(called.size).toBeGreaterThan(8)
  const needed = [...called].flatMap((name) => scopeOf[name]?.split(' ') ?? [])
  expect(manifest.oauth_config.scopes.bot.toSorted()).toEqual(
    [...new Set([...needed, ...scopesOfEvents])].toSorted(),
  )
})

test('OAuth and the sandbox ask for the same as the manifest', () => {
  expect(botScopes).toEqual(manifest.oauth_config.scopes.bot.toSorted())
  expect(botEvents).toEqual(manifest.settings.event_subscriptions.bot_events)
  expect(slashCommands).toEqual(
    manifest.features.slash_commands.map(({ command, usage_hint }) => ({ command, hint: usage_hint })),
  )
  expect(messageShortcuts).toEqual(
    manifest.features.shortcuts.map(({ name, callback_id }) => ({ name, callbackId: callback_id })),
  )
})

test('every event, command and shortcut of the manifest has a listener, and the other way round', () => {
  const types = manifest.settings.event_subscriptions.bot_events.map((name) =>
    name.replace(/^message\..*/, 'message'),
  )
  expect([...new Set(types)].toSorted()).toEqual(Object.keys(events).toSorted())
  expect(manifest.features.slash_commands.map(({ command }) => command)).toEqual(Object.keys(commands))
  expect(manifest.features.shortcuts.map(({ callback_id }) => callback_id)).toEqual(Object.keys(shortcuts))
})

test('each scope has its reason beside it, and the host to be replaced stands as often as the head says', () => {
  for (const scope of manifest.oauth_config.scopes.bot) expect(text).toMatch(new RegExp(`- ${scope} # \\S`))
  expect(text.match(/https:\/\/outlay\.example\.com/g)).toHaveLength(5)
  expect(text).toContain('it stands here five times')
})
