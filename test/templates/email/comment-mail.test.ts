import { describe, expect, test } from 'vitest'
import { renderCommentMail } from '../../../templates/email/comment-mail.ts'
import { hostile, hostileExpense, sampleAnswer, sampleExpense, sampleQuestion } from './sample-expense.ts'

const link = 'https://outlay.example/e/token#answer'
const question = sampleQuestion()
const answer = sampleAnswer()

describe('the mail that passes on what was said', () => {
  test('a question: names the one who asks, quotes it line by line and leads to the box for the answer', () => {
    const expense = sampleExpense({ comments: [question], question })
    const mail = renderCommentMail({ expense, comment: question, audience: 'submitter', link })
    expect(mail.subject).toBe('Frank Miller asks about EXP-2026-0042')
    expect(mail.text).toContain('> Who was there,\n> and which project was it for?')
    expect(mail.text).toContain(`Answer:\n${link}`)
    expect(mail.html).toContain(`href="${link}"`)
    expect(mail.text).not.toContain('What was said before')
  })

  test('an answer: shows the approver the question as well, and leads to the page to decide on', () => {
    const expense = sampleExpense({ comments: [question, answer] })
    const mail = renderCommentMail({ expense, comment: answer, audience: 'approver', link })
    expect(mail.subject).toBe('Grace Taylor answered about EXP-2026-0042')
    expect(mail.text).toContain('> Ann Lee, for the kick-off.')
    expect(mail.text).toMatch(
      /What was said before\n- Frank Miller asked, .*: “Who was there, and which project was it for\?”/,
    )
    expect(mail.text).toContain(`Look at it and decide:\n${link}\nOpening the page decides nothing.`)
    expect(mail.text).toContain('Submitted by:')
  })

  test('a remark that nobody asked for is no answer', () => {
    const expense = sampleExpense({ comments: [answer] })
    const mail = renderCommentMail({ expense, comment: answer, audience: 'approver', link })
    expect(mail.subject).toBe('Grace Taylor wrote about EXP-2026-0042')
  })

  test('nothing hostile breaks out, adds a line or makes it large', () => {
    const comment = sampleQuestion({ who: hostile, text: `${hostile}\n`.repeat(50) })
    for (const audience of ['submitter', 'approver'] as const) {
      const mail = renderCommentMail({ expense: hostileExpense(), comment, audience, link })
      expect(mail.subject.length).toBeLessThanOrEqual(150)
      expect(mail.subject).not.toMatch(/[\p{Cc}\u202e]/u)
      expect(mail.html).not.toMatch(/<(img|script)/)
      expect([...mail.html.matchAll(/<a [^>]*>/g)]).toHaveLength(1)
      expect(mail.html.length).toBeLessThan(40_000)
      expect(mail.text).not.toMatch(/^مطعم/m)
    }
  })
})
