import { decodePdf, renderFirstPage } from './decode-pdf.ts'
import { countPages, damaged, maxPages, openPicture, type Page, toGrey, unreadable } from './picture.ts'

export const maxFileBytes = 25 * 1024 * 1024

const brands = new Map([
  ...['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis'].map((brand) => [brand, 'image/heic'] as const),
  ...['mif1', 'msf1'].map((brand) => [brand, 'image/heif'] as const),
  ...['avif', 'avis'].map((brand) => [brand, 'image/avif'] as const),
])

/**
 * The media type by the file's first bytes, or null for what receipts cannot be. Never by name: telephones name HEIC
 * files `.jpg`, and so do attackers their archives.
 */
export function detectMediaType(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 1024))
  const latin = head.toString('latin1')
  if (latin.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (latin.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (latin.startsWith('GIF87a') || latin.startsWith('GIF89a')) return 'image/gif'
  if (latin.startsWith('II*\0') || latin.startsWith('MM\0*')) return 'image/tiff'
  if (latin.startsWith('RIFF') && latin.startsWith('WEBP', 8)) return 'image/webp'
  if (latin.startsWith('ftyp', 4)) return heifType(latin)
  // Printers and mail gateways put a few bytes before the header; ISO 32000-1, H.3 note 13 allows 1,024.
  if (latin.includes('%PDF-')) return 'application/pdf'
  return null
}

function heifType(latin: string): string | null {
  const major = latin.slice(8, 12)
  const type = brands.get(major)
  // `mif1` says only "some HEIF": the compatible brands tell whether AV1 or HEVC is inside.
  if (type === 'image/heif' && /avif|avis/.test(latin.slice(16, 64))) return 'image/avif'
  return type ?? null
}

/**
 * Checks size and kind before anything parses the file.
 * @returns the media type by content
 * @throws permanentError `receipt_unreadable`
 */
export function checkFile(bytes: Uint8Array): string {
  if (bytes.byteLength === 0) throw unreadable('The file is empty. Please send it again.')
  if (bytes.byteLength > maxFileBytes) {
    throw unreadable('The file is larger than 25 MB. Please send a smaller picture.')
  }
  const mediaType = detectMediaType(bytes)
  if (mediaType === null) {
    throw unreadable('This file is not a picture or a PDF. Please send a photo or a PDF of the receipt.')
  }
  return mediaType
}

export interface Rendition {
  jpeg: Buffer
  width: number
  height: number
}

/** Longest side of the picture that people are shown. */
const renditionSide = 1600

/**
 * A JPEG for people to look at: upright, at most 1,600 pixels a side, without metadata (telephones write where the
 * picture was taken into it). Of a PDF, the first page.
 * @throws permanentError `receipt_unreadable`
 */
export async function renderRendition(bytes: Uint8Array): Promise<Rendition> {
  const mediaType = checkFile(bytes)
  const picture =
    mediaType === 'application/pdf'
      ? await renderFirstPage(bytes, renditionSide)
      : await openPicture(bytes, mediaType)
  try {
    const { data, info } = await picture
      .resize({ width: renditionSide, height: renditionSide, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#fff' })
      .toColourspace('srgb')
      .jpeg({ quality: 80, mozjpeg: true })
      .toBuffer({ resolveWithObject: true })
    return { jpeg: data, width: info.width, height: info.height }
  } catch (error) {
    throw damaged(error)
  }
}

/**
 * The pages of a file, one after another, so that only one is in memory.
 * @throws permanentError `receipt_unreadable`
 */
export async function* decodePages(bytes: Uint8Array): AsyncGenerator<Page> {
  const mediaType = checkFile(bytes)
  if (mediaType === 'application/pdf') {
    yield* decodePdf(bytes)
    return
  }
  const pages = mediaType === 'image/tiff' ? await countPages(bytes) : 1
  for (let page = 0; page < Math.min(pages, maxPages); page++) {
    yield { kind: 'picture', picture: await toGrey(await openPicture(bytes, mediaType, page)) }
  }
}
