import { createRequire } from 'node:module'
import sharp from 'sharp'
import { createWorker, type Line, OEM, PSM, type Worker } from 'tesseract.js'
import { z } from 'zod'
import type { Box, Word } from './lines.ts'
import type { GreyPicture } from './picture.ts'

/** Where npm put the English model, which also reads the figures and most letters of other Latin scripts. */
const language = z
  .object({ code: z.string(), gzip: z.boolean(), langPath: z.string() })
  .parse(createRequire(import.meta.url)('@tesseract.js-data/eng'))

/** `block`: one column of rows. `sparse`: text anywhere, which finds what stands apart and in other sizes. */
export type Layout = 'block' | 'sparse'

/** Optical character recognition by Tesseract in WebAssembly. Must run in a process that may be killed. */
export interface Ocr {
  /** The words on a picture, in no particular order. */
  recognize(picture: GreyPicture, layout?: Layout): Promise<Word[]>
  close(): Promise<void>
}

export async function openOcr(): Promise<Ocr> {
  const worker = await createWorker(language.code, OEM.LSTM_ONLY, {
    langPath: language.langPath,
    gzip: language.gzip,
    // The default writes the model into the working directory.
    cacheMethod: 'none',
  })
  return {
    recognize: (picture, layout = 'block') => recognize(worker, picture, layout),
    close: async () => {
      await worker.terminate()
    },
  }
}

async function recognize(worker: Worker, picture: GreyPicture, layout: Layout): Promise<Word[]> {
  await worker.setParameters({
    tessedit_pageseg_mode: layout === 'block' ? PSM.SINGLE_BLOCK : PSM.SPARSE_TEXT,
    user_defined_dpi: '200',
  })
  const { data, width, height } = picture
  const png = await sharp(data, { raw: { width, height, channels: 1 } })
    .png({ compressionLevel: 1 })
    .toBuffer()
  const page = await worker.recognize(png, {}, { text: false, blocks: true })
  const lines = (page.data.blocks ?? []).flatMap((block) => block.paragraphs.flatMap((each) => each.lines))
  const slopeAt = fitSlope(lines, width)
  return lines
    .flatMap((line) => line.words)
    .filter((word) => word.text.trim() !== '')
    .map((word) => ({
      text: word.text.trim(),
      confidence: word.confidence / 100,
      box: level(word.bbox, slopeAt, width),
    }))
}

/**
 * How rows slope at each height. A leaning telephone makes rows run apart, so that the ones at the top slope another
 * way than those at the bottom: a straight line through the slopes of all baselines, without the outliers.
 */
function fitSlope(lines: Line[], width: number): (y: number) => number {
  const all = lines
    .filter(({ bbox, words }) => words.length > 1 && bbox.x1 - bbox.x0 > width * 0.12)
    .map(({ baseline: { x0, y0, x1, y1 } }) => ({
      y: (y0 + y1) / 2,
      slope: (y1 - y0) / (x1 - x0),
      weight: x1 - x0,
    }))
    .filter(({ slope }) => Math.abs(slope) < 0.2)
  const middle = all.map(({ slope }) => slope).sort((a, b) => a - b)[all.length >> 1] ?? 0
  const usual = all.filter(({ slope }) => Math.abs(slope - middle) < 0.05)
  if (usual.length < 4) return () => middle
  const total = usual.reduce((sum, { weight }) => sum + weight, 0)
  const mean = (of: (line: (typeof usual)[number]) => number) =>
    usual.reduce((sum, line) => sum + of(line) * line.weight, 0) / total
  const [meanY, meanSlope] = [mean(({ y }) => y), mean(({ slope }) => slope)]
  const spread = mean(({ y }) => (y - meanY) ** 2)
  const change = spread === 0 ? 0 : mean(({ y, slope }) => (y - meanY) * (slope - meanSlope)) / spread
  return (y) => meanSlope + change * (y - meanY)
}

/** The box moved to where it would be if its row were level. */
function level(box: Box, slopeAt: (y: number) => number, width: number): Box {
  const shift = -slopeAt((box.y0 + box.y1) / 2) * ((box.x0 + box.x1) / 2 - width / 2)
  return { x0: box.x0, x1: box.x1, y0: box.y0 + shift, y1: box.y1 + shift }
}
