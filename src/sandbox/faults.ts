import type { Fault } from './shapes.ts'

/** Switched-on failures, for tests of what an app does when Slack or the mail server misbehaves. */
export class Faults {
  #faults: Fault[] = []
  /** Refuse more than one chat.postMessage a second and channel, as Slack does. Off, so that demos are quick. */
  enforceRate = false
  readonly #lastPost = new Map<string, number>()

  add(faults: Fault[]): void {
    this.#faults.push(...faults)
  }

  list(): Fault[] {
    return this.#faults
  }

  clear(): void {
    this.#faults = []
    this.enforceRate = false
  }

  /** The fault that this Web API call meets, used up by one. */
  forMethod(method: string): Fault | undefined {
    return this.#take((fault) => 'method' in fault && (fault.method === method || fault.method === '*'))
  }

  forSmtp(): Fault | undefined {
    return this.#take((fault) => fault.kind === 'smtp_reject' || fault.kind === 'smtp_lost_reply')
  }

  /** Whether one more post to this channel now would exceed Slack's rate. */
  exceedsRate(channel: string): boolean {
    if (!this.enforceRate) return false
    const now = Date.now()
    if (now - (this.#lastPost.get(channel) ?? 0) < 1_000) return true
    this.#lastPost.set(channel, now)
    return false
  }

  #take(matches: (fault: Fault) => boolean): Fault | undefined {
    const found = this.#faults.find(matches)
    if (found !== undefined && --found.times <= 0)
      this.#faults = this.#faults.filter((fault) => fault !== found)
    return found
  }
}
