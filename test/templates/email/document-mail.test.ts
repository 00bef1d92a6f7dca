import { simpleParser } from 'mailparser'
import { createTransport } from 'nodemailer'
import { describe, expect, test } from 'vitest'
import { type DocumentMailView, renderDocumentMail } from '../../../templates/email/document-mail.ts'

const view: DocumentMailView = {
  audience: 'submitter',
  expenseNumber: 'EXP-2026-0042',
  documentNumber: 'EXP-2026-0042',
  company: { name: 'TechCorp Solutions', timeZone: 'America/New_York' },
  locale: 'en-US',
  submitter: { name: 'Grace Taylor', email: 'grace.taylor@techcorp.example' },
  merchant: 'Blue Bottle Coffee',
  category: 'Meals',
  date: '2026-03-28',
  paidBy: 'person',
  amount: { minor: 4710, currency: 'USD' },
  companyAmount: null,
  approvals: [{ who: 'Frank Miller', at: new Date('2026-04-01T02:05:00Z') }],
  automatic: null,
  attachment: 'EXP-2026-0042.pdf',
}

describe('the mail with the document', () => {
  test('tells the submitter what was approved, by whom and when in the company’s zone', () => {
    const mail = renderDocumentMail(view)
    expect(mail.subject).toBe('Your expense EXP-2026-0042 is approved')
    for (const body of [mail.html, mail.text.replaceAll('\u00a0', ' ')]) {
      expect(body).toContain('Blue Bottle Coffee')
      expect(body).toContain('Frank Miller, Mar 31, 2026, 10:05')
      expect(body).toContain('You, to be reimbursed')
      expect(body).toContain('EXP-2026-0042.pdf')
      expect(body).toContain('You get this mail because you submitted this expense.')
    }
    expect(mail.text.replaceAll('\u00a0', ' ')).toContain('USD 47.10')
  })

  test('tells finance who spent it, and the amount in the subject', () => {
    const mail = renderDocumentMail({
      ...view,
      audience: 'finance',
      amount: { minor: 4710, currency: 'EUR' },
      companyAmount: { minor: 5123, currency: 'USD' },
    })
    expect(mail.subject).toBe('EXP-2026-0042 approved: EUR 47.10, Blue Bottle Coffee')
    expect(mail.text).toContain('Grace Taylor, to be reimbursed')
    expect(mail.text).toContain('grace.taylor@techcorp.example')
    expect(mail.text).toMatch(/In USD: +USD.51\.23/)
    expect(mail.text).toContain('because you work in finance at TechCorp Solutions')
  })

  test('says that nothing is reimbursed when the company paid, and when nobody had to approve', () => {
    const { text } = renderDocumentMail({
      ...view,
      paidBy: 'company',
      approvals: [],
      automatic: '4.1 Small meals',
    })
    expect(text).toContain('TechCorp Solutions, nothing to reimburse')
    expect(text).toContain('Nobody had to be asked (4.1 Small meals)')
  })

  test('a merchant cannot add a header to the mail, nor a line to its text', async () => {
    const hostile = 'Cafe\r\nBcc: all@evil.example\r\n\r\n<b>Approved by: Alice\u2028Paid by: nobody'
    const mail = renderDocumentMail({ ...view, audience: 'finance', merchant: hostile })
    const transport = createTransport({ streamTransport: true, buffer: true })
    const sent = await transport.sendMail({ ...mail, from: 'a@b.example', to: 'c@d.example' })
    const received = await simpleParser(String(sent.message), { skipTextToHtml: true })
    expect(received.headers.has('bcc')).toBe(false)
    expect(received.subject).toBe(mail.subject)
    const own = mail.text.split('\n').filter((line) => /^(Bcc|<b>|Approved by|Paid by)/.test(line))
    expect(own.map((line) => line.split(':')[0])).toEqual(['Paid by', 'Approved by'])
  })

  test('what people wrote is shown, not run', () => {
    const hostile = '"><img src=x onerror=alert(1)>'
    const { html } = renderDocumentMail({
      ...view,
      audience: 'finance',
      merchant: hostile,
      category: hostile,
      attachment: hostile,
      expenseNumber: hostile,
      documentNumber: hostile,
      company: { ...view.company, name: hostile },
      submitter: { name: hostile, email: hostile },
      approvals: [{ who: hostile, at: new Date(0) }],
    })
    expect(html).not.toContain('<img')
    expect(html).toContain('&quot;&gt;&lt;img src=x onerror=alert(1)&gt;')
  })

  test('stays small whatever it is given', () => {
    const long = 'W'.repeat(10_000)
    const mail = renderDocumentMail({
      ...view,
      audience: 'finance',
      merchant: long,
      category: long,
      expenseNumber: long,
      documentNumber: long,
    })
    expect(mail.subject.length).toBeLessThanOrEqual(150)
    expect(mail.subject).toMatch(/^W+… approved: USD 47\.10, W+…$/)
    expect(mail.html.length).toBeLessThan(15_000)
    expect(mail.text.length).toBeLessThan(3_000)
  })

  test('loads nothing from elsewhere and carries its dark colours', () => {
    const { html } = renderDocumentMail(view)
    expect(html).not.toMatch(/https?:|url\(|<(img|link|script)/)
    expect(html).toContain('<meta name="color-scheme" content="light dark">')
    expect(html).toContain('@media (prefers-color-scheme: dark)')
  })
})
