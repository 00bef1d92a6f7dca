/** What can be found by its name, or by other words for it. */
interface Named {
  name: string
  keywords?: readonly string[]
}

/**
 * Those that somebody may mean by what they type, the best first, as Enter takes the first: what is called so, then what
 * begins so, as a whole or in one of its words; then what is known by such a word; then what only contains it. In the order
 * given among equals.
 */
export function bestFirst<N extends Named>(choices: readonly N[], typed: string): N[] {
  const wanted = plainText(typed)
  return choices
    .map((choice) => ({ choice, rank: rankOf(choice, wanted) }))
    .filter(({ rank }) => rank < notFound)
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ choice }) => choice)
}

const notFound = 7

function rankOf({ name, keywords = [] }: Named, wanted: string): number {
  const called = plainText(name)
  const known = keywords.map(plainText)
  const ranks = [
    called === wanted,
    called.startsWith(wanted),
    beginsIn(called, wanted),
    known.includes(wanted),
    known.some((word) => beginsIn(word, wanted)),
    called.includes(wanted),
    known.some((word) => word.includes(wanted)),
  ]
  const best = ranks.indexOf(true)
  return best === -1 ? notFound : best
}

/** One of the words of a text begins so. */
const beginsIn = (text: string, wanted: string): boolean => ` ${text}`.includes(` ${wanted}`)

/** Words of small letters without marks: `büro` is found by `buro`. */
const plainText = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
