import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type CancellationView, renderCancellation } from '../../../templates/pdf/cancellation.ts'

const run = promisify(execFile)
const took = new Date('2026-04-01T14:30:00Z')

const view: CancellationView = {
  documentNumber: 'EXP-2026-0042-C',
  statement: { number: 'EXP-2026-0042', issuedAt: new Date('2026-04-01T02:05:03Z') },
  company: { name: 'TechCorp Solutions', timeZone: 'America/New_York' },
  locale: 'en-US',
  submitter: { name: 'Grace Taylor', email: 'grace.taylor@techcorp.example' },
  merchant: 'Blue Bottle Coffee',
  category: 'Meals',
  date: '2026-03-28',
  paidBy: 'person',
  amount: { minor: 4710, currency: 'EUR' },
  companyAmount: { minor: 5123, currency: 'USD' },
  undone: { by: 'Frank Miller', at: took, comment: 'This was a private dinner.' },
  history: [
    {
      at: new Date('2026-03-28T22:05:00Z'),
      who: 'Grace Taylor',
      what: 'submitted',
      comment: null,
      channel: 'slack',
    },
    {
      at: new Date('2026-04-01T02:05:00Z'),
      who: 'Frank Miller',
      what: 'approved',
      comment: null,
      channel: 'email',
    },
    {
      at: took,
      who: 'Frank Miller',
      what: 'approval taken back',
      comment: 'This was a private dinner.',
      channel: 'cli',
    },
  ],
  issuedAt: took,
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outlay-pdf-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function save(of: CancellationView): Promise<string> {
  const file = join(folder, `${crypto.randomUUID()}.pdf`)
  await writeFile(file, await buffer(renderCancellation(of)))
  return file
}
const poppler = async (tool: string, ...args: string[]) =>
  (await run(tool, args, { maxBuffer: 50_000_000 })).stdout
const textOf = async (of: CancellationView) =>
  (await poppler('pdftotext', '-layout', await save(of), '-')).replaceAll('\u00a0', ' ')

describe('the cancellation of a statement', () => {
  test('has the same bytes for the same view, and others for another statement', async () => {
    const bytes = await buffer(renderCancellation(view))
    expect(bytes.equals(await buffer(renderCancellation(view)))).toBe(true)
    const other = { ...view, statement: { ...view.statement, number: 'EXP-2026-0042-2' } }
    expect(bytes.equals(await buffer(renderCancellation(other)))).toBe(false)
  })
})

describe('the cancellation as a PDF reader sees it', () => {
  beforeEach(({ skip }) => skip(!isInstalled('pdftotext'), 'pdftotext is missing: install poppler-utils'))

  test('names the statement, who took back what, when in the company’s zone, and why', async () => {
    const text = await textOf(view)
    for (const part of [
      'Cancellation',
      'EXP-2026-0042-C',
      'The expense statement EXP-2026-0042 is cancelled.',
      'Frank Miller took back a decision on Apr 1, 2026, 10:30 AM EDT',
      '“This was a private dinner.”',
      'Please do not reimburse or book anything by that statement.',
      'Issued Mar 31, 2026, 10:05 PM EDT',
      'EUR 47.10',
      '= USD 51.23',
      'Blue Bottle Coffee',
      'grace.taylor@techcorp.example',
      'Approval taken back',
      'Console',
    ]) {
      expect(text).toContain(part)
    }
    expect(text).toContain('page 1 of 1 · issued Apr 1, 2026, 10:30 AM EDT')
  })

  test('leaves out what came after it, and asks for no reimbursement of what the company paid', async () => {
    const later = new Date(took.getTime() + 1)
    const again = { at: later, who: 'Eve Davis', what: 'approved', comment: null, channel: 'slack' }
    const text = await textOf({
      ...view,
      paidBy: 'company',
      companyAmount: null,
      undone: { ...view.undone, comment: null },
      history: [...view.history, again],
    })
    expect(text).not.toContain('Eve Davis')
    expect(text).not.toContain('reimburse')
    expect(text).not.toContain('USD')
    expect(text).toContain('Please do not book anything by that statement.')
  })

  test('is tagged, titled and dated by its issue', async () => {
    const info = await poppler('pdfinfo', '-isodates', await save(view))
    expect(info).toMatch(/Title: +Cancellation of the expense statement EXP-2026-0042\n/)
    expect(info).toMatch(/CreationDate: +2026-04-01T14:30:00Z/)
    expect(info).toMatch(/Tagged: +yes/)
    expect(info).toMatch(/Pages: +1\n/)
  })

  test('keeps hostile values inside the page and marks what the font lacks', async () => {
    const nasty = '<&>\u202e\u0000東🍕'.repeat(500)
    const file = await save({
      ...view,
      documentNumber: nasty,
      statement: { ...view.statement, number: nasty },
      company: { ...view.company, name: nasty },
      submitter: { name: nasty, email: 'e'.repeat(5000) },
      merchant: 'W'.repeat(10_000),
      category: nasty,
      amount: { minor: 90_000_000_000_000, currency: 'KWD' },
      undone: { by: nasty, at: took, comment: `${'x'.repeat(3000)}\n`.repeat(40) },
      history: Array.from({ length: 80 }, (_, index) => ({
        at: new Date(Date.UTC(2026, 2, 1, 0, index)),
        who: 'Ж'.repeat(300),
        what: '',
        comment: 'line\n'.repeat(index),
        channel: '\u0000'.repeat(100),
      })),
    })
    const text = await poppler('pdftotext', file, '-')
    expect(text).toContain('□')
    for (const hidden of ['\u202e', '\u0000']) expect(text).not.toContain(hidden)
    const boxes = await poppler('pdftotext', '-bbox', file, '-')
    const words = [...boxes.matchAll(/xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"/g)]
    expect(words.length).toBeGreaterThan(100)
    for (const [, left, top, right, bottom] of words) {
      expect(Number(left)).toBeGreaterThanOrEqual(53)
      expect(Number(top)).toBeGreaterThanOrEqual(40)
      expect(Number(right)).toBeLessThanOrEqual(612 - 53)
      expect(Number(bottom)).toBeLessThanOrEqual(792 - 30)
    }
  })
})

function isInstalled(tool: string): boolean {
  try {
    execFileSync(tool, ['-v'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
