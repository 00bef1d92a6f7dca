import { App, type ReceiverEvent } from '@slack/bolt'
import { ZodError } from 'zod'
import { AppError, transientError, userError } from '../../../kernel/errors.ts'
import { logger } from '../../../kernel/logger.ts'
import { beforeWork } from '../../../kernel/people-first.ts'
import { parseEnvelope } from './envelope.ts'
import { slackLogger } from './slack-logger.ts'

/** What a listener threw, apart from what Bolt itself could not make sense of. */
class ListenerFailed extends Error {}

/**
 * Bolt, with one rule for every transport: Slack is answered when the listeners are done, and not at all when one failed.
 * Bolt alone answers an event before its listeners run, so that a crash in between would lose it.
 */
export class AnsweringApp extends App {
  #underWay = 0
  #isDraining = false

  /** @param isOurs whether the app is installed in a workspace: nobody listens to others. */
  constructor(isOurs: (teamId: string) => Promise<boolean>) {
    super({
      // The transports call `processEvent` themselves.
      receiver: { init: () => {}, start: async () => {}, stop: async () => {} },
      ignoreSelf: false,
      convoStore: false,
      logger: slackLogger,
      // Listeners get their client from the workspace that they find; Bolt's own is never used.
      authorize: async ({ teamId }) => {
        if (await isOurs(teamId ?? '')) return {}
        throw userError('workspace_unknown', 'Outlay is not installed in this workspace.')
      },
    })
    this.error(async (error) => {
      throw new ListenerFailed('a listener failed', { cause: error })
    })
  }

  /**
   * Hands one delivery to the listeners and answers it.
   * @throws userError `payload_refused` for what nobody can make sense of; whatever a listener threw
   */
  override async processEvent(event: ReceiverEvent): Promise<void> {
    if (this.#isDraining) throw transientError('stopping', 'Outlay is stopping.')
    this.#underWay += 1
    try {
      await event.ack(await beforeWork(() => this.#answer(event)))
    } finally {
      this.#underWay -= 1
    }
  }

  /** Takes nothing new, and waits for what is under way, for so many milliseconds at most. */
  async drain(limitMs: number): Promise<void> {
    this.#isDraining = true
    for (let waited = 0; this.#underWay > 0 && waited < limitMs; waited += 20) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  /** What the listeners answer. A delivery that none of them knows, such as a press on a link, is answered with nothing. */
  async #answer(event: ReceiverEvent): Promise<unknown> {
    let answer: unknown
    try {
      const ack = async (response: unknown) => {
        answer = response
      }
      await super.processEvent({ ...event, body: parseEnvelope(event.body), ack })
    } catch (error) {
      if (!(error instanceof ListenerFailed)) throw refused(error)
      const cause = thrownBy(error.cause)
      if (!(cause instanceof AppError) || cause.code !== 'workspace_unknown') throw cause
      logger.info('a delivery of a workspace where Outlay is not installed')
    }
    return answer
  }
}

/** Bolt wraps what listeners throw. */
function thrownBy(error: unknown): unknown {
  if (error instanceof ZodError) return refused(error)
  if (error instanceof Error && 'original' in error && error.original) return thrownBy(error.original)
  if (error instanceof Error && 'originals' in error && Array.isArray(error.originals)) {
    return thrownBy(error.originals[0])
  }
  return error
}

function refused(cause: unknown): AppError {
  if (cause instanceof AppError) return cause
  return userError('payload_refused', 'This is nothing that Outlay understands.', { cause })
}

/** Whether the delivery itself is at fault: delivering it again would not help. */
export function isRefused(error: unknown): boolean {
  return error instanceof AppError && error.code === 'payload_refused'
}

/** Notes that a delivery could not be worked on; never what was in it. */
export function logFailure(error: unknown): void {
  if (error instanceof AppError && error.code === 'stopping') return
  if (!isRefused(error)) logger.error({ error }, 'a Slack delivery failed')
  else logger.warn({ problem: whyRefused(error) }, 'a Slack delivery was refused')
}

/** Which fields do not fit, without what stands in them. */
function whyRefused(error: unknown): string {
  const cause = error instanceof Error ? error.cause : null
  if (!(cause instanceof ZodError)) return cause instanceof Error ? cause.name : 'unknown'
  return cause.issues
    .map(({ path, code }) => `${path.join('.')}: ${code}`)
    .join(', ')
    .slice(0, 300)
}
