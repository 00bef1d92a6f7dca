import { Effort } from './effort.ts'
import { foldCase } from './matches.ts'

/**
 * One short text for every way in which texts can fit lists of patterns (`*` stands for anything): for `uber*` and `*eats`
 * one that fits neither, one for each alone, and `ubereats`. Reads letter by letter through all lists at once, so that
 * nothing is left out. Without the empty text, as a merchant always has a name.
 * @returns null when there is too much to read
 */
export function representativeTexts(lists: readonly string[][], effort = new Effort()): string[] | null {
  const readers = lists.map((list) => new ListReader(list))
  const letters = new Set(readers.flatMap(({ letters }) => letters))
  const other = [...'abcdefghijklmnopqrstuvwxyz0123456789·'].find((letter) => !letters.has(letter)) ?? ' '
  const found = new Map<string, string>()
  const seen = new Set<string>()
  let texts = [{ text: '', places: readers.map(({ start }) => start) }]
  while (texts.length > 0) {
    const longer: typeof texts = []
    for (const { text, places } of texts) {
      if (!effort.spend(letters.size + 1)) return null
      for (const letter of [other, ...letters]) {
        const next = readers.map((reader, index) =>
          reader.read(places[index] ?? reader.start, letter, effort),
        )
        const key = next.map(({ id }) => id).join()
        if (seen.has(key)) continue
        seen.add(key)
        longer.push({ text: text + letter, places: next })
        const fitting = next.map(({ isFitting }) => isFitting).join()
        if (!found.has(fitting)) found.set(fitting, text + letter)
      }
    }
    texts = longer
  }
  return [...found.values()]
}

/** How far a text has come in each pattern of a list. */
interface Place {
  id: number
  positions: number[][]
  isFitting: boolean
  next: Map<string, Place>
}

/** Reads texts against one list, and remembers where each letter led. */
class ListReader {
  readonly #patterns: string[][]
  readonly #places = new Map<string, Place>()
  readonly letters: string[]
  readonly start: Place

  constructor(list: readonly string[]) {
    this.#patterns = [...new Set(list.map(foldCase))].map((pattern) => [...pattern])
    this.letters = this.#patterns.flat().filter((letter) => letter !== '*')
    this.start = this.#place(this.#patterns.map((pattern) => settle(pattern, [0])))
  }

  read(from: Place, letter: string, effort: Effort): Place {
    const known = from.next.get(letter)
    if (known) return known
    effort.spend(this.#patterns.length)
    const next = this.#place(
      this.#patterns.map((pattern, index) =>
        settle(
          pattern,
          (from.positions[index] ?? []).flatMap((at) => {
            if (pattern[at] === '*') return [at]
            return pattern[at] === letter ? [at + 1] : []
          }),
        ),
      ),
    )
    from.next.set(letter, next)
    return next
  }

  #place(reached: number[][]): Place {
    // Once a pattern fits whatever follows, the others make no difference any more.
    const isDone = this.#patterns.some(
      (pattern, index) => pattern.at(-1) === '*' && reached[index]?.includes(pattern.length),
    )
    const key = isDone ? 'done' : JSON.stringify(reached)
    const known = this.#places.get(key)
    if (known) return known
    const place: Place = {
      id: this.#places.size,
      positions: reached,
      isFitting: this.#patterns.some((pattern, index) => reached[index]?.includes(pattern.length)),
      next: new Map(),
    }
    this.#places.set(key, place)
    return place
  }
}

/** Goes on behind each `*`, which may stand for nothing, and keeps only what comes after the last one that was reached. */
function settle(pattern: string[], reached: number[]): number[] {
  const all = new Set<number>()
  for (let at of reached) {
    all.add(at)
    while (pattern[at] === '*') all.add(++at)
  }
  const lastStar = Math.max(-1, ...[...all].filter((at) => pattern[at] === '*'))
  return [...all].filter((at) => at >= lastStar).sort((a, b) => a - b)
}
