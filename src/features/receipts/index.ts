export { type Blob, fileHash, forgetBlobs, readBlob, storeBlob } from './blobs.ts'
export {
  createFallbackReader,
  createGeminiReader,
  createLocalReader,
  type LocalReader,
  type ReadingHints,
  type ReceiptReader,
  type ReceiptReading,
} from './reading/index.ts'
export type { Receipt } from './receipts.entity.ts'
export {
  acceptFile,
  addReceipt,
  cleanFileName,
  expensesWithSameFiles,
  getReceipt,
  latestReading,
  type ReadingResult,
  receiptsOf,
  recordReading,
  storable,
  type UploadedFile,
} from './receipts.ts'
