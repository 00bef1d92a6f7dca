import { z } from 'zod'
import type { Channel } from '../shapes.ts'
import { SlackError } from '../slack-error.ts'
import type { Workspace } from '../workspace.ts'

export type Arguments = Record<string, unknown>
export type Method = (args: Arguments, workspace: Workspace) => object | Promise<object>

/** A Web API method: its arguments by schema, what it does, and what it answers beside `ok: true`. */
export function method<S extends z.ZodType>(
  schema: S,
  run: (args: z.output<S>, workspace: Workspace) => object | Promise<object>,
): Method {
  return (args, workspace) => {
    const parsed = schema.safeParse(args)
    if (parsed.success) return run(parsed.data, workspace)
    const messages = parsed.error.issues.map(
      (issue) => `[ERROR] ${issue.message} [json-pointer:/${issue.path.join('/')}]`,
    )
    throw new SlackError('invalid_arguments', { response_metadata: { messages } })
  }
}

/** A structured argument: JSON text in a form body, itself in a JSON body. */
export function structured<S extends z.ZodType>(schema: S) {
  return z.preprocess((value) => (typeof value === 'string' ? parseJson(value) : value), schema)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A flag: `true`, `"true"`, `"1"`. */
export const flag = z.preprocess(
  (value) => value === true || value === 'true' || value === '1' || value === 1,
  z.boolean(),
)

/** A page size. */
export const pageSize = (otherwise: number) => z.coerce.number().int().min(1).max(1000).default(otherwise)

/** The conversation with this id, as the bot sees it. @throws SlackError `channel_not_found` */
export function channelFor(workspace: Workspace, id: string): Channel {
  const found =
    workspace.channels.get(id) ??
    workspace.channels.all().find((c) => c.kind === 'channel' && `#${c.name}` === id)
  const bot = workspace.identity.botUserId
  if (found !== undefined && (found.kind === 'channel' || found.members.includes(bot))) return found
  const user = workspace.users.get(id)
  if (user !== undefined && !user.isBot) return workspace.directMessage(user.id)
  throw new SlackError('channel_not_found')
}

/** One page of a list, by a cursor that is the place to go on from. */
export function page<T>(items: T[], cursor: string | undefined, limit: number): { items: T[]; next: string } {
  const from = cursor === undefined || cursor === '' ? 0 : Number(Buffer.from(cursor, 'base64url').toString())
  if (!Number.isInteger(from)) throw new SlackError('invalid_cursor')
  const next = from + limit < items.length ? Buffer.from(String(from + limit)).toString('base64url') : ''
  return { items: items.slice(from, from + limit), next }
}
