import { describe, expect, test } from 'vitest'
import { type AnswerMailView, renderAnswerMail } from '../../../templates/email/answer-mail.ts'
import { hostile, hostileExpense, sampleExpense } from './sample-expense.ts'

const base = { company: { name: 'TechCorp Solutions' }, subject: 'Your receipt' }
const link = 'https://outlay.example/e/token'
const ignored = [{ name: 'logo.png', reason: 'a small picture in a signature' }]
const draft = sampleExpense({ status: 'draft', requestStatus: null, steps: [], findings: [] })

const views: AnswerMailView[] = [
  { ...base, outcome: 'submitted', expense: sampleExpense(), link, ignored },
  { ...base, outcome: 'drafted', items: [{ expense: draft, link }], ignored },
  { ...base, outcome: 'quarantined', because: 'The mail carries no valid signature of techcorp.example.' },
  { ...base, outcome: 'unknown_sender', address: 'grace@elsewhere.example' },
  { ...base, outcome: 'unreadable', problem: 'It is larger than 25 MB.' },
  { ...base, outcome: 'empty', ignored },
]

describe('the answer to a mail', () => {
  test.each(views)('$outcome: answers under its subject and loads nothing', (view) => {
    const mail = renderAnswerMail(view)
    expect(mail.subject).toBe('Re: Your receipt')
    expect(mail.html).not.toMatch(/<(img|script|link|form)/)
    expect(mail.text).toContain('TechCorp Solutions')
  })

  test.each([
    ['Re: RE: AW: Receipt', 'Re: Receipt'],
    ['Fwd: Receipt', 'Re: Fwd: Receipt'],
    ['  ', 'Re: your mail'],
    ['Re:', 'Re: your mail'],
    ['a\r\nBcc: all@evil.example', 'Re: a Bcc: all@evil.example'],
  ])('the subject of an answer to %j is %j', (subject, expected) => {
    expect(renderAnswerMail({ ...base, subject, outcome: 'empty', ignored: [] }).subject).toBe(expected)
  })

  test('submitted: says what was understood, who decides next, and how to take it back', () => {
    const { text } = renderAnswerMail({
      ...base,
      outcome: 'submitted',
      expense: sampleExpense(),
      link,
      ignored,
    })
    expect(text).toContain('Got it: EXP-2026-0042 is submitted')
    expect(text).toContain('Harbor & Pine Cafe')
    expect(text).toContain('It is waiting for Frank Miller now.')
    expect(text).toContain(`Not right? Take it back:\n${link}`)
    expect(text).toContain('I left out:\n- logo.png: a small picture in a signature')
  })

  test('submitted, and nobody has to approve it: says by which clause, and offers nothing that is too late', () => {
    const expense = sampleExpense({ status: 'approved', steps: [], automatic: '4.1 Small meals' })
    const { text } = renderAnswerMail({ ...base, outcome: 'submitted', expense, link, ignored: [] })
    expect(text).toContain('Got it: EXP-2026-0042 is approved')
    expect(text).toContain('Approved without asking anybody (4.1 Small meals).')
    expect(text).toContain(`Look at it:\n${link}`)
    expect(text).not.toContain('Take it back')
  })

  test('drafted: says of one expense what is missing, unsure and warned about', () => {
    const expense = {
      ...draft,
      date: null,
      missing: ['date' as const, 'category' as const],
      uncertain: ['amount' as const],
      findings: sampleExpense().findings,
    }
    const { text } = renderAnswerMail({
      ...base,
      outcome: 'drafted',
      items: [{ expense, link }],
      ignored: [],
    })
    expect(text).toContain('I need you: the date and the category are missing')
    expect(text).toContain('! Please fill in the date and the category.')
    expect(text).toContain('! I am not sure that I read the amount right.')
    expect(text).toContain('! Same merchant, date and amount as EXP-2026-0031')
    expect(text).toMatch(/^Amount: +EUR.35\.10 \(please check\)$/m)
    expect(text).toContain(`Complete it:\n${link}`)
    expect(text).not.toContain('I left out')
  })

  test('drafted: says how many there are, each with its own link', () => {
    const second = { expense: { ...draft, number: 'EXP-2026-0043', merchant: 'Shell' }, link: `${link}2` }
    const { html, text } = renderAnswerMail({
      ...base,
      outcome: 'drafted',
      items: [{ expense: draft, link }, second],
      ignored: [],
    })
    expect(text).toContain('I need you: 2 expenses are not submitted yet')
    expect([...html.matchAll(/href="([^"]*)"/g)].map(([, url]) => url)).toEqual([link, `${link}2`])
    expect(text).toMatch(/\* Shell, EUR.35\.10/)
  })

  test('drafted: says what could not be read', () => {
    const receipts = [
      {
        id: 'r',
        fileName: 'scan.pdf',
        status: 'unreadable' as const,
        problem: 'The file is protected by a password.',
        rendition: null,
      },
    ]
    const { text } = renderAnswerMail({
      ...base,
      outcome: 'drafted',
      items: [{ expense: { ...draft, receipts }, link }],
      ignored: [],
    })
    expect(text).toContain('I could not read scan.pdf. The file is protected by a password.')
  })

  test('quarantined and unknown sender: say that nothing was done and carry no link', () => {
    for (const view of views.filter(({ outcome }) => /quarantined|unknown/.test(outcome))) {
      const { html, text } = renderAnswerMail(view)
      expect(text).toContain('nothing was done')
      expect(text).toContain('your company')
      expect(html).not.toContain('href')
    }
  })

  test('names ten parts that were left out and counts the rest', () => {
    const many = Array.from({ length: 25 }, (_, index) => ({
      name: `${index}.ics`,
      reason: 'a calendar entry',
    }))
    const { text } = renderAnswerMail({ ...base, outcome: 'empty', ignored: many })
    expect(text).toContain('9.ics')
    expect(text).not.toContain('10.ics')
    expect(text).toContain('and 15 more')
  })

  test('nothing hostile breaks out or makes it large', () => {
    const hostileIgnored = Array.from({ length: 1000 }, () => ({ name: hostile, reason: hostile }))
    const expense = hostileExpense()
    for (const view of [
      { outcome: 'submitted' as const, expense, link, ignored: hostileIgnored },
      { outcome: 'drafted' as const, items: [{ expense, link }], ignored: hostileIgnored },
      { outcome: 'quarantined' as const, because: hostile },
      { outcome: 'unknown_sender' as const, address: hostile },
      { outcome: 'unreadable' as const, problem: hostile },
      { outcome: 'empty' as const, ignored: hostileIgnored },
    ]) {
      const mail = renderAnswerMail({ company: { name: hostile }, subject: hostile, ...view })
      expect(mail.subject.length).toBeLessThanOrEqual(150)
      expect(mail.subject).not.toMatch(/[\p{Cc}\u202e]/u)
      expect(mail.html).not.toMatch(/<(img|script)/)
      expect(mail.html.length).toBeLessThan(50_000)
    }
  })
})

describe('the answer to a mail that starts something without a receipt', () => {
  test.each([
    ['mileage', 'Which trip was it?'],
    ['per_diem', 'Which days were you away?'],
    ['request', 'What would you like to spend?'],
  ] as const)('%s: asks for it, and leads to its page', (kind, title) => {
    const nothingYet = { merchant: null, amount: null, companyAmount: null, category: null, date: null }
    const expense = sampleExpense({ kind, status: 'draft', findings: [], receipts: [], ...nothingYet })
    const { text, html } = renderAnswerMail({
      ...base,
      outcome: 'drafted',
      items: [{ expense, link }],
      ignored: [],
    })
    expect(html).toContain(`${title}</h1>`)
    expect(text).toContain(`Fill it in:\n${link}`)
    expect(text).not.toMatch(/what I read|—/)
  })

  test('a mail without a receipt is told how to start one', () => {
    const { text } = renderAnswerMail({ ...base, outcome: 'empty', ignored: [] })
    for (const word of ['- Mileage,', '- Per diem,', '- Request,']) expect(text).toContain(word)
  })
})
