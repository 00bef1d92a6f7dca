import { z } from 'zod'
import { userError } from '../kernel/errors.ts'
import { type Request, readJson, readQuery, send } from './http.ts'
import { draftSchema, type ParsedMail, parseMail, rawMail, writeMail } from './mailbox.ts'
import type { Sandbox } from './sandbox.ts'

const listed = 200

/** Mails may bring styles and inlined pictures, nothing else: no script, nothing from the network. */
const mailPolicy =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"

/** Types that a browser shows by itself and that cannot run anything in our origin. */
const shownTypes = ['application/pdf', 'image/png', 'image/jpeg', 'image/gif', 'image/webp']

export const mailRoutes = {
  'GET mails': async (sandbox: Sandbox, request: Request) => {
    const { to } = readQuery(request, z.object({ to: z.string().optional() }))
    const rows = sandbox.store.mails(to, listed)
    const mails = await Promise.all(rows.map((row) => parseMail(sandbox, row)))
    return { mails: mails.map(summary), addresses: sandbox.store.mailRecipients() }
  },

  'POST mails': async (sandbox: Sandbox, request: Request) =>
    writeMail(sandbox, await readJson(request, draftSchema)),

  'GET mails/:id': async (sandbox: Sandbox, request: Request) => {
    const [id = '', part, number] = request.path.slice('/sandbox/api/mails/'.length).split('/')
    const row = sandbox.store.mail(id)
    if (row === undefined) throw userError('not_found', 'This mail is not here.')
    if (part === 'raw') return void send(request.response, await rawMail(sandbox, id))
    const mail = await parseMail(sandbox, row)
    if (part === undefined) return detail(mail)
    if (part === 'html') return sendHtml(request, mail)
    return sendAttachment(request, mail, Number(number))
  },
}

function summary(mail: ParsedMail): object {
  const { id, receivedAt, from, fromName, to, subject, envelope, messageId, thread } = mail
  const attachments = mail.attachments.filter((part) => !part.inline).length
  const preview = mail.text.slice(0, 140).replace(/\s+/g, ' ')
  return { id, receivedAt, from, fromName, to, subject, envelope, messageId, thread, attachments, preview }
}

function detail(mail: ParsedMail): object {
  return {
    ...mail,
    attachments: mail.attachments.map(({ name, mediaType, bytes, inline }, i) => ({
      name,
      mediaType,
      size: bytes.byteLength,
      inline,
      url: `/sandbox/api/mails/${mail.id}/attachment/${i}`,
    })),
  }
}

/** The HTML body for a sandboxed frame; links open in a new tab. */
function sendHtml(request: Request, mail: ParsedMail): undefined {
  const page = `<!doctype html><meta charset="utf-8"><base target="_blank">${mail.html}`
  send(request.response, page, {
    type: 'text/html; charset=utf-8',
    headers: { 'content-security-policy': mailPolicy },
  })
}

function sendAttachment(request: Request, mail: ParsedMail, number: number): undefined {
  const part = mail.attachments[number]
  if (part === undefined) throw userError('not_found', 'This attachment is not here.')
  const inline = shownTypes.includes(part.mediaType)
  send(request.response, part.bytes, {
    type: inline ? part.mediaType : 'application/octet-stream',
    headers: {
      'content-disposition': `${inline ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(part.name)}`,
    },
  })
}
