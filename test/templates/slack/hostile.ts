import type { HomeView, ModalView } from '@slack/types'
import fc from 'fast-check'
import { expect } from 'vitest'
import type { ExpenseView, WaitingExpense } from '../../../src/features/expenses/index.ts'
import { blockProblems, isTooLarge, viewProblems } from '../../../src/sandbox/limits.ts'
import type { SlackMessage } from '../../../templates/slack/text.ts'
import { wordsOf } from '../../../templates/slack/words/index.ts'
import { approvalId, at, expense, undone } from './example-view.ts'

/**
 * Hostile data for templates, and what must hold of whatever they show. Every template is to be tried with it in every
 * language of `readers`.
 */

/** One reader for each language that there is. */
export const readers = [
  { locale: 'en-US', timeZone: 'America/New_York' },
  { locale: 'de-DE', timeZone: 'Europe/Berlin' },
]

/** The largest amount that there may be. */
export const huge = { minor: 90_000_000_000_000, currency: 'USD' }

/** A message keeps Slack's limits, says all in its `text`, and mentions nobody. */
export function expectMessage({ text, blocks }: SlackMessage): void {
  expect(blockProblems(blocks, { surface: 'message' })).toEqual([])
  expect(text.length).toBeLessThan(4000)
  expect(text.trim()).not.toBe('')
  expect(text).not.toMatch(foreign)
  expectHarmless([text, blocks])
}

/** A form or App Home keeps Slack's limits and mentions nobody. */
export function expectView(view: ModalView | HomeView): void {
  expect(viewProblems(view)).toEqual([])
  if (view.type === 'modal') expectWayOut(view)
  expect(isTooLarge(view)).toBe(false)
  expectHarmless(view)
}

/** What could be submitted is cancelled, what is only read is closed; or one goes back to the form below. */
function expectWayOut({ submit, close }: ModalView): void {
  const ways = readers.flatMap(({ locale }) => {
    const { common, admin } = wordsOf(locale)
    return [submit ? common.cancel : common.close, admin.goBack]
  })
  expect(ways).toContain(close?.text)
}

/** Only mrkdwn can mention somebody; inputs, labels and alt texts are shown as they stand. */
function mrkdwnOf(shown: unknown): string[] {
  if (typeof shown !== 'object' || shown === null) return []
  if ('type' in shown && shown.type === 'mrkdwn' && 'text' in shown) return [String(shown.text)]
  return Object.values(shown).flatMap(mrkdwnOf)
}

function stringsOf(shown: unknown): string[] {
  if (typeof shown === 'string') return [shown]
  return typeof shown === 'object' && shown !== null ? Object.values(shown).flatMap(stringsOf) : []
}

/** Every mark of Slack's that is none of ours: a mention, a link, half an escape. */
const foreign = /<(?!!date\^\d+\^[^<>]*>)|&(?!(?:amp|lt|gt);)/

/** What a message or form says can mention nobody, format nothing, and holds no half characters. */
export function expectHarmless(shown: unknown): void {
  const marked = mrkdwnOf(shown)
  expect(marked.filter((text) => foreign.test(text))).toEqual([])
  expect(stringsOf(shown).filter((text) => !text.isWellFormed())).toEqual([])
}

/** What people, receipts and file names may say. */
export const hostile = fc.oneof(
  fc.constantFrom(
    '<!channel>',
    '<@U123>',
    '*bold* _it_ ~no~ `code`',
    '&amp;&lt;',
    '\u202eevil',
    'x'.repeat(5000),
    '&'.repeat(5000),
    '\n'.repeat(3000),
    '😀'.repeat(3000),
    'مرحبا بالعالم',
    'a & b <!channel> <@U1> 😀 שלום',
    '<!channel>'.repeat(500),
    '<@U1>&😀'.repeat(700),
    '\u0000\u0007',
    '<https://evil.example|Click>',
    ' ',
    '',
  ),
  fc.string({ maxLength: 6000 }),
)
const statuses = fc.constantFrom<ExpenseView['status']>(
  'draft',
  'submitted',
  'awaiting_approval',
  'approved',
  'rejected',
  'sent_back',
  'blocked',
  'cancelled',
  'settled',
)
const kinds = ['receipt', 'mileage', 'per_diem', 'request'] as const

function calculationOf(kind: ExpenseView['kind'], text: string): ExpenseView['calculation'] {
  const words = { rateKey: 'k', rateName: text }
  if (kind === 'mileage') {
    return { kind, ...words, from: text, to: text, distance: '10000.0', unit: 'km', rate: '999999.9999' }
  }
  if (kind !== 'per_diem') return null
  return {
    kind,
    ...words,
    firstDay: '2026-11-01',
    lastDay: '2026-12-31',
    provided: { breakfast: 61, lunch: 1, dinner: 61 },
    days: Array.from({ length: 61 }, () => ({
      date: '2026-11-01',
      kind: 'full',
      minor: 6800,
      meals: ['breakfast', 'dinner'],
      mealsMinor: 99,
    })),
    mealsMinor: 99,
  }
}

/** An expense with as much as there may be of everything, all of it hostile. */
export const hostileExpense = fc
  .record({
    text: hostile,
    other: hostile,
    name: hostile,
    status: statuses,
    steps: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.constant(200)),
    approvers: fc.integer({ min: 0, max: 9 }),
    needed: fc.integer({ min: 1, max: 9 }),
    findings: fc.integer({ min: 0, max: 50 }),
    comments: fc.integer({ min: 1, max: 60 }),
    decided: fc.boolean(),
    undone: fc.integer({ min: 0, max: 30 }),
    inDoubt: fc.subarray(['merchant', 'amount', 'currency', 'date', 'category'] as const),
    missing: fc.subarray(['merchant', 'date', 'category'] as const),
    severity: fc.constantFrom('info' as const, 'warning' as const, 'blocking' as const),
  })
  .map((given) => {
    const { text, other, name, status } = given
    const comments = Array.from({ length: given.comments }, (_, index) => ({
      id: `c${index}`,
      kind: index % 3 === 0 ? ('comment' as const) : ('question' as const),
      personId: index % 3 === 0 ? 's' : 'p',
      who: name,
      approvalId: null,
      text,
      at,
      channel: 'slack',
    }))
    const decision = given.decided
      ? { byId: 'p', by: name, onBehalfOf: other, at, channel: 'slack', comment: text }
      : null
    const kind = kinds[given.steps % kinds.length] ?? 'receipt'
    const isPlan = ['draft', 'sent_back', 'blocked'].includes(status)
    const approver = (index: number) => ({
      approvalId,
      personId: 'p',
      name,
      because: `${other}${index}`,
      status: given.decided ? 'approved' : 'asked',
      askedAt: at,
      asks: (['approver', 'delegate', 'escalated'] as const).map((role) => ({
        personId: role === 'approver' ? 'p' : role,
        name,
        role,
        onBehalfOf: role === 'delegate' ? name : null,
        because: text,
        askedAt: at,
        remindedAt: at,
      })),
      mayDecide: ['p'],
      decided: decision,
    })
    const money = { minor: 90_000_000_000_000, currency: 'USD' }
    return expense({
      kind,
      status,
      calculation: calculationOf(kind, text),
      shares: Array.from({ length: given.findings % 21 }, () => ({
        category: { id: 'c', name },
        costCentre: { code: '4711', name: text },
        amount: money,
        companyAmount: money,
      })),
      costCentre: { code: '4711', name: other },
      request:
        kind === 'request'
          ? null
          : { id: 'q', number: 'REQ-2026-0001', merchant: text, approved: money, left: money },
      drawn:
        kind === 'request'
          ? {
              used: money,
              left: money,
              expenses: Array.from({ length: given.comments }, () => ({
                id: 'd',
                number: 'EXP-2026-0001',
                amount: money,
                status,
              })),
            }
          : null,
      needsCode: given.needed % 2 === 0,
      merchant: text,
      note: other,
      uncertain: isPlan ? given.inDoubt : [],
      looksLike: isPlan ? [{ id: approvalId, number: 'EXP-2026-0001', differs: given.needed % 2 === 0 }] : [],
      differsFrom: [approvalId],
      missing: isPlan ? given.missing : [],
      category: { id: 'c', name },
      reason: { id: 'r', name: text },
      attendees: Array.from({ length: 20 }, () => other),
      submitter: { id: 's', name, email: 'x@y.example', team: name },
      findings: Array.from({ length: given.findings }, () => ({
        code: 'x',
        severity: given.severity,
        message: text,
        clause: other,
        relatedExpenseId: approvalId,
      })),
      steps: Array.from({ length: given.steps }, () => ({
        description: other,
        required: true,
        needed: given.needed,
        status: isPlan ? 'planned' : given.decided ? 'approved' : 'open',
        approvers: Array.from({ length: given.approvers }, (_, index) => approver(index)),
      })),
      requestStatus: isPlan ? null : 'open',
      automatic: given.decided ? text : null,
      comments,
      question: comments.findLast(({ kind }) => kind === 'question') ?? null,
      history: Array.from({ length: 50 }, () => ({
        at,
        who: name,
        what: 'rejected',
        event: 'rejected' as const,
        by: name,
        onBehalfOf: other,
        comment: text,
        channel: 'slack',
      })),
      undone: Array.from({ length: given.undone }, (_, index) => ({
        ...undone({ personId: index % 4 === 0 ? 'frank' : 'p', name, by: name, comment: text }),
        approvalId: index === 0 && !given.decided ? approvalId : `${index}`,
        at: new Date(at.getTime() + Math.floor(index / 4)),
      })),
      canUndo: [{ approvalId, personId: 'p', until: at }],
      receipts: [{ id: 'r', fileName: name, status: 'unreadable', problem: text, rendition: null }],
    })
  })

/** So many things with names of their own. */
export const many = (view: ExpenseView, count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `${index}`, name: `${index} ${view.merchant}` }))

/** So many that wait for somebody. */
export const manyWaiting = (view: ExpenseView, count: number): WaitingExpense[] =>
  many(view, count).map(({ id, name }, index) => ({
    approvalId: id,
    expenseId: id,
    number: view.number,
    kind: view.kind,
    merchant: name,
    amount: huge,
    companyAmount: { ...huge, currency: 'EUR' },
    date: '2026-11-17',
    submitter: view.submitter.name,
    categories: [view.category?.name ?? '', view.merchant ?? ''],
    needsCode: index % 2 === 1,
    warnings: 1 + view.findings.length,
    warned: view.findings,
    uncertain: ['amount'],
    onBehalfOf: view.submitter.name,
    waitingSince: at,
  }))
