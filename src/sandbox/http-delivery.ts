import { createHmac } from 'node:crypto'
import { type Attempt, acknowledgeMs, type Outgoing } from './outgoing.ts'

/** The way to the app by HTTP: one signed request, answered in three seconds or not at all. */
export async function postToApp(
  app: { eventsUrl: string; signingSecret: string },
  outgoing: Outgoing,
): Promise<Attempt> {
  const { body, type } = bodyOf(outgoing)
  const timestamp = String(Math.floor(Date.now() / 1000))
  const signature = createHmac('sha256', app.signingSecret).update(`v0:${timestamp}:${body}`).digest('hex')
  const retry: Record<string, string> =
    outgoing.attempt === 0
      ? {}
      : { 'x-slack-retry-num': String(outgoing.attempt), 'x-slack-retry-reason': outgoing.reason }
  try {
    const response = await fetch(app.eventsUrl, {
      method: 'POST',
      body,
      headers: {
        'content-type': type,
        ...retry,
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': `v0=${signature}`,
      },
      redirect: 'manual',
      signal: AbortSignal.timeout(acknowledgeMs),
    })
    return {
      outcome: response.ok ? 'ok' : 'failed',
      note: String(response.status),
      body: await response.text(),
      reason: 'http_error',
      noRetry: response.headers.get('x-slack-no-retry') === '1',
    }
  } catch (error) {
    const late = error instanceof DOMException && error.name === 'TimeoutError'
    const reason = late ? 'http_timeout' : 'connection_failed'
    return { outcome: late ? 'late' : 'failed', note: reason, body: '', reason, noRetry: false }
  }
}

/** Events are JSON, interactivity is JSON in a form field, commands are forms. */
function bodyOf({ type, payload }: Outgoing): { body: string; type: string } {
  const form = 'application/x-www-form-urlencoded'
  switch (type) {
    case 'events_api':
      return { body: JSON.stringify(payload), type: 'application/json' }
    case 'interactive':
      return { body: new URLSearchParams({ payload: JSON.stringify(payload) }).toString(), type: form }
    case 'slash_commands': {
      const fields = new URLSearchParams()
      for (const [name, value] of Object.entries(payload)) fields.set(name, String(value))
      return { body: fields.toString(), type: form }
    }
  }
}
