import { z } from 'zod'
import { readJson, readQuery } from './http.ts'
import { nextTs } from './ids.ts'
import { removeMessage } from './messages.ts'
import { shown } from './page-view.ts'
import { type Handler, where, who } from './page-who.ts'
import { openConversation, react, setLocale } from './people.ts'
import { editMessage, ownMessage, postAsPerson } from './writing.ts'

/** Reading and writing messages. */
export const messageRoutes: Record<string, Handler> = {
  'GET messages': (sandbox, request) => {
    const query = readQuery(request, where.extend({ thread: z.string().optional() }))
    const { workspace, user } = sandbox.actingAs(query)
    const channel = workspace.conversationOf(user, query.channel)
    const found = workspace.store.messages({
      channel: channel.id,
      thread: query.thread,
      viewer: user.id,
      limit: query.thread === undefined ? 200 : 1000,
    })
    return {
      channel: channel.id,
      messages: found.reverse().map((message) => shown(workspace, channel, user, message)),
    }
  },

  'POST messages': async (sandbox, request) => {
    const schema = where.extend({
      text: z.string().default(''),
      fileIds: z.array(z.string()).default([]),
      threadTs: z.string().optional(),
    })
    const draft = await readJson(request, schema)
    const { workspace, user } = sandbox.actingAs(draft)
    const channel = workspace.conversationOf(user, draft.channel)
    return { ts: postAsPerson(workspace, user, channel, draft).ts, channel: channel.id }
  },

  'POST messages/edit': async (sandbox, request) => {
    const edit = await readJson(request, where.extend({ ts: z.string(), text: z.string() }))
    const { workspace, user } = sandbox.actingAs(edit)
    const channel = workspace.conversationOf(user, edit.channel)
    editMessage(workspace, user, channel, { ...edit, message: ownMessage(workspace, user, channel, edit.ts) })
    return {}
  },

  'POST messages/delete': async (sandbox, request) => {
    const which = await readJson(request, where.extend({ ts: z.string() }))
    const { workspace, user } = sandbox.actingAs(which)
    const channel = workspace.conversationOf(user, which.channel)
    removeMessage(workspace, channel, ownMessage(workspace, user, channel, which.ts))
    return {}
  },

  'POST reactions': async (sandbox, request) => {
    const which = await readJson(
      request,
      where.extend({ ts: z.string(), name: z.string().regex(/^[a-z0-9_+-]+$/) }),
    )
    const { workspace, user } = sandbox.actingAs(which)
    react(workspace, user, workspace.conversationOf(user, which.channel), which)
    return {}
  },

  'POST read': async (sandbox, request) => {
    const place = await readJson(request, where)
    const { workspace, user } = sandbox.actingAs(place)
    const channel = workspace.conversationOf(user, place.channel)
    channel.lastRead[user.id] = nextTs()
    workspace.channels.put(channel.id, channel)
    return {}
  },

  'POST locale': async (sandbox, request) => {
    const body = await readJson(request, who.extend({ locale: z.string() }))
    const { workspace, user } = sandbox.actingAs(body)
    setLocale(workspace, user, body.locale)
    return {}
  },

  'POST conversations': async (sandbox, request) => {
    const body = await readJson(request, who.extend({ with: z.string() }))
    const { workspace, user } = sandbox.actingAs(body)
    return { id: openConversation(workspace, user, body.with).id }
  },
}
