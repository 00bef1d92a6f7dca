import { permanentError } from '../../src/kernel/errors.ts'
import { addPage, artifact, colours, type Sheet, write } from './sheet.ts'
import { short } from './words.ts'

/** A JPEG rendition, upright. */
export interface ReceiptPicture {
  name: string
  jpeg: Uint8Array
  width: number
  height: number
}

/** A page of its own for one receipt. @throws permanentError `receipt_picture_invalid` */
export function drawReceipt(sheet: Sheet, receipt: ReceiptPicture, count: string): void {
  addPage(sheet)
  const { doc, left, width, bottom } = sheet
  write(sheet, { text: count, style: 'section' }, 'H2')
  write(sheet, { text: short(receipt.name, 160), style: 'muted' }, 'P')
  const top = doc.y + 10
  const scale = Math.min(width / receipt.width, (bottom - top) / receipt.height, 1)
  const [w, h] = [receipt.width * scale, receipt.height * scale]
  const x = left + (width - w) / 2
  const alt = `${count}: ${short(receipt.name, 160)}`
  const jpeg = Buffer.from(receipt.jpeg.buffer, receipt.jpeg.byteOffset, receipt.jpeg.byteLength)
  sheet.root.add(
    doc.struct('Figure', { alt }, () => {
      embed(doc, jpeg, { x, y: top, width: w, height: h })
    }),
  )
  artifact(sheet, 'Layout', () => {
    doc.lineWidth(0.6).strokeColor(colours.rule).rect(x, top, w, h).stroke()
  })
}

/** @throws permanentError `receipt_picture_invalid` rather than leave the receipt out of the record. */
function embed(
  doc: PDFKit.PDFDocument,
  jpeg: Buffer,
  box: { x: number; y: number; width: number; height: number },
): void {
  try {
    doc.image(jpeg, box.x, box.y, { width: box.width, height: box.height })
  } catch (cause) {
    throw permanentError('receipt_picture_invalid', 'The picture of a receipt is damaged.', { cause })
  }
}
