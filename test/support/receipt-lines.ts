import { makeLine, type TextLine } from '../../src/features/receipts/reading/lines.ts'

/** Printed rows as the OCR would give them: words ten pixels a character apart, rows thirty pixels. */
export function linesOf(text: string, confidence = 0.95): TextLine[] {
  return text
    .split('\n')
    .map((row) => row.trim())
    .filter((row) => row !== '')
    .map((row, index) => {
      let at = 0
      const words = row.split(/\s+/).map((word) => {
        const box = { x0: at * 10, y0: index * 30, x1: (at + word.length) * 10, y1: index * 30 + 20 }
        at += word.length + 1
        return { text: word, confidence, box }
      })
      return makeLine(words)
    })
}
