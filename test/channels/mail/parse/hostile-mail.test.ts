import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { deliveryKeyOf, type ParsedMail, parseMail } from '../../../../src/channels/mail/parse/index.ts'
import { readMail } from '../../../../src/channels/mail/parse/read-mail.ts'
import { AppError } from '../../../../src/kernel/errors.ts'
import { composeMail, multipart, pdf, rawMail } from '../../../support/make-mail.ts'

const megabyte = 1024 * 1024

function refusal(raw: Uint8Array, options?: { timeLimitMs: number }): Promise<unknown> {
  return parseMail(raw, options).then(
    () => null,
    (error) => (error instanceof AppError ? { code: error.code, kind: error.kind } : error),
  )
}

function bounded(mail: ParsedMail): boolean {
  return (
    mail.from.length <= 100 &&
    mail.subject.length <= 300 &&
    mail.references.length <= 20 &&
    mail.text.length <= 20_000 &&
    (mail.html ?? '').length <= 500_000 &&
    mail.receipts.length <= 20 &&
    mail.ignored.length <= 51
  )
}

describe('a mail that cannot be read is refused with a reason', () => {
  test.each([
    ['nothing', Buffer.alloc(0), 'mail_unreadable'],
    ['no header', Buffer.from('\r\nhello'), 'mail_unreadable'],
    ['26 MB', Buffer.alloc(26 * megabyte, 'a'), 'mail_too_large'],
    ['a header of 2 MB', rawMail({ headers: { 'X-Large': 'a'.repeat(2 * megabyte) } }), 'mail_too_complex'],
    [
      '1,001 parts',
      rawMail(multipart(Array(1001).fill({ type: 'text/plain', body: 'a' }))),
      'mail_too_complex',
    ],
    [
      'more memory than a mail may need',
      rawMail({ body: Buffer.alloc(24 * megabyte, '>\n') }),
      'mail_too_complex',
    ],
  ])('%s', async (_what, raw, code) => {
    expect(await refusal(raw)).toEqual({ code, kind: 'permanent' })
  })

  test('one that takes too long, and the next one is read', async () => {
    const both = await Promise.all([refusal(rawMail(), { timeLimitMs: 1 }), refusal(rawMail())])
    expect(both).toEqual([{ code: 'mail_too_complex', kind: 'permanent' }, null])
  })
})

describe('a mail whose reading was stopped from outside', () => {
  test.skipIf(process.platform !== 'linux')('is tried again later', async () => {
    const outcome = refusal(rawMail({ body: Buffer.alloc(20 * megabyte, 'a line of text\r\n') }))
    const children = await vi.waitUntil(childProcesses, { interval: 5, timeout: 10_000 })
    for (const child of children) process.kill(child, 'SIGKILL')
    expect(await outcome).toEqual({ code: 'mail_not_read', kind: 'transient' })
  })

  async function childProcesses(): Promise<number[] | false> {
    const list = await readFile(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')
    const children = list.split(' ').filter(Boolean).map(Number)
    return children.length > 0 && children
  }
})

describe('a mail that is hard to read is read', () => {
  test.each([
    ['25 MB of text', rawMail({ body: Buffer.alloc(24 * megabyte, 'a line of text\r\n') })],
    [
      '10,000 headers',
      rawMail({ headers: Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`X-${n}`, 'a'])) }),
    ],
    ['a subject of a megabyte', rawMail({ headers: { Subject: '=?utf-8?Q?a?= '.repeat(70_000) } })],
    ['100,000 recipients', rawMail({ headers: { To: 'a@b.example,'.repeat(80_000) } })],
    ['an address of brackets', rawMail({ headers: { To: '<('.repeat(200_000) } })],
    ['an unknown charset', rawMail({ headers: { 'Content-Type': 'text/plain; charset=klingon' } })],
    [
      'a charset that lies',
      rawMail({ headers: { 'Content-Type': 'text/plain; charset=utf-16' }, body: 'Käse' }),
    ],
    ['an unknown encoding', rawMail({ headers: { 'Content-Transfer-Encoding': 'x-uuencode' } })],
    ['base64 garbage', rawMail({ headers: { 'Content-Transfer-Encoding': 'base64' }, body: '!!!=\0=é' })],
    [
      'no boundary',
      rawMail({ headers: { 'Content-Type': 'multipart/mixed' }, body: '--x\r\n\r\na\r\n--x--' }),
    ],
    ['a boundary that never comes', rawMail({ headers: { 'Content-Type': 'multipart/mixed; boundary=x' } })],
    ['NUL in headers and body', rawMail({ headers: { Subject: 'a\0b', 'X-\0': '\0' }, body: 'a\0b' })],
    ['bare carriage returns', rawMail({ body: 'a\rb\r\rc' })],
    ['no body', Buffer.from('From: alice.chen@techcorp.example')],
  ])('%s', async (_what, raw) => {
    const mail = await parseMail(raw)
    expect(bounded(mail)).toBe(true)
    expect(mail.from).toEqual([expect.objectContaining({ address: 'alice.chen@techcorp.example' })])
    expect(JSON.stringify([mail.subject, mail.text, mail.html])).not.toContain('\\u0000')
  })

  test('a receipt 200 multiparts deep', async () => {
    const levels = Array.from(
      { length: 200 },
      (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`,
    )
    const mail = await parseMail(
      Buffer.from(`From: a@b.example\r\n${levels.join('')}Content-Type: application/pdf\r\n\r\n${pdf}`),
    )
    expect(mail.receipts).toHaveLength(1)
  })

  test('mails within mails within … up to 20, and what lies deeper is named', async () => {
    let raw = await composeMail({ attachments: [{ filename: 'r.pdf', content: pdf }] })
    for (let level = 1; level <= 20; level++) raw = wrapped(raw, level)
    expect((await parseMail(raw)).receipts).toHaveLength(1)
    const deeper = await parseMail(wrapped(raw, 21))
    expect(deeper.receipts).toEqual([])
    expect(deeper.ignored).toEqual([{ name: '1.eml', reason: '1.eml is one forwarded mail too many.' }])
  })

  function wrapped(raw: Buffer, level: number): Buffer {
    const headers = {
      'Content-Type': 'message/rfc822',
      'Content-Disposition': `attachment; filename="${level}.eml"`,
    }
    return rawMail({ headers, body: raw })
  }

  test('a hundred forwarded mails: fifty are opened', async () => {
    const parts = Array.from({ length: 100 }, (_, n) => ({
      type: 'message/rfc822',
      name: `${n}.eml`,
      body: rawMail({ body: `${n}` }),
    }))
    const mail = await parseMail(rawMail(multipart(parts)))
    expect(mail.ignored).toHaveLength(50)
  })

  test('a forwarded mail that is broken does not spoil the receipt beside it', async () => {
    const bomb = `From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\na\r\n'.repeat(1001)}`
    const mail = await parseMail(
      rawMail(
        multipart([
          { type: 'message/rfc822', name: 'bomb.eml', body: bomb },
          { type: 'application/pdf', name: 'r.pdf', body: pdf },
        ]),
      ),
    )
    expect(mail.receipts.map(({ name }) => name)).toEqual(['r.pdf'])
    expect(mail.ignored).toEqual([
      { name: 'bomb.eml', reason: 'bomb.eml is a forwarded mail that cannot be read.' },
    ])
  })
})

describe('any bytes', () => {
  const seeds = fc.constantFrom(
    rawMail(),
    rawMail(
      multipart([
        { type: 'application/pdf', name: 'r.pdf', body: pdf },
        { type: 'text/html', inline: true, body: '<p>a' },
      ]),
    ),
    rawMail(multipart([{ type: 'message/rfc822', name: 'a.eml', body: rawMail() }])),
    rawMail({
      headers: {
        'Content-Type': 'text/plain; charset=iso-2022-jp; format=flowed; delsp=yes',
        Subject: '=?utf-8?B?5pel?=',
      },
    }),
  )
  const bits = [
    '\r\n',
    '\0',
    '=?x?Q?',
    '--frontier',
    '--frontier--',
    ';',
    '"',
    '<',
    'Content-Type: ',
    'From: ',
    '\u202E',
    '=',
    '\xff',
  ]
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.nat(40),
    put: fc.constantFrom('', ...bits),
  })
  const changes = fc.array(change, { minLength: 1, maxLength: 6 })
  const mutated = fc.tuple(seeds, changes).map(([seed, changes]) => mutate(seed, changes))
  const anything = fc.oneof(mutated, fc.uint8Array({ maxLength: 3000 }))

  test('end as a mail within the limits or as an error for people', async () => {
    await fc.assert(
      fc.asyncProperty(anything, async (bytes) => {
        const outcome = await parseMail(bytes).catch((error) => error)
        expect(outcome instanceof AppError ? outcome.kind === 'permanent' : bounded(outcome)).toBe(true)
      }),
      { numRuns: 15 },
    )
  }, 120_000)

  test('never leave the reading hanging', async () => {
    await fc.assert(
      fc.asyncProperty(anything, async (bytes) => {
        const outcome = await readMail(Buffer.from(bytes)).catch((error) => error)
        expect(outcome).toBeDefined()
      }),
      { numRuns: 500 },
    )
  }, 120_000)

  test('are read the same when their keys are the same, whatever happens to the headers of servers', async () => {
    const said = async (bytes: Uint8Array) => {
      const { from, subject, messageId, dateHeader, text, html } = await readMail(Buffer.from(bytes))
      return JSON.stringify([from, subject, messageId, dateHeader, text, html])
    }
    const received =
      'Received: from a.example (a.example [192.0.2.1])\r\n\tby b.example; Fri, 20 Nov 2026 09:30:01 +0000\r\n'
    const same = fc
      .tuple(seeds, changes)
      .map(
        ([seed, changes]) =>
          [seed, Buffer.concat([mutate(Buffer.from(received.repeat(3)), changes), seed])] as const,
      )
      .filter(([seed, travelled]) => deliveryKeyOf(travelled) === deliveryKeyOf(seed))
    await fc.assert(
      fc.asyncProperty(same, async ([seed, travelled]) => {
        expect(await said(travelled)).toBe(await said(seed))
      }),
      { numRuns: 300 },
    )
  }, 120_000)
})

interface Change {
  at: number
  cut: number
  put: string
}

function mutate(seed: Buffer, changes: Change[]): Buffer {
  return changes.reduce((raw, { at, cut, put }) => {
    const start = Math.floor(at * raw.length)
    return Buffer.concat([raw.subarray(0, start), Buffer.from(put, 'latin1'), raw.subarray(start + cut)])
  }, seed)
}
