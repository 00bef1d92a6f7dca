import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { type AttachmentStream, type Headers, MailParser, type MessageText } from 'mailparser'
import sharp from 'sharp'
import {
  addressesOf,
  authenticationResultsOf,
  automaticOf,
  type HeaderLine,
  headerValues,
  messageIds,
  oneLine,
  sendersOf,
} from './headers.ts'
import type { IgnoredFile, MailFile, ReadMail } from './parsed-mail.ts'
import { writtenText } from './written-text.ts'

/** Mails within mails: so deep, and so many in all. */
const maxDepth = 20
const maxMessages = 50
const maxHtml = 500_000

/** Mailparser's own conversions between text and HTML take seconds and hundreds of MB on a large mail: all off. */
const parserOptions = {
  skipHtmlToText: true,
  skipTextToHtml: true,
  skipTextLinks: true,
  skipImageLinks: true,
  keepDeliveryStatus: true,
  // Forwarded mails come as files, which are read one by one below.
  ignoreEmbedded: true,
  maxChildNodes: 1000,
  maxHeadSize: 1024 * 1024,
}

interface Message {
  headers: Headers
  headerLines: readonly HeaderLine[]
  text: string
  html: string | null
  files: MailFile[]
}

/**
 * Reads a mail and the mails forwarded in it. Runs in a process of its own (see parse-mail.ts): hostile mails keep it busy
 * for long or end it.
 * @throws what mailparser throws; an error with code `EMAXLEN` above its limits
 */
export async function readMail(raw: Buffer): Promise<ReadMail> {
  const mail = await splitMessage(raw)
  const lines = mail.headerLines
  if (!lines.some((line) => line.key !== '')) throw new Error('no header')
  const forwarded = await readForwarded(mail.files)
  const subject = mail.headers.get('subject')
  return {
    from: sendersOf(lines, senderNames(mail.headers)),
    to: addressesOf(lines, 'to'),
    cc: addressesOf(lines, 'cc'),
    subject: oneLine(typeof subject === 'string' ? subject : '', 300),
    messageId: messageIds(lines, 'message-id')[0] ?? null,
    inReplyTo: messageIds(lines, 'in-reply-to')[0] ?? null,
    references: messageIds(lines, 'references'),
    dateHeader: headerValues(lines, 'date')[0]?.slice(0, 100) ?? null,
    automatic: automaticOf(lines),
    authenticationResults: authenticationResultsOf(lines),
    text: writtenText(mail.text, mail.html),
    html: forwarded.html ?? mail.html,
    files: forwarded.files,
    ignored: forwarded.ignored,
  }
}

async function splitMessage(raw: Buffer): Promise<Message> {
  const parser = new MailParser(parserOptions)
  const message: Message = { headers: new Map(), headerLines: [], text: '', html: null, files: [] }
  parser.on('headers', (headers) => {
    message.headers = headers
  })
  parser.on('headerLines', (lines) => {
    message.headerLines = lines
  })
  parser.end(raw)
  for await (const part of parser) {
    const data: AttachmentStream | MessageText = part
    if (data.type === 'attachment') {
      message.files.push(await readFile(data))
    } else {
      message.text = data.text ?? ''
      const html = typeof data.html === 'string' ? data.html.slice(0, maxHtml).replaceAll('\0', '') : ''
      message.html = html.trim() === '' ? null : html.toWellFormed()
    }
  }
  return message
}

async function readFile(part: AttachmentStream): Promise<MailFile> {
  if (!(part.content instanceof Readable)) throw new Error('attachment without content')
  const bytes = await buffer(part.content)
  part.release()
  return {
    name: (part.filename ?? '').slice(-1000) || 'attachment',
    mediaType: part.contentType.toLowerCase(),
    inline: part.contentDisposition === 'inline' || part.related === true,
    bytes,
    picture: await measurePicture(bytes),
  }
}

/** Reads the head of a picture only. Here and not in the main process, because a decoder may crash. */
async function measurePicture(bytes: Buffer): Promise<MailFile['picture']> {
  if (bytes.length === 0) return null
  try {
    const {
      width,
      height,
      pageHeight,
      pages = 1,
      format,
    } = await sharp(bytes, { limitInputPixels: false }).metadata()
    return {
      width,
      height: pageHeight ?? height,
      moving: pages > 1 && (format === 'gif' || format === 'webp'),
    }
  } catch {
    return null
  }
}

/** Puts the files of forwarded mails where those mails stood, and takes the first HTML that one of them shows. */
async function readForwarded(attached: MailFile[]) {
  const waiting = attached.map((file) => ({ file, depth: 0 }))
  const files: MailFile[] = []
  const ignored: IgnoredFile[] = []
  let html: string | null = null
  let messages = 0
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { file, depth } = next
    if (!isMessage(file)) {
      files.push(file)
      continue
    }
    const ignore = (why: string) => ignored.push({ name: file.name, reason: why })
    if (depth >= maxDepth || ++messages > maxMessages) {
      ignore('is one forwarded mail too many.')
      continue
    }
    const message = await splitMessage(Buffer.from(file.bytes)).catch(() => null)
    if (message === null) {
      ignore('is a forwarded mail that cannot be read.')
      continue
    }
    waiting.unshift(...message.files.map((inner) => ({ file: inner, depth: depth + 1 })))
    if (message.html === null) continue
    if (html === null) html = message.html
    else if (message.files.length === 0) {
      ignore('is a further forwarded mail without a file. Please forward it by itself.')
    }
  }
  return { files, html, ignored }
}

function isMessage(file: MailFile): boolean {
  return /^message\/(?:rfc822|global)$/.test(file.mediaType) || /\.eml$/i.test(file.name)
}

/** The decoded names beside the sender's addresses. */
function senderNames(headers: Headers): Map<string, string> {
  const from = headers.get('from')
  if (typeof from !== 'object' || !('value' in from) || typeof from.value === 'string') return new Map()
  return new Map(from.value.map(({ address, name }) => [(address ?? '').toLowerCase(), name]))
}
