import { EventEmitter } from 'node:events'
import { join } from 'node:path'
import { z } from 'zod'
import { userError } from '../kernel/errors.ts'
import { CallLog } from './call-log.ts'
import { AppLink } from './delivery.ts'
import { Faults } from './faults.ts'
import { slackId } from './ids.ts'
import { OAuthCodes } from './oauth-codes.ts'
import {
  type OtherWorkspace,
  otherWorkspaceSchema,
  type WorkspaceSettings,
  workspaceSchema,
} from './settings.ts'
import type { User } from './shapes.ts'
import { SocketGate } from './socket-mode.ts'
import { Collection, Store } from './store.ts'
import { type Change, Workspace } from './workspace.ts'

const appSchema = z.looseObject({ appId: z.string(), adminKey: z.string() })

/**
 * The whole: the app, the workspaces in which it may be installed, and the way to it. There is always a first
 * workspace, which the program describes; others can be added, each with people, ids and a token of its own.
 */
export class Sandbox {
  readonly dir: string
  readonly store: Store
  readonly link: AppLink
  readonly sockets: SocketGate
  readonly faults = new Faults()
  readonly log: CallLog
  readonly codes = new OAuthCodes()
  readonly appId: string
  readonly adminKey: string
  /** Open upload URLs: the secret in the URL → the file. */
  readonly uploads = new Map<string, { workspace: Workspace; id: string }>()
  readonly first: Workspace
  readonly #others = new Map<string, Workspace>()
  readonly #settings: Collection<WorkspaceSettings>
  readonly #otherSettings: Collection<OtherWorkspace>
  readonly #changes = new EventEmitter().setMaxListeners(0)
  url = ''

  constructor(dir: string, newAdminKey: string) {
    this.dir = dir
    this.store = new Store(join(dir, 'sandbox.db'))
    this.#settings = new Collection(this.store, 'settings', workspaceSchema)
    this.#otherSettings = new Collection(this.store, 'other', otherWorkspaceSchema)
    const apps = new Collection(this.store, 'app', appSchema)
    // Directories of earlier versions keep the app's own id and key beside those of the first workspace.
    const earlier = new Collection(this.store, 'identity', appSchema.partial()).get('self')
    const app =
      apps.get('self') ??
      apps.put('self', { appId: earlier?.appId ?? slackId('A'), adminKey: earlier?.adminKey ?? newAdminKey })
    this.appId = app.appId
    this.adminKey = app.adminKey
    this.log = new CallLog(() => this.changed({ kind: 'log' }))
    this.sockets = new SocketGate(this)
    this.link = new AppLink(this)
    this.first = new Workspace(this, '', () => this.settings, this.appId)
    for (const { team } of this.#otherSettings.all()) this.#openOther(team.name)
  }

  /** What `PUT /admin/workspace` said last: the app, and the first workspace. */
  get settings(): WorkspaceSettings | undefined {
    return this.#settings.get('self')
  }

  saveSettings(settings: WorkspaceSettings): void {
    this.#settings.put('self', settings)
  }

  /** The first workspace and all others. */
  get workspaces(): Workspace[] {
    return [this.first, ...this.#others.values()]
  }

  /** A further workspace by name, made on first use. */
  otherWorkspace(settings: OtherWorkspace): Workspace {
    this.#otherSettings.put(settings.team.name, settings)
    return this.#others.get(settings.team.name) ?? this.#openOther(settings.team.name)
  }

  #openOther(name: string): Workspace {
    const settings = () => {
      const own = this.#otherSettings.get(name)
      if (this.settings === undefined || own === undefined) return undefined
      const { defaultPerson: _, botToken: __, addresses: ___, ...app } = this.settings
      return { ...app, addresses: [], ...own }
    }
    const workspace = new Workspace(this, `${name}/`, settings, this.appId)
    this.#others.set(name, workspace)
    return workspace
  }

  /** The workspace of a token, as long as somebody knows it; its `installation` says whether it is still good. */
  byToken(token: string): Workspace | undefined {
    return this.workspaces.find(({ installation }) => installation?.botToken === token)
  }

  /** The workspace with this id. @throws AppError `no_such_workspace` */
  byTeam(teamId: string): Workspace {
    const found = this.workspaces.find((workspace) => workspace.teamId === teamId)
    if (found === undefined) throw userError('no_such_workspace', `There is no workspace ${teamId}.`)
    return found
  }

  /**
   * The workspace that somebody acts in: by its id where one is given, else the first that knows the person.
   * @throws AppError `no_such_person`, `no_such_workspace`, `deactivated`
   */
  actingAs(who: { as: string; team?: string | undefined }): { workspace: Workspace; user: User } {
    const workspace = who.team
      ? this.byTeam(who.team)
      : (this.workspaces.find((one) => one.findPerson(who.as) !== undefined) ?? this.first)
    const user = workspace.person(who.as)
    if (user.deleted) throw userError('deactivated', `${user.name}’s account is deactivated.`)
    return { workspace, user }
  }

  /** Whether the app asked for such events; it gets all of them where it named none. */
  subscribes(event: { type: string; channel_type?: unknown }): boolean {
    const wanted = this.settings?.events
    if (wanted === undefined) return true
    const kinds: Record<string, string> = { im: 'message.im', channel: 'message.channels' }
    return wanted.includes(event.type === 'message' ? (kinds[String(event.channel_type)] ?? '') : event.type)
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
}
