import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inWords } from '../../../src/channels/slack/people/in-words.ts'
import type { OwnReport } from '../../../src/features/expenses/index.ts'
import { userError } from '../../../src/kernel/errors.ts'
import { deletedMessage } from '../../../templates/slack/deleted-message.ts'
import { helpMessage } from '../../../templates/slack/help-message.ts'
import {
  approvalsMessage,
  latestMessage,
  listMessage,
  statusMessage,
} from '../../../templates/slack/list-message.ts'
import { policyModal } from '../../../templates/slack/policy-modal.ts'
import { type QuestionView, questionMessage } from '../../../templates/slack/question-message.ts'
import { reportMessage } from '../../../templates/slack/report-message.ts'
import { wordsOf } from '../../../templates/slack/words/index.ts'
import { approvalId, buttons, finding, words } from './example-view.ts'
import { line, usd, waitingLine } from './home-support.ts'
import { expectMessage, expectView, hostile, huge, readers } from './hostile.ts'

const american = { locale: 'en-US', timeZone: 'America/New_York' }
const german = { locale: 'de-DE', timeZone: 'Europe/Berlin' }

function question(change: Partial<QuestionView> = {}): QuestionView {
  return {
    id: approvalId,
    locale: 'en-US',
    files: ['a.jpg', 'b.jpg'],
    candidates: [],
    answer: null,
    ...change,
  }
}

const report: OwnReport = {
  month: '2026-10',
  spent: { total: usd(4250), count: 2 },
  byStatus: [
    { status: 'approved', total: usd(4000), count: 1 },
    { status: 'sent_back', total: usd(900), count: 1 },
  ],
  byCategory: [{ name: 'Meals', total: usd(4250), count: 2 }],
}

describe('the question about files', () => {
  test('offers each and together, and in a thread the expenses of it', () => {
    expect(words(questionMessage(question()))).toContain(
      '2 files:* one expense each, or one expense with 2 receipts?',
    )
    const candidates = [1, 2, 3, 4].map((n) => ({ id: `${n}`, number: `EXP-2026-000${n}` }))
    const shown = questionMessage(question({ candidates, files: ['a.jpg'] }))
    expect(buttons(shown)).toEqual([
      'question.add',
      'question.add_other',
      'question.add_third',
      'question.one_each',
    ])
    expect(words(shown)).toContain('Add it to EXP-2026-0001, EXP-2026-0002 or EXP-2026-0003')
  })

  test('answered, it says what was made and asks no more', () => {
    const numbers = ['EXP-2026-0001', 'EXP-2026-0002']
    const shown = questionMessage(question({ answer: { kind: 'one_each', numbers } }))
    expect(buttons(shown)).toEqual([])
    expect(shown.text).toBe('2 files, one expense each: EXP-2026-0001 and EXP-2026-0002')
  })
})

describe('/expense', () => {
  test('help names what there is, also where the blocks are not shown', () => {
    const help = helpMessage('en-US')
    for (const command of ['list', 'status', 'approvals', 'report', 'policy', 'per diem', 'delegate end']) {
      expect(words(help)).toContain(`\`/expense ${command}\``)
      expect(help.text).toContain(`/expense ${command}`)
    }
    expect(words(help)).toMatch(/^How to use Outlay\n\*Submit an expense\*\n• \*Drop a photo/)
    expect(words(help)).not.toContain('do not know')
    expect(words(help)).not.toContain('budget')
  })

  test('says first of what it does not know that it does not, and what was meant', () => {
    const help = helpMessage('en-US', { typed: 'lunch <!here>', meant: 'list' })
    expect(words(help)).toMatch(/^I don’t know “lunch &lt;!here&gt;”. Did you mean “\/expense list”\?/)
  })

  test('status says what is still needed, and what was said', () => {
    const draft = line({ missing: ['category', 'date'] })
    expect(words(statusMessage([draft], '42', { personId: 'grace', reader: american }))).toContain(
      'Still needed: the category and the date.',
    )
    const rejected = line({ status: 'rejected', said: { by: 'Frank Miller', text: 'Too much' } })
    const shown = statusMessage([rejected], '42', { personId: 'frank', reader: american })
    expect(words(shown)).toContain('By Frank Miller: Too much')
    expect(buttons(shown)).toEqual([])
  })

  test('status alone shows the newest, and how to see others', () => {
    const self = { personId: 'grace', reader: american }
    const shown = latestMessage(line({ number: 'EXP-2026-0042' }), self)
    expect(words(shown)).toMatch(
      /EXP-2026-0042.*\nDetails\nThis is your latest expense\. `\/expense status 42`/s,
    )
    expect(words(latestMessage(null, self))).toContain('You have no expenses yet')
  })

  test('approvals says what stands out', () => {
    const warned = [finding('warning', 'There is no receipt.')]
    const shown = approvalsMessage([waitingLine({ warnings: 1, warned })], false, american)
    expect(words(shown)).toContain(':warning: There is no receipt.')
  })

  test('approvals offers several only where there are several', () => {
    const labels = (count: number) =>
      buttons(
        approvalsMessage(
          Array.from({ length: count }, () => waitingLine()),
          false,
          american,
        ),
      )
    expect(labels(1)).toEqual(['approval.details'])
    expect(labels(2)).toEqual(['approval.details', 'approval.details', 'approval.several'])
  })

  test('report leads with the total, and shows what does not count only by its status', () => {
    const shown = words(reportMessage(report, american))
    expect(shown).toMatch(/October 2026.*USD.42\.50.*in 2 expenses/s)
    expect(shown).toMatch(/USD.9\.00.*sent back/)
  })
})

test('everything reads as German to somebody who reads German', () => {
  const english = /\b(the|this|your|you|expense|receipts?|waits?|opens?|shows?|what|report|draft)\b/i
  const shown = [
    listMessage([line({ status: 'awaiting_approval', waitingFor: 'Frank Miller' })], true, german),
    statusMessage([], '42', { personId: 'p', reader: german }),
    approvalsMessage([waitingLine()], true, german),
    reportMessage({ ...report, byCategory: [] }, german),
    deletedMessage([{ id: 'a', number: 'EXP-2026-0001' }], 'de-DE'),
    questionMessage(question({ locale: 'de-DE' })),
  ]
  for (const one of shown) expect(one.text.replaceAll('/expense', '')).not.toMatch(english)
  expect(
    words(
      policyModal({
        locale: 'de-DE',
        version: 3,
        policies: [{ name: 'Alles', clause: '1.2', text: 'jede Ausgabe' }],
        rules: [],
        limits: [],
      }),
    ),
  ).toMatch(/Wer freigibt.*\*1\.2 Alles\*: jede Ausgabe/s)
  expect(words(helpMessage('de-DE'))).toContain('`/expense vertretung ende`')
})

test('a mistake is told in the language of whoever made it', () => {
  const error = userError('nobody_listens', 'EXP-1 is with nobody now.')
  expect(inWords(error, wordsOf('de-DE'))).toContain('niemand')
  expect(inWords(error, wordsOf('en-US'))).toBe('EXP-1 is with nobody now.')
  const stranger = userError('slack_user_unknown', 'I do not know you yet.', { details: { locale: 'de-AT' } })
  expect(inWords(stranger, wordsOf('en-US'))).toContain('Ich kenne Sie noch nicht')
})

test('whatever people wrote, and however much of it, Slack’s limits hold and nobody is mentioned', () => {
  fc.assert(
    fc.property(hostile, hostile, fc.integer({ min: 1, max: 10 }), (text, name, count) => {
      const times = <T>(make: (index: number) => T) =>
        Array.from({ length: count }, (_, index) => make(index))
      for (const reader of readers) {
        const { locale } = reader
        const lines = times((index) =>
          line({
            id: `${index}`,
            merchant: index % 2 === 0 ? text : null,
            amount: huge,
            companyAmount: huge,
            waitingFor: name,
            status: 'awaiting_approval',
            missing: ['merchant', 'category'],
            said: { by: name, text },
          }),
        )
        const waiting = times((index) =>
          waitingLine({
            approvalId: `${index}`,
            merchant: text,
            submitter: name,
            onBehalfOf: name,
            categories: [text, name],
          }),
        )
        const sum = { total: huge, count }
        const candidates = times((index) => ({ id: approvalId, number: `EXP-2026-${index}` }))
        expectMessage(listMessage(lines, true, reader))
        expectMessage(statusMessage(lines, text, { personId: 'grace', reader }))
        expectMessage(statusMessage(lines.slice(0, 1), text, { personId: 'frank', reader }))
        expectMessage(latestMessage(lines[0] ?? null, { personId: 'grace', reader }))
        expectMessage(statusMessage([], text, { personId: 'frank', reader }))
        expectMessage(approvalsMessage(waiting, true, reader))
        expectMessage(helpMessage(locale, { typed: text, meant: 'list' }))
        expectMessage(
          reportMessage(
            {
              month: '2026-10',
              spent: sum,
              byStatus: [{ status: 'approved', ...sum }],
              byCategory: Array.from({ length: 60 }, () => ({ name, ...sum })),
            },
            reader,
          ),
        )
        expectMessage(deletedMessage(candidates, locale))
        const files = times(() => name)
        expectMessage(questionMessage(question({ locale, files })))
        expectMessage(questionMessage(question({ locale, files, candidates })))
        expectMessage(
          questionMessage(
            question({
              locale,
              files,
              answer: { kind: 'one_each', numbers: candidates.map(({ number }) => number) },
            }),
          ),
        )
        const sentences = Array.from({ length: 300 }, () => ({ name: text, clause: text, text }))
        expectView(
          policyModal({ locale, version: 1, policies: sentences, rules: sentences, limits: sentences }),
        )
      }
    }),
    { numRuns: 60 },
  )
})
