import { z } from 'zod'
import type { AdminSection } from '../../../../templates/slack/admin-fields.ts'
import type { Words } from '../../../../templates/slack/words/index.ts'
import { AppError } from '../../../kernel/errors.ts'
import { inWords } from '../people/in-words.ts'

export interface AdminProblem {
  field: string | null
  message: string
}

const fieldMessages = z.record(z.string(), z.string())

/**
 * What is wrong with what an admin typed, in the words of their language: by field, where one is at fault.
 * @throws what is nobody's mistake
 */
export function problemsIn(error: unknown, section: AdminSection, words: Words): AdminProblem[] {
  if (!(error instanceof AppError) || error.kind === 'permanent') throw error
  if (error.kind === 'transient') return [{ field: null, message: words.common.sorry }]
  const several = fieldMessages.safeParse(error.details?.fields)
  if (!several.success) {
    return [{ field: error.field ?? null, message: inWords(error, words) }]
  }
  const { mistakes } = words.admin
  return Object.entries(several.data).map(([field, message]) => ({
    field,
    message: mistakes[`${section}.${field}`] ?? mistakes[field] ?? message,
  }))
}
