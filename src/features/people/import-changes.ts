/** What an import adds and changes, in lines for people. */
export class Changes {
  readonly lines: string[] = []
  /** What is left alone. */
  readonly notes: string[] = []
  /** What ids stand for. */
  readonly names = new Map<unknown, string>()
  readonly #added = new Set<string>()

  /** Creates a row, or changes what differs in the one found, and says so. */
  upsert<Row extends object>(
    label: string,
    found: Row | null | undefined,
    values: Partial<Row>,
    create: () => Row,
  ): Row {
    if (!found) {
      this.#added.add(label)
      this.lines.push(`${label}: added`)
      return create()
    }
    const differences: string[] = []
    for (const [field, value] of Object.entries(values)) {
      const difference = this.#difference(labels[field] ?? field, Reflect.get(found, field), value)
      if (difference === null) continue
      differences.push(difference)
      Reflect.set(found, field, value)
    }
    if (differences.length > 0) this.lines.push(`${label}: ${differences.join('; ')}`)
    return found
  }

  /** A change that `upsert` does not see. What was just added needs no line for it. */
  changed(label: string, what: string): void {
    if (!this.#added.has(label)) this.lines.push(`${label}: ${what}`)
  }

  changedList(label: string, what: string, { from, to }: { from: string[]; to: string[] }): void {
    const difference = listDifference(what, from, to)
    if (difference) this.changed(label, difference)
  }

  noteUnnamed(kind: string, existing: Iterable<string>, named: string[]): void {
    const others = [...existing].filter((one) => !named.includes(one))
    if (others.length > 0) this.notes.push(`not in the file, unchanged: ${kind} ${others.join(', ')}`)
  }

  /** Says when those that exist stand in another order in the file. */
  noteOrder(kind: string, existing: string[], named: string[]): void {
    const before = existing.filter((key) => named.includes(key))
    const after = named.filter((key) => existing.includes(key))
    if (before.join() !== after.join()) this.lines.push(`${kind}: now in the order ${named.join(', ')}`)
  }

  #difference(field: string, from: unknown, to: unknown): string | null {
    if (Array.isArray(from) && Array.isArray(to)) return listDifference(field, from, to)
    if (from === to) return null
    return `${field} ${this.#show(from)} → ${this.#show(to)}`
  }

  #show(value: unknown): string {
    if (typeof value === 'boolean') return value ? 'yes' : 'no'
    return this.names.get(value) ?? String(value ?? 'none')
  }
}

/** The words of the file for what is changed. */
const labels: Record<string, string> = {
  levelRank: 'level',
  teamId: 'team',
  managerId: 'manager',
  timeZone: 'time zone',
  companyWide: 'company-wide',
  intakeAddress: 'intake',
  rollbackHours: 'rollback hours',
  workingDays: 'working days',
  workFrom: 'work from',
  workTo: 'work to',
  remindAfterDays: 'remind after days',
  escalateAfterDays: 'escalate after days',
  requestTolerancePercent: 'request tolerance percent',
  digestOver: 'digest over',
}

/** What was added and removed; the order of such lists means nothing. */
function listDifference(what: string, from: unknown[], to: unknown[]): string | null {
  const added = to.filter((one) => !from.includes(one))
  const removed = from.filter((one) => !to.includes(one))
  const parts = [
    added.length > 0 ? `added ${added.join(', ')}` : '',
    removed.length > 0 ? `removed ${removed.join(', ')}` : '',
  ].filter((part) => part !== '')
  return parts.length === 0 ? null : `${what} ${parts.join(', ')}`
}
