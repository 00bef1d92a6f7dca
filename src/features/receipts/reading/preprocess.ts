import sharp, { type Sharp } from 'sharp'
import { evenLight } from './even-light.ts'
import type { Box } from './lines.ts'
import type { GreyPicture } from './picture.ts'
import { findSkew } from './skew.ts'

/** The height of a row of print, in pixels, at which Tesseract reads best. */
const wantedRow = 30
/** Darker than this on evened paper (255) is ink. */
const inkLevel = 160

/**
 * Makes a photographed receipt look like a flat scan: even light, straight rows, nothing around the print, letters of
 * the height that the OCR was trained on. Null for a picture without any print.
 */
export async function preprocess(picture: GreyPicture): Promise<GreyPicture | null> {
  const even = evenLight(picture)
  const ink = findInk(even)
  if (ink === null) return null
  const cropped = crop(even, ink)
  const straight = await rotate(cropped, findSkew(cropped))
  const tight = crop(straight, findInk(straight) ?? wholeOf(straight))
  return scale(tight, Math.min(3, Math.max(0.3, wantedRow / rowHeight(tight))))
}

/** Turns clockwise by `degrees`, on white. */
export async function rotate(picture: GreyPicture, degrees: number): Promise<GreyPicture> {
  if (Math.abs(degrees) < 0.1) return picture
  return fromSharp(open(picture).rotate(degrees, { background: '#fff' }))
}

async function scale(picture: GreyPicture, factor: number): Promise<GreyPicture> {
  if (Math.abs(factor - 1) < 0.05) return picture
  const width = Math.max(1, Math.round(picture.width * factor))
  return fromSharp(open(picture).resize({ width, kernel: 'cubic' }))
}

/** The same picture larger and softer: joins the dots of needle printers and thin strokes. */
export async function soften(picture: GreyPicture): Promise<GreyPicture> {
  const width = Math.round(picture.width * 1.25)
  return fromSharp(open(picture).resize({ width, kernel: 'cubic' }).blur(0.8))
}

export function crop(picture: GreyPicture, box: Box): GreyPicture {
  const [width, height] = [box.x1 - box.x0, box.y1 - box.y0]
  const data = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    const start = (box.y0 + y) * picture.width + box.x0
    data.set(picture.data.subarray(start, start + width), y * width)
  }
  return { data, width, height }
}

function open({ data, width, height }: GreyPicture) {
  return sharp(data, { raw: { width, height, channels: 1 } })
}

async function fromSharp(pipeline: Sharp): Promise<GreyPicture> {
  const { data, info } = await pipeline
    .flatten({ background: '#fff' })
    .toColourspace('b-w')
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height }
}

function wholeOf({ width, height }: GreyPicture): Box {
  return { x0: 0, y0: 0, x1: width, y1: height }
}

/**
 * The box around the print with a small margin, null where there is none. Looks at cells of a hundredth of the
 * picture: print has several inked cells side by side, a speck of dust has not.
 */
function findInk(picture: GreyPicture): Box | null {
  const cell = Math.max(6, Math.round(Math.max(picture.width, picture.height) / 120))
  const columns = Math.ceil(picture.width / cell)
  const rows = Math.ceil(picture.height / cell)
  const inked = inkedCells(picture, cell, columns, rows)
  const box = { x0: columns, y0: rows, x1: -1, y1: -1 }
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      if (!inked[y * columns + x] || neighbours(inked, columns, rows, x, y) < 3) continue
      box.x0 = Math.min(box.x0, x)
      box.x1 = Math.max(box.x1, x)
      box.y0 = Math.min(box.y0, y)
      box.y1 = Math.max(box.y1, y)
    }
  }
  if (box.x1 < 0) return null
  return {
    x0: Math.max(0, (box.x0 - 1) * cell),
    y0: Math.max(0, (box.y0 - 1) * cell),
    x1: Math.min(picture.width, (box.x1 + 2) * cell),
    y1: Math.min(picture.height, (box.y1 + 2) * cell),
  }
}

function inkedCells(picture: GreyPicture, cell: number, columns: number, rows: number): Uint8Array {
  const counts = new Uint32Array(columns * rows)
  for (let y = 0; y < picture.height; y++) {
    const row = Math.floor(y / cell) * columns
    for (let x = 0; x < picture.width; x++) {
      if ((picture.data[y * picture.width + x] ?? 255) < inkLevel) {
        const at = row + Math.floor(x / cell)
        counts[at] = (counts[at] ?? 0) + 1
      }
    }
  }
  return Uint8Array.from(counts, (count) => (count > 0.04 * cell * cell ? 1 : 0))
}

function neighbours(cells: Uint8Array, columns: number, rows: number, x: number, y: number): number {
  let count = -1
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const [nx, ny] = [x + dx, y + dy]
      if (nx >= 0 && ny >= 0 && nx < columns && ny < rows) count += cells[ny * columns + nx] ?? 0
    }
  }
  return count
}

/**
 * The usual height of a printed row in pixels. Measured in six vertical strips, so that a curled receipt, whose rows are
 * straight nowhere, still has gaps between them. Each run counts by its height: thin or dotted print falls into many
 * low runs, which must not outvote the rows.
 */
function rowHeight(picture: GreyPicture): number {
  const heights: number[] = []
  const strip = Math.ceil(picture.width / 6)
  for (let left = 0; left < picture.width; left += strip) {
    const right = Math.min(picture.width, left + strip)
    let run = 0
    for (let y = 0; y <= picture.height; y++) {
      if (y < picture.height && inkInRow(picture, y, left, right) > Math.max(2, strip * 0.02)) run++
      else {
        if (run >= 5 && run <= 150) heights.push(run)
        run = 0
      }
    }
  }
  heights.sort((a, b) => a - b)
  const half = heights.reduce((sum, height) => sum + height, 0) / 2
  let seen = 0
  for (const height of heights) {
    seen += height
    if (seen >= half) return height
  }
  return wantedRow
}

function inkInRow(picture: GreyPicture, y: number, left: number, right: number): number {
  let count = 0
  for (let at = y * picture.width + left; at < y * picture.width + right; at++) {
    if ((picture.data[at] ?? 255) < inkLevel) count++
  }
  return count
}
