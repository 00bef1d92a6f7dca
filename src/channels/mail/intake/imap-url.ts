import { userError } from '../../../kernel/errors.ts'

/** Where a mailbox is. */
export interface ImapAddress {
  host: string
  port: number
  /** TLS from the first byte (`imaps:`). */
  secure: boolean
  /** STARTTLS on `imap:`: true required, false never, undefined when the server offers it. */
  startTls: boolean | undefined
  user: string
  password: string
  /** The mailbox; its parts are joined with the server's own delimiter. */
  path: string[]
  /** What logs and status call it: no password in it. */
  label: string
}

/**
 * Reads `imaps://user:password@host:port/INBOX` or `imap://…`, with percent-encoded user, password and mailbox. No
 * mailbox: INBOX. `imap://` uses STARTTLS when the server offers it; `?tls=required` insists, `?tls=off` refrains.
 * @throws userError `imap_url_invalid`; its text never holds the URL, which holds a password
 */
export function parseImapUrl(text: string): ImapAddress {
  if (!URL.canParse(text)) throw invalid('is not a URL (special characters must be percent-encoded)')
  const url = new URL(text)
  if (url.protocol !== 'imaps:' && url.protocol !== 'imap:')
    throw invalid('must begin with imaps:// or imap://')
  const secure = url.protocol === 'imaps:'
  const host = decode(url.hostname).replace(/^\[(.*)\]$/, '$1')
  const user = decode(url.username)
  const path = url.pathname.split('/').filter(Boolean).map(decode)
  if (!host) throw invalid('names no host')
  if (!user || !url.password) throw invalid('must have a user and a password')
  if (path.length === 0) path.push('INBOX')
  return {
    host,
    port: url.port ? Number(url.port) : secure ? 993 : 143,
    secure,
    startTls: readTls(url.searchParams),
    user,
    password: decode(url.password),
    path,
    label: `${user}@${url.host}/${path.join('/')}`,
  }
}

function readTls(parameters: URLSearchParams): boolean | undefined {
  const unknown = [...parameters.keys()].find((name) => name !== 'tls')
  if (unknown !== undefined) throw invalid(`knows no parameter "${unknown}"`)
  const tls = parameters.get('tls')
  if (tls !== null && tls !== 'required' && tls !== 'off') throw invalid('allows tls=required or tls=off')
  return tls === null ? undefined : tls === 'required'
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalid('has a % that is not followed by two hexadecimal digits (write %25 for %)')
  }
}

function invalid(problem: string): Error {
  return userError('imap_url_invalid', `IMAP_URL ${problem}.`)
}
