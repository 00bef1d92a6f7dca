interface Turns {
  newest: symbol
  /** When Slack took note of it, in its seconds. */
  pressedAt: number
  /** Ends with what is being shown. */
  showing: Promise<void>
}

/** The forms that are open here, with who did something in them last. */
const open = new Map<string, Turns>()
const mostKnown = 10_000

/** What somebody did in a form, among what else they do in it. */
export interface FormTurn {
  isNewest: () => boolean
  /** Shows what follows, after what is being shown; nothing as soon as they did something else. */
  show: (work: () => Promise<void>) => Promise<void>
}

/**
 * Somebody did something in a form. Whoever types fast does several things at the same time, and what follows from each is
 * worked out side by side: what is older is shown no more, neither between nor after what is newer.
 * @param pressedAt the `action_ts` of a press; they may arrive in another order. Left out: after what arrived so far
 */
export function takeTurn(viewId: string, pressedAt?: string): FormTurn {
  if (open.size >= mostKnown) open.clear()
  const turn = Symbol(viewId)
  const last = open.get(viewId)
  const turns = last ?? { newest: turn, pressedAt: 0, showing: Promise.resolve() }
  open.set(viewId, turns)
  const at = pressedAt === undefined ? turns.pressedAt : Number(pressedAt)
  if (at >= turns.pressedAt) Object.assign(turns, { newest: turn, pressedAt: at })
  const isNewest = () => turns.newest === turn
  const show = (work: () => Promise<void>) => {
    const shown = turns.showing.then(() => (isNewest() ? work() : undefined))
    turns.showing = shown.catch(() => {})
    return shown
  }
  return { isNewest, show }
}

/**
 * Somebody sent a form: what they pressed in it before is shown no more, also where that arrives later. Slack does not say
 * when a form was sent, so our own clock does.
 */
export function endTurns(viewId: string, now: Date): void {
  const last = open.get(viewId)?.pressedAt ?? 0
  takeTurn(viewId, String(Math.max(last, now.getTime() / 1000)))
}
