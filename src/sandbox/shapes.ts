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
  max_selected_items: z.number().optional(),
  focus_on_load: z.boolean().optional(),
  accessibility_label: z.string().optional(),
  dispatch_action_config: z.looseObject({ trigger_actions_on: z.array(z.string()).optional() }).optional(),
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
  /** A guest of several channels. */
  isRestricted: z.boolean(),
  /** A guest of one channel. */
  isUltraRestricted: z.boolean().default(false),
  /** Somebody of another company, met in a shared channel: the app may not see their e-mail. */
  isStranger: z.boolean().default(false),
  isAdmin: z.boolean(),
  isBot: z.boolean(),
  /** They chose their language themselves, so the program's list does not change it any more. */
  choseLocale: z.literal(true).optional(),
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
  /** Whether the app joins when it is installed. */
  withApp: z.boolean().optional(),
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
