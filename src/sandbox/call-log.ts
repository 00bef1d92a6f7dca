/** One line of the page's Log view. */
export interface CallLine {
  at: number
  /** `in`: the app called us; `out`: we called the app; `mail`: SMTP. */
  way: 'in' | 'out' | 'mail'
  name: string
  ms: number
  ok: boolean
  note: string
}

const kept = 500

/** The last few hundred calls; only in memory, and never a token or a payload. */
export class CallLog {
  readonly #lines: CallLine[] = []
  readonly #added: () => void

  constructor(added: () => void) {
    this.#added = added
  }

  add(line: CallLine): void {
    this.#lines.push(line)
    if (this.#lines.length > kept) this.#lines.shift()
    this.#added()
  }

  /** Newest first. */
  lines(): CallLine[] {
    return this.#lines.toReversed()
  }
}
