/** Tells the time. Injected, so that tests and simulations decide what time it is. */
export interface Clock {
  /** The present instant (UTC). */
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }
