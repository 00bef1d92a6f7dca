import { expect, test } from 'vitest'
import { renderAuthenticatorMail } from '../../../templates/email/authenticator-mail.ts'

const company = { name: 'TechCorp <Solutions>', timeZone: 'America/New_York', locale: 'en-US' }
const at = new Date('2026-11-20T15:00:00Z')

test.each([
  ['added', 'You have an authenticator app now', 'come from the app that an admin set up with you'],
  ['removed', 'Your authenticator app was removed', 'by mail when you decide in Slack'],
] as const)(
  '%s: says what holds from now on, since when, and what to do if one knows nothing of it',
  (change, subject, what) => {
    const mail = renderAuthenticatorMail({ company, change, at })
    expect(mail.subject).toBe(subject)
    const text = mail.text.replace(/\s+/g, ' ')
    expect(text).toContain(what)
    expect(text).toContain('Nov 20, 2026, 10:00 AM EST')
    expect(text).toContain('tell your admin at once')
    expect(mail.html).not.toMatch(/<Solutions>|<(a|img|script) /)
  },
)
