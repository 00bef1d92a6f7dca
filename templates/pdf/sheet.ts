import PDFDocument from 'pdfkit'
import { fontFiles, printable } from './fonts.ts'

/** A document under construction: tagged, with embedded fonts, and `doc.y` as the place where writing goes on. */
export interface Sheet {
  doc: PDFKit.PDFDocument
  /** The root of the structure that a screen reader follows. */
  root: PDFKit.PDFStructureElement
  left: number
  width: number
  /** Nothing but the footer is drawn below. */
  bottom: number
}

export interface SheetOptions {
  /** Shown in the window's title bar, so free of `& < >`, which pdfkit does not escape in the metadata. */
  title: string
  /** BCP 47, of the company: chooses the paper. */
  locale: string
  /** Becomes the date of creation and of change, so that the same input gives the same bytes. */
  issuedAt: Date
}

/** One paragraph of a cell. */
export interface Line {
  text: string
  style: StyleName
}

export type StyleName = keyof typeof styles

export const colours = { ink: '#1b2430', muted: '#5a6675', rule: '#d5dae1', accent: '#0b5a66' }

const styles = {
  company: { font: 'bold', size: 11, colour: colours.accent, gap: 0 },
  title: { font: 'bold', size: 20, colour: colours.ink, gap: 2 },
  section: { font: 'bold', size: 11.5, colour: colours.ink, gap: 0 },
  lead: { font: 'bold', size: 14, colour: colours.ink, gap: 2 },
  amount: { font: 'bold', size: 26, colour: colours.ink, gap: 0 },
  body: { font: 'regular', size: 9.5, colour: colours.ink, gap: 2.5 },
  strong: { font: 'bold', size: 9.5, colour: colours.ink, gap: 2.5 },
  muted: { font: 'regular', size: 9.5, colour: colours.muted, gap: 2.5 },
  heading: { font: 'bold', size: 8, colour: colours.muted, gap: 0 },
  small: { font: 'regular', size: 8, colour: colours.muted, gap: 0 },
  warning: { font: 'bold', size: 9.5, colour: '#8f4a00', gap: 2.5 },
  blocking: { font: 'bold', size: 9.5, colour: '#a8200d', gap: 2.5 },
} as const

// Where CLDR (supplemental data, "paperSize") says US Letter; everybody else prints on A4.
const letterRegions = new Set('BZ CA CL CO CR GT MX NI PA PH PR SV US VE'.split(' '))
const margin = 54
const footerHeight = 68

/** Opens a document on the paper that the company's country prints on. */
export function openSheet(options: SheetOptions): Sheet {
  const locale = new Intl.Locale(options.locale).maximize()
  const doc = new PDFDocument({
    size: letterRegions.has(locale.region ?? '') ? 'LETTER' : 'A4',
    margin,
    pdfVersion: '1.7',
    tagged: true,
    displayTitle: true,
    // The words are English whatever the locale, which only shapes dates and amounts.
    lang: locale.language === 'en' ? options.locale : 'en',
    font: fontFiles.regular,
    bufferPages: true,
    info: {
      Title: options.title,
      Creator: 'Outlay',
      Producer: 'Outlay',
      CreationDate: options.issuedAt,
      ModDate: options.issuedAt,
    },
  })
  doc.registerFont('regular', fontFiles.regular)
  doc.registerFont('bold', fontFiles.bold)
  const root = doc.struct('Document')
  doc.addStructure(root)
  return {
    doc,
    root,
    left: margin,
    width: doc.page.width - 2 * margin,
    bottom: doc.page.height - footerHeight,
  }
}

export interface Place {
  x: number
  y: number
  width: number
  /** Its element in the structure: H1, P… */
  tag: string
  align?: 'left' | 'right'
  /** What is longer ends with `…`. */
  maxLines?: number
}

/** Writes text at a place of its own, as one element of the structure, and returns the y below it. */
export function writeAt(sheet: Sheet, line: Line, place: Place): number {
  const { doc } = sheet
  const text = printable(line.text)
  const options = { ...textOptions(line.style, place.width), align: place.align ?? 'left' }
  const lineHeight = use(sheet, line.style).currentLineHeight(true) + options.lineGap
  const room = place.maxLines === undefined ? sheet.bottom - place.y : place.maxLines * lineHeight
  const height = Math.min(heightOf(sheet, line, place.width), room)
  sheet.root.add(
    doc.struct(place.tag, {}, () => {
      doc.text(text, place.x, place.y, { ...options, height: height + 1, ellipsis: true })
    }),
  )
  return place.y + height
}

/** How high a text is when it is written over so much of the width, by default all of it. */
export function heightOf(sheet: Sheet, { text, style }: Line, width = sheet.width): number {
  return use(sheet, style).heightOfString(printable(text), textOptions(style, width))
}

/** Writes one line, set smaller where it would be too wide, with its right end at the edge; returns the y below it. */
export function writeFitted(sheet: Sheet, line: Line, place: { y: number; width: number }): number {
  const { doc, left, width } = sheet
  const text = printable(line.text)
  const size = styles[line.style].size
  const natural = use(sheet, line.style).widthOfString(text)
  doc.fontSize(size * Math.min(1, place.width / natural))
  const x = left + width - doc.widthOfString(text)
  sheet.root.add(doc.struct('P', {}, () => doc.text(text, x, place.y, { lineBreak: false })))
  return place.y + doc.currentLineHeight(true)
}

/** Writes text over the full width and goes on below it. */
export function write(sheet: Sheet, line: Line, tag: string): void {
  const { doc, left, width } = sheet
  doc.y = writeAt(sheet, line, { x: left, y: doc.y, width, tag })
}

/** Heads a section; begins a new page rather than leave the heading without the `following` points that belong to it. */
export function section(sheet: Sheet, title: string, following = 48): void {
  const { doc } = sheet
  doc.y += 20
  if (doc.y + 22 + following > sheet.bottom) addPage(sheet)
  write(sheet, { text: title, style: 'section' }, 'H2')
  doc.y += 6
}

/** Begins a new page, and writing starts at its top. */
export function addPage(sheet: Sheet): void {
  sheet.doc.addPage()
  sheet.doc.y = margin
}

/** A hairline across the page at `y`. */
export function rule(sheet: Sheet, y: number, colour = colours.rule): void {
  artifact(sheet, 'Layout', () => {
    const { doc, left, width } = sheet
    doc
      .lineWidth(0.6)
      .strokeColor(colour)
      .moveTo(left, y)
      .lineTo(left + width, y)
      .stroke()
  })
}

/** Draws what a screen reader skips: rules, frames, page numbers. */
export function artifact(sheet: Sheet, type: 'Layout' | 'Pagination', draw: () => void): void {
  sheet.doc.markContent('Artifact', { type })
  draw()
  sheet.doc.endMarkedContent()
}

/** Writes the footer on every page (`page 2 of 3` between the two parts) and closes the document. */
export function closeSheet(sheet: Sheet, footer: { before: string; after: string }): void {
  const { doc } = sheet
  sheet.root.end()
  const { start, count } = doc.bufferedPageRange()
  for (let page = 0; page < count; page++) {
    doc.switchToPage(start + page)
    const text = printable(`${footer.before} · page ${page + 1} of ${count} · ${footer.after}`)
    artifact(sheet, 'Pagination', () => {
      const at = doc.page.height - footerHeight + 24
      use(sheet, 'small').text(text, sheet.left, at, { lineBreak: false })
    })
  }
  doc.end()
}

/** How pdfkit is told to set a line of this style. */
export function textOptions(style: StyleName, width: number): { width: number; lineGap: number } {
  return { width, lineGap: styles[style].gap }
}

/** Makes a style the current one; the document is returned for chaining. */
export function use(sheet: Sheet, style: StyleName): PDFKit.PDFDocument {
  const { font, size, colour } = styles[style]
  return sheet.doc.font(font).fontSize(size).fillColor(colour)
}
