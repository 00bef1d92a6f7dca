/** Who pressed last in each form that is open here. */
const newest = new Map<string, symbol>()
const mostKnown = 10_000

/**
 * Somebody did something in a form. What they did before is shown no more where it comes later: several presses are
 * worked on at the same time. Returns whether this is still the newest.
 */
export function takeTurn(viewId: string): () => boolean {
  const turn = Symbol(viewId)
  if (newest.size >= mostKnown) newest.clear()
  newest.set(viewId, turn)
  return () => newest.get(viewId) === turn
}
