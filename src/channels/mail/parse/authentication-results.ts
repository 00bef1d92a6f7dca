/** What one method said about a mail: RFC 8601, 2.2. */
export interface MethodResult {
  method: string
  result: string
  /** Such as `header.d`; names in lower case. */
  properties: ReadonlyMap<string, string>
}

export interface AuthenticationResults {
  /** The server that checked, lower case. */
  authservId: string
  /** Null when the header is not one by RFC 8601, or says two things at once: then it proves nothing. */
  results: MethodResult[] | null
}

/** Thrown and caught in this file only. */
class Malformed extends Error {}

/** Reads the value of an Authentication-Results header; null when not even the server can be read. Linear. */
export function parseAuthenticationResults(value: string): AuthenticationResults | null {
  const scanner = { text: value, at: 0 }
  let authservId: string
  try {
    skipSpace(scanner)
    authservId = readValue(scanner, /[\s;=()]/).toLowerCase()
    if (authservId === '') return null
  } catch {
    return null
  }
  try {
    return { authservId, results: readResults(scanner) }
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
    return { authservId, results: null }
  }
}

interface Scanner {
  text: string
  at: number
}

function readResults(scanner: Scanner): MethodResult[] {
  skipSpace(scanner)
  const version = readValue(scanner, /[\s;()"]/)
  if (version !== '' && version !== '1') throw new Malformed('version')
  skipSpace(scanner)
  const results: MethodResult[] = []
  while (scanner.at < scanner.text.length) {
    expect(scanner, ';')
    const result = readResult(scanner)
    if (result) results.push(result)
  }
  return results
}

/** `method[/version]=result reason=… ptype.property=value …`, up to the next semicolon; null for `none` and nothing. */
function readResult(scanner: Scanner): MethodResult | null {
  const first = readPair(scanner)
  const properties = new Map<string, string>()
  for (;;) {
    const pair = readPair(scanner)
    if (pair === null) break
    if (first === null || pair.value === null) throw new Malformed('a word alone')
    const known = properties.get(pair.name)
    // What says two things says nothing: one of them may have come with the mail.
    if (known !== undefined && known !== pair.value) throw new Malformed('two values')
    properties.set(pair.name, pair.value)
  }
  if (first === null) return null
  if (first.value === null) {
    if (first.name === 'none') return null
    throw new Malformed('no result')
  }
  const [method = '', version = '1'] = first.name.split(/\s*\/\s*/)
  if (version !== '1') throw new Malformed('method version')
  return { method, result: first.value.toLowerCase(), properties }
}

function readPair(scanner: Scanner): { name: string; value: string | null } | null {
  skipSpace(scanner)
  const name = readValue(scanner, /[\s;=()"]/).toLowerCase()
  if (name === '') {
    if (scanner.at < scanner.text.length && scanner.text[scanner.at] !== ';') throw new Malformed('no name')
    return null
  }
  skipSpace(scanner)
  if (scanner.text[scanner.at] !== '=') return { name, value: null }
  scanner.at++
  skipSpace(scanner)
  return { name, value: readValue(scanner, /[\s;()]/) }
}

function expect(scanner: Scanner, character: string): void {
  if (scanner.text[scanner.at] !== character) throw new Malformed(`no ${character}`)
  scanner.at++
}

/** Characters up to one of `end`; quoted strings in it are taken as they are, without their quotes. */
function readValue(scanner: Scanner, end: RegExp): string {
  let value = ''
  for (; scanner.at < scanner.text.length; scanner.at++) {
    const character = scanner.text.charAt(scanner.at)
    if (end.test(character)) break
    value += character === '"' ? readQuoted(scanner) : character
  }
  return value
}

/** From the opening quote to the closing one, where the scanner is left. */
function readQuoted(scanner: Scanner): string {
  let value = ''
  for (scanner.at++; scanner.at < scanner.text.length; scanner.at++) {
    const character = scanner.text.charAt(scanner.at)
    if (character === '"') return value
    value += character === '\\' ? scanner.text.charAt(++scanner.at) : character
  }
  throw new Malformed('open quote')
}

/**
 * Skips white space and comments, which nest. Servers repeat the envelope's sender in comments, and that sender may be
 * `"a) dmarc=pass ("@evil.example`: quotes mean nothing in a comment, so the first `)` would end it.
 */
function skipSpace(scanner: Scanner): void {
  let depth = 0
  let quoted = false
  for (; scanner.at < scanner.text.length; scanner.at++) {
    const character = scanner.text.charAt(scanner.at)
    if (depth > 0 && (character === '\\' || (quoted && /[()]/.test(character))))
      throw new Malformed('comment')
    if (character === '(') depth++
    else if (depth === 0 && !/\s/.test(character)) return
    else if (character === ')') depth--
    else if (character === '"') quoted = !quoted
  }
  if (depth > 0) throw new Malformed('open comment')
}
