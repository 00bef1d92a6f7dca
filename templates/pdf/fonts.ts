import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const resolve = createRequire(import.meta.url).resolve
const folder = 'pdfjs-dist/standard_fonts'

/** Liberation Sans: every alphabet of the European Union, embedded into each document (docs/adr/0003). */
export const fontFiles = {
  regular: resolve(`${folder}/LiberationSans-Regular.ttf`),
  bold: resolve(`${folder}/LiberationSans-Bold.ttf`),
}

/** Stands for what the font cannot show, so that a reader sees that something is there. */
export const replacement = '□'

const covered = readCoverage(readFileSync(fontFiles.regular))
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
// What is invisible and can reorder or glue the text around it has no business on a document of record.
const invisible = /[\p{Cc}\p{Cf}]+/gu
const spaces = /[\p{Zs}]/gu

/**
 * `text` as the font can show it: control and direction characters are gone, other spaces are plain ones, a letter
 * with marks that the font lacks loses its marks (`ễ` becomes `ê`), anything else that it lacks becomes one `□`.
 * Line breaks stay.
 */
export function printable(text: string): string {
  return text
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => printableLine(line))
    .join('\n')
}

// Nearly every line; what is left costs a look at each character.
const latin1 = /^[\x20-\x7e\u00a0-\u00ac\u00ae-\u00ff]*$/

function printableLine(line: string): string {
  if (latin1.test(line)) return line
  const clean = line.toWellFormed().normalize('NFC').replaceAll('\t', ' ').replace(spaces, toKnownSpace)
  // By grapheme, before the joiners inside an emoji are dropped: a family of four is one picture.
  return Array.from(graphemes.segment(clean), ({ segment }) => nearest(segment.replace(invisible, ''))).join(
    '',
  )
}

/** A space that forbids a line break keeps forbidding it: `USD 47.10` stays on one line. */
function toKnownSpace(space: string): string {
  return space === '\u00a0' || space === '\u202f' ? '\u00a0' : ' '
}

function nearest(grapheme: string): string {
  let letters = grapheme
  while (letters !== '') {
    const composed = letters.normalize('NFC')
    if (Array.from(composed).every((character) => covered(character.codePointAt(0) ?? 0))) return composed
    const withoutLastMark = letters.normalize('NFD').replace(/\p{M}$/u, '')
    if (withoutLastMark === letters.normalize('NFD')) return replacement
    letters = withoutLastMark
  }
  return ''
}

/**
 * Which characters a TrueType font has, from its `cmap` subtable of format 4 (OpenType 1.9, "cmap"): pdfkit draws an
 * empty box for others and leaves no text behind, and does not tell.
 */
function readCoverage(font: Buffer): (codePoint: number) => boolean {
  const tables = Array.from({ length: font.readUInt16BE(4) }, (_, index) => 12 + 16 * index)
  const entry = tables.find((offset) => font.toString('latin1', offset, offset + 4) === 'cmap')
  if (entry === undefined) throw new Error('the font has no cmap table')
  const cmap = font.readUInt32BE(entry + 8)
  const subtables = Array.from({ length: font.readUInt16BE(cmap + 2) }, (_, index) => {
    return cmap + font.readUInt32BE(cmap + 8 + 8 * index)
  })
  const table = subtables.find((offset) => font.readUInt16BE(offset) === 4)
  if (table === undefined) throw new Error('the font has no cmap subtable of format 4')
  const twiceSegments = font.readUInt16BE(table + 6)
  const segments = Array.from({ length: twiceSegments / 2 }, (_, index) => ({
    last: font.readUInt16BE(table + 14 + 2 * index),
    first: font.readUInt16BE(table + 16 + twiceSegments + 2 * index),
  }))
  // 0xFFFF closes the list and is no character.
  return (codePoint) =>
    codePoint < 0xffff && segments.some(({ first, last }) => first <= codePoint && codePoint <= last)
}
