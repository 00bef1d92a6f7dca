import { z } from 'zod'
import { isCalendarDate } from '../../../kernel/calendar-date.ts'
import { receiptReadingSchema } from './reading.ts'

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array)

const hints = z.object({
  companyCurrency: z.string(),
  today: z.string().refine(isCalendarDate, 'not a date'),
  locale: z.string().optional(),
})

/** What the program asks of a reading process. */
export const requestSchema = z.discriminatedUnion('kind', [
  z.object({ id: z.number(), kind: z.literal('read'), bytes, hints }),
  z.object({ id: z.number(), kind: z.literal('rendition'), bytes }),
])
export type Request = z.infer<typeof requestSchema>

/** What a reading process answers. `memory` is its resident size in bytes. */
export const answerSchema = z.discriminatedUnion('kind', [
  z.object({ id: z.number(), memory: z.number(), kind: z.literal('reading'), reading: receiptReadingSchema }),
  z.object({
    id: z.number(),
    memory: z.number(),
    kind: z.literal('rendition'),
    jpeg: bytes,
    width: z.number(),
    height: z.number(),
  }),
  z.object({
    id: z.number(),
    memory: z.number(),
    kind: z.literal('refused'),
    code: z.string(),
    message: z.string(),
    permanent: z.boolean(),
    details: z.string(),
  }),
])
export type Answer = z.infer<typeof answerSchema>
