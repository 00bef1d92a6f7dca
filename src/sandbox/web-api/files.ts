import { z } from 'zod'
import { appSees, deleteFile, fileObject, reserveFile, shareFile } from '../files.ts'
import { secret } from '../ids.ts'
import { addMessage, botMessage } from '../messages.ts'
import type { Sandbox } from '../sandbox.ts'
import type { FileRecord } from '../shapes.ts'
import { SlackError } from '../slack-error.ts'
import { channelFor, type Method, method, structured } from './method.ts'

function appFile(sandbox: Sandbox, id: string): FileRecord {
  const file = sandbox.files.get(id)
  if (file === undefined || !appSees(sandbox, file)) throw new SlackError('file_not_found')
  return file
}

export const fileMethods: Record<string, Method> = {
  'files.info': method(z.object({ file: z.string() }), ({ file: id }, sandbox) => {
    const file = sandbox.files.get(id)
    if (file?.state === 'deleted') throw new SlackError('file_deleted')
    return {
      file: fileObject(sandbox, appFile(sandbox, id)),
      comments: [],
      response_metadata: { next_cursor: '' },
    }
  }),

  'files.getUploadURLExternal': method(
    z.object({ filename: z.string().min(1), length: z.coerce.number().int().positive() }),
    ({ filename }, sandbox) => {
      const file = reserveFile(sandbox, { name: filename, user: sandbox.identity.botUserId })
      const key = secret()
      sandbox.uploads.set(key, file.id)
      return { upload_url: `${sandbox.url}/upload/v1/${key}`, file_id: file.id }
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
    (args, sandbox) => {
      const files = args.files.map(({ id, title }) => {
        const file = sandbox.files.get(id)
        if (file === undefined || file.user !== sandbox.identity.botUserId)
          throw new SlackError('file_not_found')
        if (file.state !== 'uploaded') throw new SlackError('file_update_failed')
        return { ...file, title: title ?? file.title, state: 'ready' as const }
      })
      const where = args.channel_id ?? args.channels?.split(',')[0]
      const channel = where === undefined ? undefined : channelFor(sandbox, where)
      for (const file of files) sandbox.files.put(file.id, file)
      if (channel !== undefined) {
        for (const file of files) shareFile(sandbox, file, channel.id)
        const thread = args.thread_ts === undefined ? {} : { thread_ts: args.thread_ts }
        const content = {
          text: args.initial_comment ?? '',
          subtype: 'file_share',
          file_ids: files.map((f) => f.id),
        }
        addMessage(sandbox, channel, botMessage(sandbox, { ...content, ...thread }))
      }
      return { files: args.files.map(({ id }) => fileObject(sandbox, appFile(sandbox, id))) }
    },
  ),

  'files.delete': method(z.object({ file: z.string() }), async ({ file: id }, sandbox) => {
    const file = appFile(sandbox, id)
    if (file.user !== sandbox.identity.botUserId) throw new SlackError('cant_delete_file')
    await deleteFile(sandbox, file)
    return {}
  }),
}
