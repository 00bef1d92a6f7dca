import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import {
  checkFile,
  detectMediaType,
  renderRendition,
} from '../../../../src/features/receipts/reading/decode.ts'

const fixture = (name: string) => readFileSync(`test/fixtures/receipts/${name}`)
const bytesOf = (text: string) => Buffer.from(text, 'latin1')

describe('media type', () => {
  test.each([
    ['\xff\xd8\xff\xe0....JFIF', 'image/jpeg'],
    ['\x89PNG\r\n\x1a\n....', 'image/png'],
    ['GIF89a....', 'image/gif'],
    ['II*\0....', 'image/tiff'],
    ['RIFF....WEBPVP8 ', 'image/webp'],
    ['....ftypheic....mif1heic', 'image/heic'],
    ['....ftypmif1\0\0\0\0mif1heic', 'image/heif'],
    ['....ftypmif1\0\0\0\0mif1avif', 'image/avif'],
    ['....ftypavif....', 'image/avif'],
    ['\n\n%PDF-1.7', 'application/pdf'],
    ['PK\x03\x04 an archive', null],
    ['<!doctype html><title>Sign in</title>', null],
    ['....ftypisom a film', null],
    ['', null],
  ])('%j is %s', (start, wanted) => expect(detectMediaType(bytesOf(start))).toBe(wanted))

  test('an empty or too large file is refused with a reason for people', () => {
    expect(() => checkFile(new Uint8Array())).toThrow(/empty/)
    expect(() => checkFile(new Uint8Array(26 * 1024 * 1024))).toThrow(/25 MB/)
  })
})

describe('rendition', () => {
  test('is upright, at most 1,600 pixels and without metadata', async () => {
    const turned = await sharp(fixture('kw-cafe.jpg'))
      .resize(3000, 2000, { fit: 'fill' })
      .withExif({ IFD0: { Artist: 'someone', Orientation: '6' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer()
    const { jpeg, width, height } = await renderRendition(turned)
    expect([width, height]).toEqual([1067, 1600])
    const metadata = await sharp(jpeg).metadata()
    expect(metadata).toMatchObject({ format: 'jpeg', width, height })
    expect(metadata.exif).toBeUndefined()
    expect(metadata.orientation).toBeUndefined()
  })

  test('of a PDF is its first page', async () => {
    const { jpeg, width, height } = await renderRendition(fixture('hotel.pdf'))
    expect(height).toBe(1600)
    expect(width / height).toBeCloseTo(210 / 297, 2)
    // Not blank: text was drawn.
    expect((await sharp(jpeg).stats()).channels[0]?.min).toBeLessThan(80)
  })
})
