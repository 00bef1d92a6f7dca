import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { type WebSocket, WebSocketServer } from 'ws'

/** Slack's side of Socket Mode, over a real WebSocket, with the failures that Slack has. */
export class SocketStandIn {
  readonly acks: { envelope_id: string; payload: unknown }[] = []
  readonly sockets: WebSocket[] = []
  /** What `apps.connections.open` says instead of an address. */
  refusal: string | null = null
  /** How often it was asked for an address. */
  opened = 0
  readonly #http: Server
  readonly #sockets: WebSocketServer
  #waiting: (() => void)[] = []

  private constructor() {
    this.#http = createServer(async (request, response) => {
      await text(request)
      this.opened += 1
      const answer = this.refusal
        ? { ok: false, error: this.refusal }
        : { ok: true, url: `ws://127.0.0.1:${this.port}/link` }
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
      this.#changed()
    })
    this.#sockets = new WebSocketServer({ server: this.#http })
    this.#sockets.on('connection', (socket) => {
      this.sockets.push(socket)
      socket.on('message', (data) => {
        this.acks.push(JSON.parse(data.toString()))
        this.#changed()
      })
      socket.send(JSON.stringify({ type: 'hello', num_connections: 1 }))
      this.#changed()
    })
  }

  static async start(): Promise<SocketStandIn> {
    const standIn = new SocketStandIn()
    await once(standIn.#http.listen(0, '127.0.0.1'), 'listening')
    return standIn
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port
  }

  get apiUrl(): string {
    return `http://127.0.0.1:${this.port}/api/`
  }

  /** Sends an envelope on the newest socket; text as it is. */
  send(envelope: object | string): void {
    this.sockets.at(-1)?.send(typeof envelope === 'string' ? envelope : JSON.stringify(envelope))
  }

  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.terminate()
    this.#sockets.close()
    this.#http.closeAllConnections()
    await new Promise((resolve) => this.#http.close(resolve))
  }

  #changed(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }
}
