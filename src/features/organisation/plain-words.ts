import { z } from 'zod'
import { didYouMean } from '../../kernel/did-you-mean.ts'
import type { Remark, Written, YamlText } from './yaml-text.ts'

type Issue = z.core.$ZodIssue

/** Checks a value; what is wrong with it is said in words for people who do not program. */
export function check<T>(
  schema: z.ZodType<T>,
  { value, writtenAt }: Pick<YamlText, 'value' | 'writtenAt'>,
): { data: T } | { remarks: Remark[] } {
  const withHint = ({ path, message }: Remark): Remark => ({
    path,
    message: `${message}${hint(message, writtenAt(path))}`,
  })
  try {
    const parsed = schema.safeParse(value, { error: inPlainWords })
    if (parsed.success) return { data: parsed.data }
    return { remarks: parsed.error.issues.flatMap(toRemarks).map(withHint) }
  } catch (error) {
    // The stack has an end, and names that repeat names reach it.
    if (error instanceof RangeError) return { remarks: [{ path: [], message: 'This is nested too deeply.' }] }
    throw error
  }
}

/** Where several forms are possible, what is wrong in the one that was meant. */
function toRemarks(issue: Issue): Remark[] {
  const { path, message } = issue
  if (issue.code === 'unrecognized_keys')
    return message
      .split('\n')
      .map((line, index) => ({ path: [...path, issue.keys[index] ?? ''], message: line }))
  if (issue.code !== 'invalid_union') return [{ path, message }]
  const meant = issue.errors.filter((problems) => problems.every(isInside))
  if (meant.length !== 1) return [{ path, message }]
  return (meant[0] ?? []).flatMap((inner) => toRemarks({ ...inner, path: [...path, ...inner.path] }))
}

/** The value has the right form as a whole: a list, a group of settings. */
const isInside = (issue: Issue) => issue.path.length > 0 || issue.code === 'unrecognized_keys'

/** One mistake. What a schema says itself comes before this. */
function inPlainWords(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is missing'
      if (issue.input === null) return 'is empty'
      return `must be ${kinds[issue.expected] ?? 'something else'}${listHint(issue)}`
    case 'invalid_value': {
      if (issue.input === undefined) return 'is missing'
      const values = issue.values.map(String)
      const suggestion = didYouMean(String(issue.input), values)
      return `must be ${oneOf(values)}${suggestion && `.${suggestion}`}`
    }
    case 'unrecognized_keys':
      return issue.keys
        .map((key) => `“${key}” is not known here.${didYouMean(key, keysOf(issue.inst))}`)
        .join('\n')
    case 'too_small':
      if (issue.origin === 'string') return 'must not be empty'
      if (issue.origin === 'array') return `must have at least ${entries(issue.minimum)}`
      return issue.inclusive ? `must be at least ${issue.minimum}` : `must be more than ${issue.minimum}`
    case 'too_big':
      if (issue.origin === 'string') return `must have at most ${issue.maximum} characters`
      if (issue.origin === 'array') return `must have at most ${entries(issue.maximum)}`
      return `must be at most ${issue.maximum}`
    case 'invalid_format':
      return formats[issue.format] ?? 'is not written as it must be'
    case 'invalid_union':
      if (issue.input === undefined) return 'is missing'
      // Without what is suggested in each.
      return [...new Set(issue.errors.flatMap(([first]) => first?.message.split('. ')[0] ?? []))].join(
        ', or ',
      )
    default:
      return 'is not right'
  }
}

const kinds: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of settings, each with its name',
  record: 'a group of settings, each with its name',
}

/** How the value would be right as it was probably meant: in the characters that stand in the file. */
function hint(message: string, written: Written | null): string {
  if (!written) return ''
  const { text, isQuoted } = written
  const isNumber = text.trim() !== '' && !Number.isNaN(Number(text))
  switch (message) {
    case 'must be a text':
      return isQuoted ? '' : `: put it in quotes, "${text}"`
    case 'must be a number':
    case 'must be a whole number':
      return isQuoted && isNumber ? ', without quotes' : ''
    case 'must be true or false':
      if (isQuoted) return /^(true|false)$/i.test(text) ? ', without quotes' : ''
      return `, not ${text}`
    default:
      return ''
  }
}

/** One word where a list of such words must stand. */
function listHint({ input, inst }: z.core.$ZodRawIssue): string {
  if (typeof input !== 'string' || !(inst instanceof z.ZodArray)) return ''
  const entry = z.safeParse(inst.element, input, { error: inPlainWords })
  // A group of settings cannot be meant by a word.
  if (entry.error?.issues.some(({ code }) => code === 'invalid_type')) return `, like [${input}]`
  return entry.success ? `, like [${input}]` : `, and each of it ${entry.error.issues[0]?.message}`
}

const formats: Record<string, string> = {
  email: 'must be an e-mail address',
  date: 'must be a date like 2026-03-31',
}

const entries = (count: number | bigint) => (count === 1 ? 'one entry' : `${count} entries`)
const keysOf = (schema: unknown) => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : [])

function oneOf(values: string[]): string {
  return values.length < 2 ? values.join() : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`
}
