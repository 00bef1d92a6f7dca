import { describe, expect, test } from 'vitest'
import { parseMail } from '../../../../src/channels/mail/parse/index.ts'
import {
  composeMail,
  flatPicture,
  intake,
  movingGif,
  multipart,
  type Part,
  pdf,
  picture,
  rawMail,
} from '../../../support/make-mail.ts'

const photo = await picture()

function mailOf(parts: Part[]) {
  return parseMail(rawMail(multipart(parts)))
}

function names(files: { name: string }[]): string[] {
  return files.map((file) => file.name)
}

describe('who, when and what', () => {
  test('reads an ordinary mail with its receipt', async () => {
    const mail = await parseMail(
      await composeMail({
        cc: 'Bob <bob.smith@techcorp.example>, carol.johnson@techcorp.example',
        subject: 'Büro: 3 Stühle €',
        inReplyTo: '<earlier@techcorp.example>',
        references: ['<first@techcorp.example>', '<earlier@techcorp.example>'],
        attachments: [{ filename: 'Quittung März.jpg', content: photo }],
      }),
    )
    expect(mail).toMatchObject({
      from: [{ address: 'alice.chen@techcorp.example', name: 'Alice Chen' }],
      to: [intake],
      cc: ['bob.smith@techcorp.example', 'carol.johnson@techcorp.example'],
      subject: 'Büro: 3 Stühle €',
      messageId: '<one@techcorp.example>',
      inReplyTo: '<earlier@techcorp.example>',
      references: ['<first@techcorp.example>', '<earlier@techcorp.example>'],
      date: new Date('2026-11-20T09:30:00Z'),
      automatic: null,
      text: 'Please find my receipt attached.',
      html: null,
      ignored: [],
    })
    expect(mail.receipts).toEqual([{ name: 'Quittung März.jpg', inline: false, bytes: photo }])
  })

  test.each([
    ['a missing date', null],
    ['nonsense', 'last Tuesday 13'],
    ['a day that does not exist', 'Tue, 31 Feb 2026 10:00:00 +0000'],
    ['half a date', '20 Nov'],
  ])('does not take %s for now or for any other time', async (_what, date) => {
    expect((await parseMail(rawMail({ headers: { Date: date } }))).date).toBeNull()
  })

  test('reads a date with a comment and another zone', async () => {
    const mail = await parseMail(rawMail({ headers: { Date: 'Fri, 20 Nov 2026 23:30:00 -0500 (EST)' } }))
    expect(mail.date).toEqual(new Date('2026-11-21T04:30:00Z'))
  })

  test('shows all senders of all From headers', async () => {
    const mail = await parseMail(
      rawMail({
        before: ['From: CEO <ceo@techcorp.example>, x@y.example'],
        headers: { From: 'Mallory <m@evil.example>' },
      }),
    )
    expect(mail.from.map((sender) => sender.address)).toEqual([
      'ceo@techcorp.example',
      'x@y.example',
      'm@evil.example',
    ])
  })

  test('never finds an address inside an encoded name', async () => {
    const name = Buffer.from('CEO <ceo@techcorp.example>').toString('base64')
    const hidden = await parseMail(rawMail({ headers: { From: `=?utf-8?B?${name}?=` } }))
    const beside = await parseMail(rawMail({ headers: { From: `=?utf-8?B?${name}?= <m@evil.example>` } }))
    expect(hidden.from).toEqual([])
    expect(beside.from).toEqual([{ address: 'm@evil.example', name: 'CEO <ceo@techcorp.example>' }])
  })

  test('keeps a subject on one line, in its own direction and within 300 characters', async () => {
    const wild = Buffer.from(`Taxi\r\nBcc: x@y.example\u202Egpj\0${'🚕'.repeat(400)}`).toString('base64')
    const { subject } = await parseMail(rawMail({ headers: { Subject: `=?utf-8?B?${wild}?=` } }))
    expect(subject.startsWith('Taxi Bcc: x@y.examplegpj 🚕')).toBe(true)
    expect(subject.length).toBeLessThanOrEqual(300)
    expect(subject.isWellFormed()).toBe(true)
  })

  test('reads headers in raw UTF-8 and in raw Latin-1', async () => {
    const utf8 = rawMail({ headers: { Subject: 'Käse 5 €' } })
    const latin1 = Buffer.from(
      rawMail({ headers: { Subject: 'Kaese' } })
        .toString('latin1')
        .replace('Kaese', 'K\xe4se'),
      'latin1',
    )
    expect((await parseMail(utf8)).subject).toBe('Käse 5 €')
    expect((await parseMail(latin1)).from).toHaveLength(1)
  })

  test.each([
    ['no angle brackets', 'one@techcorp.example'],
    ['a line break within', '<one\r\n two@techcorp.example>'],
    ['endless', `<${'a'.repeat(2000)}@techcorp.example>`],
  ])('drops a message id with %s, which no answer could name', async (_what, id) => {
    expect((await parseMail(rawMail({ headers: { 'Message-ID': id } }))).messageId).toBeNull()
  })

  test('keeps the latest 20 references', async () => {
    const ids = Array.from({ length: 300 }, (_, index) => `<${index}@techcorp.example>`)
    const { references } = await parseMail(rawMail({ headers: { References: ids.join('\r\n ') } }))
    expect(references).toEqual(ids.slice(-20))
  })
})

describe('what must never be answered', () => {
  test.each([
    ['a vacation reply', { 'Auto-Submitted': 'auto-replied (vacation)' }, 'auto_reply'],
    ['an old vacation reply', { Precedence: 'auto_reply' }, 'auto_reply'],
    ['an autoresponder', { 'X-Autoreply': 'yes' }, 'auto_reply'],
    ['a machine', { 'Auto-Submitted': 'auto-generated' }, 'auto_submitted'],
    ['a notice of Exchange', { 'X-Auto-Response-Suppress': 'DR, OOF, AutoReply' }, 'auto_submitted'],
    ['a bounce', { 'Return-Path': '<>' }, 'auto_submitted'],
    [
      'a delivery report',
      { 'Content-Type': 'multipart/report; report-type=delivery-status; boundary=b' },
      'auto_submitted',
    ],
    ['the mailer daemon', { From: 'MAILER-DAEMON@mx.example' }, 'auto_submitted'],
    ['a mailing list', { 'List-Id': '<all.techcorp.example>' }, 'list'],
    ['an old mailing list', { Precedence: 'list' }, 'list'],
    ['a newsletter', { 'List-Unsubscribe': '<https://shop.example/u>' }, 'bulk'],
    ['bulk mail', { Precedence: 'bulk' }, 'bulk'],
  ])('recognises %s', async (_what, headers, automatic) => {
    expect((await parseMail(rawMail({ headers }))).automatic).toBe(automatic)
  })

  test('takes a person for a person', async () => {
    const headers = { 'Auto-Submitted': 'no', 'Return-Path': '<alice.chen@techcorp.example>' }
    expect((await parseMail(rawMail({ headers }))).automatic).toBeNull()
  })
})

describe('receipts', () => {
  test('finds a photo that a telephone put between two texts', async () => {
    const mail = await mailOf([
      { type: 'text/plain', inline: true, body: 'Lunch' },
      { type: 'image/jpeg', name: 'IMG_0001.jpg', inline: true, body: photo },
      { type: 'text/plain', inline: true, body: 'with Bob' },
    ])
    expect(mail.receipts.map(({ name, inline }) => ({ name, inline }))).toEqual([
      { name: 'IMG_0001.jpg', inline: true },
    ])
    expect(mail.text).toBe('Lunch\nwith Bob')
  })

  test('goes by content: a PDF called .doc counts, a program called .pdf does not', async () => {
    const mail = await mailOf([
      { type: 'application/msword', name: 'invoice.doc', body: pdf },
      { type: 'application/pdf', name: 'receipt.pdf', body: 'MZ\x90\0 this program' },
    ])
    expect(names(mail.receipts)).toEqual(['invoice.doc'])
    expect(mail.ignored).toEqual([
      {
        name: 'receipt.pdf',
        reason: 'receipt.pdf is not a picture or PDF, so I cannot read it as a receipt.',
      },
    ])
  })

  test('finds receipts in forwarded mails, also in mails within mails', async () => {
    const inner = await composeMail({
      subject: 'inner',
      attachments: [{ filename: 'inner.pdf', content: pdf }],
    })
    const middle = await composeMail({
      subject: 'middle',
      attachments: [
        { filename: 'inner.eml', content: inner },
        { filename: 'middle.jpg', content: photo },
      ],
    })
    const mail = await parseMail(
      await composeMail({
        attachments: [{ filename: 'Fwd.eml', content: middle, contentType: 'message/rfc822' }],
      }),
    )
    expect(names(mail.receipts)).toEqual(['inner.pdf', 'middle.jpg'])
    expect(mail.text).toBe('Please find my receipt attached.')
    expect(mail.ignored).toEqual([])
  })

  test('shows the HTML of a forwarded shop mail instead of the covering note', async () => {
    const shop = await composeMail({
      from: 'shop@shop.example',
      html: '<h1>Order 4711</h1><p>Total EUR 59.90</p>',
    })
    const mail = await parseMail(
      await composeMail({
        html: '<p>see attached</p>',
        attachments: [{ filename: 'order.eml', content: shop }],
      }),
    )
    expect(mail.html).toContain('Total EUR 59.90')
    expect(mail.from[0]?.address).toBe('alice.chen@techcorp.example')
  })

  test('asks for a second forwarded shop mail by itself', async () => {
    const shop = await composeMail({ html: '<p>Total EUR 59.90</p>' })
    const other = await composeMail({ html: '<p>Total EUR 12.00</p>' })
    const mail = await parseMail(
      await composeMail({
        attachments: [
          { filename: 'a.eml', content: shop },
          { filename: 'b.eml', content: other },
        ],
      }),
    )
    expect(mail.ignored).toEqual([
      {
        name: 'b.eml',
        reason: 'b.eml is a further forwarded mail without a file. Please forward it by itself.',
      },
    ])
  })

  test('takes the same file once', async () => {
    const mail = await mailOf([
      { type: 'image/jpeg', name: 'a.jpg', inline: true, body: photo },
      { type: 'image/jpeg', name: 'b.jpg', body: photo },
    ])
    expect(names(mail.receipts)).toEqual(['a.jpg'])
  })

  test('takes 20 receipts and names the others', async () => {
    const parts = Array.from({ length: 23 }, (_, index) => ({
      type: 'application/pdf',
      name: `${index}.pdf`,
      body: `${pdf} ${index}`,
    }))
    const mail = await mailOf(parts)
    expect(mail.receipts).toHaveLength(20)
    expect(mail.ignored.map(({ reason }) => reason)).toEqual(
      ['20.pdf', '21.pdf', '22.pdf'].map(
        (name) => `${name} is one more than the 20 receipts I take from a mail.`,
      ),
    )
  })

  test.each([
    ['../../../etc/cron.d/x.pdf', 'x.pdf'],
    ['C:\\Users\\alice\\r.pdf', 'r.pdf'],
    ['receipt\u202Egpj.pdf', 'receiptgpj.pdf'],
    ['r\u0000.pdf', 'r.pdf'],
    ['', 'attachment'],
  ])('shows %j as a harmless name', async (name, shown) => {
    const encoded = `=?utf-8?B?${Buffer.from(name).toString('base64')}?=`
    const mail = await mailOf([{ type: 'application/pdf', name: name && encoded, body: pdf }])
    expect(names(mail.receipts)).toEqual([shown])
  })

  test('shortens a name of 10,000 letters', async () => {
    const mail = await mailOf([{ type: 'application/pdf', name: `${'a'.repeat(10_000)}.pdf`, body: pdf }])
    expect(mail.receipts[0]?.name.length).toBeLessThanOrEqual(80)
    expect(mail.receipts[0]?.name.endsWith('.pdf')).toBe(true)
  })
})

describe('what is sent along and is no receipt', () => {
  test('tells the small pictures of a signature from a photo', async () => {
    const mail = await parseMail(
      await composeMail({
        html: '<img src="cid:logo"><img src="cid:dot"><img src="cid:banner"><img src="cid:photo">',
        attachments: [
          { filename: 'logo.png', cid: 'logo', content: await flatPicture(80, 80) },
          { filename: 'dot.png', cid: 'dot', content: await flatPicture(1, 1) },
          { filename: 'banner.jpg', cid: 'banner', content: await picture(600, 150) },
          { filename: 'flat.png', cid: 'flat', content: await flatPicture(400, 300) },
          { filename: 'wave.gif', cid: 'wave', content: await movingGif(200, 200) },
          { filename: 'photo.jpg', cid: 'photo', content: photo },
        ],
      }),
    )
    expect(mail.receipts.map(({ name, inline }) => ({ name, inline }))).toEqual([
      { name: 'photo.jpg', inline: true },
    ])
    expect(mail.ignored.map(({ reason }) => reason)).toEqual([
      'logo.png is a small picture (80 × 80 pixels), probably of a signature.',
      'dot.png is an invisible picture that tells whether a mail was opened.',
      'banner.jpg is a wide banner, probably of a signature.',
      'flat.png is a small picture, probably of a signature.',
      'wave.gif is a moving picture, not a receipt.',
    ])
  })

  test('keeps a light picture that was attached on purpose, and a damaged one', async () => {
    const mail = await mailOf([
      { type: 'image/png', name: 'screenshot.png', body: await flatPicture(400, 800) },
      { type: 'image/jpeg', name: 'damaged.jpg', body: photo.subarray(0, 300) },
    ])
    expect(names(mail.receipts)).toEqual(['screenshot.png', 'damaged.jpg'])
  })

  test.each([
    [
      'contract.docx',
      'application/vnd.openxmlformats',
      'is not a picture or PDF, so I cannot read it as a receipt.',
    ],
    ['invite.ics', 'text/calendar', 'is a calendar entry, not a receipt.'],
    ['alice.vcf', 'text/vcard', 'is a business card, not a receipt.'],
    ['smime.p7s', 'application/pkcs7-signature', 'is a signature of the mail, not a receipt.'],
    ['smime.p7m', 'application/pkcs7-mime', 'is encrypted, so I cannot open it.'],
    ['all.zip', 'application/zip', 'is an archive. Please send the files in it as attachments.'],
    [
      'mail.msg',
      'application/vnd.ms-outlook',
      'is in Outlook’s own format, which I cannot open. Please forward that mail instead.',
    ],
    [
      'winmail.dat',
      'application/ms-tnef',
      'is in Outlook’s own format, which I cannot open. Please send the files as attachments.',
    ],
    ['nothing.pdf', 'application/pdf', 'is empty.'],
  ])('says what %s is', async (name, type, reason) => {
    const mail = await mailOf([{ type, name, body: reason === 'is empty.' ? '' : 'BEGIN' }])
    expect(mail.receipts).toEqual([])
    expect(mail.ignored).toEqual([{ name, reason: `${name} ${reason}` }])
  })

  test('does not tell the sender a thousand things', async () => {
    const parts = Array.from({ length: 300 }, (_, index) => ({
      type: 'text/csv',
      name: `${index}.csv`,
      body: `${index}`,
    }))
    const { ignored } = await mailOf(parts)
    expect(ignored).toHaveLength(51)
    expect(ignored.at(-1)?.reason).toBe('250 more files are not receipts either.')
  })
})
