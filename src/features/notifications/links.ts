import { z } from 'zod'
import { type LinkKeys, readLink, signLink } from '../../kernel/signed-link.ts'

/** Links in mails: each is for one person, and for one approval, one expense, the delegations of theirs, or adding the app to Slack. */
const days = 86_400_000
const purposes = {
  /** Opens the page on which an approver decides: an approval is one person's part of one step of one revision. */
  approval: {
    lifetimeMs: 14 * days,
    path: 'a',
    claims: z.object({ company: z.uuid(), person: z.uuid(), approval: z.uuid() }),
  },
  /** Opens the page on which somebody lets others decide for them. No other link leads there: one opens one approval. */
  delegation: {
    lifetimeMs: 14 * days,
    path: 'd',
    claims: z.object({ company: z.uuid(), person: z.uuid() }),
  },
  /** Begins to add the app to a workspace of Slack, for the company of the admin whom it was mailed to. */
  install: {
    lifetimeMs: 15 * 60_000,
    path: 'slack/install',
    claims: z.object({ company: z.uuid(), person: z.uuid() }),
  },
  /** Opens the page on which the submitter completes or takes back an expense. */
  expense: {
    lifetimeMs: 30 * days,
    path: 'e',
    claims: z.object({ company: z.uuid(), person: z.uuid(), expense: z.uuid() }),
  },
} as const

export type LinkPurpose = keyof typeof purposes
/** Those that open a page about what is decided and spent. */
export type PagePurpose = Exclude<LinkPurpose, 'install'>
export type LinkClaims<Purpose extends LinkPurpose> = z.infer<(typeof purposes)[Purpose]['claims']>

/** A signed link that is good for as long as its purpose says from `now`, or for less. */
export async function makeLink<Purpose extends LinkPurpose>(
  site: { keys: LinkKeys; publicUrl: string },
  purpose: Purpose,
  claims: LinkClaims<Purpose>,
  now: Date,
  lifetimeMs: number = purposes[purpose].lifetimeMs,
): Promise<string> {
  const { path } = purposes[purpose]
  const token = await signLink(site.keys, purpose, claims, new Date(now.getTime() + lifetimeMs))
  return `${site.publicUrl}/${path}/${token}`
}

/** What a link's token says; why not, where it says nothing any more. */
export async function openLink<Purpose extends LinkPurpose>(
  keys: LinkKeys,
  purpose: Purpose,
  token: string,
  now: Date,
): Promise<{ claims: LinkClaims<Purpose> } | 'expired' | 'invalid'> {
  const read = await readLink(keys, purpose, token, now)
  if (read.state !== 'valid') return read.state
  const schema: z.ZodType = purposes[purpose].claims
  const claims = schema.safeParse(read.claims)
  return claims.success ? { claims: claims.data as LinkClaims<Purpose> } : 'invalid'
}
