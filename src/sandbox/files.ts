import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import sharp from 'sharp'
import { nextTs, slackId } from './ids.ts'
import type { FileRecord } from './shapes.ts'
import type { Workspace } from './workspace.ts'

/** Slack's `filetype` and media type by ending; content decides first for the kinds that have a signature. */
const byEnding: Record<string, [filetype: string, mimetype: string]> = {
  '.txt': ['text', 'text/plain'],
  '.csv': ['csv', 'text/csv'],
  '.html': ['html', 'text/html'],
  '.json': ['json', 'application/json'],
  '.eml': ['email', 'message/rfc822'],
  '.zip': ['zip', 'application/zip'],
  '.docx': ['docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  '.xlsx': ['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  '.svg': ['svg', 'image/svg+xml'],
}

function kindOf(name: string, bytes: Uint8Array): [filetype: string, mimetype: string] {
  const head = Buffer.from(bytes.subarray(0, 16)).toString('latin1')
  if (head.startsWith('\xff\xd8\xff')) return ['jpg', 'image/jpeg']
  if (head.startsWith('\x89PNG')) return ['png', 'image/png']
  if (head.startsWith('GIF8')) return ['gif', 'image/gif']
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return ['webp', 'image/webp']
  if (/^.{4}ftyp(heic|heix|hevc|mif1|msf1)/s.test(head)) return ['heic', 'image/heic']
  if (head.startsWith('%PDF-')) return ['pdf', 'application/pdf']
  return byEnding[extname(name).toLowerCase()] ?? ['binary', 'application/octet-stream']
}

/** Pictures that Slack shows in messages and takes as `slack_file` of an image block. */
export function isPicture(file: FileRecord): boolean {
  return ['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/heic'].includes(file.mimetype)
}

function pathOf(workspace: Workspace, id: string): string {
  return join(workspace.dir, 'files', id)
}

/** Makes the record of a file whose bytes come later (or at once, by `storeBytes`). */
export function reserveFile(
  workspace: Workspace,
  file: { name: string; user: string; title?: string },
): FileRecord {
  const id = slackId('F')
  return workspace.files.put(id, {
    id,
    name: file.name,
    title: file.title ?? file.name,
    mimetype: 'application/octet-stream',
    filetype: 'binary',
    size: 0,
    user: file.user,
    created: Math.floor(Date.now() / 1000),
    state: 'reserved',
    channels: [],
    forApp: false,
  })
}

/** Keeps a file's bytes (by rename, so that a crash leaves no half file) and learns its type and size. */
export async function storeBytes(
  workspace: Workspace,
  id: string,
  bytes: Uint8Array,
): Promise<FileRecord | undefined> {
  const file = workspace.files.get(id)
  if (file === undefined) return undefined
  await mkdir(join(workspace.dir, 'files'), { recursive: true })
  await writeFile(`${pathOf(workspace, id)}.part`, bytes, { mode: 0o600 })
  await rename(`${pathOf(workspace, id)}.part`, pathOf(workspace, id))
  const [filetype, mimetype] = kindOf(file.name, bytes)
  const stored: FileRecord = { ...file, filetype, mimetype, size: bytes.byteLength, state: 'uploaded' }
  if (isPicture(stored)) {
    const meta = await sharp(bytes)
      .metadata()
      .catch(() => undefined)
    if (meta !== undefined) {
      stored.width = meta.autoOrient.width
      stored.height = meta.autoOrient.height
    }
  }
  return workspace.files.put(id, stored)
}

/** The bytes of a file, or undefined when there are none (any more). */
export async function readBytes(workspace: Workspace, id: string): Promise<Buffer | undefined> {
  const file = workspace.files.get(id)
  if (file === undefined || file.state === 'deleted' || file.state === 'reserved') return undefined
  return readFile(pathOf(workspace, id))
}

/** A PNG no wider or higher than `edge`, made when asked for; undefined when the picture cannot be read. */
export async function thumbnail(workspace: Workspace, id: string, edge: number): Promise<Buffer | undefined> {
  const bytes = await readBytes(workspace, id)
  if (bytes === undefined) return undefined
  return sharp(bytes, { limitInputPixels: 100_000_000 })
    .rotate()
    .resize(edge, edge, { fit: 'inside', withoutEnlargement: true })
    .png()
    .toBuffer()
    .catch(() => undefined)
}

export async function deleteFile(workspace: Workspace, file: FileRecord): Promise<void> {
  workspace.files.put(file.id, { ...file, state: 'deleted' })
  await rm(pathOf(workspace, file.id), { force: true })
}

/** Whether the app may use this file: its own, or one shared in a conversation that the bot is in. */
export function appSees(workspace: Workspace, file: FileRecord): boolean {
  const { botUserId } = workspace.identity
  if (file.state !== 'ready') return false
  if (file.user === botUserId || file.forApp) return true
  return file.channels.some((id) => workspace.channels.get(id)?.members.includes(botUserId))
}

/** A person hands files to the app in a modal's file input. */
export function giveToApp(workspace: Workspace, ids: string[]): void {
  for (const id of ids) {
    const file = workspace.files.get(id)
    if (file?.state === 'uploaded') workspace.files.put(id, { ...file, state: 'ready', forApp: true })
  }
}

/** The file object as Slack writes it in messages and `files.info`. */
export function fileObject(workspace: Workspace, file: FileRecord): Record<string, unknown> {
  if (file.state === 'deleted') return { id: file.id, mode: 'tombstone' }
  const base = `${workspace.url}/files-pri/${workspace.teamId}-${file.id}`
  const slug = encodeURIComponent(file.name.toLowerCase().replace(/[^a-z0-9.]+/gi, '_'))
  const thumb = `${workspace.url}/files-tmb/${workspace.teamId}-${file.id}`
  const channels = file.channels.map((id) => workspace.channels.get(id)).filter((c) => c !== undefined)
  return {
    id: file.id,
    created: file.created,
    timestamp: file.created,
    name: file.name,
    title: file.title,
    mimetype: file.mimetype,
    filetype: file.filetype,
    pretty_type: file.filetype.toUpperCase(),
    user: file.user,
    user_team: workspace.teamId,
    editable: false,
    size: file.size,
    mode: 'hosted',
    is_external: false,
    external_type: '',
    is_public: channels.some((channel) => channel.kind === 'channel'),
    public_url_shared: false,
    display_as_bot: false,
    username: '',
    url_private: `${base}/${slug}`,
    url_private_download: `${base}/download/${slug}`,
    permalink: `${workspace.url}/sandbox/files/${file.id}/${slug}`,
    ...(isPicture(file)
      ? {
          thumb_64: `${thumb}/64.png`,
          thumb_360: `${thumb}/360.png`,
          thumb_720: `${thumb}/720.png`,
          original_w: file.width,
          original_h: file.height,
        }
      : {}),
    channels: channels.filter((c) => c.kind === 'channel').map((c) => c.id),
    groups: [],
    ims: channels.filter((c) => c.kind === 'im').map((c) => c.id),
    has_rich_preview: false,
    file_access: 'visible',
  }
}

/** A file is shared in a conversation: it becomes ready, and the app hears `file_shared` where it is a member. */
export function shareFile(workspace: Workspace, file: FileRecord, channelId: string): FileRecord {
  const channels = [...new Set([...file.channels, channelId])]
  const shared = workspace.files.put(file.id, { ...file, state: 'ready', channels })
  if (workspace.channels.get(channelId)?.members.includes(workspace.identity.botUserId)) {
    workspace.event({
      type: 'file_shared',
      file_id: file.id,
      user_id: file.user,
      file: { id: file.id },
      channel_id: channelId,
      event_ts: nextTs(),
    })
  }
  return shared
}
