import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface ApiCall {
  method: string
  token: string
  form: Record<string, string>
}

/** What a method answers; a number of seconds for “slow down” (429). */
export type ApiAnswer = Record<string, unknown> | number

/** Slack's Web API over real HTTP, with the answers that a test gives it. */
export class WebApiStandIn {
  readonly calls: ApiCall[] = []
  /** By method; what is not here answers `{ok: true}`. */
  answers: Record<string, (call: ApiCall) => ApiAnswer> = {}
  readonly #server: Server

  private constructor() {
    this.#server = createServer(async (request, response) => {
      const form = Object.fromEntries(new URLSearchParams(await text(request)))
      const method = request.url?.split('/').at(-1) ?? ''
      const token = request.headers.authorization?.replace('Bearer ', '') ?? ''
      const call = { method, token, form }
      this.calls.push(call)
      const answer = this.answers[method]?.(call) ?? { ok: true }
      if (typeof answer === 'number') response.writeHead(429, { 'retry-after': String(answer) }).end()
      else response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
    })
  }

  static async start(): Promise<WebApiStandIn> {
    const standIn = new WebApiStandIn()
    await once(standIn.#server.listen(0, '127.0.0.1'), 'listening')
    return standIn
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  get apiUrl(): string {
    return `${this.origin}/api/`
  }

  callsOf(method: string): ApiCall[] {
    return this.calls.filter((call) => call.method === method)
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
