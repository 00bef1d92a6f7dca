export { detectMediaType, maxFileBytes } from './decode.ts'
export { createFallbackReader } from './fallback-reader.ts'
export { createGeminiReader, type GeminiReaderOptions } from './gemini-reader.ts'
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
