import { parentPort, workerData } from 'node:worker_threads'
import type { ThreadAnswer } from './parsed-mail.ts'
import { readMail } from './read-mail.ts'

/** The program of the thread that reads one mail: see parseMail. */
async function answer(raw: Uint8Array): Promise<ThreadAnswer> {
  try {
    return { mail: await readMail(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)) }
  } catch (error) {
    const tooComplex = error instanceof Error && 'code' in error && error.code === 'EMAXLEN'
    return { problem: tooComplex ? 'mail_too_complex' : 'mail_unreadable', detail: String(error) }
  }
}

const result = await answer(workerData)
const files = 'mail' in result ? result.mail.files : []
parentPort?.postMessage(
  result,
  files.map((file) => file.bytes.buffer).filter((bytes) => bytes instanceof ArrayBuffer),
)
