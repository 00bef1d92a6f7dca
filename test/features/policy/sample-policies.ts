import { parse } from 'yaml'
import {
  type PolicyDocument,
  type PolicyFacts,
  type PolicySetting,
  policyDocumentSchema,
  type Vocabulary,
} from '../../../src/features/policy/index.ts'

/** What a company of two teams knows. */
export const vocabulary: Vocabulary = {
  currency: 'USD',
  locale: 'en-US',
  categories: [
    { key: 'meals', name: 'Meals' },
    { key: 'travel', name: 'Travel' },
  ],
  reasons: [
    { key: 'client_visit', name: 'Client visit' },
    { key: 'training', name: 'Training' },
  ],
  teams: ['Sales', 'Tech'],
  levels: [1, 2, 3],
  people: ['ann@acme.example', 'bob@acme.example'],
}

export const setting: PolicySetting = {
  currency: 'USD',
  locale: 'en-US',
  categoryNames: new Map(vocabulary.categories.map(({ key, name }) => [key, name])),
}

/** Non-breaking spaces, as in amounts, are no concern of these tests. */
export const plain = (text: string) => text.replaceAll('\u00a0', ' ')

/** A lunch of Ann's for USD 20.00 on a Wednesday, with its receipt. */
export function facts(changes: Partial<PolicyFacts> = {}): PolicyFacts {
  const amount = changes.amount ?? 2000
  const attendees = changes.attendees ?? 0
  return {
    amount,
    amount_per_person: Math.ceil(amount / (attendees + 1)),
    category: 'meals',
    merchant: 'Corner Shop',
    currency: 'USD',
    reason: null,
    note: '',
    attendees,
    paid_by: 'person',
    date: '2026-11-18',
    weekday: 'wednesday',
    age_days: 2,
    submitter: 'ann@acme.example',
    team: ['Sales'],
    level: 2,
    role: ['employee'],
    receipt: 'present',
    kind: 'receipt',
    receipt_amount: 'same',
    duplicate: 'none',
    spent_in_day: amount,
    spent_in_month: amount,
    spent_in_year: amount,
    ...changes,
  }
}

/** A document as it stands in YAML. */
export const documentOf = (yaml: string): PolicyDocument => policyDocumentSchema.parse(parse(yaml) ?? {})

const step = '[{ approver: manager, description: Manager agrees }]'

/** Policies A, B, C and so on with these conditions. */
export const policies = (...whens: string[]): string =>
  `policies:\n${whens.map((when, index) => `  - { key: p${index}, name: ${'ABCDEFGHIJ'[index]}, when: ${when}, steps: ${step} }`).join('\n')}\n`

/** Rules r0, r1 and so on: condition, what to do, and further settings. */
export const rules = (...list: [when: string, actions: string, more?: string][]): string =>
  `rules:\n${list.map(([when, actions, more = ''], index) => `  - { key: r${index}, name: R${index}, when: ${when}, do: ${actions}${more && `, ${more}`} }`).join('\n')}\n`
