/** One line of the page's Log view. */
export interface CallLine {
  at: number
  /** `in`: the app called us; `out`: we called the app; `mail`: SMTP. */
  way: 'in' | 'out' | 'mail'
  name: string
  ms: number
  ok: boolean
  note: string
  /** What was said and answered; without tokens. */
  request?: unknown
  answer?: unknown
}

const kept = 500
const mostLetters = 20_000

/** The last few hundred calls; only in memory, and never a token. */
export class CallLog {
  readonly #lines: (CallLine & { id: number })[] = []
  readonly #added: () => void
  #next = 1

  constructor(added: () => void) {
    this.#added = added
  }

  add(line: CallLine): void {
    this.#lines.push({ ...line, id: this.#next++ })
    if (this.#lines.length > kept) this.#lines.shift()
    this.#added()
  }

  /** Newest first, without what was said. */
  lines(): object[] {
    return this.#lines.map(({ request: _, answer: __, ...line }) => line).toReversed()
  }

  /** One line with what was said and answered. */
  line(id: number): object | undefined {
    const line = this.#lines.find((one) => one.id === id)
    return line && { ...line, request: readable(line.request), answer: readable(line.answer) }
  }
}

const secretNames = ['token', 'client_secret', 'access_token', 'authorization', 'code']

/** What was said, set out for people, cut where it is very long. */
function readable(said: unknown): string {
  if (said === undefined || said === '') return ''
  const plain = typeof said === 'string' ? parsed(said) : said
  const text =
    typeof plain === 'string'
      ? plain
      : JSON.stringify(
          plain,
          (name, value: unknown) =>
            secretNames.includes(name) && typeof value === 'string' ? '…' : opened(value),
          2,
        )
  const withoutTokens = text.replace(/\bx(?:ox[bp]|app)-[\w-]+/g, '…')
  return withoutTokens.length > mostLetters ? `${withoutTokens.slice(0, mostLetters)}\n…` : withoutTokens
}

/** Structured arguments travel as JSON text in forms; people read them better opened. */
function opened(value: unknown): unknown {
  return typeof value === 'string' && /^[[{]/.test(value) ? parsed(value) : value
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
