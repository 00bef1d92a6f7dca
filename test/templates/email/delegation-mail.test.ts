import { describe, expect, test } from 'vitest'
import { type DelegationMailView, renderDelegationMail } from '../../../templates/email/delegation-mail.ts'

const link = 'https://outlay.example/a/token'
const waiting = [
  {
    number: 'EXP-2026-0042',
    merchant: 'Harbor & Pine Cafe',
    amount: { minor: 3510, currency: 'EUR' },
    companyAmount: { minor: 3864, currency: 'USD' },
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
    staying: 0,
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
    ['called_off', 'delegate', 'You will not decide for Alice Chen after all'],
    ['called_off', 'principal', 'Bob Smith will not decide for you after all'],
  ] as const)('%s, to the %s', (turn, audience, subject) => {
    expect(render({ turn, audience }).subject).toBe(subject)
  })

  test('that was called off says what, and lists nothing', () => {
    const { text } = render({ turn: 'called_off', audience: 'principal' })
    expect(text).toContain('What was arranged, Dec 1, 2026 to Dec 14, 2026, was called off before it began.')
    expect(text).not.toContain('Harbor')
    expect(text).toContain('because Bob Smith was to decide for you at')
  })

  test('that begins lists for the delegate what waits, each with its link, and how many more', () => {
    const { text } = render({ more: 4 })
    expect(text).toContain(
      `These 5 wait for you now\nEUR 35.10 (USD 38.64), Harbor & Pine Cafe, from Grace Taylor (EXP-2026-0042):\n${link}`,
    )
    expect(text).toContain('And 4 more.')
    expect(render().text).toContain('This waits for you now')
    expect(render({ waiting: [] }).text).toContain('Nothing waits for you now.')
  })

  test('tells the principal, and nobody else, how many stay with them and why', () => {
    const principal = { audience: 'principal', upTo: { minor: 50000, currency: 'USD' } } as const
    const whose = 'Bob Smith’s own, of somebody whom they report to or above USD 500.00.'
    const { text } = render({ ...principal, waiting: [], staying: 2 })
    expect(text).toContain(`2 requests stay with you: they are ${whose}`)
    expect(text).not.toContain('Nothing')
    expect(render({ ...principal, staying: 1 }).text).toContain(`One request stays with you: it is ${whose}`)
    expect(render({ ...principal, upTo: null, staying: 1 }).text).not.toContain('above')
    expect(render({ ...principal, waiting: [] }).text).toContain('Nothing is open at this moment.')
    expect(render({ waiting: [], staying: 2 }).text).toContain('Nothing waits for you now.')
  })

  test('says what it covers: days, cap, that the principal may still decide, and who arranged it', () => {
    const { text } = render({ upTo: { minor: 50000, currency: 'USD' }, arrangedBy: 'Adam Root' })
    expect(text).toContain('approve, up to USD 500.00, comes to you. Alice Chen can still decide as well')
    expect(text).toMatch(/Until: +Dec 14, 2026, that day included/)
    expect(text).toContain('USD 500.00; more than that stays with Alice Chen')
    expect(text).toMatch(/Arranged by: +Adam Root/)
  })

  test('made for later speaks of the day it begins', () => {
    const { text } = render({ turn: 'made' })
    expect(text).toContain('From Dec 1, 2026 on, what Alice Chen is asked to approve comes to you.')
    expect(text).toContain('because you will decide for Alice Chen at TechCorp Solutions.')
    expect(text).not.toContain('wait')
  })

  test('tells the principal what to do where nobody else is named who arranged it', () => {
    const own = { audience: 'principal', manageLink: link } as const
    expect(render(own).text).toContain('Did you not arrange this? Then end it here, and tell your admin.')
    expect(render({ ...own, arrangedBy: 'Adam Root' }).text).not.toContain('Did you not arrange this?')
  })

  test('gives the principal a way to end it', () => {
    const manageLink = 'https://outlay.example/d/token'
    const { text } = render({ audience: 'principal', manageLink })
    expect(text).toContain('This waits for Bob Smith now')
    expect(text).toContain(`Change or end it:\n${manageLink}`)
  })

  test('that has ended gives the principal back what is open, and the delegate nothing to press', () => {
    expect(render({ turn: 'ended', audience: 'principal' }).text).toContain('This waits for you now')
    const { html, text } = render({ turn: 'ended', more: 3 })
    // Not in the preview either.
    expect(html).not.toContain('wait for')
    expect(text).not.toContain('work in your name')
    expect(html).not.toContain('href')
    expect(text).toContain('asked of Alice Chen again. What was decided stays decided.')
    expect(text).toContain('because you decided for Alice Chen at TechCorp Solutions.')
  })
})
