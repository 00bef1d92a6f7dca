import { describe, expect, test } from 'vitest'
import type { ExpenseLine, WaitingExpense } from '../../../src/features/expenses/index.ts'
import { type DigestMailView, renderDigestMail } from '../../../templates/email/digest-mail.ts'
import { renderPaidMail } from '../../../templates/email/paid-mail.ts'

const company = { name: 'TechCorp Solutions', currency: 'USD', locale: 'en-US' }
const link = 'https://outlay.example/a/token'
const waiting = (change: Partial<WaitingExpense> = {}): DigestMailView['waiting'][number] => ({
  approvalId: 'a',
  expenseId: 'e',
  number: 'EXP-2026-0042',
  kind: 'receipt',
  merchant: 'Harbor & Pine Cafe',
  amount: { minor: 3510, currency: 'EUR' },
  companyAmount: { minor: 3864, currency: 'USD' },
  date: '2026-11-17',
  submitter: 'Grace Taylor',
  categories: ['Meals'],
  needsCode: false,
  warnings: 0,
  warned: [],
  uncertain: [],
  onBehalfOf: null,
  waitingSince: new Date('2026-11-17T12:00:00Z'),
  ...change,
  link,
})
const plain = (text: string) => text.replaceAll('\u00a0', ' ')

describe('the mail with all that waits', () => {
  test('counts it, and names each with its way', () => {
    const mail = renderDigestMail({
      company,
      waiting: [waiting(), waiting({ number: 'EXP-2026-0043' })],
      more: 0,
    })
    expect(mail.subject).toBe('2 requests wait for you')
    const text = plain(mail.text)
    expect(text).toContain(
      `EUR 35.10 (USD 38.64), Harbor & Pine Cafe, from Grace Taylor (EXP-2026-0042):\n${link}`,
    )
    expect(text).toContain('(EXP-2026-0043):')
    expect(text).not.toContain('more')
  })

  test('says for whom, what to look at, and where a code is needed', () => {
    const one = waiting({ onBehalfOf: 'Eve Davis', warnings: 2, needsCode: true, companyAmount: null })
    const { subject, text } = renderDigestMail({ company, waiting: [one], more: 0 })
    expect(subject).toBe('One request waits for you')
    expect(plain(text)).toContain(
      'EUR 35.10, Harbor & Pine Cafe, from Grace Taylor (EXP-2026-0042, for Eve Davis, 2 remarks, needs a code)',
    )
  })

  test('says how what does not fit follows', () => {
    const { subject, text } = renderDigestMail({ company, waiting: [waiting()], more: 7 })
    expect(subject).toBe('8 requests wait for you')
    expect(text).toContain('And 7 more. A mail on your next working day lists what is left then')
  })

  test('keeps what people wrote on its line, and out of the markup', () => {
    const nasty = waiting({ merchant: '<img src=x>\r\nBcc: all@example.com', submitter: '<b>Grace</b>' })
    const { html, text } = renderDigestMail({ company, waiting: [nasty], more: 0 })
    expect(html).not.toContain('<img')
    expect(html).not.toContain('<b>Grace')
    expect(text).not.toMatch(/^Bcc:/m)
  })
})

const paid = (change: Partial<ExpenseLine> = {}): ExpenseLine => ({
  id: 'e',
  number: 'EXP-2026-0042',
  kind: 'receipt',
  status: 'settled',
  merchant: 'Harbor & Pine Cafe',
  amount: { minor: 3510, currency: 'EUR' },
  companyAmount: { minor: 3864, currency: 'USD' },
  date: '2026-11-17',
  categories: ['Meals'],
  updatedAt: new Date('2026-11-17T12:00:00Z'),
  submitter: { id: 'g', name: 'Grace Taylor' },
  waitingFor: null,
  missing: [],
  uncertain: [],
  isReading: false,
  said: null,
  ...change,
})

describe('the mail about what was paid', () => {
  test('names one expense, and its amount in the company’s currency', () => {
    const { subject, text } = renderPaidMail({ company, expenses: [paid()] })
    expect(plain(subject)).toBe('EXP-2026-0042 is paid: USD 38.64')
    expect(plain(text)).toContain('EUR 35.10 (USD 38.64), Harbor & Pine Cafe (EXP-2026-0042)')
  })

  test('adds up several, and counts those that do not fit', () => {
    const own = paid({ amount: { minor: 1000, currency: 'USD' }, companyAmount: null })
    const { subject, text } = renderPaidMail({ company, expenses: Array.from({ length: 53 }, () => own) })
    expect(plain(subject)).toBe('53 of your expenses are paid: USD 530.00')
    expect(text.match(/Harbor/g)).toHaveLength(50)
    expect(text).toContain('and 3 more')
  })
})
