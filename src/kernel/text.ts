/**
 * Text from outside, fit to be kept and shown: no control characters but line ends and tabs (PostgreSQL refuses NUL), no
 * half characters, at most `length` UTF-16 units.
 */
export function cleanText(text: string, length = Number.POSITIVE_INFINITY): string {
  const clean = text.replace(/[^\P{Cc}\n\t]/gu, '')
  return (clean.length > length ? clean.slice(0, length) : clean).toWellFormed()
}

/** The same for all texts inside a value that goes into a jsonb column. */
export function cleanJson<T>(value: T): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'string' ? cleanText(inner) : inner,
  )
}
