/** How long something took, many times, in milliseconds. */
export class Durations {
  readonly #all: number[] = []

  add(milliseconds: number): void {
    this.#all.push(milliseconds)
  }

  addAll(others: Durations): void {
    for (const one of others.#all) this.add(one)
  }

  /** In milliseconds with one decimal: nearest rank. Of nothing: zeros. */
  summary(): Summary {
    const sorted = this.#all.toSorted((a, b) => a - b)
    const at = (share: number) => round(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0)
    return { count: sorted.length, median: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
  }
}

export interface Summary {
  count: number
  median: number
  p95: number
  p99: number
  max: number
}

const round = (value: number) => Math.round(value * 10) / 10

/** The summaries as a table for people. */
export function table(rows: Record<string, Summary>): string {
  const columns = ['count', 'median', 'p95', 'p99', 'max'] as const
  const width = Math.max(...Object.keys(rows).map(({ length }) => length))
  const line = (name: string, cells: (string | number)[]) =>
    `${name.padEnd(width)}${cells.map((cell) => String(cell).padStart(10)).join('')}`
  const body = Object.entries(rows).map(([name, row]) =>
    line(
      name,
      columns.map((column) => row[column]),
    ),
  )
  return [line('', [...columns]), ...body].join('\n')
}
