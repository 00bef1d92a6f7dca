import { describe, expect, test } from 'vitest'
import { shownTo } from '../../../src/channels/slack/people/in-their-language.ts'
import {
  type Reason,
  type ReasonFacts,
  type ReasonKind,
  sayReason,
} from '../../../src/features/approvals/index.ts'
import { because } from '../../../src/features/approvals/say-reason.ts'
import { said } from '../../../src/features/expenses/index.ts'
import {
  describeLimit,
  describeMileage,
  describePerDiem,
  describePolicy,
  describeRule,
  type Finding,
  type FindingFacts,
  type FindingKind,
  newFinding,
  policyDocumentSchema,
  type Said,
  sayFinding,
} from '../../../src/features/policy/index.ts'
import { approvalCard } from '../../../templates/slack/approval-card.ts'
import { detailsModal } from '../../../templates/slack/details-modal.ts'
import { wordsOf } from '../../../templates/slack/words/index.ts'
import { ask, askedStep, expense, readByFrank, words } from './example-view.ts'

const reader = { locale: 'de-DE', timeZone: 'Europe/Berlin' }
const { language } = wordsOf('de-DE')
const german = { locale: 'de-DE', language }
const plain = (text: string) => text.replaceAll('\u00a0', ' ')

const usd = (minor: number) => ({ minor, currency: 'USD' })
const about: FindingFacts['policy_applies']['about'] = {
  when: { category: ['meals'], amount: { over: '75.00' }, weekday: ['saturday', 'sunday'] },
  currency: 'USD',
  categories: { meals: 'Verpflegung' },
}
const number = 'REQ-2026-0007'

/** One of each kind: without it nothing compiles. Names and what a policy says are as a German company wrote them. */
const findings: FindingFacts = {
  policy_applies: { name: 'Verpflegung', about },
  no_policy: { category: 'Verpflegung', amount: usd(1250) },
  no_receipt: {},
  amount_unread: {},
  rule_requires: { missing: ['receipt', 'attendees'], about },
  rule_asks: { about, steps: ['Leitung bestätigt'] },
  rule_tells: { about, to: ['finance', 'manager'] },
  limit: {
    name: 'Bewirtung',
    before: usd(4500),
    allowed: usd(5000),
    with: usd(1250),
    per: 'month',
    date: '2026-11-17',
  },
  duplicate: { same: 'fields', isDrive: false, number, submitter: 'Grace Taylor', amount: usd(1250) },
  amount_differs: { receipts: 2, read: [usd(100), '12'], claimed: usd(1250) },
  receipt_waiting: { fileName: 'a.jpg' },
  receipt_unreadable: { fileName: 'a.jpg', problem: 'The file is empty.' },
  request_not_open: { number, status: 'cancelled' },
  request_automatic: { number },
  request_too_late: { number, approvedOn: '2026-11-17' },
  request_other_category: { number },
  request_other_cost_centre: { number, centres: ['4711 Vertrieb', '4712 Technik'] },
  request_other_rule: { number },
  request_exceeded: { number, would: usd(300), beyond: usd(100), approved: usd(200) },
  request_covers: { number, left: usd(100), beyond: usd(50) },
  per_diem_overlap: { number, from: '2026-11-17', to: '2026-11-18' },
  no_rate: { from: 'EUR', to: 'USD', date: '2026-11-17' },
  no_approver: {},
  approved_automatically: { clause: '4.2 Verpflegung' },
}

const submitter = 'Grace Taylor'
const level = 'Leitung'
const decides = 'finance'
const reasons: ReasonFacts = {
  manager: { submitter },
  manager_above: { submitter },
  finance: {},
  admin: {},
  level: { level },
  level_above: { wanted: level, found: 'Vorstand' },
  category: {},
  category_manager: { submitter },
  named: { name: 'Eve Davis' },
  named_manager: { name: 'Eve Davis' },
  too_few: { needed: 2, decides },
  nobody_at_level: { level, submitter, decides },
  no_manager: { submitter, decides: 'admin' },
  nobody_for_category: { submitter, decides },
  nobody_in_finance: { decides: 'admin' },
  no_admin: { decides },
  nobody_named: { name: 'Eve Davis', decides },
  unanswered: {
    who: 'Bob Smith',
    onBehalfOf: 'Frank Miller',
    since: '2026-11-17T12:00:00Z',
    timeZone: 'Europe/Berlin',
  },
  delegate: {
    principal: 'Frank Miller',
    until: '2026-11-30',
    reason: { kind: 'manager', facts: { submitter } },
  },
}

const saidOf = (kind: FindingKind): Said => ({ kind, facts: findings[kind], source: '4.2' }) as Said
const found = (kind: FindingKind, severity: Finding['severity'] = 'warning'): Finding =>
  newFinding({ code: kind, severity, clause: null }, saidOf(kind), { locale: 'en-US' })
const reasonOf = (kind: ReasonKind) => ({ kind, facts: reasons[kind] }) as Reason

/** Words of English that no German text has; a letter of German would not be enough. */
const english =
  /\b(the|this|that|is|are|by|of|to|from|and|or|your|you|it|for|asks?|asked|so|with|who|not|nobody|approved?)\b/i

describe('in German is', () => {
  test.each(Object.keys(findings) as FindingKind[])('the finding %s', (kind) => {
    const text = sayFinding(found(kind), german)
    expect(text).not.toMatch(english)
    expect(text).not.toMatch(/undefined|null|object/)
    expect(text).not.toBe(found(kind).message)
    expect(text).toMatch(/\(4\.2\)\.$/)
  })

  test.each(Object.keys(reasons) as ReasonKind[])('the reason %s', (kind) => {
    const kept = because(reasonOf(kind), 'en-US')
    const text = sayReason(kept, german)
    expect(text).not.toMatch(english)
    expect(text).not.toMatch(/undefined|null|object|\.$/)
    expect(text).not.toBe(kept.because)
  })

  test('what a policy, rule, limit or rate says', () => {
    const setting = {
      currency: 'EUR',
      locale: 'de-DE',
      categoryNames: new Map([['meals', 'Verpflegung']]),
      levelNames: new Map([[5, 'Leitung']]),
    }
    const steps = [
      { level: 5, description: 'Leitung bestätigt', scope: 'company' },
      { approver: 'manager', description: 'Freigabe', required: false },
      { approver: 'finance', description: 'Prüfung', needed: 2 },
    ]
    const { policies, rules, limits, mileage, per_diem } = policyDocumentSchema.parse({
      policies: [
        { key: 'a', name: 'A', active: false, when: { category: 'meals', amount: { over: '75.00' } }, steps },
      ],
      rules: [
        {
          key: 'b',
          name: 'B',
          when: {
            any: [{ weekday: ['saturday', 'sunday'], receipt: 'missing' }, { not: { paid_by: 'company' } }],
            date: { from: '2026-07-01' },
            attendees: { from: 2 },
          },
          do: { require: ['receipt', 'note'], notify: ['finance'], approve_by: [steps[2]] },
        },
      ],
      limits: [{ key: 'c', name: 'C', each: 'team', category: 'meals', per: 'month', amount: '50.00' }],
      mileage: [{ key: 'd', name: 'D', unit: 'km', rate: '0.30', from: '2026-01-01', category: 'meals' }],
      per_diem: [
        {
          key: 'e',
          name: 'E',
          full_day: '28.00',
          travel_day: '14.00',
          breakfast: '5.60',
          from: '2026-01-01',
        },
      ],
    })
    const texts = [
      ...policies.map((one) => describePolicy(one, setting, language)),
      ...rules.map((one) => describeRule(one, setting, language)),
      ...limits.map((one) => describeLimit(one, setting, language)),
      ...mileage.map((one) => describeMileage(one, setting, language)),
      ...per_diem.map((one) => describePerDiem(one, setting, language)),
    ]
    expect(texts.map(plain)).toEqual([
      'nicht aktiv; Verpflegung über 75,00 EUR: Leitung bestätigt (Leitung in der ganzen Firma), dann Freigabe (Führungskraft, freiwillig), dann Prüfung (Finanzabteilung, 2 davon)',
      'jede Ausgabe mit mindestens 2 Teilnehmenden, mit dem Datum ab 1. Juli 2026, entweder an einem Samstag oder Sonntag und ohne Beleg oder nicht bezahlt von der Firma: nötig: ein Beleg und eine Notiz; außerdem gefragt: Prüfung (Finanzabteilung, 2 davon); per E-Mail informiert: Finanzabteilung',
      '50,00 EUR pro Monat für jedes Team, nur Verpflegung; darüber nicht erlaubt',
      '0,30 EUR pro km; vorgeschlagen: Verpflegung',
      '28,00 EUR pro Tag, 14,00 EUR am ersten und letzten; abzüglich 5,60 für Frühstück, wenn es das gab',
    ])
  })
})

describe('a card', () => {
  const delegate = because(reasonOf('delegate'), 'en-US')
  const step = askedStep([ask('Frank Miller')])
  const [approver] = step.approvers
  if (!approver) throw new Error('nobody is asked')
  const waiting = {
    ...step,
    approvers: [
      {
        ...approver,
        ...because(reasonOf('manager'), 'en-US'),
        asks: [{ ...ask('Frank Miller'), ...delegate }],
      },
    ],
  }
  const given = expense({
    findings: [found('policy_applies', 'info'), found('limit')],
    steps: [waiting],
  })

  test('says findings, and why somebody is asked, in the language of its reader', () => {
    const card = approvalCard({ ...readByFrank, expense: shownTo(given, reader), slackFileId: null })
    expect(plain(words(card))).toContain(
      'Bewirtung: Für November 2026 sind 45,00 USD von 50,00 USD ausgegeben; mit diesen 12,50 USD wären es 57,50 USD (4.2).',
    )
    expect(plain(words(card))).toContain(
      'Richtlinie „Verpflegung“: Verpflegung über 75,00 USD, an einem Samstag oder Sonntag (4.2).',
    )
    expect(words(card)).toContain(
      'Warum Sie gefragt werden: Sie entscheiden bis 30. Nov. 2026 für Frank Miller. Die Richtlinie verlangt die Führungskraft von Grace Taylor.',
    )
  })

  test('says them in English by the locale of its reader', () => {
    const card = approvalCard({
      ...readByFrank,
      expense: shownTo(given, { ...reader, locale: 'en-GB' }),
      slackFileId: null,
    })
    expect(words(card)).toContain('You are asked because you decide for Frank Miller until 30 Nov 2026, and')
  })

  test('shows what a person wrote, and what was stored before its facts were, as it is', () => {
    const before: Finding = {
      code: 'rule:bar',
      severity: 'warning',
      message: 'No bars (4.2).',
      clause: '4.2',
    }
    const old = { ...approver, because: 'this step is for Bob', reason: null, asks: [] }
    const seen = shownTo(expense({ findings: [before], steps: [{ ...waiting, approvers: [old] }] }), reader)
    const card = words(approvalCard({ ...readByFrank, expense: seen, slackFileId: null }))
    expect(card).toContain('No bars (4.2).')
    expect(card).toContain('Warum Sie gefragt werden: this step is for Bob.')
  })

  test('of what blocks an expense says so in its history, too', () => {
    const limit = found('limit', 'blocking')
    const entry = {
      at: new Date(0),
      who: 'Outlay',
      what: 'blocked by policy',
      event: 'blocked',
      by: 'Outlay',
    }
    const blocked = expense({
      status: 'blocked',
      findings: [limit],
      history: [
        { ...entry, event: 'blocked', onBehalfOf: null, comment: limit.message, channel: 'system' } as const,
      ],
    })
    const shown = JSON.stringify(detailsModal(shownTo(blocked, reader)))
    expect(shown).toContain('ausgegeben; mit diesen')
    expect(shown).not.toContain('is spent')
  })
})

test('what a newer version stored is shown as it was stored', () => {
  const kind = 'from_the_future' as FindingKind
  const finding = { ...found('limit'), said: { kind, facts: {} } as Said }
  expect(sayFinding(finding, german)).toBe(finding.message)
  const reason = { kind: kind as unknown as ReasonKind, facts: {} } as Reason
  expect(sayReason({ because: 'it is new', reason }, german)).toBe('it is new')
  const nested = { kind: 'delegate', facts: { ...reasons.delegate, reason } } as const
  expect(sayReason({ because: 'it is nested', reason: nested }, german)).toBe('it is nested')
})

test('why a principal was asked before that was kept stands in its words', () => {
  const delegate = { kind: 'delegate', facts: { ...reasons.delegate, reason: 'this is for Frank' } } as const
  expect(because(delegate, 'en-US').because).toBe(
    'you decide for Frank Miller until Nov 30, 2026, and this is for Frank',
  )
})

test('findings and reasons survive the database: they are plain JSON', () => {
  const view = { findings: [found('limit')], steps: [] }
  expect(said(JSON.parse(JSON.stringify(view)), german)).toEqual(said(view, german))
})
