/** Pixels from the page's top left corner. For a PDF's text layer: points. */
export interface Box {
  x0: number
  y0: number
  x1: number
  y1: number
}

export interface Word {
  text: string
  /** 0..1: how sure the OCR is of this word; 1 for a PDF's text layer. */
  confidence: number
  box: Box
}

/** One printed row, from the left edge of the page to the right. */
export interface TextLine {
  text: string
  words: Word[]
  box: Box
}

/** The smallest box around all of `boxes`, which are at least one. */
export function around(boxes: Box[]): Box {
  return {
    x0: Math.min(...boxes.map((box) => box.x0)),
    y0: Math.min(...boxes.map((box) => box.y0)),
    x1: Math.max(...boxes.map((box) => box.x1)),
    y1: Math.max(...boxes.map((box) => box.y1)),
  }
}

export function makeLine(words: Word[]): TextLine {
  return { text: words.map((word) => word.text).join(' '), words, box: around(words.map((word) => word.box)) }
}

/**
 * Puts words into printed rows, whatever blocks a layout analysis saw: a label at the left and its amount at the far
 * right belong together. A word joins the row that it overlaps by more than half of the smaller height.
 */
export function intoRows(words: Word[]): TextLine[] {
  const rows: { words: Word[]; top: number; bottom: number }[] = []
  const byCentre = [...words].sort((a, b) => a.box.y0 + a.box.y1 - b.box.y0 - b.box.y1)
  for (const word of byCentre) {
    const height = word.box.y1 - word.box.y0
    const row = rows
      .slice(-4)
      .map((candidate) => ({ candidate, shared: overlap(candidate, word.box) }))
      .filter(({ candidate, shared }) => shared > 0.5 * Math.min(height, candidate.bottom - candidate.top))
      .sort((a, b) => b.shared - a.shared)[0]?.candidate
    if (!row) {
      rows.push({ words: [word], top: word.box.y0, bottom: word.box.y1 })
      continue
    }
    // The row keeps the mean of its words' edges: one tall character must not swallow the next row.
    const count = row.words.length
    row.top = (row.top * count + word.box.y0) / (count + 1)
    row.bottom = (row.bottom * count + word.box.y1) / (count + 1)
    row.words.push(word)
  }
  return rows
    .sort((a, b) => a.top + a.bottom - b.top - b.bottom)
    .map((row) => makeLine(row.words.sort((a, b) => a.box.x0 - b.box.x0)))
}

function overlap(row: { top: number; bottom: number }, box: Box): number {
  return Math.min(row.bottom, box.y1) - Math.max(row.top, box.y0)
}
