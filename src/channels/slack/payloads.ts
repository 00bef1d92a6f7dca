import { z } from 'zod'
import { userError } from '../../kernel/errors.ts'

/** What we store of Slack's deliveries: only what is used, parsed once at the edge and again by the job. */
const fileSchema = z.object({
  id: z.string(),
  name: z.string().nullish(),
  url_private_download: z.string().optional(),
  mode: z.string().optional(),
})

export const messageDeliverySchema = z.object({
  kind: z.literal('message'),
  teamId: z.string(),
  userId: z.string(),
  channel: z.string(),
  isDirect: z.boolean(),
  ts: z.string(),
  threadTs: z.string().optional(),
  text: z.string(),
  files: z.array(fileSchema),
})
export type MessageDelivery = z.infer<typeof messageDeliverySchema>

export const actionDeliverySchema = z.object({
  kind: z.literal('action'),
  teamId: z.string(),
  userId: z.string(),
  channel: z.string().optional(),
  messageTs: z.string().optional(),
  threadTs: z.string().optional(),
  actionId: z.string(),
  value: z.string(),
})
export type ActionDelivery = z.infer<typeof actionDeliverySchema>

/** Several requests that a person chose to approve at once. `externalId` names the view that tells them what came of it. */
export const severalDeliverySchema = z.object({
  kind: z.literal('several'),
  teamId: z.string(),
  userId: z.string(),
  externalId: z.string(),
  chosen: z.array(z.object({ approvalId: z.uuid(), label: z.string() })),
})
export type SeveralDelivery = z.infer<typeof severalDeliverySchema>

export const deliverySchema = z.discriminatedUnion('kind', [
  messageDeliverySchema,
  actionDeliverySchema,
  severalDeliverySchema,
])
export type Delivery = z.infer<typeof deliverySchema>

/** A `message` event as Slack sends it: https://docs.slack.dev/reference/events/message */
const messageEventSchema = z.object({
  type: z.literal('message'),
  subtype: z.string().optional(),
  user: z.string().optional(),
  bot_id: z.string().optional(),
  channel: z.string(),
  channel_type: z.string().optional(),
  ts: z.string(),
  thread_ts: z.string().optional(),
  text: z.string().nullish(),
  files: z.array(fileSchema).optional(),
})

/** A message of a person that we react to, or null: bots, edits, deletions, joins and empty talk are none of ours. */
export function toMessageDelivery(teamId: string, event: unknown): MessageDelivery | null {
  const parsed = messageEventSchema.safeParse(event)
  if (!parsed.success) return null
  const { subtype, user, bot_id, channel, channel_type, ts, thread_ts, text, files } = parsed.data
  if (bot_id || !user || (subtype !== undefined && subtype !== 'file_share')) return null
  const isDirect = channel_type === 'im'
  // Talk without a file is answered only where it opens a conversation with us.
  if ((!isDirect || thread_ts !== undefined) && (files ?? []).length === 0) return null
  return {
    kind: 'message',
    teamId,
    userId: user,
    channel,
    isDirect,
    ts,
    ...(thread_ts ? { threadTs: thread_ts } : {}),
    text: readable(text ?? '').slice(0, 4000),
    files: files ?? [],
  }
}

/** What a person wrote, out of Slack's encoding (https://docs.slack.dev/messaging/formatting-message-text). */
function readable(text: string): string {
  return text
    .replace(/<[^|>]*\|([^>]*)>/g, '$1')
    .replace(/<([^>]*)>/g, '$1')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
}

const textSchema = z.object({ text: z.string() })
const optionSchema = z.object({ value: z.string() })
const describedOptionSchema = optionSchema.extend({ text: textSchema, description: textSchema.nullish() })

/** What stands in the inputs of a form, by block and element. */
const stateSchema = z.object({
  values: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        value: z.string().nullish(),
        selected_date: z.string().nullish(),
        selected_option: optionSchema.nullish(),
        selected_options: z.array(describedOptionSchema).nullish(),
      }),
    ),
  ),
})

/** The form or App Home in which something was pressed. */
const pressedViewSchema = z.object({
  id: z.string(),
  hash: z.string(),
  type: z.string(),
  private_metadata: z.string(),
  state: stateSchema,
})
export type PressedView = z.infer<typeof pressedViewSchema>

/** A button that was pressed: https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
export const blockActionsSchema = z.object({
  team: z.object({ id: z.string() }).nullish(),
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  trigger_id: z.string(),
  container: z
    .object({
      channel_id: z.string().optional(),
      message_ts: z.string().optional(),
      thread_ts: z.string().optional(),
    })
    .optional(),
  view: pressedViewSchema.optional(),
  actions: z
    .array(z.object({ action_id: z.string(), action_ts: z.string(), value: z.string().nullish() }))
    .min(1),
})
export type BlockActions = z.infer<typeof blockActionsSchema>

/** A form that was submitted: https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
export const viewSubmissionSchema = z.object({
  team: z.object({ id: z.string() }).nullish(),
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  view: z.object({
    id: z.string(),
    private_metadata: z.string(),
    state: stateSchema,
  }),
})
export type ViewSubmission = z.infer<typeof viewSubmissionSchema>

/**
 * The id that a button or form of ours carries. Values come back from outside: what is no id is refused here.
 * @throws userError `button_unknown`
 */
export function idOf(value: string): string {
  if (z.uuid().safeParse(value).success) return value
  throw userError('button_unknown', 'This button no longer works. Please use the newest message.')
}

/** Somebody in a workspace of Slack. */
export interface SlackUser {
  teamId: string
  userId: string
}

/** A form with what stands in its inputs, when it is submitted or when something in it is pressed. */
export interface FilledForm {
  view: Pick<ViewSubmission['view'], 'private_metadata' | 'state'>
}

/** A slash command that was typed: https://docs.slack.dev/interactivity/implementing-slash-commands */
export const commandSchema = z.object({
  team_id: z.string(),
  user_id: z.string(),
  trigger_id: z.string(),
  text: z.string().default(''),
})

/** What is typed into a menu that we fill: https://docs.slack.dev/reference/interaction-payloads/block_suggestion-payload */
export const suggestionSchema = z.object({
  team: z.object({ id: z.string() }).nullish(),
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  value: z.string().nullish(),
})

/** What was typed or chosen in the input of a block; undefined when it was left empty. */
export function inputOf(form: FilledForm, blockId: string): string | undefined {
  const element = form.view.state.values[blockId]?.value
  return element?.value ?? element?.selected_date ?? element?.selected_option?.value ?? undefined
}

/** Whether the form has an input of this name. Slack refuses errors at blocks that are not there. */
export function hasInput(form: FilledForm, blockId: string): boolean {
  return form.view.state.values[blockId] !== undefined
}

/** What our form carries. It comes back from outside, so it may be anything. */
export function metadataOf(form: FilledForm): unknown {
  try {
    return JSON.parse(form.view.private_metadata)
  } catch {
    return null
  }
}

/** Everything that was chosen in the checkboxes of a form, with the words it was shown by. */
export function chosenIn(submission: ViewSubmission): { value: string; words: string[] }[] {
  return Object.values(submission.view.state.values)
    .flatMap(({ value }) => value?.selected_options ?? [])
    .map(({ value, text, description }) => ({ value, words: [text.text, description?.text ?? ''] }))
}

/** The workspace a person belongs to. */
export function teamOf(payload: {
  team?: { id: string } | null | undefined
  user: { team_id?: string | undefined }
}): string {
  return payload.team?.id ?? payload.user.team_id ?? ''
}
