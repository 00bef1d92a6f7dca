import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ExpenseView } from '../../../src/features/expenses/index.ts'
import { blockProblems, viewProblems } from '../../../src/sandbox/limits.ts'
import { approvalCard } from '../../../templates/slack/approval-card.ts'
import { commentMessage } from '../../../templates/slack/comments.ts'
import { answerModal, decisionModal } from '../../../templates/slack/decision-modals.ts'
import { detailsModal } from '../../../templates/slack/details-modal.ts'
import { editModal } from '../../../templates/slack/edit-modal.ts'
import { expenseMessage } from '../../../templates/slack/expense-message.ts'
import { loadingModal, messageModal } from '../../../templates/slack/modals.ts'
import { outcomeMessage } from '../../../templates/slack/outcome.ts'
import { approvingModal, severalDoneModal, severalModal } from '../../../templates/slack/several-modal.ts'
import { twinModal } from '../../../templates/slack/twin-modal.ts'
import { undoneMessage } from '../../../templates/slack/undo.ts'
import { approvalId, at, expense, undone } from './example-view.ts'

const words = (shown: unknown) => JSON.stringify(shown)
/** Only mrkdwn can mention somebody; inputs, labels and alt texts are shown as they stand. */
const mrkdwnOf = (shown: unknown) =>
  [...words(shown).matchAll(/\{"type":"mrkdwn","text":"((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text).join()
const mentions = /<(!(?!date\^)|@|#|https?:)/

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
    'مرحبا',
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
    const decision = given.decided ? { by: name, at, channel: 'slack', comment: text } : null
    const isPlan = ['draft', 'sent_back', 'blocked'].includes(status)
    const approver = (index: number) => ({
      approvalId,
      personId: 'p',
      name,
      because: `${other}${index}`,
      status: given.decided ? 'approved' : 'asked',
      decided: decision,
    })
    return expense({
      status,
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

test('whatever people and receipts say, every message keeps Slack’s limits and mentions nobody', () => {
  fc.assert(
    fc.property(hostileExpense, (view) => {
      const [comment] = view.comments
      if (!comment) throw new Error('no comment')
      const messages = [
        expenseMessage(view),
        approvalCard({ expense: view, approvalId, slackFileId: 'F1', waiting: 2 }),
        outcomeMessage(view, approvalId),
        undoneMessage(view, approvalId),
        commentMessage(view, comment),
      ]
      for (const { text, blocks } of messages) {
        expect(blockProblems(blocks, { surface: 'message' })).toEqual([])
        expect(text.length).toBeLessThan(4000)
        expect(`${text}${mrkdwnOf(blocks)}`).not.toMatch(mentions)
      }
    }),
    { numRuns: 200 },
  )
})

test('whatever people and receipts say, every form keeps Slack’s limits and mentions nobody', () => {
  fc.assert(
    fc.property(hostileExpense, fc.integer({ min: 1, max: 60 }), (view, count) => {
      const waiting = many(view, count).map(({ id, name }) => ({
        approvalId: id,
        expenseId: id,
        number: view.number,
        merchant: name,
        amount: { minor: 90_000_000_000_000, currency: 'USD' },
        companyAmount: { minor: 90_000_000_000_000, currency: 'EUR' },
        date: '2026-11-17',
        submitter: view.submitter.name,
        category: view.category?.name ?? '',
        warnings: 1,
      }))
      const outcomes = many(view, count).map(({ name }) => ({ label: name, problem: view.note }))
      const views = [
        editModal({ expense: view, categories: many(view, 120), reasons: many(view, 120), thenSubmit: true }),
        detailsModal(view),
        twinModal(view, 'approved'),
        decisionModal(view, approvalId, 'reject'),
        decisionModal(view, approvalId, 'ask'),
        answerModal(view, view.comments),
        severalModal({ waiting, locale: 'en-US' }),
        approvingModal(count, 'several-V1'),
        severalDoneModal(outcomes),
        loadingModal('Edit expense'),
        messageModal('Not done', view.note ?? ''),
      ]
      for (const modal of views) {
        expect(viewProblems(modal)).toEqual([])
        expect(mrkdwnOf(modal)).not.toMatch(mentions)
      }
    }),
    { numRuns: 100 },
  )
})
