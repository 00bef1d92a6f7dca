import { setTimeout as sleep } from 'node:timers/promises'
import { type WebAPICallResult, WebAPIPlatformError, WebAPIRateLimitedError, WebClient } from '@slack/web-api'
import { CallPace } from './call-pace.ts'
import { slackErrorCode } from './slack-client.ts'
import { slackLogger } from './slack-logger.ts'

export interface SlackClientOptions {
  botToken: string
  apiUrl: string
  /** Told whenever Slack refuses the token or misses a scope: somebody has to do something. */
  onTrouble?: (trouble: SlackTrouble) => void
}

/** Why nothing will work until an admin does something. */
export interface SlackTrouble {
  /** Slack's word for it. */
  code: string
  /** The scope that the app was not given. */
  neededScope?: string | undefined
}

/** How every client of ours calls Slack. A 429 is not waited for: the outbox retries, and one busy channel holds up nothing. */
export function clientOptions(apiUrl: string) {
  return {
    slackApiUrl: apiUrl,
    timeout: 10_000,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  }
}

/** Slack's Web API. Nothing is retried in here, but a form or a Home that Slack was too busy to show. */
export function openSlackClient(options: SlackClientOptions): WebClient {
  return new PacedClient(options)
}

/** What shows somebody their form or Home, in the background: where Slack is busy for a moment, it is worth waiting. */
const patient = new Set(['views.update', 'views.publish'])
const mostPatientSeconds = 10
const patientTries = 3

class PacedClient extends WebClient {
  readonly #pace = new CallPace(() => performance.now())
  readonly #onTrouble: (trouble: SlackTrouble) => void

  constructor({ botToken, apiUrl, onTrouble = () => {} }: SlackClientOptions) {
    super(botToken, { ...clientOptions(apiUrl), logger: slackLogger })
    this.#onTrouble = onTrouble
  }

  override async apiCall(
    method: string,
    options?: Record<string, unknown>,
    tries = 1,
  ): Promise<WebAPICallResult> {
    try {
      return await this.#callInTurn(method, options)
    } catch (error) {
      const trouble = troubleIn(error)
      if (trouble) this.#onTrouble(trouble)
      const waits =
        patient.has(method) && tries < patientTries && error instanceof WebAPIRateLimitedError
          ? error.retryAfter
          : Number.POSITIVE_INFINITY
      if (waits > mostPatientSeconds) throw error
      await sleep(waits * 1000)
      return this.apiCall(method, options, tries + 1)
    }
  }

  async #callInTurn(method: string, options?: Record<string, unknown>): Promise<WebAPICallResult> {
    const to = options?.channel
    const channel = method === 'chat.postMessage' && typeof to === 'string' ? to : null
    const waitMs = this.#pace.ask(method, channel)
    if (waitMs > 0) throw new WebAPIRateLimitedError(waitMs / 1000)
    try {
      return await super.apiCall(method, options)
    } catch (error) {
      if (error instanceof WebAPIRateLimitedError) this.#pace.close(method, channel, error.retryAfter)
      throw error
    }
  }
}

/** What only a person can mend: https://docs.slack.dev/authentication/tokens, and scopes that were not granted. */
const troubles = new Set([
  'account_inactive',
  'invalid_auth',
  'missing_scope',
  'not_authed',
  'team_access_not_granted',
  'token_expired',
  'token_revoked',
])

function troubleIn(error: unknown): SlackTrouble | null {
  const code = slackErrorCode(error)
  if (code === null || !troubles.has(code) || !(error instanceof WebAPIPlatformError)) return null
  const needed = 'needed' in error.data ? error.data.needed : undefined
  return { code, neededScope: typeof needed === 'string' ? needed : undefined }
}
