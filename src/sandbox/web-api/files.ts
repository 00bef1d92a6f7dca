import { z } from 'zod'
import { appSees, deleteFile, fileObject, reserveFile, shareFile } from '../files.ts'
import { secret } from '../ids.ts'
import { addMessage, botMessage } from '../messages.ts'
import type { FileRecord } from '../shapes.ts'
import { SlackError } from '../slack-error.ts'
import type { Workspace } from '../workspace.ts'
import { channelFor, type Method, method, structured } from './method.ts'

function appFile(workspace: Workspace, id: string): FileRecord {
  const file = workspace.files.get(id)
  if (file === undefined || !appSees(workspace, file)) throw new SlackError('file_not_found')
  return file
}

export const fileMethods: Record<string, Method> = {
  'files.info': method(z.object({ file: z.string() }), ({ file: id }, workspace) => {
    const file = workspace.files.get(id)
    if (file?.state === 'deleted') throw new SlackError('file_deleted')
    return {
      file: fileObject(workspace, appFile(workspace, id)),
      comments: [],
      response_metadata: { next_cursor: '' },
    }
  }),

  'files.getUploadURLExternal': method(
    z.object({ filename: z.string().min(1), length: z.coerce.number().int().positive() }),
    ({ filename }, workspace) => {
      const file = reserveFile(workspace, { name: filename, user: workspace.identity.botUserId })
      const key = secret()
      workspace.sandbox.uploads.set(key, { workspace, id: file.id })
      return { upload_url: `${workspace.url}/upload/v1/${key}`, file_id: file.id }
    },
  ),

  'files.completeUploadExternal': method(
    z.object({
      files: structured(z.array(z.object({ id: z.string(), title: z.string().optional() })).min(1)),
      channel_id: z.string().optional(),
      channels: z.string().optional(),
      initial_comment: z.string().optional(),
      thread_ts: z.string().optional(),
    }),
    (args, workspace) => {
      const files = args.files.map(({ id, title }) => {
        const file = workspace.files.get(id)
        if (file === undefined || file.user !== workspace.identity.botUserId)
          throw new SlackError('file_not_found')
        if (file.state !== 'uploaded') throw new SlackError('file_update_failed')
        return { ...file, title: title ?? file.title, state: 'ready' as const }
      })
      const where = args.channel_id ?? args.channels?.split(',')[0]
      const channel = where === undefined ? undefined : channelFor(workspace, where)
      for (const file of files) workspace.files.put(file.id, file)
      if (channel !== undefined) {
        for (const file of files) shareFile(workspace, file, channel.id)
        const thread = args.thread_ts === undefined ? {} : { thread_ts: args.thread_ts }
        const content = {
          text: args.initial_comment ?? '',
          subtype: 'file_share',
          file_ids: files.map((f) => f.id),
        }
        addMessage(workspace, channel, botMessage(workspace, { ...content, ...thread }))
      }
      return { files: args.files.map(({ id }) => fileObject(workspace, appFile(workspace, id))) }
    },
  ),

  'files.delete': method(z.object({ file: z.string() }), async ({ file: id }, workspace) => {
    const file = appFile(workspace, id)
    if (file.user !== workspace.identity.botUserId) throw new SlackError('cant_delete_file')
    await deleteFile(workspace, file)
    return {}
  }),
}
