import { describe, expect, test } from 'vitest'
import { trustedPeers } from '../../../../src/channels/mail/intake/trusted-peers.ts'

describe('trusted SMTP peers', () => {
  test.each([
    ['127.0.0.1', '127.0.0.1', true],
    ['127.0.0.1', '::ffff:127.0.0.1', true],
    ['127.0.0.1', '127.0.0.2', false],
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '::FFFF:10.1.2.3', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['0.0.0.0/0', '8.8.8.8', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['::1', '::1', true],
    ['::1', '127.0.0.1', false],
    ['fd00::/8', 'fd12:3456::1', true],
    ['fe80::/10', 'fe80::1%eth0', true],
    ['fd00::/8', 'fe80::1', false],
    ['127.0.0.1', '', false],
    ['127.0.0.1', 'localhost', false],
  ])('entry %s, peer %s: %s', (entry, peer, trusted) => {
    expect(trustedPeers([entry])(peer)).toBe(trusted)
  })

  test('nobody is trusted without an entry', () => {
    expect(trustedPeers([])('127.0.0.1')).toBe(false)
  })

  test.each([
    'localhost',
    '',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
    '::1/129',
    '10.0.0',
  ])('entry "%s" stops the start', (entry) => {
    expect(() => trustedPeers(['::1', entry])).toThrow(
      expect.objectContaining({ code: 'mail_peer_invalid', message: expect.stringContaining(`"${entry}"`) }),
    )
  })
})
