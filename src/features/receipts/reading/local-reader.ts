import { permanentError, transientError } from '../../../kernel/errors.ts'
import { logger } from '../../../kernel/logger.ts'
import { createChildPool } from './child-pool.ts'
import { checkFile, type Rendition } from './decode.ts'
import type { Answer } from './messages.ts'
import type { ReceiptFile, ReceiptReader } from './reading.ts'

export type { Rendition } from './decode.ts'

export interface LocalReaderOptions {
  /** How many readings run at once, each in a process of its own. Default 1. */
  processes?: number
  /** Longest time for one reading, in milliseconds. Default 60,000. */
  timeoutMs?: number
  /** Tasks after which a process is replaced. Default 100. */
  maxTasks?: number
  /** Resident bytes above which a process is replaced. Default 700 MB. */
  maxMemory?: number
  /** Milliseconds after which a process without work ends. Default 60,000. */
  idleMs?: number
}

/** Reads receipts wholly on this machine, in child processes of low priority. */
export interface LocalReader extends ReceiptReader {
  /**
   * A JPEG of at most 1,600 px, upright and without metadata; of a PDF, its first page.
   * @throws permanentError `receipt_unreadable`; transientError `reading_timed_out`
   */
  rendition(file: ReceiptFile): Promise<Rendition>
  /** Ends the processes. What is still waiting or being read is refused with transientError `reader_closed`. */
  close(): Promise<void>
}

export function createLocalReader(options: LocalReaderOptions = {}): LocalReader {
  const pool = createChildPool({
    processes: options.processes ?? 1,
    timeoutMs: options.timeoutMs ?? 60_000,
    maxTasks: options.maxTasks ?? 100,
    maxMemory: options.maxMemory ?? 700_000_000,
    idleMs: options.idleMs ?? 60_000,
  })
  return {
    engine: 'local',
    async read({ bytes }, hints) {
      checkFile(bytes)
      const answer = await pool.run({ kind: 'read', bytes, hints })
      if (answer.kind !== 'reading') throw failure(answer)
      return answer.reading
    },
    async rendition({ bytes }) {
      checkFile(bytes)
      const answer = await pool.run({ kind: 'rendition', bytes })
      if (answer.kind !== 'rendition') throw failure(answer)
      const { jpeg, width, height } = answer
      return { jpeg: Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength), width, height }
    },
    close: () => pool.close(),
  }
}

/** The child's refusal as an error of this process. */
function failure(answer: Answer): Error {
  if (answer.kind !== 'refused') return transientError('reading_failed', 'The receipt could not be read.')
  logger.info({ code: answer.code, details: answer.details }, 'receipt not read')
  if (answer.permanent)
    return permanentError(answer.code, answer.message, { details: { reason: answer.details } })
  return transientError(answer.code, answer.message, { details: { reason: answer.details } })
}
