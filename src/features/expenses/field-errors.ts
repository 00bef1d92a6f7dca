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

  /** A message for each field that is wrong: the first, as others may follow from it. */
  messages(): Record<string, string> {
    const messages = new Map<string, string>()
    for (const [field, message] of this.#found.flatMap(messagesOf)) {
      if (!messages.has(field)) messages.set(field, message)
    }
    return Object.fromEntries(messages)
  }

  /** @throws the only error, or `fields_invalid` with a message for each field in `details.fields` */
  refuse(): void {
    const [only] = this.#found
    if (!only) return
    if (this.#found.length === 1) throw only
    const fields = this.messages()
    const all = [...new Set(this.#found.map(({ message }) => message))].join(' ')
    throw userError('fields_invalid', all, { field: only.field ?? '', details: { fields } })
  }
}

/** One error may be about several fields. */
function messagesOf({ field = '', message, details }: AppError): [field: string, message: string][] {
  const fields = details?.fields
  if (typeof fields !== 'object' || fields === null) return [[field, message]]
  return Object.entries(fields).map(([name, text]) => [name, String(text)])
}
