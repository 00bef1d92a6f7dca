import { describe, expect, test } from 'vitest'
import { renderApprovalRequestMail } from '../../../templates/email/approval-request-mail.ts'
import {
  approvalId,
  at,
  hostile,
  hostileExpense,
  sampleAnswer,
  sampleExpense,
  sampleQuestion,
  sampleStep,
  stepOf,
} from './sample-expense.ts'

const link = 'https://outlay.example/a/eyJhbGciOiJIUzI1NiJ9.token_-~'
const approver = { name: 'Frank Miller' }
const render = (expense = sampleExpense()) =>
  renderApprovalRequestMail({ expense, approvalId, approver, link })
const spaced = (text: string) => text.replaceAll('\u00a0', ' ')

describe('the mail that asks for an approval', () => {
  test('says in its subject who asks, for how much in both currencies, where, and the number', () => {
    expect(render().subject).toBe(
      'Grace Taylor asks for your approval: EUR 35.10 (USD 38.64), Harbor & Pine Cafe (EXP-2026-0042)',
    )
    const own = sampleExpense({ amount: { minor: 3864, currency: 'USD' }, companyAmount: null, rate: null })
    expect(render(own).subject).toContain('USD 38.64, Harbor & Pine Cafe')
  })

  test.each(['html', 'text'] as const)('has every fact for a decision in its %s', (part) => {
    const body = spaced(render()[part])
    for (const fact of [
      'EUR 35.10',
      'USD 38.64',
      'Rate 1.1009 of Nov 17, 2026',
      'Meals',
      'Grace Taylor, Technology',
      'Grace Taylor, to be reimbursed',
      'Lunch with the new supplier.',
      'Two people.',
      'Same merchant, date and amount as EXP-2026-0031',
      'Manager confirms: waiting for Frank Miller',
      'Senior manager approves: Eve Davis, after that. Why: the policy asks for the level SEM.',
      'You are asked because the policy asks for the level Manager.',
      'Opening the page decides nothing.',
    ]) {
      expect(body).toContain(fact)
    }
  })

  test('says how many must agree and what was asked and answered; of the reader only once why they are asked', () => {
    const people = [
      { name: 'Frank Miller', approvalId, because: 'he manages Grace Taylor' },
      { name: 'Eve Davis', because: 'she approves meals' },
    ]
    const steps = [stepOf(people, { needed: 2 })]
    const { text } = render(sampleExpense({ steps, comments: [sampleQuestion(), sampleAnswer()] }))
    expect(text).toContain(
      'waiting for all of Frank Miller and Eve Davis. Why Eve Davis: she approves meals.',
    )
    expect(text.match(/he manages Grace Taylor/g)).toHaveLength(1)
    expect(text).toContain('Questions and answers\n- Frank Miller asked, ')
    expect(text).toContain(': “Ann Lee, for the kick-off.”')
  })

  test('puts warnings before what is usual', () => {
    const { text } = render()
    expect(text.indexOf('! Same merchant')).toBeLessThan(text.indexOf('- Policy “Meals'))
  })

  test('has one link: a button, and the bare address on a line of its own', () => {
    const { html, text } = render()
    expect([...html.matchAll(/href="([^"]*)"/g)].map(([, url]) => url)).toEqual([link])
    expect(text.split('\n')).toContain(link)
    expect(html).not.toMatch(/<(img|script|link|form)/)
  })

  test('shows what earlier approvers decided', () => {
    const decided = { by: 'Eve Davis', at, channel: 'slack', comment: null }
    const first = sampleStep({ status: 'approved', decided })
    expect(render(sampleExpense({ steps: [first, sampleStep()] })).text).toContain(
      '1. Manager confirms: approved by Eve Davis, Nov 20, 2026, 10:00',
    )
  })

  test('marks what was read without certainty, and says when there is no receipt', () => {
    const text = spaced(render(sampleExpense({ uncertain: ['amount', 'date'], receipts: [] })).text)
    expect(text).toContain('EUR 35.10 (please check)')
    expect(text).toContain('Nov 17, 2026 (please check)')
    expect(text).toContain('There is no receipt')
  })

  test('nothing hostile breaks out, adds a line or makes it large', () => {
    const mail = renderApprovalRequestMail({
      expense: hostileExpense(),
      approvalId,
      approver: { name: hostile },
      link,
    })
    expect(mail.subject.length).toBeLessThanOrEqual(150)
    expect(mail.subject).not.toMatch(/[\p{Cc}\u202e]/u)
    expect(mail.html).not.toMatch(/<(img|script)/)
    expect([...mail.html.matchAll(/<a [^>]*>/g)]).toHaveLength(1)
    expect(mail.html.length).toBeLessThan(40_000)
    expect(mail.text).not.toMatch(/^مطعم/m)
  })
})
