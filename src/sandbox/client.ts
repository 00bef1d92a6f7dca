import { z } from 'zod'
import { permanentError } from '../kernel/errors.ts'
import { SandboxHttp } from './client-http.ts'
import {
  type Call,
  callSchema,
  type FileToSend,
  type InputValue,
  mailSchema,
  modalSchema,
  personSchema,
  type SandboxMail,
  type SandboxPerson,
  type SandboxState,
  type ShownMessage,
  type ShownOption,
  type ShownView,
  type SubmitOutcome,
  shownMessageSchema,
  stateSchema,
  type Target,
  type Where,
} from './client-shapes.ts'
import type { FaultInput, OtherWorkspaceInput, WorkspaceInput } from './settings.ts'
import { optionSchema } from './shapes.ts'

export type * from './client-shapes.ts'
export type { FaultInput, OtherWorkspaceInput, WorkspaceInput } from './settings.ts'
export { shownButtons, shownText } from './shown.ts'

/**
 * A person at the sandbox, for the demo and tests. It goes over HTTP only, through the very endpoints that the page
 * uses, and can do only what a person could: `click` refuses a button that is not shown now.
 */
export class SandboxClient {
  readonly #http: SandboxHttp

  /**
   * `url` is the sandbox's (from `endpoint.json`); the admin key is needed for `faults`, `state`, `setWorkspace`.
   * `team` is needed only where people of several workspaces share an e-mail address.
   */
  constructor(url: string, adminKey = '', team?: string) {
    this.#http = new SandboxHttp(url, adminKey, team)
  }

  /** The same sandbox, seen from one of its workspaces. */
  in(teamId: string): SandboxClient {
    return new SandboxClient(this.#http.url, this.#http.adminKey, teamId)
  }

  async people(): Promise<SandboxPerson[]> {
    const schema = z.object({ people: z.array(personSchema) })
    return (await this.#http.get('/sandbox/api/workspace', {}, schema)).people
  }

  /** Writes as a person. Returns the message's time stamp and the ids of its files. */
  async postMessage(message: {
    as: string
    channel: Where
    text?: string
    files?: FileToSend[]
    threadTs?: string
  }): Promise<{ ts: string; channel: string; fileIds: string[] }> {
    const fileIds = await this.#http.upload(message.as, message.files ?? [])
    const body = { ...message, files: undefined, fileIds }
    const schema = z.object({ ts: z.string(), channel: z.string() })
    return { ...(await this.#http.post('/sandbox/api/messages', body, schema)), fileIds }
  }

  /** Writes to the app in a channel by mentioning it. */
  async mention(message: {
    as: string
    channel: Where
    text?: string
    files?: FileToSend[]
    threadTs?: string
  }): Promise<{ ts: string; channel: string; fileIds: string[] }> {
    const schema = z.object({ bot: z.object({ name: z.string() }) })
    const { bot } = await this.#http.get('/sandbox/api/workspace', { as: message.as }, schema)
    return this.postMessage({ ...message, text: `@${bot.name} ${message.text ?? ''}`.trim() })
  }

  async editMessage(edit: { as: string; channel: Where; ts: string; text: string }): Promise<void> {
    await this.#http.post('/sandbox/api/messages/edit', edit, z.unknown())
  }

  async deleteMessage(which: { as: string; channel: Where; ts: string }): Promise<void> {
    await this.#http.post('/sandbox/api/messages/delete', which, z.unknown())
  }

  /** Reacts to a message by an emoji's name, or takes the reaction back. */
  async react(reaction: { as: string; channel: Where; ts: string; name: string }): Promise<void> {
    await this.#http.post('/sandbox/api/reactions', reaction, z.unknown())
  }

  /** Sets the language of a person's Slack, for example `de-DE`; the app hears `user_change`. */
  async setLocale(as: string, locale: string): Promise<void> {
    await this.#http.post('/sandbox/api/locale', { as, locale }, z.unknown())
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
   * Presses a button (its confirm dialog counts as confirmed), chooses in a menu, or types into an input and presses
   * Enter, as a person would.
   * @throws AppError `no_such_button` when it is not shown at this moment; `app_did_not_respond` when the app did
   * not acknowledge in 3 s.
   */
  async click(target: Target): Promise<void> {
    await this.#http.post('/sandbox/api/actions', target, z.unknown())
  }

  /** Types a query into a select that searches and returns what the app offers. */
  async suggest(target: Target & { query: string }): Promise<ShownOption[]> {
    const groupSchema = z.object({ label: z.string(), options: z.array(optionSchema) })
    const schema = z.object({ options: z.array(optionSchema), groups: z.array(groupSchema) })
    const { options, groups } = await this.#http.post('/sandbox/api/suggestions', target, schema)
    return options.map((option) => {
      const group = groups.find((one) => one.options.some(({ value }) => value === option.value))
      const shown = { text: option.text.text, value: option.value ?? '' }
      return group === undefined ? shown : { ...shown, group: group.label }
    })
  }

  /** Puts files into a file input of the modal on the screen; nothing is submitted yet. Returns the files' ids. */
  async uploadIntoForm(upload: {
    as: string
    actionId: string
    blockId?: string
    files: FileToSend[]
  }): Promise<string[]> {
    const { files, ...input } = upload
    const value = await this.#http.upload(upload.as, files)
    await this.click({ ...input, on: 'modal', value })
    return value
  }

  /** The modal on this person's screen, or undefined. */
  async openView(as: string): Promise<ShownView | undefined> {
    const schema = z.object({ view: modalSchema.nullable() })
    return (await this.#http.get('/sandbox/api/views', { as }, schema)).view ?? undefined
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
      values[key] = isFiles(value) ? await this.#http.upload(submission.as, value) : value
    }
    const schema = z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('closed') }),
      z.object({ kind: z.literal('errors'), errors: z.record(z.string(), z.string()) }),
      z.object({ kind: z.literal('view'), view: modalSchema }),
    ])
    return this.#http.post('/sandbox/api/views/submit', { as: submission.as, values }, schema)
  }

  /** Closes the modal on the screen (`all`: the whole stack, by the ×). */
  async closeView(as: string, all = true): Promise<void> {
    await this.#http.post('/sandbox/api/views/close', { as, all }, z.unknown())
  }

  /** Runs a slash command, for example `/expense help`. */
  async command(command: { as: string; channel?: Where; text: string }): Promise<void> {
    await this.#http.post('/sandbox/api/commands', { channel: 'dm', ...command }, z.unknown())
  }

  /** Opens the bot's Home tab (the app gets `app_home_opened`) and returns what is published now, if anything. */
  async home(as: string): Promise<ShownView | undefined> {
    const schema = z.object({ view: modalSchema.nullable() })
    return (await this.#http.post('/sandbox/api/home', { as, tab: 'home' }, schema)).view ?? undefined
  }

  /** Chooses a shortcut: a message shortcut with `channel` and `ts`, else a global one. */
  async shortcut(use: { as: string; callbackId: string; channel?: Where; ts?: string }): Promise<void> {
    await this.#http.post('/sandbox/api/shortcuts', use, z.unknown())
  }

  /** Mails delivered to this address (any, when absent), oldest first, with attachments. */
  async mails(filter: { to?: string } = {}): Promise<SandboxMail[]> {
    const list = z.object({ mails: z.array(z.object({ id: z.string() })) })
    const query: Record<string, string> = filter.to === undefined ? {} : { to: filter.to }
    const { mails } = await this.#http.get('/sandbox/api/mails', query, list)
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
    return this.#http.post('/sandbox/api/mails', { ...mail, files }, z.object({ messageId: z.string() }))
  }

  /**
   * Makes the next calls of a Web API method (`*`: any), the next SMTP deliveries or envelopes go wrong, cuts sockets
   * or ends the token.
   */
  async faults(...faults: FaultInput[]): Promise<void> {
    await this.#http.request('/admin/faults', { method: 'PUT', body: { faults } }, z.unknown())
  }

  /** With `true`, calls answer 429 above Slack's rates: one post a second and channel, and each method's tier. */
  async enforceRate(on: boolean): Promise<void> {
    await this.#http.request('/admin/faults', { method: 'PUT', body: { enforceRate: on } }, z.unknown())
  }

  async clearFaults(): Promise<void> {
    await this.#http.request('/admin/faults', { method: 'DELETE' }, z.unknown())
  }

  async setWorkspace(
    settings: WorkspaceInput,
  ): Promise<{ teamId: string; botUserId: string; appId: string }> {
    const schema = z.object({ teamId: z.string(), botUserId: z.string(), appId: z.string() })
    return this.#http.request('/admin/workspace', { method: 'PUT', body: settings }, schema)
  }

  /** Adds one more workspace, known by its name; the app is not installed there unless a token is given. */
  async addWorkspace(settings: OtherWorkspaceInput): Promise<{ teamId: string; botUserId: string }> {
    const schema = z.object({ teamId: z.string(), botUserId: z.string() })
    return this.#http.request('/admin/others', { method: 'PUT', body: settings }, schema)
  }

  /**
   * Answers the page that asks whether the app may join (`url` is where the app led the browser). Returns where the
   * browser goes on: the app's own address, with a code or `error=access_denied`.
   */
  async answerInstall(answer: { as: string; team: string; url: string; allow: boolean }): Promise<string> {
    const query = Object.fromEntries(new URL(answer.url).searchParams)
    const path = `/sandbox/api/oauth/${answer.allow ? 'allow' : 'deny'}`
    const body = { ...query, as: answer.as, team: answer.team }
    return (await this.#http.post(path, body, z.object({ location: z.string() }))).location
  }

  /** What the app called and was told lately, newest first. */
  async calls(): Promise<Call[]> {
    return (await this.#http.get('/sandbox/api/log', {}, z.object({ lines: z.array(callSchema) }))).lines
  }

  /** The health of the sandbox: what waits for delivery, faults still set. */
  async state(): Promise<SandboxState> {
    return this.#http.request('/admin/state', { method: 'GET' }, stateSchema)
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
    return (await this.#http.get('/sandbox/api/messages', { ...query }, schema)).messages
  }

  async #mail(id: string): Promise<SandboxMail> {
    const mail = await this.#http.get(`/sandbox/api/mails/${id}`, {}, mailSchema)
    const attachments: SandboxMail['attachments'] = []
    for (const { name, mediaType, url } of mail.attachments) {
      const response = await fetch(this.#http.url + url)
      attachments.push({ name, mediaType, bytes: Buffer.from(await response.arrayBuffer()) })
    }
    return { ...mail, attachments }
  }
}

function isFiles(value: InputValue | null): value is FileToSend[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'object')
}
