import { describe, expect, test } from 'vitest'
import { shownTo } from '../../../src/channels/slack/people/in-their-language.ts'
import type { ExpenseView } from '../../../src/features/expenses/index.ts'
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
import {
  approvalId,
  ask,
  askedStep,
  at,
  comment,
  decision,
  discussed,
  draft,
  expense,
  fallen,
  finding,
  happened,
  readByFrank,
  step,
  undone,
  undoneId,
  words,
} from './example-view.ts'
import { manyWaiting } from './hostile.ts'

const reader = { locale: 'de-DE', timeZone: 'Europe/Berlin' }
const german = wordsOf('de-DE')

/** What the company, its people and its policies wrote is German as well here. */
const own: Partial<ExpenseView> = {
  merchant: 'Eckladen',
  category: { id: 'meals', name: 'Verpflegung' },
  policy: { name: 'Verpflegung', version: 3 },
  findings: [
    { ...finding('warning', 'Gleich wie EXP-2026-0041.'), relatedExpenseId: 'other' },
    finding('info', 'Alles gut.'),
  ],
  submitter: { id: 'grace', name: 'Grace Taylor', email: 'grace@techcorp.example', team: 'Technik' },
}
const because = 'laut Plan'
const inGerman = (view: ExpenseView): ExpenseView => {
  const steps = view.steps.map((one) => ({
    ...one,
    description: 'Leitung bestätigt',
    approvers: one.approvers.map((approver) => ({
      ...approver,
      because,
      asks: approver.asks.map((asked) => ({ ...asked, because })),
    })),
  }))
  return shownTo({ ...view, ...own, ...(view.merchant === null ? { merchant: null } : {}), steps }, reader)
}
const card = (view: ExpenseView, change: Partial<Parameters<typeof approvalCard>[0]> = {}) =>
  approvalCard({ ...readByFrank, expense: inGerman(view), slackFileId: 'F1', ...change })

/** Words of English that no German text has. */
const english =
  /\b(the|this|that|were|is|are|by|of|to|from|and|or|your|you|it|at|approved?|reject(ed)?|sent|ask(s|ed)?|waiting|since|until|please|days?|paid|show)\b/i

const mileage: ExpenseView['calculation'] = {
  kind: 'mileage',
  rateKey: 'auto',
  rateName: 'Auto',
  from: 'Bonn',
  to: 'Mainz',
  distance: '12.5',
  unit: 'km',
  rate: '0.30',
}
const perDiem: ExpenseView['calculation'] = {
  kind: 'per_diem',
  rateKey: 'd',
  rateName: 'Inland',
  firstDay: '2026-11-02',
  lastDay: '2026-11-03',
  provided: { breakfast: 2, lunch: 1, dinner: 0 },
  days: [
    { date: '2026-11-02', kind: 'full', minor: 2800, meals: [], mealsMinor: 0 },
    { date: '2026-11-03', kind: 'travel', minor: 1400, meals: [], mealsMinor: 0 },
  ],
  mealsMinor: 500,
}
const money = { minor: 100_00, currency: 'USD' }
const drawn = {
  used: money,
  left: money,
  expenses: [{ id: 'd', number: 'EXP-2026-0001', amount: money, status: 'awaiting_approval' as const }],
}
const escalated = askedStep([
  ask('Frank Miller', { remindedAt: at }),
  ask('Eve Davis', { role: 'escalated', askedAt: at }),
])
const delegated = askedStep([ask('Bob Smith', { role: 'delegate', onBehalfOf: 'Frank Miller' })])
const optional = step({ rejected: ['Fay Adams'] }, { required: false, status: 'rejected' })
const question = comment('question', 'Frank Miller', 'Warum?')
const answered = discussed([question, comment('comment', 'Grace Taylor', 'Darum.')])
const history = [
  happened('submitted', 'Grace Taylor'),
  happened('sent_back', 'Frank Miller', 'Bitte ergänzen'),
  happened('withdrawn', 'Grace Taylor'),
  happened('objected', 'Fay Adams'),
  { ...happened('approved', 'Eve Davis'), event: { undone: 'approved' as const, whose: null } },
  { ...happened('approved', 'Eve Davis'), event: { undone: 'objected' as const, whose: 'Fay Adams' } },
]
const statuses = [
  'submitted',
  'approved',
  'rejected',
  'sent_back',
  'blocked',
  'cancelled',
  'settled',
] as const
const answers = {
  currencies: ['USD', 'EUR'],
  likely: 1,
  categories: [
    { id: 'a', name: 'Verpflegung' },
    { id: 'b', name: 'Reise' },
  ],
}
const view = inGerman(expense())
const waiting = manyWaiting({ ...view, merchant: 'Eckladen', number: 'EXP-2026-0001' }, 60)

const messages = {
  'a draft': expenseMessage(inGerman(draft())),
  'a draft in doubt': expenseMessage(
    inGerman(draft({ uncertain: ['merchant', 'amount', 'currency', 'date', 'category'] })),
    answers,
  ),
  'a draft without category': expenseMessage(inGerman(draft({ missing: ['category'] })), answers),
  'a blank draft': expenseMessage(
    inGerman(draft({ missing: ['merchant', 'amount', 'currency', 'date', 'category'] })),
  ),
  'a draft with gaps': expenseMessage(inGerman(draft({ missing: ['merchant', 'date'] }))),
  'a draft being read': expenseMessage(
    inGerman(
      draft({
        missing: ['merchant'],
        receipts: [{ id: 'r', fileName: 'r.jpg', status: 'waiting', problem: null, rendition: null }],
      }),
    ),
  ),
  mileage: expenseMessage(inGerman(draft({ kind: 'mileage', calculation: mileage }))),
  'per diem': expenseMessage(inGerman(draft({ kind: 'per_diem', calculation: perDiem }))),
  'a request to spend': expenseMessage(
    inGerman(expense({ kind: 'request', status: 'approved', requestStatus: 'approved', drawn })),
  ),
  'what waits': expenseMessage(inGerman(expense({ steps: [escalated, optional] }))),
  'what is asked': expenseMessage(inGerman(discussed([question]))),
  'what nobody is asked about': expenseMessage(inGerman(draft({ steps: [], automatic: '4.2 Kleines' }))),
  ...Object.fromEntries(
    statuses.map((status) => [`what is ${status}`, expenseMessage(inGerman(expense({ status, history })))]),
  ),
  'a card': card(expense({ needsCode: true, uncertain: ['amount'], note: 'Notiz' }), {
    standIn: { name: 'Bob Smith', until: '2026-12-14' },
  }),
  'a reminder': card(expense({ steps: [escalated] }), { isReminder: true }),
  'a card of the next one up': card(expense({ steps: [escalated] }), { personId: 'eve' }),
  'a card of a delegate': card(expense({ steps: [delegated] }), { personId: 'bob' }),
  'a card without receipt': card(expense({ receipts: [] }), { slackFileId: null }),
  'an approved card': card(
    expense({
      status: 'approved',
      requestStatus: 'approved',
      steps: [step({ approved: ['Frank Miller'] }), optional],
      canUndo: [{ approvalId, personId: 'frank', until: at }],
    }),
  ),
  'a card of an objection': card(expense({ steps: [optional] })),
  'a moved card': card(expense({ steps: [step({ moved: ['Frank Miller'], asked: ['Eve Davis'] })] })),
  'a withdrawn card': card(expense({ status: 'draft', requestStatus: 'withdrawn' })),
  'a blocked card': card(expense({ status: 'blocked', requestStatus: 'withdrawn' })),
  'somebody else’s card': card(expense(), { personId: 'bob' }),
  'an undone card': card(expense({ undone: [undone(), fallen()] }), { approvalId: undoneId }),
  'a fallen card': card(expense({ undone: [undone(), fallen()] }), { approvalId: 'eve', personId: 'eve' }),
  'a fresh card': card(expense({ undone: [undone(), fallen()] })),
  'an undone message': undoneMessage(inGerman(expense({ undone: [undone()] })), {
    approvalId: undoneId,
    personId: 'grace',
  }),
  'an outcome': outcomeMessage(
    inGerman(
      expense({
        status: 'approved',
        requestStatus: 'approved',
        steps: [step({ approved: ['Frank Miller'] })],
      }),
    ),
    approvalId,
  ),
  'what is paid': paidMessage(
    inGerman(expense({ status: 'settled', history: [happened('settled', 'Fay Adams')] })),
  ),
  'what is blocked': blockedMessage(inGerman(expense({ status: 'blocked' }))),
  'a question': commentMessage(inGerman(discussed([question])), question),
  'an answered question': commentMessage(inGerman(answered), question),
  'a code': codeMessage({ expense: view, code: '012345', expiresAt: at }),
  'an old code': codeMessage({ expense: view, code: { endedBy: 'time' }, expiresAt: at }),
  'a digest': digestMessage({
    reader,
    waiting: { count: 60, total: money, since: at },
    oldest: waiting,
    isOld: false,
    homeLink: null,
  }),
  'an empty digest': digestMessage({ reader, waiting: null, oldest: [], isOld: false, homeLink: null }),
  'an old digest': digestMessage({ reader, waiting: null, oldest: [], isOld: true, homeLink: null }),
}

const code = { via: 'slack' as const, to: '', expiresAt: at }
const forms = {
  details: detailsModal(
    inGerman(expense({ history, rate: { value: '1.1', date: '2026-11-16' }, kind: 'receipt' })),
  ),
  'what is similar': twinModal(view, false),
  'a rejection': decisionModal({ expense: view, approvalId, verdict: 'reject', code }),
  'a send-back': decisionModal({
    expense: view,
    approvalId,
    verdict: 'send_back',
    code: { ...code, via: 'app' },
  }),
  'an approval': decisionModal({ expense: view, approvalId, verdict: 'approve', code }),
  'asking back': decisionModal({ expense: view, approvalId, verdict: 'ask', code: null }),
  'an answer': answerModal(inGerman(answered), [question]),
  several: severalModal({ waiting, locale: 'de-DE' }),
  'several in work': approvingModal(3, { externalId: 'x', words: german }),
  'several done': severalDoneModal(
    [
      { label: 'A', problem: null },
      { label: 'B', problem: 'Nein.' },
    ],
    german,
  ),
}

/** What a person sees or hears: texts, but no ids and values. */
function textsOf(shown: unknown): string[] {
  if (typeof shown !== 'object' || shown === null) return []
  return Object.entries(shown).flatMap(([key, value]) =>
    typeof value === 'string'
      ? ['text', 'alt_text', 'accessibility_label'].includes(key)
        ? [value]
        : []
      : textsOf(value),
  )
}
const visible = (shown: unknown) =>
  textsOf(shown)
    .join('\n')
    .replace(/<!date\^\d+\^[^|]*\|[^>]*>/g, 'damals')
    .replace(/:[a-z_]+:/g, '')

describe('a German reader reads no English', () => {
  test.each(Object.entries(messages))('in %s', (_, message) => {
    expect(visible(message)).not.toMatch(english)
  })
  test.each(Object.entries(forms))('in the form of %s', (_, form) => {
    expect(visible(form)).not.toMatch(english)
  })
})

test('amounts and dates are those of the reader, and instants their own time zone', () => {
  const shown = words(messages['a card'])
  expect(shown).toContain('Grace Taylor bittet um Ihre Freigabe: *12,50 USD*')
  expect(shown).toContain('*Datum*\n17. Nov. 2026')
  expect(JSON.stringify(messages['an outcome'])).toMatch(/date_short\} um \{time\}\|20\. Nov\. 2026, 16:00/)
})

test('the details say the rate with its direction and quote what people said, as the reader writes', () => {
  const rejected = step({ rejected: ['Eve Davis'] })
  const decided = decision('Eve Davis', { comment: 'Zu teuer' })
  const view = expense({
    amount: { minor: 100_00, currency: 'EUR' },
    companyAmount: { minor: 116_50, currency: 'USD' },
    rate: { value: '1.165', date: '2026-11-01' },
    history: [happened('rejected', 'Eve Davis', 'Zu teuer')],
    steps: [{ ...rejected, approvers: rejected.approvers.map((one) => ({ ...one, decided })) }],
  })
  const german = words(detailsModal(inGerman(view)))
  expect(german).toContain('Kurs vom 1. Nov. 2026: 1 EUR = 1,165 USD')
  expect(german).toContain('(„Zu teuer“)')
  expect(german).not.toContain('“Zu')
  expect(outcomeMessage(inGerman(view), approvalId).text).toContain('„Zu teuer“')
  expect(words(detailsModal(view))).toContain('Rate of Nov 1, 2026: 1 EUR = 1.165 USD')
  expect(words(detailsModal(view))).toContain('(“Zu teuer”)')
})

test('an instant that Slack would write in another language names no zone, as Slack names none', () => {
  const view = inGerman(expense({ history: [happened('submitted', 'Grace Taylor')] }))
  const shown = words(detailsModal({ ...view, company: { ...view.company, isNotSlacks: true } }))
  expect(shown).toMatch(/20\. Nov\. 2026, \d\d:00, in Slack/)
  expect(shown).not.toMatch(/GMT|MEZ|EST/)
})

test.each([
  ['slack', 'in Slack', 'in Slack'],
  ['email', 'by the link in a mail', 'über den Link in einer E-Mail'],
  ['api', 'by the API', 'über die API'],
  ['cli', 'by the command line', 'über die Kommandozeile'],
])('a decision by %s says where it was made', (channel, inEnglish, inTheOther) => {
  const decided = step({ approved: ['Eve Davis'] })
  const steps = [
    {
      ...decided,
      approvers: decided.approvers.map((one) => ({ ...one, decided: decision('Eve Davis', { channel }) })),
    },
  ]
  const done = expense({ status: 'approved', requestStatus: 'approved', steps })
  expect(approvalCard({ ...readByFrank, expense: done }).text).toContain(`, ${inEnglish}.`)
  expect(words(expenseMessage(done))).toContain(`, ${inEnglish}`)
  expect(outcomeMessage(inGerman(done), approvalId).text).toContain(`, ${inTheOther}.`)
})
