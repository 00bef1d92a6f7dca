import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shownTo } from '../../../src/channels/slack/people/in-their-language.ts'
import { approvalCard } from '../../../templates/slack/approval-card.ts'
import { blockedMessage } from '../../../templates/slack/blocked-message.ts'
import { codeMessage } from '../../../templates/slack/code-message.ts'
import { commentMessage } from '../../../templates/slack/comments.ts'
import { answerModal, decisionModal } from '../../../templates/slack/decision-modals.ts'
import { detailsModal } from '../../../templates/slack/details-modal.ts'
import { digestMessage } from '../../../templates/slack/digest.ts'
import { expenseMessage } from '../../../templates/slack/expense-message.ts'
import { outcomeMessage, paidMessage } from '../../../templates/slack/outcome.ts'
import { approvingModal, severalDoneModal, severalModal } from '../../../templates/slack/several-modal.ts'
import { twinModal } from '../../../templates/slack/twin-modal.ts'
import { undoneMessage } from '../../../templates/slack/undo.ts'
import { wordsOf } from '../../../templates/slack/words/index.ts'
import { approvalId, at } from './example-view.ts'
import { expectMessage, expectView, hostileExpense, huge, many, manyWaiting, readers } from './hostile.ts'

const readBy = {
  approvalId,
  standIn: { name: 'x'.repeat(5000), until: '2026-12-31' },
  isReminder: false,
  slackFileId: 'F1',
}

test.each(readers)(
  'whatever people and receipts say, every message keeps Slack’s limits in $locale',
  (reader) => {
    fc.assert(
      fc.property(hostileExpense, fc.integer({ min: 0, max: 120 }), (given, count) => {
        const view = shownTo(given, reader)
        const [comment] = view.comments
        if (!comment) throw new Error('no comment')
        const answers = {
          currencies: ['USD', 'EUR', 'JPY'],
          likely: count % 6,
          categories: many(view, count),
        }
        const waiting = { count: 5000, total: huge, since: at }
        const digest = { reader, waiting, oldest: manyWaiting(view, 50), isOld: false }
        const messages = [
          expenseMessage(view),
          expenseMessage(view, answers),
          approvalCard({ ...readBy, expense: view, personId: 'p', isReminder: true }),
          approvalCard({ ...readBy, expense: view, personId: 'delegate' }),
          approvalCard({ ...readBy, expense: view, personId: 'somebody else' }),
          codeMessage({ expense: view, code: '012345', expiresAt: at }),
          codeMessage({ expense: view, code: { endedBy: 'newer' }, expiresAt: at }),
          outcomeMessage(view, approvalId),
          paidMessage(view),
          blockedMessage(view),
          undoneMessage(view, { approvalId, personId: 's' }),
          undoneMessage(view, { approvalId, personId: 'p' }),
          commentMessage(view, comment),
          digestMessage({ ...digest, homeLink: null }),
          digestMessage({ ...digest, homeLink: 'slack://app?team=T1&id=A1&tab=home' }),
          digestMessage({ ...digest, isOld: true, homeLink: null }),
        ]
        for (const message of messages) expectMessage(message)
      }),
      { numRuns: 100 },
    )
  },
)

test.each(readers)(
  'whatever people and receipts say, every form of a card keeps Slack’s limits in $locale',
  (reader) => {
    fc.assert(
      fc.property(hostileExpense, fc.integer({ min: 1, max: 60 }), (given, count) => {
        const view = shownTo(given, reader)
        const code = { via: 'email' as const, to: view.note ?? '', expiresAt: at }
        const words = wordsOf(reader.locale)
        const outcomes = many(view, count).map(({ name }) => ({ label: name, problem: view.note }))
        const forms = [
          detailsModal(view),
          twinModal(view, false),
          twinModal(view, true),
          decisionModal({ expense: view, approvalId, verdict: 'reject', code }),
          decisionModal({ expense: view, approvalId, verdict: 'send_back', code }),
          decisionModal({ expense: view, approvalId, verdict: 'approve', code }),
          decisionModal({ expense: view, approvalId, verdict: 'ask', code: null }),
          answerModal(view, view.comments),
          severalModal({ waiting: manyWaiting(view, count), locale: reader.locale }),
          approvingModal(count, { externalId: 'several-V1', words }),
          severalDoneModal(outcomes, words),
        ]
        for (const form of forms) expectView(form)
      }),
      { numRuns: 60 },
    )
  },
)

test('every text that there is in English is there in German, and another one', () => {
  const pathsOf = (texts: object, path = ''): [string, unknown][] =>
    Object.entries(texts).flatMap(([key, text]) =>
      typeof text === 'object' && text !== null ? pathsOf(text, `${path}${key}.`) : [[`${path}${key}`, text]],
    )
  const english = pathsOf(wordsOf('en').cards)
  const german = new Map(pathsOf(wordsOf('de').cards))
  const same = english.filter(([path, text]) => typeof text === 'string' && german.get(path) === text)
  // These words are the same in both.
  const shared = [
    'approval.details',
    'detailsForm.title',
    'decide.code',
    'severalForm.kinds.receipt',
    'decide.approve.question',
  ]
  expect(same.map(([path]) => path).filter((path) => !shared.includes(path))).toEqual([])
})
