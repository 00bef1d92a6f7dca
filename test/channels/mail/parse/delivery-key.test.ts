import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deliveryKeyOf } from '../../../../src/channels/mail/parse/index.ts'
import { composeMail, rawMail } from '../../../support/make-mail.ts'

const raw = await composeMail({ attachments: [{ filename: 'r.pdf', content: '%PDF-1.4' }] })
const key = deliveryKeyOf(raw)

/** What servers put above a mail on its way. */
const trace = [
  'Return-Path: <alice.chen@techcorp.example>',
  'Delivered-To: expenses@techcorp.example',
  'X-Original-To: expenses@techcorp.example',
  'Envelope-To: expenses@techcorp.example',
  'Received: from a.example by b.example;\r\n\tFri, 20 Nov 2026 09:30:01 +0000',
  'Authentication-Results: mx.techcorp.example; dkim=pass header.d=techcorp.example',
  'Received-SPF: pass (mx.techcorp.example: domain of a@b)',
  'ARC-Seal: i=1; a=rsa-sha256; t=1700000000; cv=none; b=abc',
  'ARC-Message-Signature: i=1; b=abc',
  'ARC-Authentication-Results: i=1; mx.google.com; dkim=pass',
  'DKIM-Signature: v=1; a=rsa-sha256; t=1700000000; b=abc',
  'X-Spam-Status: No, score=-1.2',
  'X-Google-Smtp-Source: AGHT',
  'X-MS-Exchange-Organization-SCL: 1',
  'X-Some-Gateway-Of-Tomorrow: seen',
]

describe('the key of a delivery', () => {
  test('is a SHA-256 in hexadecimal', () => {
    expect(key).toMatch(/^[0-9a-f]{64}$/)
  })

  test('stays the same whatever servers add, in any order and number', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...trace), { maxLength: 40 }), (added) => {
        expect(
          deliveryKeyOf(Buffer.concat([Buffer.from(added.map((line) => `${line}\r\n`).join('')), raw])),
        ).toBe(key)
      }),
    )
  })

  test.each([
    ['line ends', (text: string) => text.replaceAll('\r\n', '\n')],
    ['empty lines at the end', (text: string) => `${text}\r\n\r\n`],
    ['folding', (text: string) => text.replace('To: expenses@', 'To:\r\n  expenses@')],
    ['case of header names', (text: string) => text.replace('Subject:', 'SUBJECT:')],
    ['order of headers', (text: string) => text.replace(/(From: .*\r\n)(To: .*\r\n)/, '$2$1')],
  ])('does not depend on %s', (_what, change) => {
    const changed = change(raw.toString('latin1'))
    expect(changed).not.toBe(raw.toString('latin1'))
    expect(deliveryKeyOf(Buffer.from(changed, 'latin1'))).toBe(key)
  })

  test.each([
    ['sender', { From: 'bob.smith@techcorp.example' }],
    ['subject', { Subject: 'Receipt 2' }],
    ['date', { Date: 'Fri, 20 Nov 2026 09:30:01 +0000' }],
    ['message id', { 'Message-ID': '<two@techcorp.example>' }],
    ['recipients', { To: 'others@techcorp.example' }],
    ['type of content', { 'Content-Type': 'text/html' }],
  ])('changes with the %s', (_what, headers) => {
    expect(deliveryKeyOf(rawMail({ headers }))).not.toBe(deliveryKeyOf(rawMail()))
  })

  test('changes with a second sender', () => {
    expect(deliveryKeyOf(rawMail({ before: ['From: bob.smith@techcorp.example'] }))).not.toBe(
      deliveryKeyOf(rawMail()),
    )
  })

  test('changes with any byte of the body that is not a line end', () => {
    const bodyStart = raw.indexOf('\r\n\r\n') + 4
    fc.assert(
      fc.property(
        fc.integer({ min: bodyStart, max: raw.length - 3 }),
        fc.integer({ min: 32, max: 255 }),
        (at, byte) => {
          fc.pre(raw[at] !== byte && raw[at] !== 13 && raw[at] !== 10)
          const changed = Buffer.from(raw)
          changed[at] = byte
          expect(deliveryKeyOf(changed)).not.toBe(key)
        },
      ),
    )
  })

  test('does not let a line move between headers and body', () => {
    const header = rawMail({ headers: { Subject: 'a' }, body: 'Cc: x@y.example\r\n\r\nb' })
    const body = rawMail({ headers: { Subject: 'a', Cc: 'x@y.example' }, body: 'b' })
    expect(deliveryKeyOf(header)).not.toBe(deliveryKeyOf(body))
  })

  test('exists for anything', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        expect(deliveryKeyOf(bytes)).toMatch(/^[0-9a-f]{64}$/)
      }),
    )
  })
})
