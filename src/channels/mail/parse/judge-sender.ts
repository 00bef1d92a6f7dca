import { domainToASCII } from 'node:url'
import { type MethodResult, parseAuthenticationResults } from './authentication-results.ts'
import type { ParsedMail } from './parsed-mail.ts'

export interface SenderJudgement {
  proven: boolean
  /** The one address the mail is from, proven or not; null when there are none or several. */
  address: string | null
  /** A sentence for logs, admins and the quarantine. */
  because: string
}

/**
 * Whether a mail is from whom it says, because From alone proves nothing. Proven is what a trusted SMTP peer handed
 * over, or what the server `authservId` found to have passed DMARC, or DKIM or SPF for a domain aligned with that of
 * From (RFC 7489, 3.1). Only its topmost header counts: what stands below may have come with the mail. That server
 * must remove headers in its own name from what comes in (RFC 8601, 5), as all of them do.
 */
export function judgeSender(
  mail: Pick<ParsedMail, 'from' | 'authenticationResults'>,
  circumstances: { peerTrusted: boolean; authservId: string | null },
): SenderJudgement {
  const [sender, ...others] = mail.from
  if (!sender) return { proven: false, address: null, because: 'The mail names no sender.' }
  if (others.length > 0) return { proven: false, address: null, because: 'The mail names several senders.' }
  const { address } = sender
  const judge = (proven: boolean, because: string) => ({ proven, address, because })
  if (circumstances.peerTrusted) return judge(true, 'A trusted mail server handed it over.')
  if (circumstances.authservId === null) {
    return judge(false, 'No mail server is configured whose checks of senders are believed.')
  }
  const authservId = circumstances.authservId.toLowerCase()
  const topmost = mail.authenticationResults
    .map(parseAuthenticationResults)
    .find((header) => header?.authservId === authservId)
  if (!topmost) return judge(false, `${authservId} did not say whether it checked the sender.`)
  if (!topmost.results) return judge(false, `What ${authservId} said about the sender cannot be understood.`)
  const proof = findProof(topmost.results, domainOf(address))
  return proof
    ? judge(true, `${authservId} checked it: ${proof}.`)
    : judge(false, `${authservId} found no proof that it comes from ${address}.`)
}

function findProof(results: readonly MethodResult[], from: string): string | null {
  const dmarc = results.filter(({ method }) => method === 'dmarc')
  // A server that knows the domain's own policy and says no is not outvoted.
  if (dmarc.some(({ result }) => result === 'fail')) return null
  for (const passed of results.filter(({ result }) => result === 'pass')) {
    const domain = provenDomain(passed)
    if (domain === '' || from === '') continue
    if (passed.method === 'dmarc' ? domain === from : aligned(domain, from)) {
      return `${passed.method}=pass for ${domain}`
    }
  }
  return null
}

/** For which domain a method passed. Some servers name DKIM's identity only, which lies within the signing domain. */
function provenDomain({ method, properties }: MethodResult): string {
  if (method === 'dmarc') return domainOf(properties.get('header.from') ?? '')
  if (method === 'dkim') return domainOf(properties.get('header.d') ?? properties.get('header.i') ?? '')
  if (method === 'spf') return domainOf(properties.get('smtp.mailfrom') ?? '')
  return ''
}

/** The domain of an address, or the domain itself, in one form; empty when it is none. */
function domainOf(value: string): string {
  const domain = value.slice(value.lastIndexOf('@') + 1).replace(/[<>]|\.$/g, '')
  return domainToASCII(domain)
}

/**
 * The same domain, or one above the other. Two different subdomains of one organisation are aligned too by RFC 7489,
 * but without the list of public suffixes (`co.uk`) they look like two shops under `co.uk`: for those the server's own
 * DMARC result counts.
 */
function aligned(domain: string, from: string): boolean {
  const [upper, lower] = domain.length < from.length ? [domain, from] : [from, domain]
  return upper === lower || (upper.includes('.') && lower.endsWith(`.${upper}`))
}
