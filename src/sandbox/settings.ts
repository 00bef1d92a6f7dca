import { z } from 'zod'

/** What the program and tests tell the sandbox: bodies of the admin API. */

export const peopleEntrySchema = z.object({
  email: z.string().min(3),
  name: z.string().min(1),
  title: z.string().default(''),
  tz: z.string().default('America/New_York'),
  locale: z.string().default('en-US'),
  deleted: z.boolean().default(false),
  isRestricted: z.boolean().default(false),
  isUltraRestricted: z.boolean().default(false),
  isStranger: z.boolean().default(false),
  isAdmin: z.boolean().default(false),
  /** Another app's bot user. */
  isBot: z.boolean().default(false),
})

const channelEntries = z
  .array(
    z.object({
      name: z.string(),
      topic: z.string().default(''),
      /** Whether the app is a member; where it is not, people can `/invite` it. */
      withApp: z.boolean().default(true),
    }),
  )
  .default([
    { name: 'general', topic: 'Company-wide announcements and work matters', withApp: true },
    { name: 'expenses', topic: 'Receipts, questions, good examples', withApp: true },
  ])

/** The body of `PUT /admin/workspace`: what Slack's app settings and a company's member list would say. */
export const workspaceSchema = z.object({
  team: z.object({ id: z.string().optional(), name: z.string().min(1), domain: z.string().optional() }),
  /** Where events, interactivity, option look-ups and slash commands go. */
  eventsUrl: z.url(),
  /** `http`: signed requests to `eventsUrl`; `socket`: Socket Mode, opened with the app token. */
  mode: z.enum(['http', 'socket']).default('http'),
  appToken: z.string().min(1).optional(),
  /** The token of the first workspace; without one the app has to be installed there by OAuth. */
  botToken: z.string().min(1).optional(),
  signingSecret: z.string().min(1),
  /** For OAuth. */
  clientId: z.string().min(1).optional(),
  clientSecret: z.string().min(1).optional(),
  /** Where OAuth may lead back to, by prefix; anywhere on this machine when absent. */
  redirectUrls: z.array(z.url()).optional(),
  /** The program's page that starts OAuth; the page offers it where the app is not installed. */
  installUrl: z.url().optional(),
  /** The bot scopes that came with `botToken`. Named ones are checked (`missing_scope`). */
  scopes: z.array(z.string()).optional(),
  /** The events that the app asked for, by their names in the manifest (`message.im`); all, when absent. */
  events: z.array(z.string()).optional(),
  bot: z
    .object({ name: z.string(), description: z.string().default('') })
    .default({ name: 'Outlay', description: '' }),
  people: z.array(peopleEntrySchema).default([]),
  channels: channelEntries,
  commands: z
    .array(z.object({ command: z.string().startsWith('/'), hint: z.string().default('') }))
    .default([{ command: '/expense', hint: 'help' }]),
  shortcuts: z
    .array(z.object({ type: z.enum(['message', 'global']), name: z.string(), callbackId: z.string() }))
    .default([{ type: 'message', name: 'Make this an expense', callbackId: 'make_expense' }]),
  /** Whether the app has a Home tab. */
  homeTab: z.boolean().default(true),
  /** Whom the page shows at first, by e-mail; otherwise the first of the people. */
  defaultPerson: z.string().optional(),
  /** Where people open the page (the program proxies it), for permalinks; otherwise the sandbox itself. */
  pageUrl: z.url().optional(),
  /** Addresses that the mailbox page offers beside those of the people. */
  addresses: z.array(z.string()).default([]),
  /** The program's SMTP intake; "Write a mail" delivers there and is hidden while this is unset. */
  intake: z.object({ host: z.string(), port: z.number(), address: z.string().optional() }).optional(),
})
export type WorkspaceSettings = z.infer<typeof workspaceSchema>
export type WorkspaceInput = z.input<typeof workspaceSchema>

/** The body of `PUT /admin/others`: one more workspace, in which the app is not installed yet. Known by its name. */
export const otherWorkspaceSchema = z.object({
  team: z.object({ id: z.string().optional(), name: z.string().min(1), domain: z.string().optional() }),
  people: z.array(peopleEntrySchema).default([]),
  channels: channelEntries,
  defaultPerson: z.string().optional(),
  /** As if somebody had installed the app there already. */
  botToken: z.string().min(1).optional(),
})
export type OtherWorkspace = z.infer<typeof otherWorkspaceSchema>
export type OtherWorkspaceInput = z.input<typeof otherWorkspaceSchema>

export const faultSchema = z.discriminatedUnion('kind', [
  /** HTTP 429 with `Retry-After` seconds. */
  z.object({
    kind: z.literal('rate_limited'),
    method: z.string(),
    times: z.number().default(1),
    retryAfter: z.number().default(1),
  }),
  /** `{ok: false, error}` with status 200. */
  z.object({
    kind: z.literal('error'),
    method: z.string(),
    times: z.number().default(1),
    error: z.string().default('internal_error'),
  }),
  /** A bare HTTP status, for example 503. */
  z.object({
    kind: z.literal('http'),
    method: z.string(),
    times: z.number().default(1),
    status: z.number().default(503),
  }),
  /** Nothing is done and no answer ever comes. */
  z.object({ kind: z.literal('timeout'), method: z.string(), times: z.number().default(1) }),
  /** The call is carried out, but its answer is lost: the caller cannot know. */
  z.object({ kind: z.literal('lost_reply'), method: z.string(), times: z.number().default(1) }),
  z.object({
    kind: z.literal('delay'),
    method: z.string(),
    times: z.number().default(1),
    ms: z.number().default(1000),
  }),
  /**
   * The token is refused from now on, until the faults are cleared or the app is installed again. The app hears
   * `tokens_revoked`, and `app_uninstalled` where the error is `account_inactive`.
   */
  z.object({
    kind: z.literal('token_revoked'),
    error: z.enum(['token_revoked', 'account_inactive']).default('token_revoked'),
    /** The workspace, by id; the first, when absent. */
    team: z.string().optional(),
    times: z.number().default(1),
  }),
  /**
   * Cuts the Socket Mode connections without a word: all of them now, or the one that gets the next envelope, before
   * or after the app's acknowledgement has counted. `of` narrows that to one type of envelope.
   */
  z.object({
    kind: z.literal('socket_drop'),
    when: z.enum(['now', 'before_ack', 'after_ack']).default('now'),
    of: z.enum(['events_api', 'interactive', 'slash_commands']).optional(),
    times: z.number().default(1),
  }),
  /** Asks all connections to leave, as Slack does when it renews them (`link_disabled`: Socket Mode was turned off). */
  z.object({
    kind: z.literal('socket_disconnect'),
    reason: z.enum(['warning', 'refresh_requested', 'link_disabled']).default('refresh_requested'),
    times: z.number().default(1),
  }),
  /** SMTP refuses the message after DATA, with a 4xx or 5xx code. */
  z.object({
    kind: z.literal('smtp_reject'),
    times: z.number().default(1),
    code: z.number().min(400).max(599).default(451),
  }),
  /** SMTP keeps the message, then drops the connection before its 250. */
  z.object({ kind: z.literal('smtp_lost_reply'), times: z.number().default(1) }),
])
export type Fault = z.infer<typeof faultSchema>
export type FaultInput = z.input<typeof faultSchema>
