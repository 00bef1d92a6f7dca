import addressparser from 'nodemailer/lib/addressparser'
import type { Automatic, Sender } from './parsed-mail.ts'

/** A header as it stood in the mail: bytes as latin1, folded, with its name; topmost first. */
export interface HeaderLine {
  key: string
  line: string
}

const maxAddresses = 100
const maxReferences = 20
const maxAuthenticationResults = 20

/** The values of a header, topmost first, unfolded. Bytes above ASCII are UTF-8 (RFC 6532), else latin1. */
export function headerValues(lines: readonly HeaderLine[], key: string): string[] {
  return lines
    .filter((line) => line.key === key)
    .map(({ line }) => {
      const value = line.slice(line.indexOf(':') + 1).replace(/\r?\n/g, ' ')
      const utf8 = Buffer.from(value, 'latin1').toString('utf8')
      return (utf8.includes('\uFFFD') ? value : utf8).trim()
    })
}

/**
 * Control characters and what turns the direction of writing, which would make a line read differently from what it
 * is; and halves of characters and NUL, which PostgreSQL refuses.
 */
export function oneLine(text: string, maxLength: number): string {
  return text
    .slice(0, maxLength * 4)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/[\u200E\u200F\u202A-\u202E\u2066-\u2069]/g, '')
    .trim()
    .slice(0, maxLength)
    .toWellFormed()
}

/**
 * The senders by the raw headers: encoded words are never read as addresses (RFC 2047, 5), because the server that
 * checked the sender did not read them so either.
 */
export function sendersOf(lines: readonly HeaderLine[], names: ReadonlyMap<string, string>): Sender[] {
  return addressesOf(lines, 'from').map((address) => ({
    address,
    name: oneLine(names.get(address) ?? '', 200),
  }))
}

export function addressesOf(lines: readonly HeaderLine[], key: 'from' | 'to' | 'cc'): string[] {
  return headerValues(lines, key)
    .flatMap((value) => addressparser(value, { flatten: true }))
    .map(({ address }) => address.toLowerCase())
    .filter(
      (address) =>
        address.length <= 254 && /^[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]+@[\p{L}\p{N}.-]+$/u.test(address),
    )
    .slice(0, maxAddresses)
}

/** Message ids that are fit to be repeated in an answer's headers. */
export function messageIds(lines: readonly HeaderLine[], key: string): string[] {
  return headerValues(lines, key)
    .flatMap((value) => value.match(/<[\x21-\x3b\x3d\x3f-\x7e]{3,250}>/g) ?? [])
    .slice(-maxReferences)
}

/** Not shortened: half a result could say the contrary, and leaving one out would let a forged one move up. */
export function authenticationResultsOf(lines: readonly HeaderLine[]): string[] {
  return headerValues(lines, 'authentication-results').slice(0, maxAuthenticationResults)
}

/** Whether a machine or a list sent this, by RFC 3834 and what older programs write instead. */
export function automaticOf(lines: readonly HeaderLine[]): Automatic | null {
  const has = (key: string) => lines.some((line) => line.key === key)
  const word = (key: string) => {
    const value = headerValues(lines, key)[0] ?? ''
    return /^[\w-]*/.exec(value.toLowerCase())?.[0] ?? ''
  }
  const submitted = word('auto-submitted')
  const precedence = word('precedence')
  if (submitted === 'auto-replied' || precedence === 'auto_reply') return 'auto_reply'
  if (has('x-autoreply') || has('x-autorespond')) return 'auto_reply'
  if (has('list-id') || precedence === 'list') return 'list'
  if (precedence === 'bulk' || precedence === 'junk' || has('list-unsubscribe')) return 'bulk'
  if (submitted !== '' && submitted !== 'no') return 'auto_submitted'
  if (/\b(all|autoreply)\b/i.test(headerValues(lines, 'x-auto-response-suppress')[0] ?? ''))
    return 'auto_submitted'
  // Bounces: an empty return path (RFC 5321, 4.5.5) or a report (RFC 6522).
  if (headerValues(lines, 'return-path').some((path) => /^<\s*>$/.test(path))) return 'auto_submitted'
  if (/^multipart\/report\b/i.test(headerValues(lines, 'content-type')[0] ?? '')) return 'auto_submitted'
  if (addressesOf(lines, 'from').some((address) => address.startsWith('mailer-daemon@')))
    return 'auto_submitted'
  return null
}
