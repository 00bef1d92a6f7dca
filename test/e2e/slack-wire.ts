import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { WorkspaceInput } from '../../src/sandbox/client.ts'
import type { RunningProgram } from '../support/running-program.ts'

/** Changes what the sandbox's workspace is; the rest stays as the program set it. */
export async function changeWorkspace(
  program: RunningProgram,
  changes: Partial<WorkspaceInput> = {},
): Promise<{ teamId: string; botUserId: string }> {
  const { slackBotToken, slackSigningSecret, slackAppToken } = await program.secrets()
  const people = await program.people.people()
  return program.people.setWorkspace({
    team: { name: 'Outlay sandbox' },
    eventsUrl: `${program.url}/slack/events`,
    botToken: slackBotToken,
    signingSecret: slackSigningSecret,
    appToken: slackAppToken,
    mode: process.env.SANDBOX_SLACK_MODE === 'socket' ? 'socket' : 'http',
    people: people.map(({ name, email, title }) => ({ name, email, title })),
    ...changes,
  })
}

export interface WireHooks {
  /** Changes what Slack sends before the program gets it. */
  rewrite?: (body: string) => string
  /** Called when the program has answered, before Slack hears of it. */
  answered?: (body: string, status: number) => Promise<void>
  /** How often the program gets each request at once; Slack hears the first answer. */
  copies?: number
}

/** A wire-tap between the sandbox and the program, for what only shows between the two: repeats, kills, forgeries. */
export class SlackWire {
  hooks: WireHooks = {}
  readonly #program: RunningProgram
  readonly #server = createServer((request, response) => {
    this.#pass(request, response).catch(() => response.destroy())
  })

  private constructor(program: RunningProgram) {
    this.#program = program
  }

  /** Taps the wire. The program takes it back to itself at its next start. */
  static async tap(program: RunningProgram, hooks: WireHooks): Promise<SlackWire> {
    const wire = new SlackWire(program)
    wire.hooks = hooks
    wire.#server.listen(0, '127.0.0.1')
    await once(wire.#server, 'listening')
    const address = wire.#server.address()
    if (address === null || typeof address === 'string') throw new TypeError('not a TCP address')
    await changeWorkspace(program, { eventsUrl: `http://127.0.0.1:${address.port}/slack/events` })
    return wire
  }

  async cut(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  /** Gives the wire back to the program. */
  async untap(): Promise<void> {
    await changeWorkspace(this.#program)
    await this.cut()
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const original = await text(request)
    const body = this.hooks.rewrite?.(original) ?? original
    const secret = (await this.#program.secrets()).slackSigningSecret
    const at = String(request.headers['x-slack-request-timestamp'])
    const headers = {
      'content-type': String(request.headers['content-type']),
      'x-slack-request-timestamp': at,
      'x-slack-signature': `v0=${createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex')}`,
    }
    const send = () => fetch(`${this.#program.url}/slack/events`, { method: 'POST', headers, body })
    const [answer] = await Promise.all(Array.from({ length: this.hooks.copies ?? 1 }, send))
    if (!answer) return
    const answered = await answer.text()
    await this.hooks.answered?.(body, answer.status)
    const type = answer.headers.get('content-type')
    response.writeHead(answer.status, type === null ? {} : { 'content-type': type }).end(answered)
  }
}

/** Whether a request of Slack is the event of a message that a person wrote. */
export const isPersonsMessage = (body: string) =>
  body.includes('"type":"event_callback"') && body.includes('"client_msg_id"') && !body.includes('"bot_id"')
/** Whether a request of Slack is a pressed button. */
export const isAction = (body: string, actionId: string) =>
  body.startsWith('payload=') && decodeURIComponent(body).includes(`"action_id":"${actionId}"`)
