import type { Clock } from '../../../kernel/clock.ts'
import { AppError } from '../../../kernel/errors.ts'
import { logger } from '../../../kernel/logger.ts'
import type { LocalReader } from './local-reader.ts'
import type { ReceiptReader } from './reading.ts'

export interface FallbackReaderOptions {
  /** Asked first, such as Gemini. */
  first: ReceiptReader
  /** Reads what the first did not, and makes the renditions. */
  local: LocalReader
  clock: Clock
}

/** So many failures in a row are no accident; each further one costs a person up to the first reader's time-out. */
const failuresBeforePause = 5
const pauseMs = 60_000

/** About the file, not about the first reader: nothing was sent. */
const fileProblems = new Set(['receipt_unreadable', 'receipt_unsuited'])

/**
 * A reader that asks `first` and, whatever goes wrong there, reads on this machine at once. After five failures in a row
 * it reads on this machine only, for a minute; then one try decides whether it goes on. The reading says by `engine`
 * whose it is. Closing it closes `local`.
 */
export function createFallbackReader({ first, local, clock }: FallbackReaderOptions): LocalReader {
  let failures = 0
  let pausedUntil = 0
  const warned = new Set<string>()

  function note(error: unknown): void {
    const known = error instanceof AppError ? error : null
    const code = known?.code ?? 'unexpected'
    if (fileProblems.has(code)) return
    // Never the error itself: what a service or a package writes into it may hold the key or the receipt.
    const reason = known ? known.details?.reason : error instanceof Error && error.name
    const isNews = known?.kind !== 'transient' && !warned.has(`${code} ${reason}`)
    if (isNews) warned.add(`${code} ${reason}`)
    logger[isNews ? 'warn' : 'info']({ code, reason }, `${first.engine} did not read; read on this machine`)
    failures++
    if (failures < failuresBeforePause) return
    pausedUntil = clock.now().getTime() + pauseMs
    logger.warn({ failures }, `${first.engine} is not asked for a minute`)
  }

  return {
    engine: first.engine,
    async read(file, hints) {
      if (clock.now().getTime() < pausedUntil) return local.read(file, hints)
      try {
        const reading = await first.read(file, hints)
        failures = 0
        return reading
      } catch (error) {
        note(error)
        return local.read(file, hints)
      }
    },
    rendition: (file) => local.rendition(file),
    close: () => local.close(),
  }
}
