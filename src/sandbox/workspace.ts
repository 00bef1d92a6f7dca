import { z } from 'zod'
import { type AppError, userError } from '../kernel/errors.ts'
import type { AppLink } from './delivery.ts'
import type { Faults } from './faults.ts'
import { slackId } from './ids.ts'
import type { WorkspaceSettings } from './settings.ts'
import { type Channel, channelSchema, fileSchema, type User, userSchema, viewSchema } from './shapes.ts'
import type { Inputs } from './state.ts'
import { Collection, type Store } from './store.ts'

const identitySchema = z.object({
  teamId: z.string(),
  appId: z.string(),
  botId: z.string(),
  botUserId: z.string(),
})

const replyAddressSchema = z.object({
  channel: z.string(),
  user: z.string(),
  ts: z.string().optional(),
  ephemeral: z.boolean(),
  usesLeft: z.number(),
  expires: z.number(),
})
/** What a `response_url` leads to. */
export type ReplyAddress = z.infer<typeof replyAddressSchema>

const installationSchema = z.object({
  botToken: z.string(),
  /** The bot scopes that were granted; null: nobody named any, and none are checked. */
  scopes: z.array(z.string()).nullable(),
  /** Who installed the app, by user id; null where the program's settings brought the token. */
  installer: z.string().nullable(),
  /** Why the token is refused now; null while it is good. */
  ended: z.enum(['token_revoked', 'account_inactive']).nullable(),
})
/** That the app is installed in a workspace. */
export type Installation = z.infer<typeof installationSchema>

/** Something that open pages should read again. */
export interface Change {
  kind: 'messages' | 'views' | 'home' | 'mails' | 'workspace' | 'log'
  team?: string
  channel?: string
  user?: string
}

/** What all workspaces share. */
interface Shared {
  readonly dir: string
  readonly url: string
  readonly store: Store
  readonly link: AppLink
  readonly faults: Faults
  /** Open upload URLs: the secret in the URL → the file. */
  readonly uploads: Map<string, { workspace: Workspace; id: string }>
  changed(change: Change): void
  /** Whether the app asked for such events. */
  subscribes(event: { type: string; channel_type?: unknown }): boolean
}

/**
 * One workspace: its people, conversations, files and views, and what the app is in it. The other files are
 * functions over this. What workspaces share stands in `Sandbox`.
 */
export class Workspace {
  readonly sandbox: Shared
  readonly users: Collection<User>
  readonly channels: Collection<Channel>
  readonly files: Collection<z.infer<typeof fileSchema>>
  readonly views: Collection<z.infer<typeof viewSchema>>
  readonly replyAddresses: Collection<ReplyAddress>
  readonly identity: z.infer<typeof identitySchema>
  /** Trigger ids live 3 s and work once; they need not outlive the process. */
  readonly triggers = new Map<string, { user: string; expires: number; used: boolean; viewId?: string }>()
  /** What people have entered where, by view id, or person and message. */
  readonly inputs = new Map<string, Inputs>()
  /** Whether a switched-on fault ended the token, and its end may give it back. */
  endedByFault = false
  readonly #settings: () => WorkspaceSettings | undefined
  readonly #installations: Collection<Installation>

  /** `prefix` keeps what is stored apart from other workspaces; the first has none. */
  constructor(sandbox: Shared, prefix: string, settings: () => WorkspaceSettings | undefined, appId: string) {
    const { store } = sandbox
    this.sandbox = sandbox
    this.users = new Collection(store, `${prefix}user`, userSchema)
    this.channels = new Collection(store, `${prefix}channel`, channelSchema)
    this.files = new Collection(store, `${prefix}file`, fileSchema)
    this.views = new Collection(store, `${prefix}view`, viewSchema)
    this.replyAddresses = new Collection(store, `${prefix}reply`, replyAddressSchema)
    this.#installations = new Collection(store, `${prefix}installation`, installationSchema)
    this.#settings = settings
    const identities = new Collection(store, `${prefix}identity`, identitySchema.partial().loose())
    const known = identitySchema.safeParse(identities.get('self'))
    this.identity = known.data ?? {
      teamId: slackId('T'),
      appId,
      botId: slackId('B'),
      botUserId: slackId('U'),
    }
    identities.put('self', this.identity)
  }

  /** What the program said of this workspace and of the app. */
  get settings(): WorkspaceSettings | undefined {
    return this.#settings()
  }

  get teamId(): string {
    return this.settings?.team.id ?? this.identity.teamId
  }

  get store(): Store {
    return this.sandbox.store
  }

  get dir(): string {
    return this.sandbox.dir
  }

  get url(): string {
    return this.sandbox.url
  }

  get installation(): Installation | undefined {
    return this.#installations.get('self')
  }

  saveInstallation(installation: Installation): void {
    this.#installations.put('self', installation)
  }

  /** Whether the app is installed here and its token is good. */
  get hasApp(): boolean {
    return this.installation?.ended === null
  }

  /** Tells open pages that something changed. */
  changed(change: Change): void {
    this.sandbox.changed({ ...change, team: this.teamId })
  }

  /** Sends an event to the app, as Slack's Events API wraps it; redelivered until it is acknowledged. */
  event(event: Record<string, unknown> & { type: string }): void {
    if (!this.hasApp || !this.sandbox.subscribes(event)) return
    this.lastEvent(event)
  }

  /** An event that is told even when the app is not installed any more. */
  lastEvent(event: Record<string, unknown> & { type: string }): void {
    const id = slackId('Ev')
    this.sandbox.link.queueEvent(id, {
      token: 'sandbox',
      team_id: this.teamId,
      context_team_id: this.teamId,
      context_enterprise_id: null,
      api_app_id: this.identity.appId,
      event,
      type: 'event_callback',
      event_id: id,
      event_time: Math.floor(Date.now() / 1000),
      authorizations: [
        {
          enterprise_id: null,
          team_id: this.teamId,
          user_id: this.identity.botUserId,
          is_bot: true,
          is_enterprise_install: false,
        },
      ],
      is_ext_shared_channel: false,
    })
  }

  /** A person of this workspace by e-mail or id. */
  findPerson(emailOrId: string): User | undefined {
    const wanted = emailOrId.toLowerCase()
    return (
      this.users.get(emailOrId) ??
      this.users.all().find((candidate) => candidate.email.toLowerCase() === wanted)
    )
  }

  /** A person by e-mail or id. @throws AppError `no_such_person` */
  person(emailOrId: string): User {
    const user = this.findPerson(emailOrId)
    if (user === undefined) throw userError('no_such_person', `Nobody here is ${emailOrId}.`)
    return user
  }

  /** The direct message between two people, or a person and the bot, made on first use. */
  directMessage(userId: string, otherId: string = this.identity.botUserId): Channel {
    const found = this.channels
      .all()
      .find((c) => c.kind === 'im' && c.members.includes(userId) && c.members.includes(otherId))
    if (found !== undefined) return found
    const id = slackId('D')
    return this.channels.put(id, {
      id,
      name: '',
      kind: 'im',
      members: [userId, otherId],
      created: Math.floor(Date.now() / 1000),
      topic: '',
      lastRead: {},
    })
  }

  /**
   * A conversation that this person is in: `dm` (with the app), `#name`, `@` and a colleague's e-mail, or an id.
   * @throws AppError `no_such_channel`
   */
  conversationOf(user: User, where: string): Channel {
    if (where === 'dm') return this.#appMessages(user)
    if (where.startsWith('@')) return this.directMessage(user.id, this.person(where.slice(1)).id)
    const channel =
      this.channels.get(where) ??
      this.channels.all().find((c) => c.kind === 'channel' && `#${c.name}` === where)
    if (channel === undefined || !channel.members.includes(user.id)) throw notIn(user, where)
    return channel
  }

  #appMessages(user: User): Channel {
    if (this.installation === undefined)
      throw userError('app_not_installed', 'The app is not installed in this workspace.')
    return this.directMessage(user.id)
  }

  /** A new trigger id for what this person just did. */
  trigger(user: string, viewId?: string): string {
    const now = Date.now()
    for (const [id, trigger] of this.triggers) if (trigger.expires < now - 60_000) this.triggers.delete(id)
    const id = `${now}.${slackId('').toLowerCase()}.${slackId('').toLowerCase()}`
    this.triggers.set(id, { user, expires: now + 3_000, used: false, ...(viewId ? { viewId } : {}) })
    return id
  }
}

function notIn(user: User, where: string): AppError {
  return userError('no_such_channel', `${user.name} is in no conversation ${where}.`)
}
