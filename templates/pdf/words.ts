/** On one line, and bounded, with a sign where something was cut off. */
export function short(text: string, length: number): string {
  return cut(text.replace(/\s+/g, ' ').trim(), length)
}

/** Line breaks stay, within reason. */
export function paragraphs(text: string, length: number): string {
  const lines = text
    .split(/[\r\n\u2028\u2029]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const kept = lines.slice(0, 12).join('\n')
  return lines.length > 12 ? `${cut(kept, length - 1)}…` : cut(kept, length)
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1).trimEnd()}…` : text
}

/** With a capital letter at its beginning. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
