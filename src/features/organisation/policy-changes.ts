import { isDeepStrictEqual } from 'node:util'
import {
  describeLimit,
  describeMileage,
  describePerDiem,
  describePolicy,
  describeRule,
  type PolicyDocument,
  type PolicySetting,
} from '../policy/index.ts'

/** What one version of the policies changes against the one before, a line an entry; of what is new, what it says. */
export function policyChanges(
  before: PolicyDocument | undefined,
  after: PolicyDocument,
  setting: PolicySetting,
): string[] {
  return [
    ...sectionChanges('policy', keyed(before?.policies), keyed(after.policies), (one) =>
      describePolicy(one, setting),
    ),
    ...orderChange(before?.policies, after.policies),
    ...sectionChanges('rule', keyed(before?.rules), keyed(after.rules), (one) => describeRule(one, setting)),
    ...sectionChanges('limit', keyed(before?.limits), keyed(after.limits), (one) =>
      describeLimit(one, setting),
    ),
    ...sectionChanges('mileage', dated(before?.mileage), dated(after.mileage), (one) =>
      describeMileage(one, setting),
    ),
    ...sectionChanges('per diem', dated(before?.per_diem), dated(after.per_diem), (one) =>
      describePerDiem(one, setting),
    ),
    ...sectionChanges('test', named(before?.tests), named(after.tests)),
  ]
}

type Entries<Entry> = Map<string, Entry>
const keyed = <Entry extends { key: string }>(list: Entry[] = []): Entries<Entry> =>
  new Map(list.map((entry) => [entry.key, entry]))
/** Rates of one key follow each other. */
const dated = <Entry extends { key: string; from: string }>(list: Entry[] = []): Entries<Entry> =>
  new Map(list.map((entry) => [`${entry.key} from ${entry.from}`, entry]))
const named = <Entry extends { name: string }>(list: Entry[] = []): Entries<Entry> =>
  new Map(list.map((entry) => [entry.name, entry]))

function sectionChanges<Entry>(
  kind: string,
  before: Entries<Entry>,
  after: Entries<Entry>,
  describe?: (entry: Entry) => string,
): string[] {
  const lines: string[] = []
  for (const [key, entry] of after) {
    const found = before.get(key)
    if (!found) lines.push(`${kind} ${key}: added${describe ? ` (${describe(entry)})` : ''}`)
    else if (!isDeepStrictEqual(leaves(found), leaves(entry)))
      lines.push(`${kind} ${key}: ${entryChanges(leaves(found), leaves(entry))}`)
  }
  for (const key of before.keys()) if (!after.has(key)) lines.push(`${kind} ${key}: removed`)
  return lines
}

/** The first policy that covers an expense counts, so their order says something. */
function orderChange(before: { key: string }[] = [], after: { key: string }[]): string[] {
  const kept = before.map(({ key }) => key).filter((key) => after.some((policy) => policy.key === key))
  const now = after.map(({ key }) => key).filter((key) => kept.includes(key))
  return kept.join() === now.join()
    ? []
    : [`policies: now in the order ${after.map(({ key }) => key).join(', ')}`]
}

/** `when, amount, up_to 2000.00 → 2500.00; steps 2, level added 5` */
function entryChanges(before: Map<string, string>, after: Map<string, string>): string {
  const places = new Set([...before.keys(), ...after.keys()])
  return [...places]
    .filter((place) => before.get(place) !== after.get(place))
    .map((place) => {
      const from = before.get(place)
      const to = after.get(place)
      if (from === undefined) return `${place} added ${to}`
      return to === undefined ? `${place} removed` : `${place} ${from} → ${to}`
    })
    .join('; ')
}

/** Every value that has no parts, by its place in words. A list of such values is one of them. */
function leaves(value: unknown, place: string[] = []): Map<string, string> {
  if (typeof value !== 'object' || value === null) return new Map([[place.join(', '), String(value)]])
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object'))
    return new Map([[place.join(', '), value.join('+') || 'none']])
  const parts = Array.isArray(value)
    ? value.map((one, index): [string[], unknown] => [numbered(place, index), one])
    : Object.entries(value).map(([key, one]): [string[], unknown] => [[...place, key], one])
  return new Map(parts.flatMap(([inner, one]) => [...leaves(one, inner)]))
}

const numbered = (place: string[], index: number) => [
  ...place.slice(0, -1),
  `${place.at(-1) ?? ''} ${index + 1}`.trim(),
]
