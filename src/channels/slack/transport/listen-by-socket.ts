import { setTimeout as sleep } from 'node:timers/promises'
import { SocketModeReceiver } from '@slack/bolt'
import { WebAPIRateLimitedError } from '@slack/web-api'
import { transientError } from '../../../kernel/errors.ts'
import { logger } from '../../../kernel/logger.ts'
import { type AnsweringApp, isRefused, logFailure } from './answering-app.ts'
import { clientOptions } from './paced-client.ts'
import { slackErrorCode } from './slack-client.ts'
import { slackLogger } from './slack-logger.ts'

export interface SocketOptions {
  /** `xapp-…` with the scope `connections:write`. */
  appToken: string
  apiUrl: string
  /** Called with Slack's word for it whenever Slack refuses the token. */
  onRefused: (problem: string) => void
}

export interface SlackSocket {
  /** Begins to listen, and opens the socket again whenever it is lost. */
  open(): void
  /** Whether Slack can deliver at this moment. */
  isOpen(): boolean
  /** Lets what is under way be answered, then hangs up. */
  close(): Promise<void>
}

/**
 * How long Slack may be silent before the socket counts as lost, in milliseconds. A machine that reads receipts may be
 * slow to look at its socket for some seconds.
 */
const clientPingTimeout = 15_000
/** How long Slack may take to say hello. */
const helloMs = 15_000
const mostBetweenTriesMs = 30_000
const drainMs = 1_500
/** A socket that the other side does not close in this time is cut. */
const hangUpMs = 500

/** What Slack says to an app token that no later try can mend without somebody doing something. */
const refusals = ['invalid_auth', 'not_authed', 'token_revoked', 'account_inactive', 'not_allowed_token_type']

/**
 * Takes what Slack delivers by a WebSocket (https://docs.slack.dev/apis/events-api/using-socket-mode). An event that is not
 * answered is delivered again, perhaps to another replica.
 */
export function listenBySocket(
  app: AnsweringApp,
  { appToken, apiUrl, onRefused }: SocketOptions,
): SlackSocket {
  const receiver = openReceiver(app, appToken, apiUrl)
  const { client } = receiver
  let isOpen = false
  const stopped = new AbortController()
  const { signal } = stopped
  client.on('connected', () => {
    isOpen = true
  })
  client.on('disconnected', () => {
    isOpen = false
  })
  const keepOpen = async () => {
    let failures = 0
    let lostAt = Date.now()
    while (!signal.aborted) {
      try {
        await connect(receiver)
        if (failures > 0) logger.info({ seconds: secondsSince(lostAt) }, 'the socket to Slack is open again')
        failures = 0
        await untilLost(receiver, signal)
        lostAt = Date.now()
      } catch (error) {
        failures += 1
        const refusal = slackErrorCode(error)
        if (refusal && refusals.includes(refusal)) onRefused(refusal)
        if (!signal.aborted) logTrouble(error, lostAt)
        await sleep(waitAfter(error, failures), undefined, { signal }).catch(() => {})
      }
    }
  }
  let kept = Promise.resolve()
  return {
    open: () => {
      kept = keepOpen()
    },
    isOpen: () => isOpen,
    close: async () => {
      await app.drain(drainMs)
      stopped.abort()
      hangUp(receiver)
      await Promise.race([kept, sleep(hangUpMs)])
      hangUp(receiver)
      await Promise.race([kept, sleep(hangUpMs)])
    },
  }
}

/** Opens a connection. @throws an error of the Web API, or when Slack does not say hello */
async function connect(receiver: SocketModeReceiver): Promise<void> {
  const impatience = setTimeout(() => hangUp(receiver), helloMs)
  // The client rejects with nothing where the socket closes before Slack said hello.
  await receiver.client
    .start()
    .catch((error: unknown) => {
      throw error ?? transientError('slack_call_failed', 'The socket to Slack was closed at once.')
    })
    .finally(() => clearTimeout(impatience))
}

/** Waits for the end of a connection. Slack renews its sockets every few hours: that is no trouble. */
async function untilLost(receiver: SocketModeReceiver, signal: AbortSignal): Promise<void> {
  const lost = new Promise<void>((resolve) => receiver.client.once('disconnected', resolve))
  if (signal.aborted) hangUp(receiver)
  await lost
}

/** Asked a second time, the client does not wait for the other side any more. */
function hangUp({ client }: SocketModeReceiver): void {
  client.disconnect().catch(() => {})
}

function openReceiver(app: AnsweringApp, appToken: string, apiUrl: string): SocketModeReceiver {
  const receiver = new SocketModeReceiver({
    appToken,
    logger: slackLogger,
    clientPingTimeout,
    // Its own reconnecting waits for as long as the pings may take, and ends the process where Slack refuses the token.
    autoReconnectEnabled: false,
    installerOptions: { clientOptions: clientOptions(apiUrl) },
    processEventErrorHandler: async ({ error, event }) => {
      logFailure(error)
      // An event that makes no sense would be delivered for ever; of a press Slack says that it did not work.
      if (isRefused(error) && event.body?.event) {
        await event.ack().catch((cause: unknown) => logger.warn({ error: cause }, 'Slack was not answered'))
      }
      return false
    },
  })
  receiver.init(app)
  survive(receiver)
  return receiver
}

/** The client reads each message in a promise that nobody waits for: one that it cannot read would end the process. */
function survive({ client }: SocketModeReceiver): void {
  const readers = client.listeners('ws_message')
  client.removeAllListeners('ws_message')
  client.on('ws_message', async (...message: unknown[]) => {
    try {
      for (const read of readers) await read.apply(client, message)
    } catch (error) {
      logger.warn({ error }, 'a message on the socket to Slack could not be read')
    }
  })
}

function logTrouble(error: unknown, lostAt: number): void {
  const seconds = secondsSince(lostAt)
  if (refusals.includes(slackErrorCode(error) ?? '')) {
    logger.error({ error, seconds }, 'Slack refuses SLACK_APP_TOKEN: nothing is delivered until it is mended')
  } else if (seconds >= 60) {
    logger.error({ error, seconds }, 'the socket to Slack is down')
  } else {
    logger.warn({ error, seconds }, 'the socket to Slack could not be opened')
  }
}

function waitAfter(error: unknown, failures: number): number {
  if (error instanceof WebAPIRateLimitedError) return error.retryAfter * 1000
  return Math.min(250 * 2 ** failures, mostBetweenTriesMs)
}

const secondsSince = (instant: number) => Math.round((Date.now() - instant) / 1000)
