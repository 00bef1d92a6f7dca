/**
 * One text for one JSON value, so that it can be hashed: no white space, keys sorted by UTF-16 code units, strings as
 * `JSON.stringify` writes them (RFC 8785). Unlike there, numbers stay as they are written: `1.0` and `1`, or digits beyond
 * a double, would otherwise look alike.
 * @param text JSON, as PostgreSQL writes a `jsonb`
 */
export function canonicalJson(text: string): string {
  return write(
    JSON.parse(text, (_key, value: unknown, written?: { source?: string }) =>
      typeof value === 'number' ? new WrittenNumber(written?.source ?? String(value)) : value,
    ),
  )
}

class WrittenNumber {
  readonly source: string
  constructor(source: string) {
    this.source = source
  }
}

function write(value: unknown): string {
  if (value instanceof WrittenNumber) return value.source
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${write(inner)}`).join(',')}}`
}
