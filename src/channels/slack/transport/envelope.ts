import { z } from 'zod'
import { cleanText } from '../../../kernel/text.ts'

/** Ids of Slack are short. What is longer is none, and would not fit into an index either. */
const id = z.string().min(1).max(255)
const user = z.looseObject({ id, team_id: id.nullish() })
const team = z.looseObject({ id }).nullish()
const someone = { user, team }
const view = z.looseObject({ callback_id: z.string().max(255).nullish() })

/** https://docs.slack.dev/apis/events-api/#callback-field */
const event = z.looseObject({
  team_id: id,
  event_id: id,
  event_time: z.number().int().positive().max(1e11).nullish(),
  /** For which of our installations it is delivered: in a shared channel, `team_id` may be somebody else's. */
  authorizations: z.array(z.looseObject({ team_id: id.nullish() })).nullish(),
  event: z.looseObject({ type: z.string() }),
})

/** Something that happened in a workspace. */
export interface SlackEvent {
  teamId: string
  /** The same whenever Slack delivers it again. */
  eventId: string
  /** When it happened, to the second (UTC). */
  at: Date | null
  event: { type: string; [field: string]: unknown }
}

/** @throws ZodError */
export function parseEvent(body: unknown): SlackEvent {
  const parsed = event.parse(body)
  const { team_id, authorizations, event_id: eventId, event_time, event: inner } = parsed
  const at = event_time ? new Date(event_time * 1000) : null
  return { teamId: authorizations?.[0]?.team_id ?? team_id, eventId, at, event: inner }
}

/** https://docs.slack.dev/interactivity/implementing-slash-commands */
const command = z.looseObject({ command: id, team_id: id, user_id: id, trigger_id: id })
/** https://docs.slack.dev/reference/interaction-payloads */
const suggestion = z.looseObject({
  ...someone,
  type: z.literal('block_suggestion'),
  block_id: id,
  action_id: id,
})
const press = z.looseObject({
  ...someone,
  type: z.literal('block_actions'),
  trigger_id: id,
  view: view.optional(),
  actions: z.array(z.looseObject({ action_id: id, block_id: z.string().default(''), action_ts: id })).min(1),
})
const shortcut = z.looseObject({
  ...someone,
  type: z.enum(['shortcut', 'message_action']),
  callback_id: id,
  trigger_id: id,
})
const form = z.looseObject({ ...someone, type: z.enum(['view_submission', 'view_closed']), view })

/**
 * What every delivery of Slack has, by its kind, without characters that no database keeps. Bolt decides by the same keys
 * in the same order, and does not look before it reads.
 * @throws ZodError for everything else
 */
export function parseEnvelope(body: unknown): Record<string, unknown> {
  const keys = z.looseObject({ type: z.unknown() }).partial().parse(withoutOddities(body))
  const schema =
    keys.event !== undefined
      ? event
      : keys.command !== undefined
        ? command
        : keys.name !== undefined || keys.type === 'block_suggestion'
          ? suggestion
          : keys.actions !== undefined
            ? press
            : z.discriminatedUnion('type', [shortcut, form])
  return schema.parse(keys)
}

/** Half characters, NUL and the like are of no use to anybody, wherever they stand. */
function withoutOddities(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value)
  if (Array.isArray(value)) return value.map(withoutOddities)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [cleanText(key), withoutOddities(inner)]),
  )
}
