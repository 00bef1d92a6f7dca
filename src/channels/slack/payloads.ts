import { z } from 'zod'
import { userError } from '../../kernel/errors.ts'

/** What we store of Slack's deliveries: only what is used, parsed once at the edge and again by the job. */
export const fileSchema = z.object({
  id: z.string(),
  name: z.string().nullish(),
  url_private_download: z.string().optional(),
  /** `tombstone`: it was deleted. */
  mode: z.string().optional(),
})
export type SlackFile = z.infer<typeof fileSchema>

/** Whose delivery it is. */
const user = { teamId: z.string(), userId: z.string() }

/** In which conversation. */
const place = {
  channel: z.string(),
  isDirect: z.boolean(),
  ts: z.string(),
  threadTs: z.string().optional(),
}

export const messageDeliverySchema = z.object({
  kind: z.literal('message'),
  ...user,
  ...place,
  text: z.string(),
  files: z.array(fileSchema),
  /** It names us. */
  isMention: z.boolean().default(false),
})
export type MessageDelivery = z.infer<typeof messageDeliverySchema>

/** A message that was changed, or deleted (`text` is null). `files` are those that it had. */
export const changeDeliverySchema = z.object({
  kind: z.literal('change'),
  ...user,
  ...place,
  text: z.string().nullable(),
  files: z.array(fileSchema),
})
export type ChangeDelivery = z.infer<typeof changeDeliverySchema>

/** A message that somebody wants made an expense of theirs, whoever wrote it. */
export const shortcutDeliverySchema = z.object({
  kind: z.literal('shortcut'),
  ...user,
  channel: z.string(),
  ts: z.string(),
  /** The form that tells what came of it. */
  viewId: z.string(),
  isOwnMessage: z.boolean(),
  /** We wrote it. */
  isOurs: z.boolean(),
  text: z.string(),
  files: z.array(fileSchema),
})
export type ShortcutDelivery = z.infer<typeof shortcutDeliverySchema>

export const actionDeliverySchema = z.object({
  kind: z.literal('action'),
  ...user,
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
  ...user,
  externalId: z.string(),
  chosen: z.array(z.object({ approvalId: z.uuid(), label: z.string() })),
})
export type SeveralDelivery = z.infer<typeof severalDeliverySchema>

/** Expenses that somebody in finance marked as paid, on which page of the list. `externalId` as above. */
export const paidDeliverySchema = z.object({
  kind: z.literal('paid'),
  ...user,
  externalId: z.string(),
  ids: z.array(z.uuid()),
  before: z.array(z.uuid()),
})
export type PaidDelivery = z.infer<typeof paidDeliverySchema>

/** What was typed into that form: `ExpenseChanges` of what an expense with receipts has. */
const expenseChangesSchema = z.object({
  merchant: z.string().optional(),
  amount: z.string().optional(),
  currency: z.string().optional(),
  date: z.string().optional(),
  categoryId: z.string().optional(),
  reasonId: z.string().nullish(),
  attendees: z.string().optional(),
  note: z.string().nullish(),
  costCentre: z.string().optional(),
  requestId: z.string().optional(),
  shares: z
    .array(z.object({ categoryId: z.string(), costCentre: z.string(), amount: z.string() }))
    .optional(),
})

/** The form of a new expense, sent with files, which take longer to fetch than Slack waits for an answer. */
export const formDeliverySchema = z.object({
  kind: z.literal('form'),
  ...user,
  viewId: z.string(),
  files: z.array(fileSchema),
  changes: expenseChangesSchema,
})
export type FormDelivery = z.infer<typeof formDeliverySchema>

export const deliverySchema = z.discriminatedUnion('kind', [
  formDeliverySchema,
  messageDeliverySchema,
  changeDeliverySchema,
  shortcutDeliverySchema,
  actionDeliverySchema,
  severalDeliverySchema,
  paidDeliverySchema,
])
export type Delivery = z.infer<typeof deliverySchema>

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
        selected_time: z.string().nullish(),
        selected_option: optionSchema.nullish(),
        selected_options: z.array(describedOptionSchema).nullish(),
        files: z.array(fileSchema).nullish(),
      }),
    ),
  ),
})

/** The form or App Home in which something was pressed. */
const pressedViewSchema = z.object({
  id: z.string(),
  hash: z.string(),
  type: z.string(),
  callback_id: z.string().default(''),
  private_metadata: z.string(),
  state: stateSchema,
})
/** `pressedAt`: Slack's seconds. */
export type PressedView = z.infer<typeof pressedViewSchema> & { pressedAt?: string }

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
    .array(
      z.object({
        action_id: z.string(),
        action_ts: z.string(),
        value: z.string().nullish(),
        selected_option: optionSchema.nullish(),
      }),
    )
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
    blocks: z.array(z.object({ block_id: z.string().optional() })).default([]),
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
  /** Slack says what stands in the other inputs, as far as it knows. */
  view: z
    .object({ private_metadata: z.string().default(''), state: stateSchema.default({ values: {} }) })
    .optional(),
})

/** What was typed or chosen in the input of a block; undefined when it was left empty. */
export function inputOf(form: FilledForm, blockId: string): string | undefined {
  const element = form.view.state.values[blockId]?.value
  return (
    element?.value ??
    element?.selected_date ??
    element?.selected_time ??
    element?.selected_option?.value ??
    undefined
  )
}

/** The files that somebody attached in the input of a block. */
export function filesOf(form: FilledForm, blockId: string): FormDelivery['files'] {
  return form.view.state.values[blockId]?.value?.files ?? []
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
