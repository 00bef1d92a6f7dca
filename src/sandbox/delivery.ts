import { createHmac } from 'node:crypto'
import { transientError } from '../kernel/errors.ts'
import { logger } from '../kernel/logger.ts'
import type { CallLog } from './call-log.ts'
import type { WorkspaceSettings } from './shapes.ts'
import type { PendingEvent, Store } from './store.ts'

/** Slack waits this long for any acknowledgement. */
const acknowledgeMs = 3_000

/**
 * Seconds before each redelivery. Slack itself tries again at once, after a minute and after five; here the steps are
 * shorter and go on for about ten minutes, so that a killed app meets its events soon after its restart.
 */
const retrySeconds = [1, 5, 15, ...Array.from({ length: 20 }, () => 30)]

/** Slack delivers to an app in parallel; so the app meets many people at once here, too. */
const atOnce = 50

/** How an attempt went. `reason` is Slack's word for `X-Slack-Retry-Reason`. */
interface Attempt {
  ok: boolean
  status: number
  body: string
  reason: string
  noRetry: boolean
}

/** The way to the app: signed HTTP. (Socket Mode would be a second implementation of `#send`.) */
export class AppLink {
  readonly #store: Store
  readonly #settings: () => WorkspaceSettings | undefined
  readonly #log: CallLog
  readonly #running = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(store: Store, settings: () => WorkspaceSettings | undefined, log: CallLog) {
    this.#store = store
    this.#settings = settings
    this.#log = log
  }

  /** Keeps an event and delivers it, again and again until the app acknowledges or the schedule ends. */
  queueEvent(id: string, body: object): void {
    this.#store.putEvent({ id, body: JSON.stringify(body), attempt: 0, nextAt: Date.now(), reason: '' })
    this.wake()
  }

  /** Looks for due events; called at start, after settings change, and by itself. */
  wake(): void {
    if (this.#closed || this.#settings() === undefined) return
    clearTimeout(this.#timer)
    const waiting = this.#store.events(atOnce * 2).filter((event) => !this.#running.has(event.id))
    const now = Date.now()
    for (const event of waiting) {
      if (event.nextAt > now || this.#running.size >= atOnce) break
      void this.#deliver(event)
    }
    const next = waiting.find((event) => !this.#running.has(event.id))
    if (next !== undefined && this.#running.size < atOnce) {
      this.#timer = setTimeout(() => this.wake(), Math.max(0, next.nextAt - now))
    }
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  /**
   * Sends interactivity, a command or an option look-up, once, and returns the body of the acknowledgement.
   * @throws AppError `app_did_not_respond` after 3 s, on a refused connection or an answer other than 2xx.
   */
  async ask(name: string, form: Record<string, string>): Promise<string> {
    const attempt = await this.#send(name, new URLSearchParams(form).toString(), {
      'content-type': 'application/x-www-form-urlencoded',
    })
    if (attempt.ok) return attempt.body
    throw transientError(
      'app_did_not_respond',
      attempt.reason === 'http_timeout'
        ? 'This didn’t work: the app did not respond in 3 seconds. Please try again.'
        : 'This didn’t work: the app could not be reached. Please try again in a moment.',
      { details: { reason: attempt.reason, status: attempt.status } },
    )
  }

  async #deliver(event: PendingEvent): Promise<void> {
    this.#running.add(event.id)
    const headers: Record<string, string> = { 'content-type': 'application/json' }
    if (event.attempt > 0) {
      headers['x-slack-retry-num'] = String(event.attempt)
      headers['x-slack-retry-reason'] = event.reason
    }
    const attempt = await this.#send(eventName(event.body), event.body, headers)
    this.#running.delete(event.id)
    if (this.#closed) return
    const delay = retrySeconds[event.attempt]
    if (attempt.ok || attempt.noRetry || delay === undefined) {
      this.#store.deleteEvent(event.id)
      if (!attempt.ok) logger.warn({ event: event.id, reason: attempt.reason }, 'gave up delivering an event')
    } else {
      const nextAt = Date.now() + delay * 1000
      this.#store.putEvent({ ...event, attempt: event.attempt + 1, nextAt, reason: attempt.reason })
    }
    this.wake()
  }

  async #send(name: string, body: string, headers: Record<string, string>): Promise<Attempt> {
    const started = Date.now()
    const attempt = await this.#post(body, headers)
    this.#log.add({
      at: started,
      way: 'out',
      name,
      ms: Date.now() - started,
      ok: attempt.ok,
      note: attempt.ok ? String(attempt.status) : attempt.reason,
    })
    return attempt
  }

  async #post(body: string, headers: Record<string, string>): Promise<Attempt> {
    const settings = this.#settings()
    if (settings === undefined)
      return { ok: false, status: 0, body: '', reason: 'connection_failed', noRetry: false }
    const timestamp = String(Math.floor(Date.now() / 1000))
    const signature = createHmac('sha256', settings.signingSecret)
      .update(`v0:${timestamp}:${body}`)
      .digest('hex')
    try {
      const response = await fetch(settings.eventsUrl, {
        method: 'POST',
        body,
        headers: {
          ...headers,
          'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
          'x-slack-request-timestamp': timestamp,
          'x-slack-signature': `v0=${signature}`,
        },
        redirect: 'manual',
        signal: AbortSignal.timeout(acknowledgeMs),
      })
      return {
        ok: response.ok,
        status: response.status,
        body: await response.text(),
        reason: 'http_error',
        noRetry: response.headers.get('x-slack-no-retry') === '1',
      }
    } catch (error) {
      const late = error instanceof DOMException && error.name === 'TimeoutError'
      return {
        ok: false,
        status: 0,
        body: '',
        reason: late ? 'http_timeout' : 'connection_failed',
        noRetry: false,
      }
    }
  }
}

function eventName(body: string): string {
  const match = /"event":\{"type":"([a-z_]+)"(?:,"subtype":"([a-z_]+)")?/.exec(body)
  return `event ${[match?.[1] ?? '', match?.[2]].filter(Boolean).join('.')}`
}
