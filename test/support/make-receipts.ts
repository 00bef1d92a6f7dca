/**
 * Draws the receipts of test/fixtures/receipts and the demo's two: first the paper, on a canvas, then its photograph
 * (photograph.ts). Everything follows from the specifications and their seeds.
 *
 * Run `node test/support/make-receipts.ts` to write them anew; it needs the DejaVu and Liberation fonts.
 */
import { createWriteStream, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { finished } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas'
import PDFDocument from 'pdfkit'
import { photograph } from './photograph.ts'
import { examples, type PaperSpec, receipts } from './receipt-specs.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const fixtures = join(root, 'test/fixtures/receipts')
const margin = 44

/** Draws the paper: thermal print on white. */
export function drawPaper(spec: PaperSpec): Canvas {
  const size = spec.fontSize ?? 24
  const pitch = Math.round(size * 1.4)
  const canvas = createCanvas(spec.width ?? 620, pitch * (spec.rows.length + 4))
  const context = canvas.getContext('2d')
  context.fillStyle = '#fbfaf5'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.fillStyle = spec.ink ?? '#2a2a31'
  context.strokeStyle = context.fillStyle
  for (const [index, row] of spec.rows.entries()) {
    drawRow(context, row, { y: pitch * (index + 2.5), size, font: spec.font, width: canvas.width })
  }
  return canvas
}

interface Place {
  y: number
  size: number
  font: string
  width: number
}

function drawRow(context: SKRSContext2D, row: string, { y, size, font, width }: Place): void {
  if (row === '---') {
    context.setLineDash([8, 6])
    context.beginPath()
    context.moveTo(margin, y - size * 0.3)
    context.lineTo(width - margin, y - size * 0.3)
    context.stroke()
    return
  }
  const [, centred, weight, text = ''] = /^(\^?)([#*]?)(.*)$/.exec(row) ?? []
  const scale = weight === '#' ? 1.25 : 1
  context.font = `${weight === '' ? '' : 'bold '}${size * scale}px ${font}`
  const [left = '', right] = text.split('|')
  if (centred === '^') {
    context.textAlign = 'center'
    context.fillText(left, width / 2, y, width - 2 * margin)
    return
  }
  context.textAlign = 'left'
  context.fillText(left, margin, y)
  if (right === undefined) return
  context.textAlign = 'right'
  context.fillText(right, width - margin, y)
}

/** A hotel's invoice as its booking system mails it: text, no picture. */
async function writeTextPdf(path: string): Promise<void> {
  const document = new PDFDocument({
    size: 'A4',
    margin: 56,
    info: { Title: 'Invoice', CreationDate: new Date(0) },
  })
  const written = finished(document.pipe(createWriteStream(path)))
  document.fontSize(20).text('Hotel Lindenhof GmbH').fontSize(10)
  document.text('Marktplatz 3, 04109 Leipzig, Deutschland').moveDown(2)
  document.fontSize(14).text('Rechnung 2026-0417').fontSize(11).moveDown()
  const rows = [
    ['Rechnungsdatum', '12.06.2026'],
    ['2 Nächte Einzelzimmer', '218,00 EUR'],
    ['Frühstück', '36,00 EUR'],
    ['Netto', '236,10 EUR'],
    ['MwSt 7% / 19%', '17,90 EUR'],
    ['Gesamtbetrag', '254,00 EUR'],
  ]
  for (const [label = '', value = ''] of rows) {
    const y = document.y
    document.text(label, 56, y)
    document.text(value, 300, y, { width: 180, align: 'right' }).moveDown(0.4)
  }
  document.end()
  await written
}

/** A receipt from a scanner: a PDF that is only a picture. */
async function writeScannedPdf(path: string, jpeg: Buffer): Promise<void> {
  const document = new PDFDocument({
    size: 'A5',
    margin: 0,
    info: { Title: 'Scan', CreationDate: new Date(0) },
  })
  const written = finished(document.pipe(createWriteStream(path)))
  document.image(jpeg, 0, 0, { fit: [420, 595] }).end()
  await written
}

export async function writeAll(): Promise<void> {
  const labels: Record<string, PaperSpec['label']> = {}
  for (const spec of receipts) {
    writeFileSync(join(fixtures, spec.file), await photograph(drawPaper(spec), spec.shot))
    labels[spec.file] = spec.label
  }
  for (const spec of examples) {
    writeFileSync(join(root, 'config', spec.file), await photograph(drawPaper(spec), spec.shot))
  }
  await writeTextPdf(join(fixtures, 'hotel.pdf'))
  labels['hotel.pdf'] = {
    merchant: 'Hotel Lindenhof GmbH',
    date: '2026-06-12',
    total: '254.00',
    currency: 'EUR',
  }
  const pub = receipts.find((spec) => spec.file === 'gb-pub.jpg')
  if (pub) {
    const flat = await photograph(drawPaper(pub), {
      ...pub.shot,
      degrees: 0.4,
      shade: 0,
      blur: 0.4,
      quality: 70,
    })
    await writeScannedPdf(join(fixtures, 'scan.pdf'), flat)
    labels['scan.pdf'] = pub.label
  }
  writeFileSync(join(fixtures, 'labels.json'), `${JSON.stringify(labels, null, 2)}\n`)
}

if (import.meta.main) await writeAll()
