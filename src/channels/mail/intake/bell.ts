/** Wakes the one who waits. Rung while nobody waits, it lets the next one pass at once: no news is lost. */
export class Bell {
  #rung = false
  #wake = () => {}

  ring(): void {
    this.#rung = true
    this.#wake()
  }

  /** Waits for a ring, at most `milliseconds`. */
  async wait(milliseconds: number): Promise<void> {
    if (!this.#rung) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#wake = resolve
      const timer = setTimeout(resolve, milliseconds)
      await promise
      clearTimeout(timer)
    }
    this.#rung = false
    this.#wake = () => {}
  }
}
