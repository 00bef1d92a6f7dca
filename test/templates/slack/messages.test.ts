import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ExpenseView } from '../../../src/features/expenses/index.ts'
import { blockProblems, viewProblems } from '../../../src/sandbox/limits.ts'
import { approvalCard } from '../../../templates/slack/approval-card.ts'
import { expenseMessage } from '../../../templates/slack/expense-message.ts'
import {
  detailsModal,
  editModal,
  loadingModal,
  messageModal,
  reasonModal,
} from '../../../templates/slack/modals.ts'

const at = new Date('2026-11-20T15:00:00Z')
const approvalId = '01a1f81d-73ec-746a-a7ea-1720f1bfa9ae'

function expense(change: Partial<ExpenseView> = {}): ExpenseView {
  return {
    id: '01a1f81d-73ec-746a-a7ea-1720f1bfa9af',
    number: 'EXP-2026-0042',
    status: 'awaiting_approval',
    revision: 1,
    source: 'slack',
    company: { name: 'TechCorp', currency: 'USD', locale: 'en-US', timeZone: 'America/New_York' },
    submitter: { id: 'grace', name: 'Grace Taylor', email: 'grace@techcorp.example', team: 'Technology' },
    merchant: 'Corner Shop',
    category: { id: 'meals', name: 'Meals' },
    date: '2026-11-17',
    amount: { minor: 1250, currency: 'USD' },
    companyAmount: null,
    rate: null,
    tax: null,
    note: null,
    paidBy: 'person',
    uncertain: [],
    missing: [],
    policy: { name: 'Meals', version: 1 },
    findings: [
      {
        code: 'policy_applies',
        severity: 'info',
        message: 'Policy “Meals”: meals up to USD 500.00.',
        clause: 'Meals',
      },
    ],
    steps: [step('asked', null)],
    requestStatus: 'open',
    receipts: [{ id: 'r', fileName: 'receipt.jpg', status: 'read', problem: null, rendition: null }],
    history: [],
    submittedAt: at,
    completedAt: null,
    ...change,
  }
}

function step(
  status: string,
  decided: { by: string; at: Date; channel: string; comment: string | null } | null,
): ExpenseView['steps'][number] {
  return {
    description: 'Manager confirms',
    required: true,
    status: decided ? status : 'open',
    approvers: [
      {
        approvalId,
        personId: 'frank',
        name: 'Frank Miller',
        because: 'Manager, as the policy asks',
        status,
        decided,
      },
    ],
  }
}

const words = (shown: unknown) => JSON.stringify(shown)
const buttons = (shown: { blocks: unknown[] }) =>
  [...words(shown.blocks).matchAll(/"action_id":"([^"]+)"/g)].map(([, id]) => id)

describe('the approver’s card', () => {
  test('leads with who asks and for how much, and offers the four decisions', () => {
    const card = approvalCard({ expense: expense(), approvalId, slackFileId: 'F1' })
    expect(card.text).toContain('Grace Taylor asks for your approval')
    expect(words(card.blocks[0])).toContain('USD\u00a012.50')
    expect(buttons(card)).toEqual([
      'approval.approve',
      'approval.reject',
      'approval.send_back',
      'approval.details',
    ])
  })

  test.each([
    ['approved', 'approved'],
    ['rejected', 'rejected'],
    ['sent_back', 'sent back'],
  ] as const)('once %s it says who and why, and has no live button', (status, verb) => {
    const decided = expense({
      status,
      requestStatus: status,
      steps: [step(status, { by: 'Eve Davis', at, channel: 'slack', comment: 'Because' })],
    })
    const card = approvalCard({ expense: decided, approvalId, slackFileId: null })
    expect(card.text).toContain(`was ${verb} by Eve Davis`)
    expect(words(card)).toContain('Because')
    expect(buttons(card)).toEqual([])
  })

  test('has no buttons while it is not this approver’s turn or the request was taken back', () => {
    for (const change of [
      { steps: [step('waiting', null)] },
      { status: 'draft' as const, requestStatus: 'withdrawn' as const, steps: [step('not_needed', null)] },
    ]) {
      expect(buttons(approvalCard({ expense: expense(change), approvalId, slackFileId: null }))).toEqual([])
    }
  })
})

describe('the submitter’s message', () => {
  const draft = { status: 'draft' as const, requestStatus: null, steps: [] }
  test('shows Submit, Edit and Discard on a draft; Submit opens the form when something is missing', () => {
    expect(buttons(expenseMessage(expense(draft)))).toEqual([
      'expense.submit',
      'expense.edit',
      'expense.discard',
    ])
    expect(buttons(expenseMessage(expense({ ...draft, date: null, missing: ['date'] })))[0]).toBe(
      'expense.complete',
    )
  })
  test('marks what was read without certainty', () => {
    expect(words(expenseMessage(expense({ ...draft, uncertain: ['amount'] })))).toContain('please check')
  })
  test('says that it is reading, and nothing else, while there is nothing to show', () => {
    const reading = expense({
      ...draft,
      missing: ['merchant', 'amount'],
      receipts: [{ id: 'r', fileName: 'r.jpg', status: 'waiting', problem: null, rendition: null }],
    })
    expect(expenseMessage(reading).text).toContain('reading your receipt')
    expect(buttons(expenseMessage(reading))).toEqual(['expense.discard'])
  })
  test('after a decision it says who decided and why', () => {
    const history = [{ at, who: 'Frank Miller', what: 'rejected', comment: 'Bought twice', channel: 'slack' }]
    const message = expenseMessage(expense({ status: 'rejected', requestStatus: 'rejected', history }))
    expect(message.text).toContain('rejected by Frank Miller')
    expect(words(message)).toContain('Bought twice')
    expect(buttons(message)).toEqual([])
  })
})

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
    '😀'.repeat(3000),
    'مرحبا',
    '\u0000\u0007',
    '<https://evil.example|Click>',
    ' ',
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
    merchant: hostile,
    note: hostile,
    name: hostile,
    message: hostile,
    comment: hostile,
    description: hostile,
    file: hostile,
    category: hostile,
    status: statuses,
    steps: fc.integer({ min: 0, max: 12 }),
    findings: fc.integer({ min: 0, max: 20 }),
    decided: fc.boolean(),
  })
  .map(
    ({
      merchant,
      note,
      name,
      message,
      comment,
      description,
      file,
      category,
      status,
      steps,
      findings,
      decided,
    }) => {
      const decision = decided ? { by: name, at, channel: 'slack', comment } : null
      return expense({
        status,
        merchant,
        note,
        category: { id: 'c', name: category },
        submitter: { id: 's', name, email: 'x@y.example', team: name },
        findings: Array.from({ length: findings }, () => ({
          code: 'x',
          severity: 'warning' as const,
          message,
          clause: null,
        })),
        steps: Array.from({ length: steps }, () => ({
          ...step(decided ? 'approved' : 'asked', decision),
          description,
          approvers: [
            {
              approvalId,
              personId: 'p',
              name,
              because: message,
              status: decided ? 'approved' : 'asked',
              decided: decision,
            },
          ],
        })),
        history: Array.from({ length: 30 }, () => ({
          at,
          who: name,
          what: 'approved',
          comment,
          channel: 'slack',
        })),
        receipts: [{ id: 'r', fileName: file, status: 'unreadable', problem: message, rendition: null }],
      })
    },
  )

test('whatever people and receipts say, every message and form keeps Slack’s limits and mentions nobody', () => {
  fc.assert(
    fc.property(hostileExpense, (view) => {
      const messages = [expenseMessage(view), approvalCard({ expense: view, approvalId, slackFileId: 'F1' })]
      for (const { text, blocks } of messages) {
        expect(blockProblems(blocks, { surface: 'message' })).toEqual([])
        expect(text.length).toBeLessThan(4000)
        expect(`${text}${mrkdwnOf(blocks)}`).not.toMatch(mentions)
      }
      const categories = Array.from({ length: 120 }, (_, index) => ({
        id: `${index}`,
        name: `${index} ${view.merchant}`,
      }))
      const views = [
        editModal({ expense: view, categories, thenSubmit: true }),
        detailsModal(view),
        reasonModal(view, approvalId, 'reject'),
        loadingModal('Edit expense'),
        messageModal('Not done', view.note ?? ''),
      ]
      for (const modal of views) {
        expect(viewProblems(modal)).toEqual([])
        expect(mrkdwnOf(modal)).not.toMatch(mentions)
      }
    }),
    { numRuns: 200 },
  )
})
