import sharp from 'sharp'
import type { ExpenseDocumentView } from '../../../templates/pdf/expense-document.ts'

/** A usual expense: foreign currency, one sending back, a warning, two receipts. */
export async function sampleView(): Promise<ExpenseDocumentView> {
  return {
    title: 'Expense statement',
    documentNumber: 'EXP-2026-0042',
    company: { name: 'TechCorp Solutions', timeZone: 'America/New_York' },
    locale: 'en-US',
    submitter: { name: 'Grace Taylor', email: 'grace.taylor@techcorp.example', team: 'Technology' },
    kind: 'receipt',
    costCentre: null,
    calculation: null,
    shares: [],
    request: null,
    merchant: 'Blue Bottle Coffee',
    category: 'Meals',
    date: '2026-03-28',
    reason: 'Client visit',
    attendees: ['Peter Gibbons', 'Michael Bolton'],
    note: 'Coffee with the Initech team.\nIn the hotel bar.',
    paidBy: 'person',
    amount: { minor: 4710, currency: 'EUR' },
    companyAmount: { minor: 5123, currency: 'USD' },
    rate: { value: '1.0877', date: '2026-03-27' },
    tax: { minor: 387, currency: 'EUR' },
    policy: { name: 'Meals and Other', version: 3 },
    findings: [
      {
        code: 'duplicate_fields',
        severity: 'warning',
        message: 'Same merchant, date and amount as EXP-2026-0039.',
      },
    ],
    history: [
      {
        at: new Date('2026-03-28T22:05:00Z'),
        who: 'Grace Taylor',
        what: 'submitted',
        comment: null,
        channel: 'slack',
      },
      {
        at: new Date('2026-03-30T13:12:00Z'),
        who: 'Frank Miller',
        what: 'sent back',
        comment: 'Who was there?',
        channel: 'email',
      },
      {
        at: new Date('2026-04-01T02:05:00Z'),
        who: 'Frank Miller',
        what: 'approved',
        comment: null,
        channel: 'email',
      },
    ],
    automatic: null,
    comments: [
      {
        at: new Date('2026-03-31T14:00:00Z'),
        who: 'Frank Miller',
        kind: 'question',
        text: 'Which project is it for?',
        channel: 'slack',
      },
      {
        at: new Date('2026-03-31T15:30:00Z'),
        who: 'Grace Taylor',
        kind: 'comment',
        text: 'Initech renewal.\nPeter decides there.',
        channel: 'email',
      },
    ],
    receipts: [await receipt('blue-bottle.jpg', 600, 900), await receipt('tip.jpg', 1600, 700)],
    replaces: null,
    issuedAt: new Date('2026-04-01T02:05:03Z'),
  }
}

async function receipt(name: string, width: number, height: number) {
  const picture = sharp({ create: { width, height, channels: 3, background: '#f6f4ee' } })
  return { name, jpeg: await picture.jpeg().toBuffer(), width, height }
}
