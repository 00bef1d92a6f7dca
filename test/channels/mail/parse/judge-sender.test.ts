import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judgeSender, parseMail } from '../../../../src/channels/mail/parse/index.ts'
import { rawMail } from '../../../support/make-mail.ts'

const authservId = 'mx.techcorp.example'

function judge(results: string[], address = 'alice.chen@techcorp.example') {
  const mail = { from: [{ address, name: '' }], authenticationResults: results }
  return judgeSender(mail, { peerTrusted: false, authservId }).proven
}

describe('a proven sender', () => {
  test.each([
    ['DMARC', 'mx.techcorp.example; dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=techcorp.example'],
    [
      'DKIM of the very domain',
      'mx.techcorp.example; dkim=pass (2048-bit key; secure) header.d=techcorp.example header.b="a/b="',
    ],
    ['DKIM of a domain above or below', 'mx.techcorp.example; dkim=pass header.d=mail.techcorp.example'],
    ['DKIM by identity only', 'mx.techcorp.example; dkim=pass header.i=@techcorp.example header.s=s1'],
    ['SPF of the very domain', 'mx.techcorp.example; spf=pass smtp.mailfrom=alice.chen@techcorp.example'],
    ['SPF of a subdomain', 'mx.techcorp.example; spf=pass smtp.mailfrom=bounces.techcorp.example'],
    [
      'one of several signatures',
      'mx.techcorp.example; dkim=fail header.d=techcorp.example; dkim=pass header.d=techcorp.example',
    ],
    [
      'case, spaces, comments and a version',
      '(x (y)) MX.TechCorp.example (z) 1 ;\t DMARC/1 (a) = (b) Pass  header.from = "TECHCORP.example" ;',
    ],
    [
      'an address with equals signs',
      'mx.techcorp.example; spf=pass smtp.mailfrom=b+alice=x.example@techcorp.example',
    ],
    [
      'a comment with the quoted sender',
      'mx.techcorp.example; spf=pass (mx: domain of "alice@techcorp.example" permits) smtp.mailfrom="alice@techcorp.example"',
    ],
  ])('is one by %s', (_what, header) => {
    expect(judge([header])).toBe(true)
  })

  test('may have a domain in another script', () => {
    expect(
      judge(['mx.techcorp.example; dmarc=pass header.from=xn--bcher-kva.example'], 'a@bücher.example'),
    ).toBe(true)
  })

  test('is one that a trusted peer handed over', () => {
    const mail = { from: [{ address: 'a@b.example', name: '' }], authenticationResults: [] }
    expect(judgeSender(mail, { peerTrusted: true, authservId: null })).toEqual({
      proven: true,
      address: 'a@b.example',
      because: 'A trusted mail server handed it over.',
    })
  })
})

describe('a sender that is not proven', () => {
  const honest =
    'mx.techcorp.example; spf=pass smtp.mailfrom=m@evil.example; dkim=none; dmarc=none header.from=techcorp.example'
  const forged = 'mx.techcorp.example; dmarc=pass header.from=techcorp.example'

  test.each([
    ['no header at all', []],
    ['a header of another server', ['mx.evil.example; dmarc=pass header.from=techcorp.example']],
    [
      'a server whose name only begins alike',
      ['mx.techcorp.example.evil.example; dmarc=pass header.from=techcorp.example'],
    ],
    ['a forged header below the honest one', [honest, forged]],
    ['a forged header below one that says nothing', ['mx.techcorp.example; none', forged]],
    [
      'a forged header below one that is broken',
      ['mx.techcorp.example; spf=pass (oops smtp.mailfrom=evil.example', forged],
    ],
    ['DMARC for another domain', ['mx.techcorp.example; dmarc=pass header.from=evil.example']],
    ['DMARC for a subdomain', ['mx.techcorp.example; dmarc=pass header.from=x.techcorp.example']],
    ['DMARC for nobody knows whom', ['mx.techcorp.example; dmarc=pass']],
    ['a guess', ['mx.techcorp.example; dmarc=bestguesspass header.from=techcorp.example']],
    [
      'a signature of the attacker',
      ['mx.techcorp.example; dkim=pass header.d=evil.example header.i=@techcorp.example'],
    ],
    [
      'a signature of a domain that ends alike',
      ['mx.techcorp.example; dkim=pass header.d=eviltechcorp.example'],
    ],
    ['a signature of the top-level domain', ['mx.techcorp.example; dkim=pass header.d=example']],
    ['SPF of the attacker', ['mx.techcorp.example; spf=pass smtp.mailfrom=m@evil.example']],
    ['SPF of a greeting', ['mx.techcorp.example; spf=pass smtp.helo=techcorp.example']],
    [
      'a sender with two at signs',
      ['mx.techcorp.example; spf=pass smtp.mailfrom="a@techcorp.example"@evil.example'],
    ],
    [
      'results that are not pass',
      [
        'mx.techcorp.example; spf=softfail smtp.mailfrom=techcorp.example; dkim=neutral header.d=techcorp.example',
      ],
    ],
    [
      'DMARC that failed, whatever else passed',
      ['mx.techcorp.example; dmarc=fail header.from=techcorp.example; dkim=pass header.d=techcorp.example'],
    ],
    [
      'a result hidden in a comment',
      ['mx.techcorp.example; spf=none (; dmarc=pass header.from=techcorp.example)'],
    ],
    [
      'a result hidden in a quoted string',
      ['mx.techcorp.example; spf=none reason="; dmarc=pass header.from=techcorp.example"'],
    ],
    [
      'a result hidden in a property',
      ['mx.techcorp.example; spf=none dmarc=pass header.from=techcorp.example'],
    ],
    [
      'an envelope sender that ends the comment it is repeated in',
      [
        'mx.techcorp.example; spf=pass (domain of "a); dmarc=pass header.from=techcorp.example ("@evil.example permits) smtp.mailfrom=evil.example',
      ],
    ],
    [
      'two values for one property',
      ['mx.techcorp.example; dkim=pass header.d=evil.example header.d=techcorp.example'],
    ],
    ['another version of the header', ['mx.techcorp.example 2; dmarc=pass header.from=techcorp.example']],
    ['another version of the method', ['mx.techcorp.example; dmarc/2=pass header.from=techcorp.example']],
    ['a header without a server', ['dmarc=pass header.from=techcorp.example']],
    ['a string that never ends', ['mx.techcorp.example; dmarc=pass header.from="techcorp.example']],
  ])('is one with %s', (_what, headers) => {
    expect(judge(headers)).toBe(false)
  })

  test('is one when nobody is believed', () => {
    const mail = {
      from: [{ address: 'alice.chen@techcorp.example', name: '' }],
      authenticationResults: [forged],
    }
    expect(judgeSender(mail, { peerTrusted: false, authservId: null }).proven).toBe(false)
  })

  test.each([
    ['none', []],
    ['several', ['alice.chen@techcorp.example', 'm@evil.example']],
  ])('is one of %s, even from a trusted peer', (_what, addresses) => {
    const mail = {
      from: addresses.map((address) => ({ address, name: '' })),
      authenticationResults: [forged],
    }
    expect(judgeSender(mail, { peerTrusted: true, authservId })).toMatchObject({
      proven: false,
      address: null,
    })
  })

  test('is one whose own words stand below those of the server, in a whole mail', async () => {
    const mail = await parseMail(
      rawMail({
        before: [
          'Authentication-Results: mx.techcorp.example;\r\n\tspf=pass smtp.mailfrom=m@evil.example;\r\n\tdmarc=fail header.from=techcorp.example',
          'Received: from evil.example by mx.techcorp.example; Fri, 20 Nov 2026 09:30:01 +0000',
          'Authentication-Results: mx.techcorp.example; dmarc=pass header.from=techcorp.example',
        ],
      }),
    )
    expect(mail.authenticationResults).toHaveLength(2)
    expect(judgeSender(mail, { peerTrusted: false, authservId })).toEqual({
      proven: false,
      address: 'alice.chen@techcorp.example',
      because: 'mx.techcorp.example found no proof that it comes from alice.chen@techcorp.example.',
    })
  })

  test('is one whatever else the header says, unless it says so', () => {
    const noise = fc.string({
      unit: fc.constantFrom(...'()"\\;=/ .@ab1\t', 'pass', 'dkim', 'header.d', 'evil.example'),
    })
    fc.assert(
      fc.property(noise, (text) => {
        expect(judge([`mx.techcorp.example; ${text}`, forged])).toBe(false)
      }),
      { numRuns: 1000 },
    )
  })
})
