import { describe, expect, test } from 'vitest'
import { renderAccessRequestMail } from '../../../templates/email/access-request-mail.ts'
import { renderBlockedMail } from '../../../templates/email/blocked-mail.ts'
import { renderLateReadingMail } from '../../../templates/email/late-reading-mail.ts'
import { renderNoticeMail } from '../../../templates/email/notice-mail.ts'
import { hostile, hostileExpense, sampleExpense } from './sample-expense.ts'

const company = { name: 'TechCorp Solutions' }

describe('mails that only tell', () => {
  test('that nobody may decide: whose it is, and what an admin can do, step by step', () => {
    const { subject, text } = renderBlockedMail(sampleExpense({ status: 'blocked' }))
    expect(subject).toBe('Nobody may decide EXP-2026-0042')
    expect(text).toContain('Grace Taylor')
    expect(text).toMatch(/What to do\n1\. .*finance.*\n2\. .*org import.*\n3\. Ask Grace Taylor/)
  })

  test('because a rule wants it: cites the rule, and says that nothing has to be done', () => {
    const clauses = ['6.2 Alcohol', 'Large meals']
    const { subject, text } = renderNoticeMail({ expense: sampleExpense(), clauses, isAsked: false })
    expect(subject).toBe(
      'For your information: Grace Taylor submitted EUR 35.10 (USD 38.64), Harbor & Pine Cafe (EXP-2026-0042)',
    )
    expect(text).toContain('you do not have to do anything')
    expect(text).toContain('Why you are told\n- 6.2 Alcohol\n- Large meals')
  })

  test('because a rule wants it: does not tell an approver that there is nothing to do', () => {
    const { text } = renderNoticeMail({ expense: sampleExpense(), clauses: [], isAsked: true })
    expect(text).toContain('You are asked to approve it by a mail of its own.')
    expect(text).not.toContain('do not have to do anything')
  })

  test('that a receipt was read after the approval: what it says, who approved, and that nothing changed', () => {
    const sentences = ['The receipt seems to say EUR 85.10; EUR 35.10 is claimed.']
    const { subject, text } = renderLateReadingMail({
      expense: sampleExpense({ status: 'approved' }),
      sentences,
    })
    expect(subject).toBe('Please check EXP-2026-0042: its receipt was read after the approval')
    expect(text).toContain(`! ${sentences[0]}`)
    expect(text).toContain('Nothing was changed')
    expect(text).toContain('Manager confirms')
  })

  test('that somebody unknown wrote in Slack: who, and how to add them', () => {
    const user = { name: 'Ann Lee', email: 'ann.lee@techcorp.example' }
    const { subject, text } = renderAccessRequestMail({ company, user })
    expect(subject).toBe('Ann Lee would like to use Outlay')
    expect(text).toContain('ann.lee@techcorp.example')
    expect(text).toMatch(/To add them\n1\. .*people.*\n2\. .*org import/)
    expect(renderAccessRequestMail({ company, user: { name: null, email: null } }).text).toContain(
      'Slack does not say',
    )
  })

  test('carry no link: there is nothing to press', () => {
    const expense = sampleExpense()
    for (const { html } of [
      renderBlockedMail(expense),
      renderNoticeMail({ expense, clauses: [], isAsked: false }),
      renderLateReadingMail({ expense, sentences: ['x'] }),
      renderAccessRequestMail({ company, user: { name: null, email: null } }),
    ]) {
      expect(html).not.toMatch(/<(a|img|script|link|form)[ >]/)
    }
  })

  test('nothing hostile breaks out, adds a line or makes them large', () => {
    const expense = hostileExpense()
    const many = Array.from({ length: 100 }, () => hostile)
    for (const mail of [
      renderBlockedMail(expense),
      renderNoticeMail({ expense, clauses: many, isAsked: false }),
      renderLateReadingMail({ expense, sentences: many }),
      renderAccessRequestMail({ company: { name: hostile }, user: { name: hostile, email: hostile } }),
    ]) {
      expect(mail.subject.length).toBeLessThanOrEqual(150)
      expect(mail.subject).not.toMatch(/[\p{Cc}\u202e]/u)
      expect(mail.html).not.toMatch(/<(img|script)/)
      expect(mail.html.length).toBeLessThan(40_000)
      expect(mail.text).not.toMatch(/^مطعم/m)
    }
  })
})
