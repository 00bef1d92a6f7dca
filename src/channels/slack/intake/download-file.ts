import { transientError, userError } from '../../../kernel/errors.ts'
import type { SlackChannel } from '../slack-channel.ts'

const maxBytes = 25 * 1024 * 1024

/**
 * Fetches a file that somebody posted. Slack answers with a page of HTML and status 200 when the token is not (yet)
 * good for the file, so the type is checked too.
 * @throws transientError `file_not_ready`; userError `file_too_large`
 */
export async function downloadFile(slack: SlackChannel, teamId: string, url: string): Promise<Uint8Array> {
  if (!isSlackHost(url, slack.apiUrl))
    throw userError('file_elsewhere', 'I can only read files that are stored in Slack.')
  const { botToken } = await slack.workspaces.of(teamId)
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${botToken}` },
    signal: AbortSignal.timeout(30_000),
  }).catch((error: unknown) => {
    throw transientError('file_not_ready', 'The file could not be fetched from Slack.', { cause: error })
  })
  const isPage = response.headers.get('content-type')?.startsWith('text/html') ?? false
  if (!response.ok || isPage || !response.body) {
    await response.body?.cancel()
    throw transientError(
      'file_not_ready',
      `Slack did not give the file (${response.status}${isPage ? ', a web page' : ''}).`,
    )
  }
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body) {
    size += chunk.byteLength
    if (size > maxBytes)
      throw userError('file_too_large', 'This file is too large: receipts may have up to 25 MB.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The bot's token goes to Slack alone, whatever address an event names. */
function isSlackHost(url: string, apiUrl: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname, origin } = new URL(url)
  if (origin === new URL(apiUrl).origin) return true
  return protocol === 'https:' && (hostname === 'slack.com' || hostname.endsWith('.slack.com'))
}
