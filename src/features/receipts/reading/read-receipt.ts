import { decodePages } from './decode.ts'
import { type ExtractedFields, extractFields } from './extract/extract.ts'
import type { TextLine } from './lines.ts'
import type { Ocr } from './ocr.ts'
import { readPicture } from './read-picture.ts'
import type { ReadingHints } from './reading.ts'

/**
 * Reads all pages of a file in this process: decode, clean, recognise, find the fields. Heavy and, in its native parts,
 * able to crash: only child processes call it.
 * @throws permanentError `receipt_unreadable`
 */
export async function readReceipt(
  bytes: Uint8Array,
  hints: ReadingHints,
  ocr: Ocr,
): Promise<ExtractedFields> {
  const lines: TextLine[] = []
  for await (const page of decodePages(bytes)) {
    lines.push(...(page.kind === 'text' ? page.lines : await readPicture(page.picture, ocr)))
  }
  return extractFields(lines, hints)
}
