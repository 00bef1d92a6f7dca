import { addToOutbox, type Tx } from '../../database/index.ts'
import { userError } from '../../kernel/errors.ts'
import { cleanJson } from '../../kernel/text.ts'
import { storeBlob } from './blobs.ts'
import { detectMediaType, maxFileBytes, type ReceiptReading, receiptReadingSchema } from './reading/index.ts'
import { Reading, Receipt } from './receipts.entity.ts'

export interface UploadedFile {
  /** As the sender named it; shown, never used as a path. */
  name: string
  bytes: Uint8Array
}

/** The media type of a file that may be a receipt, by its content.
 * @throws userError `file_too_large`, `file_not_receipt`
 */
export function acceptFile(file: UploadedFile): string {
  const name = cleanFileName(file.name)
  if (file.bytes.byteLength > maxFileBytes) {
    throw userError(
      'file_too_large',
      `${name} is too large: receipts may have up to ${maxFileBytes / 1024 / 1024} MB.`,
      { details: { file: name } },
    )
  }
  const mediaType = detectMediaType(file.bytes)
  if (mediaType === null) {
    throw userError(
      'file_not_receipt',
      `${name} is not a picture or PDF, so I cannot read it as a receipt.`,
      {
        details: { file: name },
      },
    )
  }
  return mediaType
}

/** Stores a receipt of an expense and asks for it to be read. */
export async function addReceipt(
  tx: Tx,
  input: { expenseId: string; personId: string; position: number; file: UploadedFile },
): Promise<string> {
  const mediaType = acceptFile(input.file)
  const id = tx.newId()
  tx.em.create(Receipt, {
    id,
    companyId: tx.companyId,
    expenseId: input.expenseId,
    fileSha256: await storeBlob(tx, input.file.bytes, mediaType),
    renditionSha256: null,
    renditionWidth: null,
    renditionHeight: null,
    mediaType,
    fileName: cleanFileName(input.file.name),
    position: input.position,
    status: 'waiting',
    problem: null,
    uploadedBy: input.personId,
    createdAt: tx.now,
  })
  await addToOutbox(tx, 'receipt.read', { receiptId: id })
  return id
}

/** File names are hostile: no paths, control characters or direction overrides, and not ten thousand letters. */
export function cleanFileName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? ''
  const clean = last.replace(/[\p{Cc}\p{Cf}]/gu, '').trim()
  const short = clean.length > 80 ? `${clean.slice(0, 60)}…${clean.slice(-15)}` : clean
  return short.toWellFormed() || 'receipt'
}

export async function receiptsOf(tx: Tx, expenseId: string): Promise<Receipt[]> {
  return tx.em.find(Receipt, { companyId: tx.companyId, expenseId }, { orderBy: { position: 'asc' } })
}

export async function getReceipt(tx: Tx, id: string): Promise<Receipt> {
  return tx.em.findOneOrFail(Receipt, { id })
}

/** What came of reading a receipt: what was read, or why it could not be. The picture may exist in either case. */
export interface ReadingResult {
  reading: ReceiptReading | null
  /** For people; set when `reading` is null. */
  problem: string | null
  rendition: { jpeg: Buffer; width: number; height: number } | null
}

/** A reading without what PostgreSQL does not take: a PDF's letters may map to NUL, or to half of one. */
export function storable(reading: ReceiptReading): ReceiptReading {
  return receiptReadingSchema.parse(JSON.parse(cleanJson(reading)))
}

/** Puts a reading on record beside its receipt. */
export async function recordReading(tx: Tx, receiptId: string, result: ReadingResult): Promise<Receipt> {
  const receipt = await getReceipt(tx, receiptId)
  if (result.rendition) {
    receipt.renditionSha256 = await storeBlob(tx, result.rendition.jpeg, 'image/jpeg')
    receipt.renditionWidth = result.rendition.width
    receipt.renditionHeight = result.rendition.height
  }
  receipt.status = result.reading ? 'read' : 'unreadable'
  receipt.problem = result.problem
  if (result.reading) {
    tx.em.create(Reading, {
      id: tx.newId(),
      companyId: tx.companyId,
      receiptId,
      engine: result.reading.engine,
      engineVersion: result.reading.engineVersion,
      fields: result.reading,
      seconds: result.reading.seconds,
      createdAt: tx.now,
    })
  }
  return receipt
}

/** Expenses that hold one of these very files, other than `expenseId`, oldest first. */
export async function expensesWithSameFiles(tx: Tx, expenseId: string, sha256s: string[]): Promise<string[]> {
  if (sha256s.length === 0) return []
  const same = await tx.em.find(
    Receipt,
    { companyId: tx.companyId, fileSha256: { $in: sha256s }, expenseId: { $ne: expenseId } },
    { orderBy: { id: 'asc' } },
  )
  return [...new Set(same.map((receipt) => receipt.expenseId))]
}

/** The latest reading of a receipt, if it was read. */
export async function latestReading(tx: Tx, receiptId: string): Promise<ReceiptReading | null> {
  const reading = await tx.em.findOne(
    Reading,
    { companyId: tx.companyId, receiptId },
    { orderBy: { id: 'desc' } },
  )
  return reading?.fields ?? null
}
