import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Calculation } from '../../../src/features/expenses/index.ts'
import { type ExpenseDocumentView, renderExpenseDocument } from '../../../templates/pdf/expense-document.ts'
import { sampleView } from './sample-view.ts'

const run = promisify(execFile)

let folder: string
let view: ExpenseDocumentView

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outlay-pdf-'))
  view = await sampleView()
})
afterAll(() => rm(folder, { recursive: true }))

async function save(of: ExpenseDocumentView): Promise<string> {
  const file = join(folder, `${crypto.randomUUID()}.pdf`)
  await writeFile(file, await buffer(renderExpenseDocument(of)))
  return file
}

async function poppler(tool: string, ...args: string[]): Promise<string> {
  return (await run(tool, args, { maxBuffer: 50_000_000 })).stdout
}

async function textOf(of: ExpenseDocumentView): Promise<string> {
  return (await poppler('pdftotext', '-layout', await save(of), '-')).replaceAll('\u00a0', ' ')
}

describe('the document of an expense', () => {
  test('has the same bytes in two processes', async () => {
    const script = join(import.meta.dirname, 'print-digest.ts')
    const one = await run(process.execPath, [script])
    const two = await run(process.execPath, [script])
    expect(one.stdout).toMatch(/^[0-9a-f]{64}\n$/)
    expect(two.stdout).toBe(one.stdout)
  })

  test('differs when the amount differs', async () => {
    const other = { ...view, amount: { minor: 4711, currency: 'EUR' } }
    const bytes = await buffer(renderExpenseDocument(view))
    expect(bytes.equals(await buffer(renderExpenseDocument(other)))).toBe(false)
  })

  test('describes its pictures to those who cannot see them', async () => {
    const bytes = await buffer(renderExpenseDocument(view))
    expect(bytes.toString('latin1')).toContain('/Alt (Receipt 1 of 2: blue-bottle.jpg)')
  })

  test('is refused, not issued without its receipt, when a picture is damaged', () => {
    const jpeg = new Uint8Array([0xff, 0xd8, 0xff, 0x00])
    const receipts = [{ name: 'broken.jpg', jpeg, width: 10, height: 10 }]
    expect(() => renderExpenseDocument({ ...view, receipts })).toThrow(
      expect.objectContaining({ code: 'receipt_picture_invalid', kind: 'permanent' }),
    )
  })
})

const ownMoney = { companyAmount: null, rate: null, tax: null }

describe('the document as a PDF reader sees it', () => {
  beforeEach(({ skip }) => skip(!isInstalled('pdftotext'), 'pdftotext is missing: install poppler-utils'))

  test('says who spent what, who decided when in the company’s zone, and at which rate', async () => {
    const text = await textOf(view)
    for (const part of [
      'Expense statement',
      'EXP-2026-0042',
      'TechCorp Solutions',
      'Blue Bottle Coffee',
      'EUR 47.10',
      'USD 51.23',
      '1 EUR = 1.0877 USD',
      'Rate of Mar 27, 2026',
      'Tax included: EUR 3.87',
      'To be reimbursed',
      'Approved by Frank Miller',
      'Mar 31, 2026, 10:05 PM EDT',
      '“Who was there?”',
      'Judged by Meals and Other, version 3.',
      'Same merchant, date and amount as EXP-2026-0039.',
      'Client visit',
      'Peter Gibbons, Michael Bolton',
      'In the hotel bar.',
      'Questions and answers',
      'Which project is it for?',
      'Initech renewal.',
    ]) {
      expect(text).toContain(part)
    }
  })

  test('shows how a drive is worked out, and that no receipt is missing', async () => {
    const calculation = {
      kind: 'mileage',
      rateKey: 'car',
      rateName: 'Private car',
      from: 'Boston',
      to: 'New York',
      distance: '215.5',
      unit: 'mi',
      rate: '0.725',
    } as const
    const amount = { minor: 15624, currency: 'USD' }
    const text = await textOf({ ...view, ...ownMoney, kind: 'mileage', calculation, amount, receipts: [] })
    expect(text).toMatch(/Mileage · Meals/)
    expect(text).toMatch(/Boston to New York +215\.5 mi +USD 0\.725 a mile +USD 156\.24/)
    expect(text).toMatch(/Total +USD 156\.24/)
    expect(text).toContain('None needed')
  })

  test('shows each day away, what meals take off, and the total', async () => {
    const calculation = {
      kind: 'per_diem',
      rateKey: 'us',
      rateName: 'United States',
      firstDay: '2026-03-27',
      lastDay: '2026-03-28',
      provided: { breakfast: 2, lunch: 1, dinner: 0 },
      days: [
        {
          date: '2026-03-27',
          kind: 'travel' as const,
          minor: 5100,
          meals: ['breakfast' as const, 'lunch' as const],
          mealsMinor: 3500,
        },
        {
          date: '2026-03-28',
          kind: 'travel' as const,
          minor: 5100,
          meals: ['breakfast' as const],
          mealsMinor: 1600,
        },
      ],
      mealsMinor: 5100,
    } satisfies Calculation
    const amount = { minor: 5100, currency: 'USD' }
    const text = await textOf({ ...view, ...ownMoney, kind: 'per_diem', calculation, amount, receipts: [] })
    expect(text).toContain('Mar 27, 2026 to Mar 28, 2026')
    expect(text).toMatch(/Day +United States +Rate +Amount/)
    expect(text).toMatch(
      /Mar 27, 2026 +Travel day; provided: breakfast, lunch +USD 51\.00 − USD 35\.00 +USD 16\.00/,
    )
    expect(text).toMatch(/Mar 28, 2026 +Travel day; provided: breakfast +USD 51\.00 − USD 16\.00 +USD 35\.00/)
    expect(text).toMatch(/Total +USD 51\.00/)
  })

  test('shows every part of a split with its cost centre, and the request that it draws on', async () => {
    const shares = [
      {
        category: { id: 'm', name: 'Meals' },
        costCentre: { code: '4100', name: 'Engineering' },
        amount: { minor: 2710, currency: 'EUR' },
        companyAmount: { minor: 2928, currency: 'USD' },
      },
      {
        category: { id: 't', name: 'Travel' },
        costCentre: null,
        amount: { minor: 2000, currency: 'EUR' },
        companyAmount: { minor: 2161, currency: 'USD' },
      },
    ]
    const request = {
      number: 'REQ-2026-0007',
      merchant: 'Team lunch',
      approved: { minor: 20000, currency: 'USD' },
    }
    const text = await textOf({ ...view, shares, request })
    expect(text).toContain('Split into 2 parts')
    expect(text).toMatch(/Meals +4100 Engineering +EUR 27\.10/)
    expect(text).toMatch(/Travel +EUR 20\.00/)
    // What each part is booked as.
    expect(text).toMatch(/USD 29\.28[\s\S]*USD 21\.61/)
    expect(text).toMatch(/Total +EUR 47\.10/)
    expect(text).toContain('USD 200.00 approved before')
  })

  test('counts its pages in each footer and gives each receipt a page', async () => {
    const pages = (await textOf(view)).split('\f')
    expect(pages[0]).toContain('EXP-2026-0042 · page 1 of 4 · issued Mar 31, 2026, 10:05 PM EDT')
    expect(pages[1]).toContain('Questions and answers')
    expect(pages[2]).toContain('Receipt 1 of 2')
    expect(pages[3]).toContain('page 4 of 4')
    expect(pages[3]).toContain('tip.jpg')
  })

  test('leaves out what does not apply', async () => {
    const text = await textOf({
      ...view,
      paidBy: 'company',
      companyAmount: null,
      rate: null,
      tax: null,
      reason: null,
      attendees: [],
      note: null,
      findings: [],
      comments: [],
      receipts: [],
    })
    expect(text).toContain('Nothing to reimburse')
    expect(text).toContain('Nothing to remark.')
    expect(text).toMatch(/Receipts +None/)
    expect(text).toContain('page 1 of 1')
    for (const absent of ['USD', 'Rate', 'Tax', 'Note', 'Kind', 'Reason', 'Attendees', 'Questions'])
      expect(text).not.toContain(absent)
  })

  test('says what the policy is for in a sentence, and keeps a table for what is to be remarked', async () => {
    const applies = { code: 'policy_applies', severity: 'info' as const, message: 'Policy “Meals”: meals.' }
    const automatic = {
      code: 'approved_automatically',
      severity: 'info' as const,
      message: 'Nobody had to approve.',
    }
    const clean = await textOf({ ...view, findings: [applies, automatic] })
    expect(clean).toContain('Nothing to remark.')
    expect(clean).toContain('Policy “Meals”: meals.')
    expect(clean).not.toMatch(/Kind +Remark|Nobody had to approve/)
    const told = { code: 'rule:told', severity: 'info' as const, message: 'Finance is told.' }
    expect(await textOf({ ...view, findings: [applies, told] })).toMatch(
      /Kind +Remark\s+Note +Finance is told/,
    )
  })

  test('has no heading without the first row of its table, however long the page is before', async () => {
    const [finding] = view.findings
    const findings = finding ? [{ ...finding, message: `First. ${'And so on. '.repeat(12)}` }] : []
    const policyOn = new Set<number>()
    for (let lines = 1; lines <= 12; lines += 1) {
      const note = Array.from({ length: lines }, (_, line) => `Line ${line}`).join('\n')
      const pages = (await textOf({ ...view, note, findings, receipts: [], comments: [] })).split('\f')
      const page = pages.findIndex((text) => /^ *Policy$/m.test(text))
      expect(pages[page]).toContain('First.')
      policyOn.add(page)
    }
    expect([...policyOn]).toEqual([0, 1])
  })

  test('holds what was said until it was issued, and nothing that came later', async () => {
    const [first, second] = view.comments
    if (!first || !second) throw new Error('the sample has two comments')
    const late = { ...second, at: new Date(view.issuedAt.getTime() + 1) }
    const text = await textOf({ ...view, comments: [first, late] })
    expect(text).toContain('Which project is it for?')
    expect(text).not.toContain('Initech renewal.')
  })

  test('approved without asking anybody, it says by which clause', async () => {
    const history = view.history.slice(0, 1)
    const text = await textOf({ ...view, history, automatic: '4.1 Small meals', policy: null })
    expect(text).toContain('Approved automatically')
    expect(text).toContain('Nobody had to be asked: 4.1')
    expect(text).not.toContain('Approved by Frank Miller')
    expect(text).not.toContain('finance decided')
  })

  test('is tagged, titled and dated by its issue, with every font embedded', async () => {
    const file = await save(view)
    const info = await poppler('pdfinfo', '-isodates', file)
    expect(info).toMatch(/Title: +Expense statement EXP-2026-0042/)
    expect(info).toMatch(/CreationDate: +2026-04-01T02:05:03Z/)
    expect(info).toMatch(/ModDate: +2026-04-01T02:05:03Z/)
    expect(info).toMatch(/Tagged: +yes/)
    const fonts = (await poppler('pdffonts', file)).trim().split('\n').slice(2)
    expect(fonts).toHaveLength(2)
    for (const font of fonts) expect(font).toMatch(/Liberation.* Identity-H +yes yes yes/)
  })

  test('is printed on the paper of the company’s country', async () => {
    expect(await poppler('pdfinfo', await save(view))).toContain('612 x 792 pts')
    expect(await poppler('pdfinfo', await save({ ...view, locale: 'de-DE' }))).toContain('595.28 x 841.89')
  })

  test('shows European names as they are written', async () => {
    const names = ['Zażółć Gęślą', 'Ștefan Țîru', 'Ελένη Παππά', 'Дмитрий Њего', 'Þórður Ægisson', 'Őry Űr']
    const text = await textOf({ ...view, note: names.join('\n') })
    for (const name of names) expect(text).toContain(name)
  })

  test('keeps hostile values inside the page and marks what the font lacks', async () => {
    const hostile = {
      ...view,
      documentNumber: 'EXP-<&>-\u0000'.repeat(50),
      company: { ...view.company, name: '<&>\u202e\u0007'.repeat(500) },
      merchant: 'W'.repeat(10_000),
      category: '\ud800🍕'.repeat(200),
      reason: '\\()'.repeat(2000),
      attendees: Array.from({ length: 500 }, () => 'Ø\u202e'.repeat(400)),
      note: `${'x'.repeat(5000)}\n`.repeat(40),
      submitter: { name: '東京 \u202eمرحبا\u202c שלום', email: 'e'.repeat(5000), team: '\n\n\n' },
      policy: { name: '\\()<>[]{}/%', version: 1 },
      amount: { minor: 90_000_000_000_000, currency: 'KWD' },
      findings: [{ code: 'rule:long', severity: 'blocking' as const, message: '👨‍👩‍👧 \r\n'.repeat(2000) }],
      history: Array.from({ length: 80 }, (_, index) => ({
        at: new Date(Date.UTC(2026, 2, 1, 0, index)),
        who: 'Ж'.repeat(300),
        what: '',
        comment: 'line\n'.repeat(index),
        channel: '\u0000'.repeat(100),
      })),
      comments: Array.from({ length: 10 }, (_, index) => ({
        at: new Date(Date.UTC(2026, 2, 1, 0, index)),
        who: '東'.repeat(300),
        kind: 'question' as const,
        text: `${'y'.repeat(300)}\r\n`.repeat(50),
        channel: 'slack',
      })),
      receipts: [
        {
          ...view.receipts[0],
          name: '../../\u202egpj.exe'.repeat(99),
          jpeg: view.receipts[0]?.jpeg ?? new Uint8Array(),
          width: 600,
          height: 900,
        },
      ],
    }
    const file = await save(hostile)
    const text = await poppler('pdftotext', file, '-')
    expect(text).toContain('□□')
    for (const hidden of ['\u202e', '\u202c', '\u0000', '\u0007']) expect(text).not.toContain(hidden)
    const boxes = await poppler('pdftotext', '-bbox', file, '-')
    const words = [...boxes.matchAll(/xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"/g)]
    expect(words.length).toBeGreaterThan(500)
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
