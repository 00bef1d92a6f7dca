import { setTimeout as sleep } from 'node:timers/promises'
import { logger } from '../../kernel/logger.ts'
import type { Sandbox } from '../sandbox.ts'
import type { Fault } from '../shapes.ts'
import { SlackError } from '../slack-error.ts'
import { chatMethods } from './chat.ts'
import { conversationMethods } from './conversations.ts'
import { fileMethods } from './files.ts'
import type { Arguments, Method } from './method.ts'
import { userMethods } from './users.ts'
import { viewMethods } from './views.ts'

const methods: Record<string, Method> = {
  'api.test': () => ({}),
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
  token: string | undefined,
  args: Arguments,
): Promise<ApiAnswer> {
  const started = Date.now()
  const fault = sandbox.faults.forMethod(name)
  const answer = await faulty(fault, () => run(sandbox, name, token, args))
  const error = answer.kind === 'json' && 'error' in answer.body ? String(answer.body.error) : ''
  const note = answer.kind === 'json' ? error : answer.kind
  sandbox.log.add({ at: started, way: 'in', name, ms: Date.now() - started, ok: note === '', note })
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

async function run(
  sandbox: Sandbox,
  name: string,
  token: string | undefined,
  args: Arguments,
): Promise<ApiAnswer> {
  try {
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined
    if (method === undefined) throw new SlackError('unknown_method', { req_method: name })
    if (token === undefined && name !== 'api.test') throw new SlackError('not_authed')
    if (name !== 'api.test' && token !== sandbox.settings?.botToken) throw new SlackError('invalid_auth')
    return json({ ok: true, ...(await method(args, sandbox)) })
  } catch (error) {
    if (!(error instanceof SlackError)) {
      logger.error({ err: error, method: name }, 'a Web API method failed')
      return json({ ok: false, error: 'internal_error' })
    }
    if (error.code === 'ratelimited') return limited(1)
    return json({ ok: false, error: error.code, ...error.extra })
  }
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
