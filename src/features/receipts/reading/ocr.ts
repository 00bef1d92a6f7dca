import { createRequire } from 'node:module'
import sharp from 'sharp'
import { createWorker, OEM, PSM, type Worker } from 'tesseract.js'
import { z } from 'zod'
import type { Word } from './lines.ts'
import type { GreyPicture } from './picture.ts'

/** Where npm put the English model, which also reads the figures and most letters of other Latin scripts. */
const language = z
  .object({ code: z.string(), gzip: z.boolean(), langPath: z.string() })
  .parse(createRequire(import.meta.url)('@tesseract.js-data/eng'))

/** Optical character recognition by Tesseract in WebAssembly. Must run in a process that may be killed. */
export interface Ocr {
  /** The words on a picture, in no particular order. `block`: one column of rows; `sparse`: text anywhere. */
  recognize(picture: GreyPicture, layout?: 'block' | 'line'): Promise<Word[]>
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

async function recognize(worker: Worker, picture: GreyPicture, layout: 'block' | 'line'): Promise<Word[]> {
  await worker.setParameters({
    tessedit_pageseg_mode: layout === 'block' ? PSM.SINGLE_BLOCK : PSM.SINGLE_LINE,
    user_defined_dpi: '200',
  })
  const { data, width, height } = picture
  const png = await sharp(data, { raw: { width, height, channels: 1 } })
    .png({ compressionLevel: 1 })
    .toBuffer()
  const page = await worker.recognize(png, {}, { text: false, blocks: true })
  const words = (page.data.blocks ?? []).flatMap((block) =>
    block.paragraphs.flatMap((paragraph) => paragraph.lines.flatMap((line) => line.words)),
  )
  return words
    .filter((word) => word.text.trim() !== '')
    .map((word) => ({ text: word.text.trim(), confidence: word.confidence / 100, box: word.bbox }))
}
