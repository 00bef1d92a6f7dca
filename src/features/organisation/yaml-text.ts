import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml'
import { userError } from '../../kernel/errors.ts'
import { cleanText } from '../../kernel/text.ts'
import { syntaxWords } from './syntax-words.ts'

/** Something to say about a place in the file. */
export interface Remark {
  path: readonly PropertyKey[]
  /** In lower case it goes on after the last name of the path: `must be …`; else it is a sentence of its own. */
  message: string
}

/** A single value as it stands in the file; of what stands in quotes, what is between them. */
export interface Written {
  text: string
  isQuoted: boolean
}

export interface YamlText {
  value: unknown
  /** null: a list, a group of settings, or nothing stands there. */
  writtenAt(path: readonly PropertyKey[]): Written | null
  /** The remarks with file and line, and the place as a person would say it; in the order of the lines. */
  tell(remarks: readonly Remark[]): string[]
}

const maxBytes = 2_000_000
const maxAliases = 100
/** With aliases written out. A file of 2 MB that says something without them has fewer. */
const maxValues = 500_000
/** More mistakes than anybody reads at once. */
const maxProblems = 50

/**
 * Reads YAML that somebody wrote by hand, or that wants to harm us.
 * @throws userError `organisation_invalid`
 */
export function readYaml(text: string, file: string): YamlText {
  if (Buffer.byteLength(text) > maxBytes) throw invalid([`${file}: is larger than 2 MB.`])
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const lineAt = (offset: number) => `${file}:${lines.linePos(offset).line}: `
  // What follows the first error is mostly its consequence.
  const [syntax] = [...document.errors, ...document.warnings]
  if (syntax) {
    throw invalid([`${lineAt(syntax.pos[0])}${syntaxWords(syntax, text)}`])
  }
  const anchors = new Map<string, unknown>()
  const problems: string[] = []
  let aliases = 0
  visit(document, {
    Alias(_, { source, range }) {
      aliases++
      if (!anchors.has(source))
        problems.push(`${lineAt(range?.[0] ?? 0)}“*${source}” stands for nothing that is named above it`)
    },
    Value(_, node) {
      if (node.anchor) anchors.set(node.anchor, node)
      if (isScalar(node) && typeof node.value === 'string' && cleanText(node.value) !== node.value)
        problems.push(`${lineAt(node.range?.[0] ?? 0)}this text holds control characters`)
    },
  })
  if (problems.length > 0) throw invalid(problems)
  const value = aliases > maxAliases ? tooMuch : toValue(document)
  if (value === tooMuch) throw invalid([`${file}: repeats too much by “*name”. Write these entries out.`])
  const at = (path: readonly PropertyKey[]) => findPlace(document.contents, path, anchors)
  return {
    value,
    writtenAt: (path) => writtenIn(at(path).node),
    tell: (remarks) =>
      remarks
        .map((remark) => ({ remark, offset: at(remark.path).offset }))
        .sort((a, b) => a.offset - b.offset)
        .map(({ remark, offset }) => `${lineAt(offset)}${sentence(value, remark)}`),
  }
}

/** @param problems each with file and line */
export function invalid(problems: string[]): Error {
  const shown = problems.slice(0, maxProblems)
  if (problems.length > maxProblems) shown.push(`and ${problems.length - maxProblems} more`)
  return userError('organisation_invalid', shown.join('\n'), { details: { problems: shown } })
}

const tooMuch = Symbol('too much')

/** What the YAML says, or that aliases make too much of it. */
function toValue(document: Document.Parsed): unknown {
  try {
    const value: unknown = document.toJS({ maxAliasCount: maxAliases })
    return hasMoreValues(value, maxValues) ? tooMuch : value
  } catch (error) {
    // Aliases of aliases grow without bounds; the library stops there.
    if (error instanceof ReferenceError) return tooMuch
    throw error
  }
}

/** Counts what an alias stands for each time that it stands there. */
function hasMoreValues(value: unknown, limit: number): boolean {
  const open = [value]
  let count = 0
  for (let one = open.pop(); count <= limit; one = open.pop()) {
    count++
    if (typeof one === 'object' && one !== null) for (const inner of Object.values(one)) open.push(inner)
    if (open.length === 0) break
  }
  return count > limit
}

/**
 * Where the innermost part of the path that exists begins: the name of an entry, or the entry of a list. `node` is what
 * stands at the whole path.
 */
function findPlace(
  root: unknown,
  path: readonly PropertyKey[],
  anchors: ReadonlyMap<string, unknown>,
): { offset: number; node?: unknown } {
  let node = root
  let offset = 0
  for (const part of path) {
    if (isAlias(node)) node = anchors.get(node.source)
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part))
      if (!pair || !isScalar(pair.key)) return { offset }
      offset = pair.key.range?.[0] ?? offset
      node = pair.value
    } else if (isSeq(node)) {
      node = node.items[Number(part)]
      if (isScalar(node) || isMap(node) || isSeq(node) || isAlias(node)) offset = node.range?.[0] ?? offset
    } else return { offset }
  }
  return { offset, node }
}

function writtenIn(node: unknown): Written | null {
  if (!isScalar(node) || node.source === undefined) return null
  return { text: node.source, isQuoted: node.type !== 'PLAIN' }
}

/** `people, 1st entry (Ann): manager names …` */
export function sentence(value: unknown, { path, message }: Remark): string {
  const words: string[] = []
  let inside: unknown = value
  for (const part of path) {
    inside = typeof inside === 'object' && inside !== null ? Reflect.get(inside, part) : undefined
    words.push(typeof part === 'number' ? `${ordinal(part + 1)} entry${nameOf(inside)}` : String(part))
  }
  const last = words.at(-1)
  const goesOn = /^\p{Ll}/u.test(message) && typeof path.at(-1) === 'string'
  // “peoples” is not known here: that names the place already.
  if (goesOn || message.startsWith(`“${last}”`)) words.pop()
  const told = goesOn ? `${last} ${message}` : message
  return words.length === 0 ? told : `${words.join(', ')}: ${told}`
}

/** What a person would call an entry. */
function nameOf(entry: unknown): string {
  const named = typeof entry === 'object' && entry !== null ? new Map(Object.entries(entry)) : null
  const names = named
    ? ['name', 'key', 'email', 'description', 'category', 'principal', 'code'].map((key) => named.get(key))
    : [entry]
  const name = names.find((one) => typeof one === 'string' && one.trim() !== '')
  return name === undefined ? '' : ` (${String(name).slice(0, 60)})`
}

const ordinals = new Intl.PluralRules('en', { type: 'ordinal' })
const suffixes: Record<string, string> = { one: 'st', two: 'nd', few: 'rd', other: 'th' }
const ordinal = (n: number) => `${n}${suffixes[ordinals.select(n)]}`
