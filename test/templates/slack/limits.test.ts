import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ExpenseView } from '../../../src/features/expenses/index.ts'
import { blockProblems, isTooLarge, viewProblems } from '../../../src/sandbox/limits.ts'
import { approvalCard } from '../../../templates/slack/approval-card.ts'
import { blockedMessage } from '../../../templates/slack/blocked-message.ts'
import { codeMessage } from '../../../templates/slack/code-message.ts'
import { commentMessage } from '../../../templates/slack/comments.ts'
import { answerModal, decisionModal } from '../../../templates/slack/decision-modals.ts'
import { delegationModal } from '../../../templates/slack/delegation-modal.ts'
import { detailsModal } from '../../../templates/slack/details-modal.ts'
import { editModal, startModal } from '../../../templates/slack/edit-modal.ts'
import { expenseMessage } from '../../../templates/slack/expense-message.ts'
import { helpMessage } from '../../../templates/slack/help-message.ts'
import { homeMessage, homeView } from '../../../templates/slack/home.ts'
import { loadingModal, messageModal } from '../../../templates/slack/modals.ts'
import { outcomeMessage } from '../../../templates/slack/outcome.ts'
import { approvingModal, severalDoneModal, severalModal } from '../../../templates/slack/several-modal.ts'
import { mostParts, splitAsItIs } from '../../../templates/slack/split-fields.ts'
import { twinModal } from '../../../templates/slack/twin-modal.ts'
import { undoneMessage } from '../../../templates/slack/undo.ts'
import { approvalId, at, choices, expense, undone } from './example-view.ts'

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
function expectHarmless(shown: unknown): void {
  const marked = mrkdwnOf(shown)
  expect(marked).not.toEqual([])
  expect(marked.filter((text) => foreign.test(text))).toEqual([])
  expect(stringsOf(shown).filter((text) => !text.isWellFormed())).toEqual([])
}

const hostile = fc.oneof(
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

const hostileExpense = fc
  .record({
    text: hostile,
    other: hostile,
    name: hostile,
    status: statuses,
    steps: fc.integer({ min: 0, max: 12 }),
    approvers: fc.integer({ min: 0, max: 9 }),
    needed: fc.integer({ min: 1, max: 9 }),
    findings: fc.integer({ min: 0, max: 30 }),
    comments: fc.integer({ min: 1, max: 60 }),
    decided: fc.boolean(),
    undone: fc.integer({ min: 0, max: 30 }),
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

const many = (view: ExpenseView, count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `${index}`, name: `${index} ${view.merchant}` }))

const readBy = {
  approvalId,
  standIn: { name: 'x'.repeat(5000), until: '2026-12-31' },
  isReminder: false,
  slackFileId: 'F1',
  waiting: 2,
}

test('whatever people and receipts say, every message keeps Slack’s limits and mentions nobody', () => {
  fc.assert(
    fc.property(hostileExpense, (view) => {
      const [comment] = view.comments
      if (!comment) throw new Error('no comment')
      const messages = [
        expenseMessage(view),
        approvalCard({ ...readBy, expense: view, personId: 'p', isReminder: true }),
        approvalCard({ ...readBy, expense: view, personId: 'somebody else' }),
        codeMessage({ expense: view, code: '012345', expiresAt: at }),
        codeMessage({ expense: view, code: { endedBy: 'newer' }, expiresAt: at }),
        helpMessage(view.note ?? ''),
        outcomeMessage(view, approvalId),
        blockedMessage(view),
        undoneMessage(view, approvalId),
        commentMessage(view, comment),
      ]
      for (const { text, blocks } of messages) {
        expect(blockProblems(blocks, { surface: 'message' })).toEqual([])
        expect(text.length).toBeLessThan(4000)
        expect(text).not.toMatch(foreign)
        expectHarmless(blocks)
      }
    }),
    { numRuns: 200 },
  )
})

test('whatever people and receipts say, every form keeps Slack’s limits and mentions nobody', () => {
  fc.assert(
    fc.property(hostileExpense, fc.integer({ min: 1, max: 60 }), (view, count) => {
      const named = many(view, 120)
      const money = { minor: 90_000_000_000_000, currency: 'USD' }
      const requests = named.map(({ id, name }) => {
        return { id, number: 'REQ-2026-0001', merchant: name, approved: money, left: money }
      })
      const form = {
        expense: view,
        choices: {
          categories: named,
          reasons: named,
          costCentres: named.slice(0, count * 2).map(({ id, name }) => ({ code: `c${id}`, name })),
          requests,
          rates: {
            mileage: named.map(({ id, name }) => ({ key: id, name, unit: 'km' as const, rate: '0.3' })),
            perDiem: named.map(({ id, name }) => {
              const none = { breakfast: null, lunch: null, dinner: null }
              return { key: id, name, fullDay: money, travelDay: money, ...none }
            }),
          },
        },
        today: '2026-11-20',
        thenSubmit: true,
      }
      const person = (id: string) => ({ id, name: view.submitter.name || 'x', email: view.note ?? '' })
      const delegations = named.map(({ id }, index) => ({
        id,
        principal: person(index % 2 === 0 ? 'p' : 'q'),
        delegate: person('r'),
        from: '2026-11-01',
        to: '2026-11-30',
        startsAt: at,
        endsAt: at,
        upTo: money,
        state: index % 3 === 0 ? ('coming' as const) : ('active' as const),
        createdBy: view.note,
      }))
      const code = { via: 'email' as const, to: view.note ?? '', expiresAt: at }
      const waiting = many(view, count).map(({ id, name }, index) => ({
        approvalId: id,
        expenseId: id,
        number: view.number,
        kind: view.kind,
        merchant: name,
        amount: { minor: 90_000_000_000_000, currency: 'USD' },
        companyAmount: { minor: 90_000_000_000_000, currency: 'EUR' },
        date: '2026-11-17',
        submitter: view.submitter.name,
        categories: [view.category?.name ?? '', view.merchant ?? ''],
        needsCode: index % 2 === 1,
        warnings: 1,
        onBehalfOf: view.submitter.name,
      }))
      const outcomes = many(view, count).map(({ name }) => ({ label: name, problem: view.note }))
      const views = [
        editModal({ ...form, split: null }),
        editModal({ ...form, split: splitAsItIs(view) }),
        editModal({ ...form, split: { parts: mostParts, first: {}, total: null, typed: [view.note ?? ''] } }),
        ...(['request', 'mileage', 'per_diem'] as const).map((kind) =>
          startModal({ kind, choices: form.choices, company: view.company, today: '2026-11-20' }),
        ),
        delegationModal({
          personId: 'p',
          delegations,
          company: { ...view.company, stepUpOverMinor: 90_000_000_000_000 },
          today: '2026-11-20',
        }),
        homeView({
          personId: 'p',
          company: view.company,
          requests: form.choices.requests.map((one) => ({ ...one, used: money })),
          delegations,
          has: { mileage: true, perDiem: true },
        }),
        homeMessage(view.note ?? ''),
        detailsModal(view),
        twinModal(view, 'approved'),
        decisionModal({ expense: view, approvalId, verdict: 'reject', code }),
        decisionModal({ expense: view, approvalId, verdict: 'approve', code }),
        decisionModal({ expense: view, approvalId, verdict: 'ask', code: null }),
        answerModal(view, view.comments),
        severalModal({ waiting, locale: 'en-US' }),
        approvingModal(count, 'several-V1'),
        severalDoneModal(outcomes),
        loadingModal('Edit expense'),
        messageModal('Not done', view.note ?? ''),
      ]
      for (const modal of views) {
        expect(viewProblems(modal)).toEqual([])
        expect(isTooLarge(modal)).toBe(false)
      }
      expectHarmless(views)
    }),
    { numRuns: 100 },
  )
})

test('a split of twenty parts fits, however much a company lets people choose from', () => {
  const name = (index: number) => `${index} ${'経費'.repeat(40)}`
  const categories = Array.from({ length: 100 }, (_, index) => ({ id: randomUUID(), name: name(index) }))
  const costCentres = Array.from({ length: 98 }, (_, index) => ({ code: `K-${index}`, name: name(index) }))
  const shares = categories.slice(0, mostParts).map((category, index) => ({
    category,
    costCentre: costCentres[index] ?? null,
    amount: { minor: 100, currency: 'USD' },
    companyAmount: null,
  }))
  for (const given of [expense(), expense({ shares })]) {
    const split = { parts: mostParts, first: {}, total: null, typed: [] }
    const lists = choices({ categories, costCentres, reasons: categories })
    const view = editModal({
      expense: given,
      choices: lists,
      today: '2026-11-20',
      thenSubmit: false,
      split,
    })
    expect(viewProblems(view)).toEqual([])
    expect(isTooLarge(view)).toBe(false)
    const chosen = view.blocks.flatMap((block) =>
      'element' in block && 'initial_option' in block.element ? [block.element.initial_option?.value] : [],
    )
    for (const { category, costCentre } of given.shares) {
      expect(chosen).toEqual(expect.arrayContaining([category.id, costCentre?.code]))
    }
  }
})
