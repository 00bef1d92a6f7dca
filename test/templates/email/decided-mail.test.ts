import { describe, expect, test } from 'vitest'
import { renderDecidedMail } from '../../../templates/email/decided-mail.ts'
import { at, hostile, hostileExpense, sampleExpense } from './sample-expense.ts'

const link = 'https://outlay.example/e/token'
const decided = { expense: sampleExpense(), by: 'Frank Miller', at, link }

describe('the mail about a decision', () => {
  test('sent back: says who, when and why, line by line, and offers to change it', () => {
    const comment = 'Please add who was there,\nand the project.'
    const mail = renderDecidedMail({ ...decided, verdict: 'sent_back', comment })
    expect(mail.subject).toBe('EXP-2026-0042 was sent back by Frank Miller: please change it')
    expect(mail.text).toContain('> Please add who was there,\n> and the project.')
    expect(mail.text).toMatch(/Sent back: Frank Miller, Nov 20, 2026, 10:00.AM EST/)
    expect(mail.text).toContain(`Change it and submit again:\n${link}`)
    expect(mail.html).toContain(`href="${link}"`)
  })

  test('rejected: says so, and asks for nothing', () => {
    const mail = renderDecidedMail({ ...decided, verdict: 'rejected', comment: 'Bought twice' })
    expect(mail.subject).toBe('EXP-2026-0042 was rejected by Frank Miller')
    expect(mail.text).toContain('> Bought twice')
    expect(mail.text).not.toContain('submit again')
  })

  test('nothing hostile breaks out', () => {
    const mail = renderDecidedMail({
      expense: hostileExpense(),
      verdict: 'sent_back',
      by: hostile,
      at,
      comment: hostile,
      link,
    })
    expect(mail.subject).not.toMatch(/[\p{Cc}\u202e]/u)
    expect(mail.html).not.toMatch(/<(img|script)/)
    expect([...mail.html.matchAll(/<a [^>]*>/g)]).toHaveLength(1)
  })
})
