import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { z } from 'zod'
import { logger } from '../kernel/logger.ts'
import type { Faults } from './faults.ts'
import { isLocal } from './http.ts'
import { secret } from './ids.ts'
import { type Attempt, acknowledgeMs, type Outgoing } from './outgoing.ts'
import type { WorkspaceSettings } from './settings.ts'

/** An app may hold this many connections (https://docs.slack.dev/apis/events-api/using-socket-mode). */
const mostConnections = 10
const ticketMs = 30_000
const pingMs = 10_000
/** Slack renews a connection after some hours, and says so this long before. */
const connectionSeconds = 18_060
const warningSeconds = 10

const ackSchema = z.looseObject({ envelope_id: z.string(), payload: z.unknown().optional() })

/** What the connections need of the sandbox. */
interface Place {
  readonly appId: string
  readonly url: string
  readonly settings: WorkspaceSettings | undefined
  readonly faults: Faults
  readonly link: { wake(): void }
  changed(change: { kind: 'log' }): void
}

/** An envelope that was sent and not acknowledged yet. */
interface Waiting {
  socket: WebSocket
  takesAnswer: boolean
  cutAfterwards: boolean
  settle: (attempt: Attempt) => void
}

/**
 * The way to the app by Socket Mode: the app asks for an address with its app token, opens a WebSocket there, and
 * acknowledges each envelope on the connection that brought it. Of several connections each envelope goes to one.
 */
export class SocketGate {
  readonly #place: Place
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: 4 * 1024 * 1024 })
  readonly #tickets = new Map<string, number>()
  readonly #waiting = new Map<string, Waiting>()
  /** Open connections; the next envelope goes to the first, which then goes to the end. */
  #open: WebSocket[] = []

  constructor(place: Place) {
    this.#place = place
  }

  get connections(): number {
    return this.#open.length
  }

  /** The address for one new connection (`apps.connections.open`); its ticket works once. */
  address(): string {
    const now = Date.now()
    for (const [ticket, expires] of this.#tickets) if (expires < now) this.#tickets.delete(ticket)
    const ticket = secret()
    this.#tickets.set(ticket, now + ticketMs)
    const query = new URLSearchParams({ ticket, app_id: this.#place.appId })
    return `${this.#place.url.replace(/^http/, 'ws')}/link/?${query}`
  }

  /** Takes an HTTP upgrade on the sandbox's own server. */
  upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void {
    connection.on('error', (error) => logger.debug({ err: error }, 'upgrade'))
    const url = new URL(request.url ?? '/', 'http://localhost')
    const ticket = url.searchParams.get('ticket') ?? ''
    const expires = this.#tickets.get(ticket) ?? 0
    if (!isLocal(request) || url.pathname !== '/link/' || expires < Date.now())
      return void connection.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n')
    this.#tickets.delete(ticket)
    this.#server.handleUpgrade(request, connection, head, (socket) => this.#welcome(socket))
  }

  #welcome(socket: WebSocket): undefined {
    if (this.#place.settings?.mode !== 'socket') return this.#dismiss(socket, 'link_disabled')
    if (this.#open.length >= mostConnections) return this.#dismiss(socket, 'too_many_websockets')
    this.#open.push(socket)
    socket.on('message', (data) => this.#heard(socket, String(data)))
    socket.on('error', (error) => logger.debug({ err: error }, 'Socket Mode connection'))
    const stopWatching = this.#watch(socket)
    socket.on('close', () => {
      stopWatching()
      this.#gone(socket)
    })
    send(socket, {
      type: 'hello',
      num_connections: this.#open.length,
      connection_info: { app_id: this.#place.appId },
      debug_info: { host: 'sandbox', build_number: 1, approximate_connection_time: connectionSeconds },
    })
    this.#place.changed({ kind: 'log' })
    this.#place.link.wake()
  }

  /** Pings, gives up on a connection that does not answer, and renews an old one. */
  #watch(socket: WebSocket): () => void {
    let alive = true
    socket.on('pong', () => {
      alive = true
    })
    const ping = setInterval(() => {
      if (!alive) return socket.terminate()
      alive = false
      socket.ping('Ping from the sandbox')
    }, pingMs)
    const later = (seconds: number, reason: string) =>
      setTimeout(() => send(socket, disconnect(reason)), seconds * 1000)
    const timers = [
      later(connectionSeconds - warningSeconds, 'warning'),
      later(connectionSeconds, 'refresh_requested'),
    ]
    return () => {
      clearInterval(ping)
      for (const timer of timers) clearTimeout(timer)
    }
  }

  #dismiss(socket: WebSocket, reason: string): undefined {
    send(socket, disconnect(reason))
    socket.close()
  }

  /** Sends one envelope to one connection and waits for its acknowledgement. */
  send(outgoing: Outgoing): Promise<Attempt> {
    const socket = this.#next()
    if (socket === undefined) return Promise.resolve(failed('nobody', 'no_connection'))
    const id = randomUUID()
    const cut = this.#place.faults.forEnvelope(outgoing.type)
    const answer = new Promise<Attempt>((resolve) => {
      const timer = setTimeout(() => settle(failed('late', 'timeout')), acknowledgeMs)
      const settle = (attempt: Attempt) => {
        clearTimeout(timer)
        this.#waiting.delete(id)
        resolve(attempt)
      }
      const { takesAnswer } = outgoing
      this.#waiting.set(id, { socket, takesAnswer, cutAfterwards: cut === 'after_ack', settle })
    })
    send(socket, envelope(id, outgoing), () => {
      if (cut === 'before_ack') socket.terminate()
    })
    return answer
  }

  #next(): WebSocket | undefined {
    const socket = this.#open.shift()
    if (socket !== undefined) this.#open.push(socket)
    return socket
  }

  #heard(socket: WebSocket, text: string): void {
    const ack = ackSchema.safeParse(parsed(text))
    const waiting = ack.success ? this.#waiting.get(ack.data.envelope_id) : undefined
    // Only the connection that brought an envelope can acknowledge it.
    if (waiting?.socket !== socket) return
    const body = waiting.takesAnswer ? answerIn(ack.data?.payload) : ''
    waiting.settle({ outcome: 'ok', note: 'acknowledged', body, reason: '', noRetry: false })
    if (waiting.cutAfterwards) socket.terminate()
  }

  /** A connection ended: what it had not acknowledged goes to another one. */
  #gone(socket: WebSocket): void {
    this.#open = this.#open.filter((other) => other !== socket)
    for (const waiting of [...this.#waiting.values()])
      if (waiting.socket === socket) waiting.settle(failed('failed', 'connection_closed'))
    this.#place.changed({ kind: 'log' })
  }

  /** Cuts every connection without a word. */
  cut(): void {
    for (const socket of this.#open) socket.terminate()
  }

  /** Asks every connection to leave; the app opens new ones. */
  renew(reason: 'warning' | 'refresh_requested' | 'link_disabled'): void {
    for (const socket of this.#open) send(socket, disconnect(reason))
  }

  close(): void {
    this.cut()
    this.#server.close()
  }
}

function failed(outcome: Attempt['outcome'], reason: string): Attempt {
  return { outcome, note: reason, body: '', reason, noRetry: false }
}

function disconnect(reason: string): object {
  return { type: 'disconnect', reason, debug_info: { host: 'sandbox' } }
}

function envelope(id: string, outgoing: Outgoing): object {
  return {
    envelope_id: id,
    payload: outgoing.payload,
    type: outgoing.type,
    accepts_response_payload: outgoing.takesAnswer,
    ...(outgoing.type === 'events_api'
      ? { retry_attempt: outgoing.attempt, retry_reason: outgoing.reason }
      : {}),
  }
}

/** The answer in an acknowledgement; the SDKs send an empty object where there is none. */
function answerIn(payload: unknown): string {
  const isEmpty = typeof payload === 'object' && payload !== null && Object.keys(payload).length === 0
  return payload === undefined || isEmpty ? '' : JSON.stringify(payload)
}

function send(socket: WebSocket, message: object, then: () => void = () => undefined): void {
  socket.send(JSON.stringify(message), then)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
