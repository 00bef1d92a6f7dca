/** How much may still be tried: a review of the oddest document ends within seconds and says that it is not complete. */
export class Effort {
  #left = 6_000_000

  /** @returns false when nothing is left */
  spend(steps: number): boolean {
    this.#left -= steps
    return this.#left >= 0
  }
}
