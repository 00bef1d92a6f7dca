import { Buffer } from 'node:buffer'
import MailComposer, { type Options } from 'nodemailer/lib/mail-composer'
import sharp from 'sharp'

export const alice = 'Alice Chen <alice.chen@techcorp.example>'
export const intake = 'expenses@techcorp.example'

/** A mail as mail programs write it. */
export function composeMail(options: Options = {}): Promise<Buffer> {
  return new MailComposer({
    from: alice,
    to: intake,
    subject: 'Receipt',
    date: new Date('2026-11-20T09:30:00Z'),
    messageId: '<one@techcorp.example>',
    text: 'Please find my receipt attached.',
    ...options,
  })
    .compile()
    .build()
}

const usualHeaders: Record<string, string> = {
  From: alice,
  To: intake,
  Subject: 'Receipt',
  Date: 'Fri, 20 Nov 2026 09:30:00 +0000',
  'Message-ID': '<one@techcorp.example>',
}

/** A mail by hand, for what no mail program writes. A header of `null` is left out; `before` comes first. */
export function rawMail(
  mail: { headers?: Record<string, string | null>; before?: string[]; body?: string | Buffer } = {},
): Buffer {
  const headers = Object.entries({ ...usualHeaders, ...mail.headers })
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}: ${value}`)
  const head = [...(mail.before ?? []), ...headers].join('\r\n')
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`), Buffer.from(mail.body ?? 'Taxi EUR 23.50\r\n')])
}

/** One part of a multipart mail. */
export interface Part {
  type: string
  name?: string
  inline?: boolean
  body: string | Buffer
}

/** A multipart body by hand, its parts in base64, with the header that it needs. */
export function multipart(
  parts: Part[],
  boundary = 'frontier',
): { headers: Record<string, string>; body: string } {
  const written = parts.map(({ type, name, inline, body }) => {
    const disposition = name === undefined ? '' : `; filename="${name}"`
    return [
      `--${boundary}`,
      `Content-Type: ${type}`,
      `Content-Disposition: ${inline ? 'inline' : 'attachment'}${disposition}`,
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from(body).toString('base64').replace(/.{76}/g, '$&\r\n'),
    ].join('\r\n')
  })
  return {
    headers: { 'Content-Type': `multipart/mixed; boundary="${boundary}"` },
    body: `${written.join('\r\n')}\r\n--${boundary}--\r\n`,
  }
}

/** A picture without anything to see, which is as large as a photographed one: noise does not compress. */
export function picture(
  width = 600,
  height = 900,
  format: 'jpeg' | 'png' | 'webp' = 'jpeg',
): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const
  return sharp({ create: { width, height, channels: 3, background: '#fff', noise } })
    .toFormat(format)
    .toBuffer()
}

/** A picture of one colour: a few hundred bytes, whatever its size. */
export function flatPicture(width: number, height: number): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: '#39c' } })
    .png()
    .toBuffer()
}

export async function movingGif(width: number, height: number): Promise<Buffer> {
  const raw = Buffer.alloc(width * height * 2 * 3, 255)
  raw.fill(0, raw.length / 2)
  return sharp(raw, { raw: { width, height: height * 2, channels: 3, pageHeight: height } })
    .gif({ delay: [100, 100] })
    .toBuffer()
}

export const pdf = Buffer.from('%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n')
