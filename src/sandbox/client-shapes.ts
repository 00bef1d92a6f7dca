import { z } from 'zod'
import { fileSchema, messageSchema, viewSchema } from './shapes.ts'

/** What `SandboxClient` takes and gives. */

/** The conversation with the bot, a channel (`#general`), a colleague (`@frank@…`), or any conversation id. */
export type Where = 'dm' | `#${string}` | `@${string}` | (string & {})

export interface FileToSend {
  name: string
  bytes: Uint8Array
  mediaType?: string
}

const shownFileSchema = fileSchema
  .pick({ id: true, name: true, mimetype: true, filetype: true, size: true, title: true })
  .loose()

export const shownMessageSchema = messageSchema.extend({
  files: z.array(shownFileSchema).default([]),
  reply_count: z.number().default(0),
})
/** A message as a person sees it, in Slack's own shape. `shownText(message)` and `shownButtons(message)` read it. */
export type ShownMessage = z.infer<typeof shownMessageSchema>

export const modalSchema = viewSchema.extend({
  state: z.object({ values: z.record(z.string(), z.unknown()) }).optional(),
})
/** The modal (or home) that is on a person's screen. */
export type ShownView = z.infer<typeof modalSchema>

export const personSchema = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  title: z.string(),
  locale: z.string(),
  deleted: z.boolean(),
})
export type SandboxPerson = z.infer<typeof personSchema>

export const mailSchema = z.object({
  id: z.string(),
  receivedAt: z.string(),
  envelope: z.object({ from: z.string(), to: z.array(z.string()) }),
  from: z.string(),
  to: z.array(z.string()),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
  messageId: z.string(),
  headers: z.record(z.string(), z.string()),
  attachments: z.array(
    z.object({ name: z.string(), mediaType: z.string(), size: z.number(), url: z.string() }),
  ),
})

/** A mail that arrived in the sandbox mailbox, parsed, with the bytes of its attachments. */
export interface SandboxMail {
  id: string
  /** ISO 8601 UTC. */
  receivedAt: string
  envelope: { from: string; to: string[] }
  from: string
  to: string[]
  subject: string
  text: string
  html: string
  messageId: string
  /** Names in lower case; repeated headers are joined by a newline. */
  headers: Record<string, string>
  attachments: { name: string; mediaType: string; bytes: Buffer }[]
}

export type SubmitOutcome =
  | { kind: 'closed' }
  | { kind: 'errors'; errors: Record<string, string> }
  | { kind: 'view'; view: ShownView }

/** A value for an input: text, date, option value or shown text, several of them, or files to attach. */
export type InputValue = string | string[] | FileToSend[]

export interface Target {
  /** The person who acts, by e-mail. */
  as: string
  /** A message's conversation and time stamp … */
  channel?: Where
  ts?: string
  /** … or the modal (`'modal'`) or App Home (`'home'`) on their screen. */
  on?: 'modal' | 'home'
  actionId: string
  blockId?: string
  /** The button's value where several share an action id; what is chosen in a menu or typed, several for a multi-select. */
  value?: string | string[]
}

/** An option of a menu as a person sees it. */
export interface ShownOption {
  text: string
  value: string
  /** The label of its group, where options come in groups. */
  group?: string
}

export const stateSchema = z.object({
  ok: z.boolean(),
  configured: z.boolean(),
  pendingEvents: z.number(),
  people: z.number(),
  mails: z.number(),
  /** Open Socket Mode connections. */
  sockets: z.number(),
  faults: z.array(z.unknown()),
  workspaces: z.array(z.object({ teamId: z.string(), name: z.string(), installed: z.boolean() })),
})
export type SandboxState = z.infer<typeof stateSchema>

export const callSchema = z.object({
  id: z.number(),
  way: z.enum(['in', 'out', 'mail']),
  name: z.string(),
  ms: z.number(),
  ok: z.boolean(),
  note: z.string(),
})
/** A line of the log: what the app called (`in`) or was told (`out`). */
export type Call = z.infer<typeof callSchema>
