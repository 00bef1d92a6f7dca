import { setTimeout as sleep } from 'node:timers/promises'
import { logger } from '../../kernel/logger.ts'
import type { Sandbox } from '../sandbox.ts'
import type { Fault } from '../settings.ts'
import { SlackError } from '../slack-error.ts'
import type { Workspace } from '../workspace.ts'
import { appMethods, type Caller } from './app.ts'
import { chatMethods } from './chat.ts'
import { conversationMethods } from './conversations.ts'
import { fileMethods } from './files.ts'
import type { Arguments, Method } from './method.ts'
import { callsPerMinute, missingScope } from './rules.ts'
import { userMethods } from './users.ts'
import { viewMethods } from './views.ts'

const methods: Record<string, Method> = {
  ...userMethods,
  ...conversationMethods,
  ...chatMethods,
  ...viewMethods,
  ...fileMethods,
}

/** What goes back over HTTP; `drop` closes the connection without an answer, `hang` never answers. */
export type ApiAnswer =
  | { kind: 'json'; status: number; headers: Record<string, string>; body: object }
  | { kind: 'drop' }
  | { kind: 'hang' }

/** One Web API call, as Slack answers it: errors are `ok: false` with status 200. */
export async function callMethod(
  sandbox: Sandbox,
  name: string,
  caller: Caller,
  args: Arguments,
): Promise<ApiAnswer> {
  const at = Date.now()
  const started = performance.now()
  const fault = sandbox.faults.forMethod(name)
  const answer = await faulty(fault, () => run(sandbox, name, caller, args))
  const error = answer.kind === 'json' && 'error' in answer.body ? String(answer.body.error) : ''
  const note = answer.kind === 'json' ? error : answer.kind
  const ms = Math.round(performance.now() - started)
  const said = { request: args, ...(answer.kind === 'json' ? { answer: answer.body } : {}) }
  sandbox.log.add({ at, way: 'in', name, ms, ok: note === '', note, ...said })
  return answer
}

async function faulty(fault: Fault | undefined, work: () => Promise<ApiAnswer>): Promise<ApiAnswer> {
  switch (fault?.kind) {
    case 'rate_limited':
      return limited(fault.retryAfter)
    case 'error':
      return json({ ok: false, error: fault.error })
    case 'http':
      return { ...json({ ok: false, error: `http_${fault.status}` }), status: fault.status }
    case 'timeout':
      return { kind: 'hang' }
    case 'lost_reply':
      await work()
      return { kind: 'drop' }
    case 'delay':
      await sleep(fault.ms)
      return work()
    default:
      return work()
  }
}

async function run(sandbox: Sandbox, name: string, caller: Caller, args: Arguments): Promise<ApiAnswer> {
  try {
    const byApp = Object.hasOwn(appMethods, name) ? appMethods[name] : undefined
    if (byApp !== undefined) return json({ ok: true, ...(await byApp(sandbox, caller, args)) })
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined
    if (method === undefined) throw new SlackError('unknown_method', { req_method: name })
    const workspace = signedIn(sandbox, caller.token)
    const wait = sandbox.faults.waitFor(`${workspace.teamId} ${name}`, callsPerMinute(name))
    if (wait > 0) return limited(wait)
    const needed = missingScope(name, args, workspace)
    const provided = (workspace.installation?.scopes ?? []).join(',')
    if (needed !== undefined) throw new SlackError('missing_scope', { needed, provided })
    const body = { ok: true, ...(await method(args, workspace)) }
    return { ...json(body), headers: provided === '' ? {} : { 'x-oauth-scopes': provided } }
  } catch (error) {
    if (!(error instanceof SlackError)) {
      logger.error({ err: error, method: name }, 'a Web API method failed')
      return json({ ok: false, error: 'internal_error' })
    }
    if (error.code === 'ratelimited') return limited(1)
    return json({ ok: false, error: error.code, ...error.extra })
  }
}

/** The workspace that a bot token is for. @throws SlackError `not_authed`, `invalid_auth`, or why the token ended */
function signedIn(sandbox: Sandbox, token: string | undefined): Workspace {
  if (token === undefined) throw new SlackError('not_authed')
  if (token === sandbox.settings?.appToken) throw new SlackError('not_allowed_token_type')
  const workspace = sandbox.byToken(token)
  if (workspace === undefined) throw new SlackError('invalid_auth')
  const ended = workspace.installation?.ended ?? null
  if (ended !== null) throw new SlackError(ended)
  return workspace
}

function limited(retryAfter: number): ApiAnswer {
  return {
    ...json({ ok: false, error: 'ratelimited' }),
    status: 429,
    headers: { 'retry-after': String(retryAfter) },
  }
}

function json(body: object) {
  return { kind: 'json' as const, status: 200, headers: {}, body }
}
