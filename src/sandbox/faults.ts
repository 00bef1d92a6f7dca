import type { Fault } from './settings.ts'

/** Switched-on failures, for tests of what an app does when Slack or the mail server misbehaves. */
export class Faults {
  #faults: Fault[] = []
  /** Refuse more than one chat.postMessage a second and channel, as Slack does. Off, so that demos are quick. */
  enforceRate = false
  readonly #lastPost = new Map<string, number>()
  readonly #calls = new Map<string, number[]>()

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

  /** Where the connection that gets this envelope is cut, used up by one. */
  forEnvelope(type: string): 'before_ack' | 'after_ack' | undefined {
    const fault = this.#take(
      (one) => one.kind === 'socket_drop' && one.when !== 'now' && (one.of ?? type) === type,
    )
    if (fault?.kind !== 'socket_drop' || fault.when === 'now') return undefined
    return fault.when
  }

  forSmtp(): Fault | undefined {
    return this.#take((fault) => fault.kind === 'smtp_reject' || fault.kind === 'smtp_lost_reply')
  }

  /** Seconds to wait before one more call, where the minute's share is used up; 0 when it may go on. */
  waitFor(key: string, mostAMinute: number): number {
    if (!this.enforceRate) return 0
    const now = Date.now()
    const recent = (this.#calls.get(key) ?? []).filter((at) => now - at < 60_000)
    const oldest = recent[0]
    if (oldest !== undefined && recent.length >= mostAMinute) return Math.ceil((oldest + 60_000 - now) / 1000)
    this.#calls.set(key, [...recent, now])
    return 0
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
