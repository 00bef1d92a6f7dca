/** ` Did you mean “people”?` for the nearest of `known`, or for what `word` shortens; empty when there is none. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const near = nearest(word, known)
  return near === null ? '' : ` Did you mean “${near}”?`
}

/** The one of `known` that `word` most likely is, mistyped or shortened; null when none is near. */
export function nearest(word: string, known: Iterable<string>): string | null {
  const near = [...known]
    .map((candidate) => ({ candidate, edits: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, edits }) => edits <= 2 && edits < candidate.length / 2)
    .sort((a, b) => a.edits - b.edits)
  return near[0]?.candidate ?? null
}

/** That of a beginning is small: `sat` is `saturday`. */
const distance = (word: string, candidate: string) =>
  word.length >= 3 && candidate.startsWith(word) ? Number(word !== candidate) : editsBetween(word, candidate)

/** How many letters must be added, removed or replaced to make `b` of `a` (Levenshtein). */
function editsBetween(a: string, b: string): number {
  // What differs that much in length is not near, and a long word costs nothing.
  if (Math.abs(a.length - b.length) > 2) return Number.POSITIVE_INFINITY
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
