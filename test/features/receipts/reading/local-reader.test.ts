import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import PDFDocument from 'pdfkit'
import sharp from 'sharp'
import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createLocalReader, receiptReadingSchema } from '../../../../src/features/receipts/reading/index.ts'
import { flatPng } from '../../../support/odd-files.ts'

const hints = { companyCurrency: 'USD', today: '2026-11-20', locale: 'en-US' }
const labelsSchema = z.record(
  z.string(),
  z.object({ merchant: z.string(), date: z.string(), total: z.string(), currency: z.string() }),
)
const labels = labelsSchema.parse(JSON.parse(readFileSync('test/fixtures/receipts/labels.json', 'utf8')))
const reader = createLocalReader({ timeoutMs: 25_000 })
afterAll(() => reader.close())

const read = (bytes: Uint8Array) => reader.read({ bytes, mediaType: 'image/jpeg' }, hints)
const fixture = (name: string) => readFileSync(`test/fixtures/receipts/${name}`)

describe('reading', () => {
  test('finds nine totals and dates of ten, and doubts what it gets wrong', {
    timeout: 120_000,
  }, async () => {
    let right = { total: 0, date: 0, currency: 0, merchant: 0 }
    for (const [name, label] of Object.entries(labels)) {
      const reading = await read(fixture(name))
      expect(receiptReadingSchema.parse(reading)).toEqual(reading)
      const isRight = {
        total: reading.total?.value === label.total,
        date: reading.date?.value === label.date,
        currency: reading.currency?.value === label.currency,
        merchant: reading.merchant?.value.toLowerCase() === label.merchant.toLowerCase(),
      }
      right = {
        total: right.total + Number(isRight.total),
        date: right.date + Number(isRight.date),
        currency: right.currency + Number(isRight.currency),
        merchant: right.merchant + Number(isRight.merchant),
      }
      if (!isRight.total) expect(reading.total?.confidence ?? 0, name).toBeLessThan(0.8)
      if (!isRight.date) expect(reading.date?.confidence ?? 0, name).toBeLessThan(0.8)
    }
    const count = Object.keys(labels).length
    expect(right.total / count).toBeGreaterThanOrEqual(0.9)
    expect(right.date / count).toBeGreaterThanOrEqual(0.9)
    expect(right.currency / count).toBeGreaterThanOrEqual(0.9)
    expect(right.merchant / count).toBeGreaterThanOrEqual(0.8)
  })

  test.each([
    [
      'receipt.example.jpg',
      { merchant: 'Harbor & Pine Cafe', date: '2026-11-17', total: '38.64', tip: '1.98' },
    ],
    [
      'receipt.example-mail.jpg',
      { merchant: 'Evergreen Taxi LLC', date: '2026-11-18', total: '46.20', tip: '4.00' },
    ],
  ])('the demo can rely on %s', async (name, wanted) => {
    const reading = await read(readFileSync(`config/${name}`))
    const { merchant, date, total, currency, tip } = reading
    expect({ merchant: merchant?.value, date: date?.value, total: total?.value, tip }).toEqual(wanted)
    expect(currency?.value).toBe('USD')
    for (const field of [merchant, date, total, currency]) expect(field?.confidence).toBeGreaterThan(0.85)
  })

  test('a picture that lies on its side is turned', async () => {
    const sideways = await sharp(fixture('de-baumarkt.jpg')).rotate(90).jpeg().toBuffer()
    expect((await read(sideways)).total?.value).toBe('1234.56')
  })

  test('other formats are read as well, whatever they are called', async () => {
    const picture = sharp(fixture('kw-cafe.jpg'))
    for (const bytes of [
      await picture.webp().toBuffer(),
      await picture.tiff().toBuffer(),
      await picture.gif().toBuffer(),
    ]) {
      expect((await read(bytes)).total?.value).toBe('7.250')
    }
  })

  test('a blank picture has no fields, which is no error', async () => {
    const blank = await sharp({ create: { width: 600, height: 800, channels: 3, background: '#fdfdfd' } })
      .jpeg()
      .toBuffer()
    expect(await read(blank)).toMatchObject({
      merchant: null,
      date: null,
      total: null,
      currency: null,
      text: '',
    })
  })
})

describe('files that cannot be read are refused for good, with a reason for people', () => {
  test.each([
    ['a picture of 400 million pixels', () => flatPng(20_000, 20_000), /too large/],
    ['half a JPEG', () => fixture('gb-pub.jpg').subarray(0, 20_000), /damaged or incomplete/],
    ['an archive named .jpg', () => Buffer.from('PK\x03\x04 archive'), /not a picture/],
    [
      'the sign-in page that came instead',
      () => Buffer.from('<!doctype html><title>Sign in'),
      /not a picture/,
    ],
    ['half a PDF', () => Buffer.from('%PDF-1.7\n1 0 obj\n<< /Type /Catalog'), /damaged or incomplete/],
    ['a HEIC that is none', () => Buffer.from(`\0\0\0\x18ftypheic${'\0'.repeat(400)}`, 'latin1'), /damaged/],
    ['nothing', () => Buffer.alloc(0), /empty/],
  ])('%s', async (_name, make, message) => {
    await expect(read(make())).rejects.toMatchObject({
      kind: 'permanent',
      code: 'receipt_unreadable',
      message: expect.stringMatching(message),
    })
  })

  test('a PDF locked with a password', async () => {
    const chunks: Buffer[] = []
    const sink = new Writable({
      write(chunk, _encoding, done) {
        chunks.push(chunk)
        done()
      },
    })
    const locked = new PDFDocument({ userPassword: 'secret' })
    locked.pipe(sink)
    locked.text('Total 12.00').end()
    await finished(sink)
    await expect(read(Buffer.concat(chunks))).rejects.toMatchObject({
      message: expect.stringMatching(/password/),
    })
  })
})

describe('reading processes', () => {
  test('a process that is killed in the middle costs one more try', async () => {
    const others = readersNow()
    const own = createLocalReader()
    const reading = own.read({ bytes: fixture('us-diner.jpg'), mediaType: 'image/jpeg' }, hints)
    const killed = await killNext(others)
    expect((await reading).total?.value).toBe('41.53')
    expect(readersNow()).not.toContain(killed)
    await own.close()
  })

  test('a file that kills its process twice is refused for good', async () => {
    const others = readersNow()
    const own = createLocalReader()
    const reading = own.read({ bytes: fixture('us-diner.jpg'), mediaType: 'image/jpeg' }, hints)
    const refused = expect(reading).rejects.toMatchObject({ kind: 'permanent', code: 'receipt_unreadable' })
    const first = await killNext(others)
    await killNext([...others, first])
    await refused
    await own.close()
  })

  test('a reading that takes too long is ended and may be tried later', async () => {
    const own = createLocalReader({ timeoutMs: 1 })
    await expect(
      own.read({ bytes: fixture('us-diner.jpg'), mediaType: 'image/jpeg' }, hints),
    ).rejects.toMatchObject({ kind: 'transient', code: 'reading_timed_out' })
    await own.close()
  })

  test('readings wait for their turn, and a process without work ends by itself', async () => {
    const others = readersNow()
    const own = createLocalReader({ idleMs: 50 })
    const file = { bytes: fixture('hotel.pdf'), mediaType: 'application/pdf' }
    const readings = await Promise.all([own.read(file, hints), own.read(file, hints), own.rendition(file)])
    expect(readings[1].total?.value).toBe('254.00')
    await expect.poll(() => readersNow().filter((pid) => !others.includes(pid))).toEqual([])
    await own.close()
  })

  test('closing refuses what is still waiting', async () => {
    const own = createLocalReader()
    const reading = own.read({ bytes: fixture('us-diner.jpg'), mediaType: 'image/jpeg' }, hints)
    const refused = expect(reading).rejects.toMatchObject({ kind: 'transient', code: 'reader_closed' })
    await own.close()
    await refused
  })
})

/** Kills the first reading process that is none of `others`, as soon as there is one. */
async function killNext(others: number[]): Promise<number> {
  const next = () => readersNow().find((pid) => !others.includes(pid)) ?? 0
  await expect.poll(next, { interval: 10, timeout: 10_000 }).toBeGreaterThan(0)
  const pid = next()
  process.kill(pid, 'SIGKILL')
  return pid
}

/** The reading processes that this process started and that have not ended. */
function readersNow(): number[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' }).split('\n')
  return rows.flatMap((row) => {
    const [, pid, parent, state = '', command = ''] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(row) ?? []
    const isReader =
      Number(parent) === process.pid && command.includes('reading-process') && !state.startsWith('Z')
    return isReader ? [Number(pid)] : []
  })
}
