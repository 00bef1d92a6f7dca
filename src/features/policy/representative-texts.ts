import { foldCase } from './matches.ts'

const mostStates = 20_000

/**
 * One short text for every way in which texts can fit lists of patterns (`*` stands for anything): for `uber*` and `*eats`
 * one that fits neither, one for each alone, and `ubereats`. Reads letter by letter through all patterns at once, so that
 * nothing is left out. Without the empty text, as a merchant always has a name.
 * @returns null when there are too many ways
 */
export function representativeTexts(lists: readonly string[][]): string[] | null {
  const patterns = lists.map((list) => [...new Set(list.map(foldCase))].map((pattern) => [...pattern]))
  const letters = new Set(patterns.flat(2).filter((letter) => letter !== '*'))
  const other = [...'abcdefghijklmnopqrstuvwxyz0123456789·'].find((letter) => !letters.has(letter)) ?? ' '
  const start = patterns.map((list) => list.map((pattern) => settle(pattern, [0])))
  const found = new Map<string, string>()
  const seen = new Set<string>()
  let texts = [{ text: '', state: start }]
  while (texts.length > 0) {
    const longer: typeof texts = []
    for (const { text, state } of texts) {
      for (const letter of [other, ...letters]) {
        const next = state.map((places, list) => read(patterns[list] ?? [], places, letter))
        const key = JSON.stringify(next)
        if (seen.has(key)) continue
        seen.add(key)
        if (seen.size > mostStates) return null
        longer.push({ text: text + letter, state: next })
        const fitting = next.map((places, list) => isFitting(patterns[list] ?? [], places)).join()
        if (!found.has(fitting)) found.set(fitting, text + letter)
      }
    }
    texts = longer
  }
  return [...found.values()]
}

/** Where reading can stand in each pattern of a list; everything else is forgotten once one of them fits whatever follows. */
type Places = number[][]

function read(list: string[][], places: Places, letter: string): Places {
  const next = list.map((pattern, index) =>
    settle(
      pattern,
      (places[index] ?? []).flatMap((at) =>
        pattern[at] === '*' ? [at] : pattern[at] === letter ? [at + 1] : [],
      ),
    ),
  )
  const done = next.findIndex((standing, index) => endsInStar(list[index], standing))
  return done < 0 ? next : next.map((standing, index) => (index === done ? standing : []))
}

/** Goes on behind each `*`, which may stand for nothing, and keeps only what comes after the last one that was reached. */
function settle(pattern: string[], places: number[]): number[] {
  const all = new Set<number>()
  for (let at of places) {
    all.add(at)
    while (pattern[at] === '*') all.add(++at)
  }
  const lastStar = Math.max(-1, ...[...all].filter((at) => pattern[at] === '*'))
  return [...all].filter((at) => at >= lastStar).sort((a, b) => a - b)
}

const endsInStar = (pattern: string[] | undefined, places: number[]) =>
  pattern !== undefined && pattern.at(-1) === '*' && places.includes(pattern.length)

const isFitting = (list: string[][], places: Places) =>
  list.some((pattern, index) => places[index]?.includes(pattern.length))
