import { secret } from './ids.ts'

/** Slack's codes can be exchanged for ten minutes (https://docs.slack.dev/reference/methods/oauth.v2.access). */
const codeMinutes = 10

/** What a person allowed, until the app exchanges the code. */
export interface Grant {
  teamId: string
  /** Who allowed it, by user id. */
  user: string
  scopes: string[]
  clientId: string
  redirectUri: string
}

/** Codes of OAuth: each works once. They need not outlive the process. */
export class OAuthCodes {
  readonly #open = new Map<string, Grant & { expires: number }>()
  readonly #used = new Set<string>()

  issue(grant: Grant): string {
    const code = `${Date.now()}.${secret()}`
    this.#open.set(code, { ...grant, expires: Date.now() + codeMinutes * 60_000 })
    return code
  }

  /** Takes a code. */
  redeem(code: string): Grant | 'invalid_code' | 'code_already_used' | 'code_expired' {
    if (this.#used.has(code)) return 'code_already_used'
    const grant = this.#open.get(code)
    if (grant === undefined) return 'invalid_code'
    this.#open.delete(code)
    this.#used.add(code)
    return grant.expires < Date.now() ? 'code_expired' : grant
  }
}
