import { z } from 'zod'
import { type CalendarDate, isCalendarDate } from '../../../kernel/calendar-date.ts'
import { isCurrency } from '../../../kernel/money.ts'

/** A value read from a receipt. `confidence` is 0..1 and calibrated: of the values at 0.9, about 90 % are right. */
export interface ReadField<T> {
  value: T
  confidence: number
}

/** What a reader found on one receipt. A field that was not found is null: a blank picture gives all nulls. */
export interface ReceiptReading {
  /** Which reader this is from: `gemini` or `local`. */
  engine: string
  engineVersion: string
  merchant: ReadField<string> | null
  date: ReadField<CalendarDate> | null
  /** A plain decimal with the currency's digits, such as `65.55`. */
  total: ReadField<string> | null
  /** ISO 4217. */
  currency: ReadField<string> | null
  taxLines: TaxLine[]
  tip: string | null
  cardLastFour: string | null
  lineItems: LineItem[]
  /** The text that was read, at most 20,000 characters. */
  text: string
  /** Time the reading took, without the wait for its turn. */
  seconds: number
}

/** `rate` is a percentage such as `7.7`; `amount` a plain decimal. */
export interface TaxLine {
  rate: string | null
  amount: string
}

export interface LineItem {
  description: string
  amount: string
}

export interface ReceiptFile {
  bytes: Uint8Array
  /** As claimed by the sender. Readers decide by the content. */
  mediaType: string
}

/** What is known before the receipt is read; none of it is ever preferred to what the receipt says. */
export interface ReadingHints {
  companyCurrency: string
  /** Today in the company's time zone: no receipt is dated later, give or take a day. */
  today: CalendarDate
  /** BCP 47, such as `en-US`: decides between day-first and month-first where the receipt does not. */
  locale?: string
}

export interface ReceiptReader {
  readonly engine: string
  /**
   * Reads one file, which may have several pages of one receipt.
   * @throws permanentError `receipt_unreadable` for what is no picture or PDF, is damaged, locked or too large;
   *   transientError `reading_timed_out`
   */
  read(file: ReceiptFile, hints: ReadingHints): Promise<ReceiptReading>
}

export const maxTextLength = 20_000

const confidence = z.number().min(0).max(1)
const decimal = z.string().regex(/^-?\d{1,15}(\.\d{1,4})?$/)
const field = <T extends z.ZodType>(value: T) => z.object({ value, confidence }).nullable()

/** The reading as it crosses the border of a process or a service. */
export const receiptReadingSchema = z.object({
  engine: z.string().min(1).max(100),
  engineVersion: z.string().max(100),
  merchant: field(z.string().min(1).max(200)),
  date: field(z.string().refine(isCalendarDate, 'not a date')),
  total: field(decimal),
  currency: field(z.string().refine(isCurrency, 'not a currency')),
  taxLines: z.array(z.object({ rate: decimal.nullable(), amount: decimal })).max(20),
  tip: decimal.nullable(),
  cardLastFour: z
    .string()
    .regex(/^\d{4}$/)
    .nullable(),
  lineItems: z.array(z.object({ description: z.string().max(200), amount: decimal })).max(200),
  text: z.string().max(maxTextLength),
  seconds: z.number().min(0),
}) satisfies z.ZodType<ReceiptReading>
