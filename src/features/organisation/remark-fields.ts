import { AppError, userError } from '../../kernel/errors.ts'
import type { Remark, YamlText } from './yaml-text.ts'

/** More than anybody mends at once. */
const mostTold = 8

/**
 * What is wrong with one entry, at its fields: `working_hours.to`. What was written as YAML is one field, `text`, and each
 * message begins with its line. @param remarks with paths inside the entry
 */
export function fieldErrors(remarks: readonly Remark[], yaml: YamlText | null): AppError {
  const fields: Record<string, string> = {}
  const add = (field: string, message: string) => {
    fields[field] = fields[field] ? `${fields[field]} ${message}` : message
  }
  if (yaml) {
    const told = yaml.tell(remarks).slice(0, mostTold).map(lineFirst)
    fields.text = told.join(' ')
  } else for (const remark of remarks.slice(0, mostTold)) add(fieldOf(remark), whole(remark.message))
  const message = Object.values(fields).join(' ')
  return userError('entry_invalid', message, { details: { fields } })
}

/** The same of text that is no YAML. */
export function yamlErrors(error: unknown): unknown {
  const problems = error instanceof AppError ? error.details?.problems : undefined
  if (!Array.isArray(problems)) return error
  const text = problems.map(String).slice(0, mostTold).map(lineFirst).join(' ')
  return userError('entry_invalid', text, { cause: error, details: { fields: { text } } })
}

const fieldOf = ({ path }: Remark) => path.filter((part) => typeof part === 'string').join('.')

/** `must not be empty` goes on after the name of a field; where that name is not said, it is a sentence. */
export function whole(message: string): string {
  const begun = /^\p{Ll}/u.test(message) ? `This ${message}` : message
  return ended(begun)
}

/** `people, 1st entry (Ann): manager names …` with a capital and an end. */
export const asSentence = (text: string) => ended(`${text.charAt(0).toUpperCase()}${text.slice(1)}`)

/** `:3: steps: is missing` becomes `Line 3: steps: is missing.` */
const lineFirst = (told: string) => ended(told.replace(/^:(\d+): /, 'Line $1: '))
const ended = (text: string) => (/[.!?”]$/.test(text) ? text : `${text}.`)
