import { once } from 'node:events'
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { Durations } from './durations.ts'

/** Stands between Slack's side and the program, and takes the time from each request to its answer. */
export class Tap {
  readonly byKind = new Map<string, Durations>()
  /** Answers other than 2xx, and requests that got none. */
  failures = 0
  isMeasuring = false
  readonly #target: URL
  readonly #server = createServer((request, response) => {
    this.#pass(request, response).catch(() => response.destroy())
  })

  constructor(target: string) {
    this.#target = new URL(target)
  }

  /** @returns the address that takes the place of the target */
  async open(): Promise<string> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new TypeError('not a TCP address')
    return `http://127.0.0.1:${address.port}${this.#target.pathname}`
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request)
    const start = performance.now()
    const { status, headers, answer } = await this.#ask(request, body).catch((error: unknown) => {
      this.#count(body, start, 0)
      throw error
    })
    this.#count(body, start, status)
    const type = headers['content-type']
    response.writeHead(status, type === undefined ? {} : { 'content-type': type }).end(answer)
  }

  async #ask(request: IncomingMessage, body: Buffer) {
    const sent = httpRequest(this.#target, {
      method: 'POST',
      headers: { ...request.headers, host: this.#target.host, 'content-length': body.byteLength },
    })
    sent.end(body)
    const [answered]: [IncomingMessage] = (await once(sent, 'response')) as [IncomingMessage]
    return { status: answered.statusCode ?? 0, headers: answered.headers, answer: await buffer(answered) }
  }

  #count(body: Buffer, start: number, status: number): void {
    if (!this.isMeasuring) return
    const kind = kindOf(body.toString('utf8'))
    const durations = this.byKind.get(kind) ?? new Durations()
    durations.add(performance.now() - start)
    this.byKind.set(kind, durations)
    if (status < 200 || status > 299) this.failures += 1
  }
}

function kindOf(body: string): string {
  if (body.startsWith('{')) return 'event'
  const form = new URLSearchParams(body)
  const payload = form.get('payload')
  if (payload === null) return 'command'
  return /"type":"(\w+)"/.exec(payload)?.[1] ?? 'interaction'
}
