import { z } from 'zod'
import { transientError } from '../kernel/errors.ts'
import { logger } from '../kernel/logger.ts'
import type { CallLog } from './call-log.ts'
import { postToApp } from './http-delivery.ts'
import type { Attempt, Outgoing } from './outgoing.ts'
import type { WorkspaceSettings } from './settings.ts'
import type { PendingEvent, Store } from './store.ts'

/**
 * Seconds before each redelivery. Slack itself tries again at once, after a minute and after five; here the steps are
 * shorter and go on for about ten minutes, so that a killed app meets its events soon after its restart.
 */
const retrySeconds = [1, 5, 15, ...Array.from({ length: 20 }, () => 30)]

/** Slack delivers to an app in parallel; so the app meets many people at once here, too. */
const atOnce = 50

const eventBody = z.record(z.string(), z.unknown())

/** What the way to the app needs of the sandbox. */
interface Place {
  readonly store: Store
  readonly log: CallLog
  readonly settings: WorkspaceSettings | undefined
  readonly sockets: { readonly connections: number; send(outgoing: Outgoing): Promise<Attempt> }
}

/** The way to the app: signed HTTP, or Socket Mode. Events are kept until the app has taken them. */
export class AppLink {
  readonly #place: Place
  readonly #running = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(place: Place) {
    this.#place = place
  }

  /** Keeps an event and delivers it, again and again until the app acknowledges or the schedule ends. */
  queueEvent(id: string, body: object): void {
    const { store } = this.#place
    store.putEvent({ id, body: JSON.stringify(body), attempt: 0, nextAt: Date.now(), reason: '' })
    this.wake()
  }

  /** Looks for due events; called at start, after settings change, when a socket opens, and by itself. */
  wake(): void {
    const { settings, sockets, store } = this.#place
    if (this.#closed || settings === undefined) return
    clearTimeout(this.#timer)
    // Events wait, without growing older, until the app has opened a connection.
    if (settings.mode === 'socket' && sockets.connections === 0) return
    const waiting = store.events(atOnce * 2).filter((event) => !this.#running.has(event.id))
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
   * Sends interactivity, a command or an option look-up, once, and returns what came with the acknowledgement.
   * @throws AppError `app_did_not_respond` after 3 s, when nobody could be reached, or on an answer other than 2xx.
   */
  async ask(
    name: string,
    payload: Record<string, unknown>,
    how: { type: 'interactive' | 'slash_commands'; takesAnswer: boolean },
  ): Promise<string> {
    const attempt = await this.#send({ name, payload, ...how, attempt: 0, reason: '' })
    if (attempt.outcome === 'ok') return attempt.body
    throw transientError(
      'app_did_not_respond',
      attempt.outcome === 'late' || attempt.reason === 'connection_closed'
        ? 'This didn’t work: the app did not respond in 3 seconds. Please try again.'
        : 'This didn’t work: the app could not be reached. Please try again in a moment.',
      { details: { reason: attempt.reason, note: attempt.note } },
    )
  }

  async #deliver(event: PendingEvent): Promise<void> {
    this.#running.add(event.id)
    const { attempt: tried, reason } = event
    const payload = eventBody.parse(JSON.parse(event.body))
    const name = eventName(payload)
    const outgoing = {
      type: 'events_api' as const,
      name,
      payload,
      takesAnswer: false,
      attempt: tried,
      reason,
    }
    const attempt = await this.#send(outgoing)
    this.#running.delete(event.id)
    if (this.#closed) return
    this.#afterwards(event, attempt)
    this.wake()
  }

  #afterwards(event: PendingEvent, attempt: Attempt): void {
    const { store } = this.#place
    if (attempt.outcome === 'nobody') return
    const delay = attempt.reason === 'connection_closed' ? 0 : retrySeconds[event.attempt]
    if (attempt.outcome === 'ok' || attempt.noRetry || delay === undefined) {
      store.deleteEvent(event.id)
      if (attempt.outcome !== 'ok')
        logger.warn({ event: event.id, reason: attempt.reason }, 'gave up delivering an event')
      return
    }
    const nextAt = Date.now() + delay * 1000
    store.putEvent({ ...event, attempt: event.attempt + 1, nextAt, reason: attempt.reason })
  }

  async #send(outgoing: Outgoing): Promise<Attempt> {
    const { settings, sockets, log } = this.#place
    const at = Date.now()
    const started = performance.now()
    const attempt =
      settings === undefined
        ? { outcome: 'nobody' as const, note: 'not configured', body: '', reason: '', noRetry: false }
        : await (settings.mode === 'socket' ? sockets.send(outgoing) : postToApp(settings, outgoing))
    if (attempt.outcome === 'nobody' && outgoing.type === 'events_api') return attempt
    log.add({
      at,
      way: 'out',
      name: outgoing.attempt === 0 ? outgoing.name : `${outgoing.name} (retry ${outgoing.attempt})`,
      ms: Math.round(performance.now() - started),
      ok: attempt.outcome === 'ok',
      note: attempt.note,
      request: outgoing.payload,
      answer: attempt.body,
    })
    return attempt
  }
}

function eventName(body: Record<string, unknown>): string {
  const { event } = z
    .looseObject({ event: z.looseObject({ type: z.string(), subtype: z.string().optional() }) })
    .parse(body)
  return `event ${[event.type, event.subtype].filter(Boolean).join('.')}`
}
