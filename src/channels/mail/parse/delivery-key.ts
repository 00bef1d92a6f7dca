import { createHash } from 'node:crypto'

/**
 * The headers that the sender's program writes and no server on the way changes. Named one by one, rather than naming
 * those that servers add (Return-Path, Received, Delivered-To, Authentication-Results, ARC-*, X-Spam-*, X-MS-Exchange-*
 * …), because no list of those is ever complete, and one that is missing makes two expenses of one mail. Of the
 * sender's own, three are left out: DKIM-Signature carries the time of each sending, Sender and Reply-To are rewritten
 * by lists, and Bcc is removed on the way.
 */
const authored = new Set([
  ...['from', 'to', 'cc', 'subject', 'date', 'message-id', 'in-reply-to', 'references'],
  ...['mime-version', 'content-type', 'content-transfer-encoding', 'content-disposition'],
])

const lf = 10
const cr = 13

/**
 * Names a mail however it travelled: SHA-256, hexadecimal, over what its author wrote (sender, subject, body …).
 * Order, case and folding of headers, line ends and empty lines at the end do not count (as in RFC 6376, 3.4). Linear.
 * Anybody who has seen a mail can make another one with the same key: do not let one whose sender is not proven take
 * the place of one whose sender is.
 */
export function deliveryKeyOf(raw: Uint8Array): string {
  const mail = withoutCarriageReturns(raw)
  // A mail that starts with an empty line has no headers.
  const empty = mail[0] === lf ? 0 : mail.indexOf('\n\n')
  const headEnd = empty < 0 ? mail.length : empty
  const hash = createHash('sha256')
  for (const line of authoredHeaders(mail.toString('latin1', 0, headEnd))) hash.update(`${line}\n`)
  let end = mail.length
  while (end > headEnd && mail[end - 1] === lf) end--
  return hash.update('\n').update(mail.subarray(headEnd, end)).digest('hex')
}

function withoutCarriageReturns(raw: Uint8Array): Buffer {
  const kept = Buffer.allocUnsafe(raw.byteLength)
  let length = 0
  for (let at = 0; at < raw.byteLength; at++) {
    const byte = raw[at] ?? 0
    if (byte !== cr || raw[at + 1] !== lf) kept[length++] = byte
  }
  return kept.subarray(0, length)
}

function authoredHeaders(head: string): string[] {
  return head
    .replace(/\n[ \t]+/g, ' ')
    .split('\n')
    .map((line) => {
      const colon = line.indexOf(':')
      const name = line.slice(0, colon).trim().toLowerCase()
      return {
        name,
        line: `${name}:${line
          .slice(colon + 1)
          .replace(/[ \t]+/g, ' ')
          .trim()}`,
      }
    })
    .filter(({ name }) => authored.has(name))
    .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .map(({ line }) => line)
}
