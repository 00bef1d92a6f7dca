import { describe, expect, test } from 'vitest'
import { parseImapUrl } from '../../../../src/channels/mail/intake/imap-url.ts'

describe('IMAP_URL', () => {
  test('credentials and mailbox are percent-decoded, and the label holds no password', () => {
    const address = parseImapUrl(
      'imaps://grace%40example.test:p%40s%2Fs%25%3F%23@mail.example.test/Shared/Aus%C3%A7a%2Fgen',
    )
    expect(address).toEqual({
      host: 'mail.example.test',
      port: 993,
      secure: true,
      startTls: undefined,
      user: 'grace@example.test',
      password: 'p@s/s%?#',
      path: ['Shared', 'Ausça/gen'],
      label: 'grace@example.test@mail.example.test/Shared/Ausça/gen',
    })
  })

  test.each([
    ['imap://u:p@[::1]:1143', { host: '::1', port: 1143, secure: false, path: ['INBOX'] }],
    ['imap://u:p@mail/', { host: 'mail', port: 143, path: ['INBOX'] }],
    ['imap://u:p@mail/INBOX?tls=required', { startTls: true }],
    ['imap://u:p@mail/INBOX?tls=off', { startTls: false }],
  ])('%s is understood', (url, expected) => {
    expect(parseImapUrl(url)).toMatchObject(expected)
  })

  test.each([
    'secret',
    'https://u:secret@mail/INBOX',
    'imaps://mail/INBOX',
    'imaps://u@mail/secret',
    'imaps://u:sec%ret@mail/INBOX',
    'imaps://u:secret@mail:port/INBOX',
    'imaps://u:secret@/INBOX',
    'imaps://u:secret@mail/INBOX?tls=maybe',
    'imaps://u:secret@mail/INBOX?ssl=1',
  ])('%s is refused, without showing it', (url) => {
    let thrown: unknown
    try {
      parseImapUrl(url)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({
      code: 'imap_url_invalid',
      kind: 'user',
      message: expect.stringMatching(/^IMAP_URL /),
    })
    expect(String(thrown)).not.toMatch(/sec/)
  })
})
