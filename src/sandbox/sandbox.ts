import { EventEmitter } from 'node:events'
import { join } from 'node:path'
import { z } from 'zod'
import { userError } from '../kernel/errors.ts'
import { CallLog } from './call-log.ts'
import { AppLink } from './delivery.ts'
import { Faults } from './faults.ts'
import { slackId } from './ids.ts'
import {
  type Channel,
  channelSchema,
  fileSchema,
  type User,
  userSchema,
  viewSchema,
  type WorkspaceSettings,
  workspaceSchema,
} from './shapes.ts'
import type { Inputs } from './state.ts'
import { Collection, Store } from './store.ts'

const identitySchema = z.object({
  teamId: z.string(),
  appId: z.string(),
  botId: z.string(),
  botUserId: z.string(),
  adminKey: z.string(),
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

/** Something that open pages should read again. */
export interface Change {
  kind: 'messages' | 'views' | 'home' | 'mails' | 'workspace' | 'log'
  channel?: string
  user?: string
}

/** The state of one workspace and the parts that work on it. The other files are functions over this. */
export class Sandbox {
  readonly dir: string
  readonly store: Store
  readonly users: Collection<User>
  readonly channels: Collection<Channel>
  readonly files: Collection<z.infer<typeof fileSchema>>
  readonly views: Collection<z.infer<typeof viewSchema>>
  readonly replyAddresses: Collection<ReplyAddress>
  readonly identity: z.infer<typeof identitySchema>
  readonly link: AppLink
  readonly faults = new Faults()
  readonly log: CallLog
  /** Trigger ids live 3 s and work once; they need not outlive the process. */
  readonly triggers = new Map<string, { user: string; expires: number; used: boolean; viewId?: string }>()
  /** Open upload URLs: the secret in the URL → the file. */
  readonly uploads = new Map<string, string>()
  /** What people have entered where, by view id, or person and message. */
  readonly inputs = new Map<string, Inputs>()
  readonly #settings: Collection<WorkspaceSettings>
  readonly #changes = new EventEmitter().setMaxListeners(0)
  url = ''

  constructor(dir: string, newAdminKey: string) {
    this.dir = dir
    this.store = new Store(join(dir, 'sandbox.db'))
    this.users = new Collection(this.store, 'user', userSchema)
    this.channels = new Collection(this.store, 'channel', channelSchema)
    this.files = new Collection(this.store, 'file', fileSchema)
    this.views = new Collection(this.store, 'view', viewSchema)
    this.replyAddresses = new Collection(this.store, 'reply', replyAddressSchema)
    this.#settings = new Collection(this.store, 'settings', workspaceSchema)
    const identities = new Collection(this.store, 'identity', identitySchema)
    this.identity =
      identities.get('self') ??
      identities.put('self', {
        teamId: slackId('T'),
        appId: slackId('A'),
        botId: slackId('B'),
        botUserId: slackId('U'),
        adminKey: newAdminKey,
      })
    this.log = new CallLog(() => this.changed({ kind: 'log' }))
    this.link = new AppLink(this.store, () => this.#settings.get('self'), this.log)
  }

  /** What `PUT /admin/workspace` said last. */
  get settings(): WorkspaceSettings | undefined {
    return this.#settings.get('self')
  }

  get teamId(): string {
    return this.settings?.team.id ?? this.identity.teamId
  }

  saveSettings(settings: WorkspaceSettings): void {
    this.#settings.put('self', settings)
  }

  /** Tells open pages that something changed. */
  changed(change: Change): void {
    this.#changes.emit('change', change)
  }

  /** @returns a function that ends the subscription. */
  onChange(listener: (change: Change) => void): () => void {
    this.#changes.on('change', listener)
    return () => this.#changes.off('change', listener)
  }

  /** Sends an event to the app, as Slack's Events API wraps it; redelivered until it is acknowledged. */
  event(event: Record<string, unknown>): void {
    const id = slackId('Ev')
    this.link.queueEvent(id, {
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

  /** A person by e-mail or id. @throws AppError `no_such_person` */
  person(emailOrId: string): User {
    const wanted = emailOrId.toLowerCase()
    const user =
      this.users.get(emailOrId) ??
      this.users.all().find((candidate) => candidate.email.toLowerCase() === wanted)
    if (user === undefined) throw userError('no_such_person', `Nobody here is ${emailOrId}.`)
    return user
  }

  /** The direct message between the bot and a person, made on first use. */
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

  /** A conversation that this person is in: `dm`, `#name` or an id. @throws AppError `no_such_channel` */
  conversationOf(user: User, where: string): Channel {
    if (where === 'dm') return this.directMessage(user.id)
    const channel =
      this.channels.get(where) ??
      this.channels.all().find((c) => c.kind === 'channel' && `#${c.name}` === where)
    if (channel === undefined || !channel.members.includes(user.id)) {
      throw userError('no_such_channel', `${user.name} is in no conversation ${where}.`)
    }
    return channel
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
