import { describe, expect, test } from 'vitest'
import { renderApprovalRequestMail } from '../../../templates/email/approval-request-mail.ts'
import { renderUndoneMail } from '../../../templates/email/undone-mail.ts'
import {
  approvalId,
  hostile,
  hostileExpense,
  hostileUndone,
  sampleDecision,
  sampleExpense,
  sampleFallen,
  sampleUndone,
} from './sample-expense.ts'

const link = 'https://outlay.example/e/token'

describe('the mail about a decision that was taken back', () => {
  test('tells the submitter who took back what, why, and whom it waits for', () => {
    const undone = sampleUndone({ what: 'rejected', comment: 'It was\nthe other one.' })
    const expense = sampleExpense({ undone: [undone] })
    const mail = renderUndoneMail({ expense, undone, audience: 'submitter', link })
    expect(mail.subject).toBe('Frank Miller took back the rejection of EXP-2026-0042')
    expect(mail.text).toContain('it is waiting for Frank Miller now')
    expect(mail.text).toContain('> It was\n> the other one.')
    expect(mail.text).toMatch(/Taken back: +Frank Miller, Nov 20, 2026, 11:00.AM EST/)
    expect(mail.text).toContain(link)
  })

  test('does not ask to wait for what was decided again before it could leave', () => {
    const undone = sampleUndone()
    const expense = sampleExpense({ undone: [undone], status: 'approved', requestStatus: 'approved' })
    const { text } = renderUndoneMail({ expense, undone, audience: 'submitter', link })
    expect(text).toContain('was decided again since')
    expect(text).not.toContain('waiting')
  })

  test('tells an approver that their decision fell with it, without a way to decide', () => {
    const undone = sampleFallen()
    const expense = sampleExpense({ undone: [sampleUndone(), undone] })
    const mail = renderUndoneMail({ expense, undone, audience: 'approver', link: null })
    expect(mail.subject).toBe('Your approval of EXP-2026-0042 does not count any more')
    expect(mail.text).toContain('Frank Miller took back an earlier decision')
    expect(mail.text).toContain('when it is your turn')
    expect(mail.html).not.toContain('href')
  })

  test('nothing hostile breaks out', () => {
    const [undone = sampleUndone()] = hostileUndone()
    const expense = hostileExpense({ undone: hostileUndone() })
    const mail = renderUndoneMail({ expense, undone, audience: 'submitter', link })
    expect(mail.subject).not.toMatch(/[\p{Cc}\u202e]/u)
    expect(mail.subject.length).toBeLessThanOrEqual(150)
    expect(mail.html).not.toMatch(/<(img|script)/)
    expect([...mail.html.matchAll(/<a [^>]*>/g)]).toHaveLength(1)
    expect(`${mail.html}${mail.text}`).not.toContain('\u202e')
    expect(mail.text).not.toContain(hostile)
  })
})

test('the request that asks anew says what was taken back', () => {
  const expense = sampleExpense({ undone: [sampleUndone(), sampleFallen()] })
  const reader = { id: 'frank', name: 'Frank Miller' }
  const view = { expense, approvalId, reader, link, delegateLink: link, isReminder: false }
  const { text } = renderApprovalRequestMail(view)
  expect(text).toMatch(/- Approval by Frank Miller taken back, .*; with it the approval by Eve Davis/)
})

test('who had decided for somebody else is named with them', () => {
  const decided = sampleDecision('Bob Smith', { byId: 'bob', onBehalfOf: 'Frank Miller' })
  const undone = sampleUndone({ decided, by: 'Bob Smith', byId: 'bob' })
  const reader = { id: 'frank', name: 'Frank Miller' }
  const expense = sampleExpense({ undone: [undone] })
  const view = { expense, approvalId, reader, link, delegateLink: link, isReminder: false }
  expect(renderApprovalRequestMail(view).text).toMatch(
    /- Approval by Bob Smith for Frank Miller taken back, /,
  )
})
