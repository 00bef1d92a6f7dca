import { z } from 'zod'

/**
 * The shapes that travel between the sandbox, the app and the page. They are Slack's own (https://docs.slack.dev),
 * loose: what the sandbox does not need it keeps and hands back untouched.
 */

export const textSchema = z.looseObject({ type: z.string(), text: z.string() })

const confirmSchema = z.looseObject({
  title: textSchema.optional(),
  text: textSchema.optional(),
  confirm: textSchema.optional(),
  deny: textSchema.optional(),
})

export const optionSchema = z.looseObject({
  text: textSchema,
  value: z.string().optional(),
  description: textSchema.optional(),
  url: z.string().optional(),
})
export type Option = z.infer<typeof optionSchema>

export const optionGroupSchema = z.looseObject({ label: textSchema, options: z.array(optionSchema) })

const slackFileSchema = z.looseObject({ id: z.string().optional(), url: z.string().optional() })

export const elementSchema = z.looseObject({
  type: z.string(),
  action_id: z.string().optional(),
  /** A string in a context text or image, a text object in a button, elements of its own in rich text. */
  text: z.union([z.string(), textSchema]).optional(),
  value: z.string().optional(),
  url: z.string().optional(),
  style: z.unknown().optional(),
  options: z.array(optionSchema).optional(),
  option_groups: z.array(optionGroupSchema).optional(),
  placeholder: textSchema.optional(),
  confirm: confirmSchema.optional(),
  slack_file: slackFileSchema.optional(),
  image_url: z.string().optional(),
  alt_text: z.string().optional(),
  initial_value: z.string().optional(),
  initial_option: optionSchema.optional(),
  initial_options: z.array(optionSchema).optional(),
  initial_date: z.string().optional(),
  initial_time: z.string().optional(),
  initial_date_time: z.number().optional(),
  initial_user: z.string().optional(),
  initial_users: z.array(z.string()).optional(),
  initial_channel: z.string().optional(),
  initial_channels: z.array(z.string()).optional(),
  initial_conversation: z.string().optional(),
  initial_conversations: z.array(z.string()).optional(),
  min_length: z.number().optional(),
  max_length: z.number().optional(),
  min_value: z.string().optional(),
  max_value: z.string().optional(),
  is_decimal_allowed: z.boolean().optional(),
  max_files: z.number().optional(),
  filetypes: z.array(z.string()).optional(),
  min_query_length: z.number().optional(),
  multiline: z.boolean().optional(),
})
export type Element = z.infer<typeof elementSchema>

export const blockSchema = z.looseObject({
  type: z.string(),
  block_id: z.string().optional(),
  text: z.union([z.string(), textSchema]).optional(),
  fields: z.array(textSchema).optional(),
  elements: z.array(elementSchema).optional(),
  element: elementSchema.optional(),
  accessory: elementSchema.optional(),
  label: textSchema.optional(),
  hint: textSchema.optional(),
  title: z.union([z.string(), textSchema]).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
  slack_file: slackFileSchema.optional(),
  image_url: z.string().optional(),
  alt_text: z.string().optional(),
})
export type Block = z.infer<typeof blockSchema>

export const attachmentSchema = z.looseObject({
  blocks: z.array(blockSchema).optional(),
  text: z.string().optional(),
  fallback: z.string().optional(),
  color: z.string().optional(),
})

export const metadataSchema = z.looseObject({
  event_type: z.string(),
  event_payload: z.record(z.string(), z.unknown()),
})

/** A message as it is stored. Files are kept by id, because their URLs follow the port. */
export const messageSchema = z.looseObject({
  type: z.literal('message'),
  subtype: z.string().optional(),
  ts: z.string(),
  thread_ts: z.string().optional(),
  user: z.string(),
  text: z.string(),
  bot_id: z.string().optional(),
  app_id: z.string().optional(),
  client_msg_id: z.string().optional(),
  blocks: z.array(blockSchema).optional(),
  attachments: z.array(attachmentSchema).optional(),
  metadata: metadataSchema.optional(),
  file_ids: z.array(z.string()).optional(),
  edited: z.object({ user: z.string(), ts: z.string() }).optional(),
  reactions: z
    .array(z.object({ name: z.string(), users: z.array(z.string()), count: z.number() }))
    .optional(),
  /** Ephemeral: only this person sees it, and Slack's history never shows it. */
  visible_to: z.string().optional(),
})
export type Message = z.infer<typeof messageSchema>

/** A view as an app writes it. */
export const viewPayloadSchema = z.looseObject({
  type: z.enum(['modal', 'home']),
  title: textSchema.optional(),
  submit: textSchema.nullish(),
  close: textSchema.nullish(),
  blocks: z.array(blockSchema),
  private_metadata: z.string().default(''),
  callback_id: z.string().default(''),
  external_id: z.string().default(''),
  clear_on_close: z.boolean().default(false),
  notify_on_close: z.boolean().default(false),
})
export type ViewPayload = z.infer<typeof viewPayloadSchema>

/** What a person has entered so far: option values, texts, dates, ids; by block and action. */
export const enteredSchema = z.record(
  z.string(),
  z.record(z.string(), z.union([z.string(), z.array(z.string()), z.null()])),
)
export type Entered = z.infer<typeof enteredSchema>

export const viewSchema = viewPayloadSchema.extend({
  id: z.string(),
  hash: z.string(),
  root_view_id: z.string(),
  previous_view_id: z.string().nullable(),
  /** Whose screen it is on: ours, not Slack's. */
  user: z.string(),
})
export type View = z.infer<typeof viewSchema>

export const userSchema = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  title: z.string(),
  tz: z.string(),
  locale: z.string(),
  deleted: z.boolean(),
  isRestricted: z.boolean(),
  isAdmin: z.boolean(),
  isBot: z.boolean(),
})
export type User = z.infer<typeof userSchema>

export const channelSchema = z.object({
  id: z.string(),
  /** Without `#`; empty for a direct message. */
  name: z.string(),
  kind: z.enum(['channel', 'im']),
  members: z.array(z.string()),
  created: z.number(),
  topic: z.string(),
  /** Newest `ts` that each person has read. */
  lastRead: z.record(z.string(), z.string()),
})
export type Channel = z.infer<typeof channelSchema>

export const fileSchema = z.object({
  id: z.string(),
  name: z.string(),
  title: z.string(),
  mimetype: z.string(),
  filetype: z.string(),
  size: z.number(),
  width: z.number().optional(),
  height: z.number().optional(),
  user: z.string(),
  created: z.number(),
  /** `reserved`: an upload URL exists, nothing came yet; `uploaded`: bytes are here; `ready`: the app may use it. */
  state: z.enum(['reserved', 'uploaded', 'ready', 'deleted']),
  channels: z.array(z.string()),
  /** Handed to the app by a `file_input` of a modal. */
  forApp: z.boolean().default(false),
})
export type FileRecord = z.infer<typeof fileSchema>

export const peopleEntrySchema = z.object({
  email: z.string().min(3),
  name: z.string().min(1),
  title: z.string().default(''),
  tz: z.string().default('America/New_York'),
  locale: z.string().default('en-US'),
  deleted: z.boolean().default(false),
  isRestricted: z.boolean().default(false),
  isAdmin: z.boolean().default(false),
})

/** The body of `PUT /admin/workspace`: what Slack's app settings and a company's member list would say. */
export const workspaceSchema = z.object({
  team: z.object({ id: z.string().optional(), name: z.string().min(1), domain: z.string().optional() }),
  /** Where events, interactivity, option look-ups and slash commands go. */
  eventsUrl: z.url(),
  botToken: z.string().min(1),
  signingSecret: z.string().min(1),
  bot: z
    .object({ name: z.string(), description: z.string().default('') })
    .default({ name: 'Outlay', description: '' }),
  people: z.array(peopleEntrySchema).default([]),
  channels: z.array(z.object({ name: z.string(), topic: z.string().default('') })).default([
    { name: 'general', topic: 'Company-wide announcements and work matters' },
    { name: 'expenses', topic: 'Receipts, questions, good examples' },
  ]),
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
