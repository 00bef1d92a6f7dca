import { describe, expect, test } from 'vitest'
import { renderCodeMail } from '../../../templates/email/code-mail.ts'
import { at, hostileExpense, sampleExpense } from './sample-expense.ts'

const expiresAt = new Date(at.getTime() + 600_000)
const mail = renderCodeMail({ expense: sampleExpense(), code: '402913', expiresAt })

describe('the mail with a code', () => {
  test('has the code in its body alone: a locked screen shows subject and preview', () => {
    expect(mail.subject).toBe('Your code to decide about EXP-2026-0042')
    expect(mail.text.split('\n')).toContain('402 913')
    const [preview = ''] = /max-height:0[^>]*>[^<]*/.exec(mail.html) ?? []
    expect(`${mail.subject}${preview}`).not.toMatch(/402 ?913/)
  })

  test('says what it is for, until when, and what to do if one did not ask for it', () => {
    const text = mail.text.replace(/\s+/g, ' ')
    expect(text).toContain('EUR 35.10 Harbor & Pine Cafe')
    expect(text).toContain(
      'Good for 10 minutes, until Nov 20, 2026, 10:10 AM EST, and for this decision only.',
    )
    expect(text).toContain('Did you not ask for it?')
    expect(text).toContain('tell your admin')
  })

  test('has nothing to press, whatever a receipt says', () => {
    const { html } = renderCodeMail({ expense: hostileExpense(), code: '402913', expiresAt })
    expect(html).not.toMatch(/<(a|img|script) /)
  })
})
