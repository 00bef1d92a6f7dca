import type { ErrorCode, YAMLError } from 'yaml'

/** A mistake in the YAML itself, in the words of people who wrote it by hand. */
export function syntaxWords(error: YAMLError, text: string): string {
  const [start] = error.pos
  const before = text.slice(0, start).trimEnd()
  const line = /^.*/.exec(text.slice(start))?.[0].trim() ?? ''
  switch (error.code) {
    case 'DUPLICATE_KEY': {
      const name = /^[^\s:,}]+/.exec(line)?.[0] ?? 'this name'
      return `“${name}” stands here twice; one of the two must go`
    }
    case 'BAD_SCALAR_START':
      return sign(line) ?? 'a value that begins with such a character must stand in quotes'
    case 'UNEXPECTED_TOKEN':
      return sign(before.slice(-1)) ?? 'this line is not indented like those around it'
    case 'MULTILINE_IMPLICIT_KEY':
      return noColon(line)
    case 'MISSING_CHAR':
      return missing(error.message, line)
    default:
      return words[error.code] ?? `this is not YAML (${error.message})`
  }
}

/** `>` and `|` begin texts of several lines in YAML; whoever writes one before a value means a comparison. */
function sign(text: string): string | null {
  const [first = ''] = text
  if (first !== '>' && first !== '|') return null
  return `a value cannot begin with “${first}”; a comparison is written like { over: "500.00" }`
}

function missing(message: string, line: string): string {
  if (message.includes('quote')) return 'a quote is not closed'
  if (message.startsWith('Implicit map keys')) return noColon(line)
  if (message.includes('flow map')) return 'a “,” or a “:” is missing here'
  return 'a “- ” is missing, or the line is not indented like those around it'
}

function noColon(line: string): string {
  const [, name, value] = /^([a-z_]+)\s+(\S.*)$/.exec(line) ?? []
  return name
    ? `a “:” is missing after the name, as in “${name}: ${value}”`
    : 'a “:” is missing after this name'
}

const words: Partial<Record<ErrorCode, string>> = {
  BAD_INDENT: 'a bracket is not closed, or a line is not indented like those around it',
  BLOCK_AS_IMPLICIT_KEY: 'a value that holds “: ” must stand in quotes',
  MULTIPLE_DOCS: 'another document begins here with “---”; a file is one company',
  RESOURCE_EXHAUSTION: 'this is nested too deeply',
  TAB_AS_INDENT: 'this line is indented with a tab; use blanks',
  TAG_RESOLVE_FAILED: 'a value that begins with “!” must stand in quotes',
}
