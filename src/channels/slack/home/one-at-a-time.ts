/** For each key what is being done, and what is to be done once more when that is over. */
const running = new Map<string, { now: Promise<void>; next: Promise<void> | null }>()

/**
 * Does something that shows how things are, never twice at once for a key. Whoever asks meanwhile gets one more turn
 * together, which sees what all of them changed: a hundred who ask at once are served by two turns.
 */
export function oneAtATime(key: string, work: () => Promise<void>): Promise<void> {
  const current = running.get(key)
  if (!current) {
    const now = work()
    return begin(key, now)
  }
  current.next ??= current.now.then(
    () => begin(key, work()),
    () => begin(key, work()),
  )
  return current.next
}

function begin(key: string, now: Promise<void>): Promise<void> {
  const turn = { now, next: null }
  running.set(key, turn)
  const end = () => {
    if (running.get(key) === turn && turn.next === null) running.delete(key)
  }
  now.then(end, end)
  return now
}
