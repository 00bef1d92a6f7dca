/** The process that reads one mail and ends: see parse-mail.ts. */
import { setPriority } from 'node:os'
import type { ProcessAnswer } from './parsed-mail.ts'
import { readMail } from './read-mail.ts'

async function answer(raw: Uint8Array): Promise<ProcessAnswer> {
  try {
    return { mail: await readMail(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)) }
  } catch (error) {
    const tooComplex = error instanceof Error && 'code' in error && error.code === 'EMAXLEN'
    return { problem: tooComplex ? 'mail_too_complex' : 'mail_unreadable', detail: String(error) }
  }
}

// Nobody waits for a mail as they do for an answer in Slack.
setPriority(10)
process.once('message', async (raw) => {
  if (!(raw instanceof Uint8Array)) throw new TypeError('not a mail')
  process.send?.(await answer(raw), () => process.exit(0))
})
