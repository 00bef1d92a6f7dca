import { describe, expect, test } from 'vitest'
import { type DelegationMailView, renderDelegationMail } from '../../../templates/email/delegation-mail.ts'

const link = 'https://outlay.example/a/token'
const waiting = [
  {
    number: 'EXP-2026-0042',
    merchant: 'Harbor & Pine Cafe',
    amount: { minor: 3510, currency: 'EUR' },
    submitter: 'Grace Taylor',
    link,
  },
]

function render(change: Partial<DelegationMailView> = {}) {
  const { subject, text, html } = renderDelegationMail({
    turn: 'begins',
    audience: 'delegate',
    company: { name: 'TechCorp Solutions', locale: 'en-US' },
    principal: { name: 'Alice Chen' },
    delegate: { name: 'Bob Smith' },
    from: '2026-12-01',
    to: '2026-12-14',
    upTo: null,
    arrangedBy: null,
    waiting,
    more: 0,
    manageLink: null,
    ...change,
  })
  return { subject, text: text.replaceAll('\u00a0', ' '), html }
}

describe('the mail about a delegation', () => {
  test.each([
    ['made', 'delegate', 'You will decide for Alice Chen, from Dec 1, 2026'],
    ['made', 'principal', 'Bob Smith will decide for you, from Dec 1, 2026'],
    ['begins', 'delegate', 'You decide for Alice Chen from now on'],
    ['begins', 'principal', 'Bob Smith decides for you from now on'],
    ['ended', 'delegate', 'You do not decide for Alice Chen any more'],
    ['ended', 'principal', 'Bob Smith does not decide for you any more'],
  ] as const)('%s, to the %s', (turn, audience, subject) => {
    expect(render({ turn, audience }).subject).toBe(subject)
  })

  test('that begins lists for the delegate what waits, each with its link, and how many more', () => {
    const { text } = render({ more: 4 })
    expect(text).toContain(
      `These 5 wait for you now\nEUR 35.10, Harbor & Pine Cafe, from Grace Taylor (EXP-2026-0042):\n${link}`,
    )
    expect(text).toContain('And 4 more.')
    expect(render().text).toContain('This waits for you now')
    expect(render({ waiting: [] }).text).toContain('Nothing is open at this moment.')
  })

  test('says what it covers: days, cap, that the principal may still decide, and who arranged it', () => {
    const { text } = render({ upTo: { minor: 50000, currency: 'USD' }, arrangedBy: 'Adam Root' })
    expect(text).toContain('approve up to USD 500.00 comes to you. Alice Chen can still decide as well')
    expect(text).toMatch(/Until: +Dec 14, 2026, that day included/)
    expect(text).toContain('USD 500.00; more than that stays with Alice Chen')
    expect(text).toMatch(/Arranged by: +Adam Root/)
  })

  test('gives the principal a way to end it', () => {
    const manageLink = 'https://outlay.example/d/token'
    const { text } = render({ audience: 'principal', manageLink })
    expect(text).toContain('This waits for Bob Smith now')
    expect(text).toContain(`Change or end it:\n${manageLink}`)
  })

  test('that has ended gives the principal back what is open, and the delegate nothing to press', () => {
    expect(render({ turn: 'ended', audience: 'principal' }).text).toContain('This waits for you now')
    const { html, text } = render({ turn: 'ended' })
    expect(html).not.toContain('href')
    expect(text).toContain('asked of Alice Chen again. What was decided stays decided.')
    expect(text).toContain('because at TechCorp Solutions you decided for Alice Chen.')
  })
})
