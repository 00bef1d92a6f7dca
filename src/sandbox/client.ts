import { z } from 'zod'
import { permanentError, userError } from '../kernel/errors.ts'
import {
  type FileToSend,
  type InputValue,
  mailSchema,
  modalSchema,
  personSchema,
  type SandboxMail,
  type SandboxPerson,
  type SandboxState,
  type ShownMessage,
  type ShownView,
  type SubmitOutcome,
  shownMessageSchema,
  stateSchema,
  type Target,
  type Where,
} from './client-shapes.ts'
import { type FaultInput, optionSchema, type WorkspaceInput } from './shapes.ts'

export type * from './client-shapes.ts'
export type { FaultInput, WorkspaceInput } from './shapes.ts'
export { shownButtons, shownText } from './shown.ts'

/**
 * A person at the sandbox, for the demo and tests. It goes over HTTP only, through the very endpoints that the page
 * uses, and can do only what a person could: `click` refuses a button that is not shown now.
 */
export class SandboxClient {
  readonly #url: string
  readonly #adminKey: string

  /** `url` is the sandbox's (from `endpoint.json`); the admin key is needed for `faults`, `state`, `setWorkspace`. */
  constructor(url: string, adminKey = '') {
    this.#url = url.replace(/\/$/, '')
    this.#adminKey = adminKey
  }

  async people(): Promise<SandboxPerson[]> {
    const schema = z.object({ people: z.array(personSchema) })
    return (await this.#get('/sandbox/api/workspace', {}, schema)).people
  }

  /** Writes as a person. Returns the message's time stamp and the ids of its files. */
  async postMessage(message: {
    as: string
    channel: Where
    text?: string
    files?: FileToSend[]
    threadTs?: string
  }): Promise<{ ts: string; channel: string; fileIds: string[] }> {
    const fileIds = await this.#upload(message.as, message.files ?? [])
    const body = { ...message, files: undefined, fileIds }
    const schema = z.object({ ts: z.string(), channel: z.string() })
    return { ...(await this.#post('/sandbox/api/messages', body, schema)), fileIds }
  }

  async editMessage(edit: { as: string; channel: Where; ts: string; text: string }): Promise<void> {
    await this.#post('/sandbox/api/messages/edit', edit, z.unknown())
  }

  async deleteMessage(which: { as: string; channel: Where; ts: string }): Promise<void> {
    await this.#post('/sandbox/api/messages/delete', which, z.unknown())
  }

  /** The newest messages (at most 200) that this person sees, oldest first, without thread replies. */
  async messages(where: { as: string; channel: Where }): Promise<ShownMessage[]> {
    return this.#messages(where)
  }

  /** A thread: its first message, then the replies, oldest first. */
  async replies(where: { as: string; channel: Where; ts: string }): Promise<ShownMessage[]> {
    return this.#messages({ as: where.as, channel: where.channel, thread: where.ts })
  }

  /**
   * Presses a button (its confirm dialog counts as confirmed) or chooses an option, as a person would.
   * @throws AppError `no_such_button` when it is not shown at this moment; `app_did_not_respond` when the app did
   * not acknowledge in 3 s.
   */
  async click(target: Target): Promise<void> {
    await this.#post('/sandbox/api/actions', target, z.unknown())
  }

  /** Types a query into an external select and returns what the app offers. */
  async suggest(target: Target & { query: string }): Promise<{ text: string; value: string }[]> {
    const schema = z.object({ options: z.array(optionSchema) })
    const { options } = await this.#post('/sandbox/api/suggestions', target, schema)
    return options.map((option) => ({ text: option.text.text, value: option.value ?? '' }))
  }

  /** The modal on this person's screen, or undefined. */
  async openView(as: string): Promise<ShownView | undefined> {
    const schema = z.object({ view: modalSchema.nullable() })
    return (await this.#get('/sandbox/api/views', { as }, schema)).view ?? undefined
  }

  /**
   * Fills in the modal on the screen and submits it. Keys are block ids or action ids; inputs not named keep what
   * they show. Errors are by block id, as the page shows them.
   */
  async submitView(submission: {
    as: string
    values?: Record<string, InputValue | null>
  }): Promise<SubmitOutcome> {
    const values: Record<string, string | string[] | null> = {}
    for (const [key, value] of Object.entries(submission.values ?? {})) {
      values[key] = isFiles(value) ? await this.#upload(submission.as, value) : value
    }
    const schema = z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('closed') }),
      z.object({ kind: z.literal('errors'), errors: z.record(z.string(), z.string()) }),
      z.object({ kind: z.literal('view'), view: modalSchema }),
    ])
    return this.#post('/sandbox/api/views/submit', { as: submission.as, values }, schema)
  }

  /** Closes the modal on the screen (`all`: the whole stack, by the ×). */
  async closeView(as: string, all = true): Promise<void> {
    await this.#post('/sandbox/api/views/close', { as, all }, z.unknown())
  }

  /** Runs a slash command, for example `/expense help`. */
  async command(command: { as: string; channel?: Where; text: string }): Promise<void> {
    await this.#post('/sandbox/api/commands', { channel: 'dm', ...command }, z.unknown())
  }

  /** Opens the bot's Home tab (the app gets `app_home_opened`) and returns what is published now, if anything. */
  async home(as: string): Promise<ShownView | undefined> {
    const schema = z.object({ view: modalSchema.nullable() })
    return (await this.#post('/sandbox/api/home', { as, tab: 'home' }, schema)).view ?? undefined
  }

  /** Chooses a shortcut: a message shortcut with `channel` and `ts`, else a global one. */
  async shortcut(use: { as: string; callbackId: string; channel?: Where; ts?: string }): Promise<void> {
    await this.#post('/sandbox/api/shortcuts', use, z.unknown())
  }

  /** Mails delivered to this address (any, when absent), oldest first, with attachments. */
  async mails(filter: { to?: string } = {}): Promise<SandboxMail[]> {
    const list = z.object({ mails: z.array(z.object({ id: z.string() })) })
    const query: Record<string, string> = filter.to === undefined ? {} : { to: filter.to }
    const { mails } = await this.#get('/sandbox/api/mails', query, list)
    const found: SandboxMail[] = []
    for (const { id } of mails.reverse()) found.push(await this.#mail(id))
    return found
  }

  /** Sends a mail from a person to the program's intake, by SMTP. */
  async writeMail(mail: {
    from: string
    to: string
    subject: string
    text?: string
    files?: FileToSend[]
    inReplyTo?: string
  }): Promise<{ messageId: string }> {
    const files = mail.files?.map((file) => ({
      name: file.name,
      mediaType: file.mediaType,
      base64: Buffer.from(file.bytes).toString('base64'),
    }))
    return this.#post('/sandbox/api/mails', { ...mail, files }, z.object({ messageId: z.string() }))
  }

  /** Makes the next calls of a Web API method (`*`: any), or the next SMTP deliveries, go wrong. */
  async faults(...faults: FaultInput[]): Promise<void> {
    await this.#request('/admin/faults', { method: 'PUT', body: { faults } }, z.unknown())
  }

  /** With `true`, chat.postMessage answers 429 to more than one post a second and channel, as Slack does. */
  async enforceRate(on: boolean): Promise<void> {
    await this.#request('/admin/faults', { method: 'PUT', body: { enforceRate: on } }, z.unknown())
  }

  async clearFaults(): Promise<void> {
    await this.#request('/admin/faults', { method: 'DELETE' }, z.unknown())
  }

  async setWorkspace(
    settings: WorkspaceInput,
  ): Promise<{ teamId: string; botUserId: string; appId: string }> {
    const schema = z.object({ teamId: z.string(), botUserId: z.string(), appId: z.string() })
    return this.#request('/admin/workspace', { method: 'PUT', body: settings }, schema)
  }

  /** The health of the sandbox: what waits for delivery, faults still set. */
  async state(): Promise<SandboxState> {
    return this.#request('/admin/state', { method: 'GET' }, stateSchema)
  }

  /**
   * Asks `check` until it returns something other than undefined, null or false, and returns that.
   * @throws AppError `waited_in_vain` that says `what` did not happen, and the last error of `check`.
   */
  async waitFor<T>(
    check: () => Promise<T | undefined | null | false> | T | undefined | null | false,
    options: { what: string; timeoutMs?: number; everyMs?: number },
  ): Promise<T> {
    const timeoutMs = options.timeoutMs ?? 15_000
    const end = performance.now() + timeoutMs
    let lastError: unknown
    do {
      try {
        const result = await check()
        if (result !== undefined && result !== null && result !== false) return result
        lastError = undefined
      } catch (error) {
        lastError = error
      }
      await new Promise((resolve) => setTimeout(resolve, options.everyMs ?? 50))
    } while (performance.now() < end)
    const why = lastError instanceof Error ? ` Last error: ${lastError.message}` : ''
    throw permanentError('waited_in_vain', `Waited ${timeoutMs} ms in vain for ${options.what}.${why}`, {
      cause: lastError,
    })
  }

  async #messages(query: { as: string; channel: string; thread?: string }): Promise<ShownMessage[]> {
    const schema = z.object({ messages: z.array(shownMessageSchema) })
    return (await this.#get('/sandbox/api/messages', { ...query }, schema)).messages
  }

  async #mail(id: string): Promise<SandboxMail> {
    const mail = await this.#get(`/sandbox/api/mails/${id}`, {}, mailSchema)
    const attachments: SandboxMail['attachments'] = []
    for (const { name, mediaType, url } of mail.attachments) {
      const response = await fetch(this.#url + url)
      attachments.push({ name, mediaType, bytes: Buffer.from(await response.arrayBuffer()) })
    }
    return { ...mail, attachments }
  }

  async #upload(as: string, files: FileToSend[]): Promise<string[]> {
    const ids: string[] = []
    for (const file of files) {
      const query = new URLSearchParams({ as, name: file.name, type: file.mediaType ?? '' })
      const response = await fetch(`${this.#url}/sandbox/api/files?${query}`, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream' },
        body: new Uint8Array(file.bytes),
      })
      ids.push((await read(response, z.object({ id: z.string() }))).id)
    }
    return ids
  }

  #get<T>(path: string, query: Record<string, string>, schema: z.ZodType<T>): Promise<T> {
    return this.#request(`${path}?${new URLSearchParams(query)}`, { method: 'GET' }, schema)
  }

  #post<T>(path: string, body: unknown, schema: z.ZodType<T>): Promise<T> {
    return this.#request(path, { method: 'POST', body }, schema)
  }

  async #request<T>(
    path: string,
    init: { method: string; body?: unknown },
    schema: z.ZodType<T>,
  ): Promise<T> {
    const response = await fetch(this.#url + path, {
      method: init.method,
      headers: { 'content-type': 'application/json', 'x-sandbox-key': this.#adminKey },
      body: init.body === undefined ? null : JSON.stringify(init.body),
    })
    return read(response, schema)
  }
}

function isFiles(value: InputValue | null): value is FileToSend[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'object')
}

async function read<T>(response: Response, schema: z.ZodType<T>): Promise<T> {
  const body: unknown = await response.json()
  if (response.ok) return schema.parse(body)
  const error = z.object({ error: z.string(), message: z.string() }).safeParse(body)
  throw userError(
    error.data?.error ?? 'sandbox_failed',
    error.data?.message ?? `The sandbox answered ${response.status}.`,
  )
}
