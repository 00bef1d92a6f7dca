import { intoRows, type TextLine, type Word } from './lines.ts'
import type { Ocr } from './ocr.ts'
import type { GreyPicture } from './picture.ts'
import { crop, preprocess, rotate, soften } from './preprocess.ts'

/** Below this mean confidence the picture is probably upside down or on its side: print is read at 0.6 and above. */
const doubtful = 0.5

/**
 * Passes of the OCR over one picture, each with another look at it, so that they seldom make the same mistake. The
 * first finds out which way up the picture is. None for a blank picture.
 */
export async function* readPicture(picture: GreyPicture, ocr: Ocr): AsyncGenerator<TextLine[]> {
  const straight = await preprocess(picture)
  if (straight === null) return
  const { clean, words } = await upright(straight, ocr)
  yield intoRows(words)
  yield intoRows(await ocr.recognize(await soften(clean)))
  yield intoRows(await ocr.recognize(clean, 'sparse'))
}

async function upright(clean: GreyPicture, ocr: Ocr): Promise<{ clean: GreyPicture; words: Word[] }> {
  const words = await ocr.recognize(clean)
  if (meanConfidence(words) >= doubtful) return { clean, words }
  const turn = await findTurn(clean, ocr)
  const turned = turn === 0 ? null : await preprocess(await rotate(clean, turn))
  if (turned === null) return { clean, words }
  const turnedWords = await ocr.recognize(turned)
  return meanConfidence(turnedWords) > meanConfidence(words)
    ? { clean: turned, words: turnedWords }
    : { clean, words }
}

/** The quarter turn (0, 90, 180 or 270 degrees) at which a piece from the middle of the picture reads best. */
async function findTurn(picture: GreyPicture, ocr: Ocr): Promise<number> {
  const side = Math.min(700, picture.width, picture.height)
  const [x0, y0] = [(picture.width - side) >> 1, (picture.height - side) >> 1]
  const middle = crop(picture, { x0, y0, x1: x0 + side, y1: y0 + side })
  let best = { turn: 0, confidence: 0 }
  for (const turn of [0, 90, 180, 270]) {
    const confidence = meanConfidence(await ocr.recognize(await rotate(middle, turn)))
    if (confidence > best.confidence + 0.05) best = { turn, confidence }
  }
  return best.turn
}

/** Weighted by length: specks are read as single characters of low confidence. */
function meanConfidence(words: Word[]): number {
  const length = words.reduce((sum, word) => sum + word.text.length, 0)
  return words.reduce((sum, word) => sum + word.text.length * word.confidence, 0) / Math.max(1, length)
}
