import { z } from 'zod'
import { type Words, wordsOf } from '../../../../templates/slack/words/index.ts'
import type { Told } from '../../../../templates/slack/words/told.ts'
import type { AppError } from '../../../kernel/errors.ts'

/**
 * What to say to somebody about a mistake: the sentence of their language for its code, or the error's own. An error about
 * somebody whom nobody knows says itself in which language they read. Plain text: what is shown as mrkdwn is escaped.
 */
export function inWords({ code, message, details }: Problem, words: Words): string {
  const locale = details?.locale
  const { errors } = typeof locale === 'string' ? wordsOf(locale) : words
  const sentence = errors[code]
  if (typeof sentence === 'function') return sentence(toldBy(details))
  return sentence ?? message
}

type Problem = Pick<AppError, 'code' | 'message'> & { details?: AppError['details'] }

const text = z.string().optional().catch(undefined)
const number = z.number().optional().catch(undefined)
const flag = z.boolean().optional().catch(undefined)
const instant = z.date().optional().catch(undefined)
const list = z.array(z.string()).optional().catch(undefined)

const answerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['one_each', 'together']), numbers: z.array(z.string()) }),
  z.object({ kind: z.literal('added'), number: z.string() }),
  z.object({ kind: z.enum(['deleted', 'expired']) }),
])

const toldSchema = z.object({
  number: text,
  status: text,
  kind: text,
  expenses: list,
  decidedBy: text,
  decidedFor: text,
  decidedAt: instant,
  decision: text,
  isTakingBack: flag,
  undoneBy: text,
  undoneAt: instant,
  isOwn: flag,
  noLongerFor: text,
  until: instant,
  timeZone: text,
  name: text,
  principal: text,
  from: text,
  to: text,
  by: text,
  at: instant,
  month: text,
  first: text,
  opensAt: instant,
  file: text,
  typed: text,
  most: number,
  wasUsed: flag,
  ofThisCode: number,
  ofAll: number,
  answer: answerSchema.optional().catch(undefined),
  files: number,
  missing: list,
  why: text,
})

/** An error says of itself what it likes: what a sentence cannot use, it does without. */
const toldBy = (details: AppError['details']): Told => toldSchema.parse(details ?? {})
