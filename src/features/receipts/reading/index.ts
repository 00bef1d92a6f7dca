export { detectMediaType, maxFileBytes } from './decode.ts'
export {
  createLocalReader,
  type LocalReader,
  type LocalReaderOptions,
  type Rendition,
} from './local-reader.ts'
export {
  type LineItem,
  maxTextLength,
  type ReadField,
  type ReadingHints,
  type ReceiptFile,
  type ReceiptReader,
  type ReceiptReading,
  receiptReadingSchema,
  type TaxLine,
} from './reading.ts'
