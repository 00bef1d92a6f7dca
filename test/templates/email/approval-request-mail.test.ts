import { describe, expect, test } from 'vitest'
import { renderApprovalRequestMail } from '../../../templates/email/approval-request-mail.ts'
import {
  approvalId,
  askOfFrank,
  bobForFrank,
  davidAbove,
  hostile,
  hostileExpense,
  sampleAnswer,
  sampleDecision,
  sampleExpense,
  sampleQuestion,
  sampleStep,
  stepOf,
} from './sample-expense.ts'

const link = 'https://outlay.example/a/eyJhbGciOiJIUzI1NiJ9.token_-~'
const delegateLink = `${link}/delegate`
const frank = { id: 'frank', name: 'Frank Miller' }
const render = (expense = sampleExpense(), reader = frank, isReminder = false) =>
  renderApprovalRequestMail({ expense, approvalId, reader, link, delegateLink, isReminder })
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
      'Manager confirms: waiting for Frank Miller since Tue, Nov 17',
      'Senior manager approves: Eve Davis, after that. Why: the policy asks for the level SEM.',
      'You are asked because the policy asks for the level Manager.',
      'Opening the page decides nothing.',
    ]) {
      expect(body).toContain(fact)
    }
  })

  test('says how many must agree and what was asked and answered; of the reader only once why they are asked', () => {
    const people = [
      { name: 'Frank Miller', personId: 'frank', approvalId, because: 'he manages Grace Taylor' },
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

  test('has one button, and a way to somebody who stands in; their bare addresses have lines of their own', () => {
    const { html, text } = render()
    expect([...html.matchAll(/href="([^"]*)"/g)].map(([, url]) => url)).toEqual([link, delegateLink])
    for (const url of [link, delegateLink]) expect(text.split('\n')).toContain(url)
    expect(html).not.toMatch(/<(img|script|link|form)/)
  })

  test('shows what earlier approvers decided', () => {
    const decided = sampleDecision('Eve Davis')
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
      reader: { id: 'frank', name: hostile },
      link,
      delegateLink,
      isReminder: true,
    })
    expect(mail.subject.length).toBeLessThanOrEqual(150)
    expect(mail.subject).not.toMatch(/[\p{Cc}\u202e]/u)
    expect(mail.html).not.toMatch(/<(img|script)/)
    expect([...mail.html.matchAll(/<a [^>]*>/g)]).toHaveLength(2)
    expect(mail.html.length).toBeLessThan(40_000)
    expect(mail.text).not.toMatch(/^مطعم/m)
  })

  test('to a delegate says first in whose place they are asked', () => {
    const expense = asking([bobForFrank])
    const { text } = render(expense, { id: 'bob', name: 'Bob Smith' })
    const because = 'You are asked because you decide for Frank Miller until Dec 14, 2026, and the policy'
    expect(text.indexOf(because)).toBeLessThan(text.indexOf('EUR'))
    expect(text.match(/You are asked because/g)).toHaveLength(1)
    expect(text).toContain('waiting for Bob Smith (for Frank Miller) since Tue, Nov 17')
  })

  test('to the next one up says who has not answered, and what the step asks for', () => {
    const expense = asking([askOfFrank, davidAbove])
    const { text } = render(expense, { id: 'david', name: 'David Wilson' })
    expect(text).toContain('You are asked because Frank Miller has not answered since Tuesday, Nov 17.')
    expect(text).toContain('David Wilson, the next one up, is asked besides Frank Miller since Fri, Nov 20.')
    expect(text).toContain('Why: the policy asks for the level Manager.')
  })

  test('as a reminder says so in its subject and since when it waits', () => {
    const { subject, text, html } = render(sampleExpense(), frank, true)
    expect(subject).toBe(`Reminder: ${render().subject}`)
    expect(html).toContain('Still waiting for you since Tue, Nov 17</h1>')
    expect(text).toContain('Grace Taylor asks for your approval.')
  })

  test('a request to spend says that nothing is spent yet, and misses no receipt', () => {
    const mail = render(sampleExpense({ kind: 'request', number: 'REQ-2026-0007', receipts: [] }))
    expect(mail.subject).toContain('Grace Taylor asks for your approval to spend: EUR 35.10')
    expect(mail.text).not.toMatch(/receipt|Paid by/)
    expect(mail.text).toContain('REQ-2026-0007, request to spend')
    expect(mail.text).toContain('Planned for')
  })

  test('where a code is needed it says so', () => {
    expect(render(sampleExpense({ needsCode: true })).text).toContain('you need a code: the page sends it.')
    expect(render().text).not.toContain('code')
  })
})

/** With these people asked in the first step. */
function asking(asks: (typeof bobForFrank)[]) {
  const mayDecide = asks.map(({ personId }) => personId)
  const [step = sampleStep()] = sampleExpense().steps
  return sampleExpense({
    steps: [{ ...step, approvers: step.approvers.map((approver) => ({ ...approver, asks, mayDecide })) }],
  })
}
