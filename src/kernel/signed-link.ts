import { errors, jwtVerify, SignJWT } from 'jose'

/** The secrets that links are signed with. The first signs; all of them are good for reading, so that keys rotate. */
export interface LinkKeys {
  signing: { id: string; secret: Uint8Array }
  reading: ReadonlyMap<string, Uint8Array>
}

/** Reads `kid:secret,kid:secret`. The form is checked by config/env.ts. */
export function parseLinkKeys(text: string): LinkKeys {
  const keys = text.split(',').map((part) => {
    const [id = '', ...secret] = part.split(':')
    return { id, secret: new TextEncoder().encode(secret.join(':')) }
  })
  const [signing] = keys
  if (!signing) throw new Error('no link key')
  return { signing, reading: new Map(keys.map(({ id, secret }) => [id, secret])) }
}

export type Claims = Record<string, string | number>

/** Signs `claims` into a token for a web address (JWS, RFC 7515, HS256). `purpose` keeps kinds of links apart. */
export async function signLink(
  keys: LinkKeys,
  purpose: string,
  claims: Claims,
  expiresAt: Date,
): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', kid: keys.signing.id })
    .setAudience(purpose)
    .setExpirationTime(expiresAt)
    .sign(keys.signing.secret)
}

export type ReadLink = { state: 'valid' | 'expired'; claims: Record<string, unknown> } | { state: 'invalid' }

/** What a token says, if we signed it for this purpose. */
export async function readLink(keys: LinkKeys, purpose: string, token: string, now: Date): Promise<ReadLink> {
  try {
    const { payload } = await jwtVerify(
      token,
      ({ kid }) => keys.reading.get(kid ?? '') ?? Promise.reject(new errors.JWKSNoMatchingKey()),
      { audience: purpose, algorithms: ['HS256'], currentDate: now },
    )
    return { state: 'valid', claims: payload }
  } catch (error) {
    if (error instanceof errors.JWTExpired) return { state: 'expired', claims: error.payload }
    return { state: 'invalid' }
  }
}
