import heicDecode from 'heic-decode'
import sharp, { type Sharp } from 'sharp'
import { AppError, permanentError } from '../../../kernel/errors.ts'
import type { TextLine } from './lines.ts'

/** Above every telephone's usual pictures; 20,000 × 20,000 pixels of nothing fit into a PNG of 50 kB. */
const maxPixels = 128_000_000
const maxSide = 20_000
/** Beyond this, more pixels only cost time: a receipt's small print is 12 pixels high at a third of it. */
const maxDecodedSide = 4000

/** A grey picture: one byte a pixel, 0 black to 255 white, row by row. */
export interface GreyPicture {
  data: Uint8Array
  width: number
  height: number
}

/** What is on a page: a picture to be read by OCR, or a PDF's own text, already in printed rows. */
export type Page = { kind: 'picture'; picture: GreyPicture } | { kind: 'text'; lines: TextLine[] }

/** Pages beyond these are not read: no receipt hides its total on the eleventh. */
export const maxPages = 10

/** The error for a file that no retry can read. `message` is for the person who sent it. */
export function unreadable(message: string, cause?: unknown): Error {
  return permanentError('receipt_unreadable', message, { cause })
}

/**
 * Opens a picture (not a PDF) upright.
 * @throws permanentError `receipt_unreadable` when it is damaged, incomplete or has too many pixels
 */
export async function openPicture(bytes: Uint8Array, mediaType: string, page = 0): Promise<Sharp> {
  if (mediaType === 'image/heic' || mediaType === 'image/heif') return openHeic(bytes)
  // `error` refuses half a picture: a total read from the upper half of a receipt would be wrong.
  const options = { limitInputPixels: maxPixels, failOn: 'error', page } as const
  try {
    // Only the head is read here, so that the refusal can say how large the picture is.
    const { width, height } = await sharp(bytes, { ...options, limitInputPixels: false }).metadata()
    checkPixels(width, height)
  } catch (error) {
    throw damaged(error)
  }
  return sharp(bytes, options).autoOrient()
}

/** sharp's build knows HEIC's frame but not HEVC (patents); libheif in WebAssembly does, and rotates as stored. */
async function openHeic(bytes: Uint8Array): Promise<Sharp> {
  try {
    const claimed = await sharp(bytes, { limitInputPixels: false }).metadata()
    checkPixels(claimed.width, claimed.height)
    const { data, width, height } = await heicDecode({ buffer: bytes })
    return sharp(Buffer.from(data.buffer, data.byteOffset, data.byteLength), {
      raw: { width, height, channels: 4 },
    })
  } catch (error) {
    throw damaged(error)
  }
}

function checkPixels(width: number, height: number): void {
  if (width * height > maxPixels || Math.max(width, height) > maxSide) {
    throw unreadable(
      `The picture has ${width} × ${height} pixels, which is too large. Please send a smaller one.`,
    )
  }
}

/** What a decoder threw, as an error for people; errors that are one already stay as they are. */
export function damaged(error: unknown): Error {
  if (error instanceof AppError) return error
  return unreadable('This picture is damaged or incomplete. Please send it again.', error)
}

/** Decodes into grey pixels, upright, on white where it was transparent, at most 4,000 pixels a side. */
export async function toGrey(picture: Sharp): Promise<GreyPicture> {
  try {
    const { data, info } = await picture
      .resize({ width: maxDecodedSide, height: maxDecodedSide, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#fff' })
      .greyscale()
      .toColourspace('b-w')
      .raw()
      .toBuffer({ resolveWithObject: true })
    return { data, width: info.width, height: info.height }
  } catch (error) {
    throw damaged(error)
  }
}

/** How many pages a picture file has: a TIFF may be a whole fax. */
export async function countPages(bytes: Uint8Array): Promise<number> {
  try {
    return (await sharp(bytes, { limitInputPixels: maxPixels }).metadata()).pages ?? 1
  } catch (error) {
    throw damaged(error)
  }
}
