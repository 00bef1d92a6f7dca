/** Slack takes one message a second into a channel, and some more at once: https://docs.slack.dev/apis/web-api/rate-limits */
const perMessageMs = 1000
const atOnce = 4
/** What was turned away for another reason comes back one after the other, too. */
const leastApartMs = 100
const mostKept = 5000

interface Lane {
  /** The next call could go out at this instant if all of them went out evenly; it may be ahead by `atOnce` calls. */
  nextAt: number
  /** Slack said 429: nothing goes out before this instant. */
  closedUntil: number
  /** Up to when those that were turned away have been told to come back. */
  promisedUntil: number
}

/**
 * When a call may go out, so that much work for one channel neither hammers Slack nor holds up other work: whoever is too
 * early is told when to come back, each at another moment. Kept in this process alone: where several replicas send at
 * once, Slack's own 429 is what holds.
 */
export class CallPace {
  readonly #lanes = new Map<string, Lane>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /**
   * Asks to make a call.
   * @param channel set for messages, which Slack counts for each channel
   * @returns 0 to make it now, else after how many milliseconds to ask again
   */
  ask(method: string, channel: string | null): number {
    const lane = this.#lane(method, channel)
    const now = this.#now()
    const apartMs = channel === null ? 0 : perMessageMs
    const freeAt = Math.max(lane.nextAt - (atOnce - 1) * apartMs, lane.closedUntil)
    if (freeAt <= now) {
      lane.nextAt = Math.max(lane.nextAt, now) + apartMs
      return 0
    }
    const backAt = Math.max(freeAt, lane.promisedUntil)
    lane.promisedUntil = backAt + Math.max(apartMs, leastApartMs)
    return backAt - now
  }

  /** Slack answered 429: nothing more of this kind for so many seconds. */
  close(method: string, channel: string | null, seconds: number): void {
    const lane = this.#lane(method, channel)
    lane.closedUntil = Math.max(lane.closedUntil, this.#now() + seconds * 1000)
  }

  #lane(method: string, channel: string | null): Lane {
    const key = channel === null ? method : `${method} ${channel}`
    const lane = this.#lanes.get(key) ?? { nextAt: 0, closedUntil: 0, promisedUntil: 0 }
    if (this.#lanes.size >= mostKept) this.#forget()
    this.#lanes.set(key, lane)
    return lane
  }

  /** What is over by now counts for nothing. */
  #forget(): void {
    const now = this.#now()
    for (const [key, { nextAt, closedUntil, promisedUntil }] of this.#lanes) {
      if (Math.max(nextAt, closedUntil, promisedUntil) <= now) this.#lanes.delete(key)
    }
    if (this.#lanes.size >= mostKept) this.#lanes.clear()
  }
}
