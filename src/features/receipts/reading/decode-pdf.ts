import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createCanvas } from '@napi-rs/canvas'
import { getDocument, type PDFDocumentProxy, type PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import sharp, { type Sharp } from 'sharp'
import { intoRows, type TextLine, type Word } from './lines.ts'
import { damaged, maxPages, type Page, toGrey, unreadable } from './picture.ts'

const pdfjs = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))
/** Pixels of the longer side of a page made for OCR: 250 dpi on A4. */
const ocrSide = 2900
/** A scan often carries a few typed words (a stamp, a file name); a receipt's own text is longer. */
const enoughText = 40

/**
 * The pages of a PDF: its own text where it has one, else a picture.
 * @throws permanentError `receipt_unreadable` when it is locked or damaged
 */
export async function* decodePdf(bytes: Uint8Array): AsyncGenerator<Page> {
  const document = await open(bytes)
  try {
    for (let number = 1; number <= Math.min(document.numPages, maxPages); number++) {
      yield await decodePage(await document.getPage(number))
    }
  } catch (error) {
    throw damaged(error)
  } finally {
    await document.loadingTask.destroy()
  }
}

async function decodePage(page: PDFPageProxy): Promise<Page> {
  const lines = await readText(page)
  if (lines.reduce((length, line) => length + line.text.length, 0) >= enoughText)
    return { kind: 'text', lines }
  return { kind: 'picture', picture: await toGrey(await render(page, ocrSide)) }
}

/** A PDF's first page as a picture of about `side` pixels. */
export async function renderFirstPage(bytes: Uint8Array, side: number): Promise<Sharp> {
  const document = await open(bytes)
  try {
    return await render(await document.getPage(1), side)
  } catch (error) {
    throw damaged(error)
  } finally {
    await document.loadingTask.destroy()
  }
}

async function open(bytes: Uint8Array): Promise<PDFDocumentProxy> {
  const loading = getDocument({
    // pdf.js takes the buffer over: give it one of its own.
    data: new Uint8Array(bytes),
    standardFontDataUrl: join(pdfjs, 'standard_fonts/'),
    cMapUrl: join(pdfjs, 'cmaps/'),
    wasmUrl: join(pdfjs, 'wasm/'),
    iccUrl: join(pdfjs, 'iccs/'),
    maxImageSize: 64_000_000,
    verbosity: 0,
  })
  try {
    return await loading.promise
  } catch (error) {
    await loading.destroy()
    if (error instanceof Error && error.name === 'PasswordException') {
      throw unreadable(
        'This PDF is locked with a password. Please send it without one, or a photo of it.',
        error,
      )
    }
    throw unreadable('This PDF is damaged or incomplete. Please send it again.', error)
  }
}

async function render(page: PDFPageProxy, side: number): Promise<Sharp> {
  const natural = page.getViewport({ scale: 1 })
  // The clamp keeps a page of one point by ten metres from asking for gigabytes.
  const scale = Math.min(side / Math.max(natural.width, natural.height, 1), 6)
  const viewport = page.getViewport({ scale })
  const canvas = createCanvas(Math.max(1, Math.ceil(viewport.width)), Math.max(1, Math.ceil(viewport.height)))
  await page.render({ canvas, viewport, background: '#fff' }).promise
  const { width, height } = canvas
  return sharp(canvas.data(), { raw: { width, height, channels: 4 } })
}

async function readText(page: PDFPageProxy): Promise<TextLine[]> {
  const viewport = page.getViewport({ scale: 1 })
  const content = await page.getTextContent()
  const words: Word[] = []
  for (const item of content.items) {
    if ('str' in item && item.str.trim() !== '') words.push(...splitItem(item, viewport.transform))
  }
  return intoRows(words)
}

/** pdf.js gives runs of text with one box each; words share it out by their length. */
function splitItem(
  item: { str: string; width: number; height: number; transform: number[] },
  page: number[],
) {
  const [x, y] = [item.transform[4] ?? 0, item.transform[5] ?? 0]
  const [a = 1, b = 0, c = 0, d = -1, e = 0, f = 0] = page
  const left = a * x + c * y + e
  const bottom = b * x + d * y + f
  const perCharacter = item.width / item.str.length
  return [...item.str.matchAll(/\S+/g)].map(
    (match): Word => ({
      text: match[0],
      confidence: 1,
      box: {
        x0: left + match.index * perCharacter,
        y0: bottom - item.height,
        x1: left + (match.index + match[0].length) * perCharacter,
        y1: bottom,
      },
    }),
  )
}
