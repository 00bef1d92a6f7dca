import { decodePages } from './decode.ts'
import { type ExtractedFields, extractFields, sureness } from './extract/extract.ts'
import type { TextLine } from './lines.ts'
import type { Ocr } from './ocr.ts'
import { readPicture } from './read-picture.ts'
import type { ReadingHints } from './reading.ts'

/** From here on another pass of the OCR is not worth its second. */
const sureEnough = 0.75
/**
 * A picture that has cost this much processor time (seconds) is large or full of specks, and another pass would cost as
 * much again. Processor time, so that a busy machine reads slower but not worse.
 */
const patience = 3.5

/**
 * Reads all pages of a file in this process: decode, clean, recognise, find the fields. A single page is looked at up to
 * three times, until its fields are sure; of several pages each once. Heavy and, in its native parts, able to crash:
 * only child processes call it.
 * @throws permanentError `receipt_unreadable`
 */
export async function readReceipt(
  bytes: Uint8Array,
  hints: ReadingHints,
  ocr: Ocr,
): Promise<ExtractedFields> {
  const start = process.cpuUsage()
  const first: TextLine[] = []
  let again: AsyncGenerator<TextLine[]> | null = null
  let pages = 0
  for await (const page of decodePages(bytes)) {
    pages++
    if (page.kind === 'text') first.push(...page.lines)
    else {
      again = readPicture(page.picture, ocr)
      first.push(...((await again.next()).value ?? []))
    }
  }
  const passes = [first]
  let fields = extractFields(passes, hints)
  if (pages > 1 || again === null) return fields
  while (sureness(fields) < sureEnough && secondsSince(start) < patience) {
    const next = await again.next()
    if (next.done) break
    passes.push(next.value)
    fields = extractFields(passes, hints)
  }
  return fields
}

function secondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1_000_000
}
