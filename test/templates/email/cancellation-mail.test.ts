import { describe, expect, test } from 'vitest'
import {
  type CancellationMailView,
  renderCancellationMail,
} from '../../../templates/email/cancellation-mail.ts'
import { hostile } from './sample-expense.ts'

const view: CancellationMailView = {
  audience: 'finance',
  statement: 'EXP-2026-0042',
  company: { name: 'TechCorp Solutions', timeZone: 'America/New_York' },
  locale: 'en-US',
  submitter: { name: 'Grace Taylor', email: 'grace.taylor@techcorp.example' },
  merchant: 'Blue Bottle Coffee',
  category: 'Meals',
  date: '2026-03-28',
  paidBy: 'person',
  amount: { minor: 4710, currency: 'EUR' },
  companyAmount: { minor: 5123, currency: 'USD' },
  undone: { by: 'Frank Miller', at: new Date('2026-04-01T14:30:00Z'), comment: 'A private dinner' },
  attachment: 'EXP-2026-0042-C.pdf',
}
const textOf = (change: Partial<CancellationMailView> = {}) =>
  renderCancellationMail({ ...view, ...change }).text.replaceAll('\u00a0', ' ')

describe('the mail that takes back a statement', () => {
  test('tells finance which one, of how much, by whom, and what not to do', () => {
    const mail = renderCancellationMail(view)
    expect(mail.subject).toBe('Cancelled: statement EXP-2026-0042, EUR 47.10, Blue Bottle Coffee')
    for (const part of [
      'The statement EXP-2026-0042 is cancelled',
      'Please do not reimburse or book anything by that statement.',
      'Frank Miller, Apr 1, 2026, 10:30',
      '> A private dinner',
      'grace.taylor@techcorp.example',
      'USD 51.23',
      'EXP-2026-0042-C.pdf is attached.',
    ]) {
      expect(textOf()).toContain(part)
    }
  })

  test('tells the submitter that there is nothing to do, and asks them for nothing', () => {
    const own = textOf({ audience: 'submitter' })
    expect(own).toContain('your expense is not approved any more. There is nothing for you to do.')
    expect(own).not.toContain('reimburse or book')
    expect(textOf({ paidBy: 'company' })).not.toContain('reimburse')
  })

  test('nothing hostile breaks out, and it stays small', () => {
    const mail = renderCancellationMail({
      ...view,
      statement: hostile,
      company: { ...view.company, name: hostile },
      submitter: { name: hostile, email: hostile },
      merchant: hostile,
      category: hostile,
      undone: { by: hostile, at: new Date(0), comment: `${hostile}\n`.repeat(50) },
      attachment: hostile,
    })
    expect(mail.subject).not.toMatch(/[\p{Cc}\u202e]/u)
    expect(mail.subject.length).toBeLessThanOrEqual(150)
    expect(mail.html).not.toMatch(/<(img|script|a )/)
    expect(mail.html.length).toBeLessThan(25_000)
  })
})
