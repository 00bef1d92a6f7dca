import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shownTo } from '../../../src/channels/slack/people/in-their-language.ts'
import type { ExpenseStatus } from '../../../src/features/expenses/index.ts'
import { detailsToDecide } from '../../../templates/slack/decide-in-details.ts'
import { exportModal, monthModal } from '../../../templates/slack/finance-modals.ts'
import { linesShown } from '../../../templates/slack/home-lines.ts'
import { settingsModal } from '../../../templates/slack/settings-modal.ts'
import { payingModal, unpaidModal, unpaidOnPage } from '../../../templates/slack/unpaid-modal.ts'
import { wordsOf } from '../../../templates/slack/words/index.ts'
import { approvalId, at, finding } from './example-view.ts'
import { delegation, home, line, usd, waitingLine } from './home-support.ts'
import { expectView, hostile, hostileExpense, huge, readers } from './hostile.ts'

const statuses: ExpenseStatus[] = ['submitted', 'awaiting_approval', 'approved', 'rejected', 'settled']
const kinds = ['receipt', 'mileage', 'per_diem', 'request'] as const

test('with every list full and more behind it, App Home keeps Slack’s limits in both languages, whatever people wrote', () => {
  fc.assert(
    fc.property(hostile, hostile, fc.boolean(), (text, name, flag) => {
      const full = <Line>(list: keyof typeof linesShown, make: (index: number) => Line) => ({
        lines: Array.from({ length: linesShown[list] }, (_, index) => make(index)),
        count: 300,
        hasMore: true,
        hasBefore: true,
      })
      const any = (index: number) =>
        line({
          id: `${index}`,
          kind: kinds[index % 4] ?? 'receipt',
          merchant: flag ? text : null,
          amount: huge,
          companyAmount: huge,
          waitingFor: `${name}, ${text}`,
          categories: [text, name],
          submitter: { id: 's', name },
          said: { by: flag ? name : null, text },
          missing: index % 2 === 0 ? ['merchant', 'amount', 'currency', 'date', 'category'] : [],
          uncertain: ['merchant', 'trip', 'stay'],
        })
      for (const locale of ['en-US', 'de-DE']) {
        const view = home({
          reader: { locale, timeZone: 'America/New_York' },
          person: { id: 'frank', name },
          note: text,
          waiting: {
            ...full('waiting', (index) =>
              waitingLine({
                approvalId: `${index}`,
                kind: kinds[index % 4] ?? 'receipt',
                merchant: text,
                submitter: name,
                amount: huge,
                companyAmount: huge,
                categories: [text, name],
                warnings: 99,
                needsCode: index % 2 === 0,
                onBehalfOf: text,
              }),
            ),
            summary: { count: 500, total: huge, since: at },
          },
          sentBack: full('sentBack', (index) => ({
            ...any(index),
            status: index % 2 === 0 ? ('blocked' as const) : ('sent_back' as const),
          })),
          drafts: full('drafts', (index) => ({ ...any(index), isReading: index === 3 })),
          recent: full('recent', (index) => ({ ...any(index), status: statuses[index % 5] ?? 'approved' })),
          requests: full('requests', (index) => ({
            id: `${index}`,
            number: 'REQ-2026-0001',
            merchant: text,
            approved: huge,
            left: flag ? huge : usd(0),
            used: huge,
          })),
          delegations: full('delegations', (index) =>
            delegation({
              id: `${index}`,
              principal: { id: index % 2 === 0 ? 'frank' : 'q', name, email: text },
              delegate: { id: 'r', name: text, email: name },
              upTo: huge,
            }),
          ),
          finance: {
            months: Array.from({ length: 4 }, (_, index) => ({
              month: '2026-11',
              total: huge,
              count: 100_000,
              closed: index === 0,
              isOver: index === 1,
            })),
            unpaid: { total: huge, count: 100_000 },
          },
          admin: {
            strangers: full('strangers', (index) => ({ id: `${index}`, name, email: text, askedAt: at })),
            stuck: full('stuck', any),
            organisation: {
              people: 100_000,
              without: { team: 100_000, manager: 100_000 },
              policies: flag ? 0 : 1000,
              rules: 1000,
              limits: 1000,
              categories: 1000,
              reasons: 1000,
              costCentres: 1000,
            },
          },
        })
        expectView(view)
      }
    }),
    { numRuns: 60 },
  )
})

test('the forms of finance keep Slack’s limits in both languages, whatever people wrote', () => {
  fc.assert(
    fc.property(hostile, hostile, fc.integer({ min: 0, max: 60 }), (text, name, count) => {
      const parts = Array.from({ length: count }, () => ({ name: text, total: huge, count: 100_000 }))
      const months = Array.from({ length: 60 }, (_, index) => ({
        month: `${2020 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`,
        total: huge,
        count: 100_000,
        closed: index > 3,
      }))
      const id = '01a1f81d-73ec-746a-a7ea-1720f1bfa9ae'
      const lines = Array.from({ length: Math.min(count, unpaidOnPage) }, (_, index) => ({
        expenseId: `${id.slice(0, -2)}${String(index).padStart(2, '0')}`,
        number: 'EXP-2026-0042',
        submitter: name,
        merchant: text,
        total: huge,
        date: '2026-11-17',
        approvedAt: at,
        warned: [finding('warning', text)],
      }))
      for (const locale of ['en-US', 'de-DE']) {
        const reader = { locale, timeZone: 'America/New_York' }
        const overview = {
          month: '2020-01',
          isOver: true,
          closed: count % 2 === 0 ? { by: name, at } : null,
          total: huge,
          count: 100_000,
          byCategory: parts,
          byTeam: parts,
          unpaid: { total: huge, count },
        }
        const views = [
          monthModal({ overview, months, toClose: '2020-01', reader, mayClose: true }),
          monthModal({ overview, months, toClose: '2019-12', reader, mayClose: true }),
          unpaidModal({
            lines,
            hasMore: true,
            before: Array.from({ length: 20 }, () => id),
            sum: { total: huge, count: 100_000 },
            reader,
            said: count % 2 === 0 ? { kind: 'problem', text } : { kind: 'done', count },
          }),
          payingModal(unpaidOnPage, { externalId: id, words: wordsOf(reader.locale) }),
          exportModal(months, '2020-01', reader),
        ]
        for (const view of views) expectView(view)
      }
    }),
    { numRuns: 60 },
  )
})

test('the details with their buttons keep Slack’s limits, whatever people wrote', () => {
  fc.assert(
    fc.property(hostileExpense, (expense) => {
      for (const reader of readers) {
        expectView(
          detailsToDecide(shownTo(expense, reader), { approvalId, personId: 'p', slackFileId: 'F1' }),
        )
      }
    }),
    { numRuns: 60 },
  )
})

test('the settings keep Slack’s limits, whatever was chosen', () => {
  for (const locale of ['en-US', 'de-DE']) {
    for (const preferences of [
      { locale: null, notifyBy: 'both', quietFrom: null, quietTo: null, digestOver: null } as const,
      { locale: 'fr-FR', notifyBy: 'mail', quietFrom: '22:00', quietTo: '06:30', digestOver: 17 } as const,
      { locale: 'de-DE', notifyBy: 'slack', quietFrom: '00:00', quietTo: '23:59', digestOver: 0 } as const,
    ]) {
      const view = settingsModal({
        preferences,
        reader: { locale, timeZone: 'America/Argentina/ComodRivadavia' },
        company: { digestOver: preferences.digestOver ?? 0 },
      })
      expectView(view)
    }
  }
})

test.each([
  ['en-US', 'Mails and pages stay in English.'],
  ['de-DE', 'E-Mails und Webseiten bleiben auf Englisch.'],
])('the settings in %s say what stays in English', (locale, hint) => {
  const preferences = {
    locale,
    notifyBy: 'both',
    quietFrom: null,
    quietTo: null,
    digestOver: null,
  } as const
  const view = settingsModal({ preferences, reader: { locale, timeZone: 'UTC' }, company: { digestOver: 0 } })
  expect(view.blocks[0]).toMatchObject({ hint: { text: expect.stringContaining(hint) } })
})
