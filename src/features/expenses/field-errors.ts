import { z } from 'zod'
import { AppError, userError } from '../../kernel/errors.ts'

/** Gathers what is wrong in the fields of a form, so that all mistakes can be shown at once. */
export class FieldErrors {
  readonly #found: AppError[] = []

  /** What `read` gives; null when it finds a field wrong. Every other error is thrown on. */
  async attempt<T>(read: () => T | Promise<T>): Promise<T | null> {
    try {
      return await read()
    } catch (error) {
      if (!(error instanceof AppError) || !error.field) throw error
      this.#found.push(error)
      return null
    }
  }

  get isEmpty(): boolean {
    return this.#found.length === 0
  }

  /** What is wrong with each field: the first, as others may follow from it. */
  problems(): Record<string, FieldProblem> {
    const problems = new Map<string, FieldProblem>()
    for (const [field, problem] of this.#found.flatMap(problemsOf)) {
      if (!problems.has(field)) problems.set(field, problem)
    }
    return Object.fromEntries(problems)
  }

  /** @throws the only error, or `fields_invalid` about each field, as `fieldsError` has it */
  refuse(): void {
    const [only] = this.#found
    if (!only) return
    if (this.#found.length === 1) throw only
    throw fieldsError('fields_invalid', this.problems())
  }
}

/** One mistake: a stable code, and a sentence for people. */
export interface FieldProblem {
  code: string
  message: string
  details?: AppError['details']
}

/** An error about several fields: `details.fields` has the sentence of each, `details.codes` its code. */
export function fieldsError(code: string, problems: Record<string, FieldProblem>): AppError {
  const each = Object.entries(problems)
  const all = [...new Set(each.map(([, { message }]) => message))].join(' ')
  const fields = Object.fromEntries(each.map(([field, { message }]) => [field, message]))
  const codes = Object.fromEntries(each.map(([field, problem]) => [field, problem.code]))
  return userError(code, all, { field: each[0]?.[0] ?? '', details: { fields, codes } })
}

const detailsSchema = z.object({
  fields: z.record(z.string(), z.string()),
  codes: z.record(z.string(), z.string()).default({}),
})

function problemsOf({
  code,
  field = '',
  message,
  details,
}: AppError): [field: string, problem: FieldProblem][] {
  const several = detailsSchema.safeParse(details)
  if (!several.success) return [[field, { code, message, details }]]
  const { fields, codes } = several.data
  return Object.entries(fields).map(([name, text]) => [name, { code: codes[name] ?? code, message: text }])
}
