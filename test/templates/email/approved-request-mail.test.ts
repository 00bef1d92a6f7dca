import { expect, test } from 'vitest'
import { renderApprovedRequestMail } from '../../../templates/email/approved-request-mail.ts'
import { sampleDecision, sampleExpense, sampleStep } from './sample-expense.ts'

const link = 'https://outlay.example/e/token'
const request = sampleExpense({
  kind: 'request',
  number: 'REQ-2026-0007',
  status: 'approved',
  requestStatus: 'approved',
  merchant: 'New laptop',
  amount: { minor: 200000, currency: 'USD' },
  companyAmount: null,
  receipts: [],
  steps: [
    sampleStep({
      status: 'approved',
      decided: sampleDecision('Bob Smith', { onBehalfOf: 'Frank Miller' }),
    }),
  ],
})

test('an approved request says how much may be spent, how to use it, and who approved it', () => {
  const mail = renderApprovedRequestMail({ expense: request, link })
  expect(mail.subject).toBe('You may spend USD 2,000.00: New laptop (REQ-2026-0007)')
  expect(mail.text).toContain('choose REQ-2026-0007 on its expense')
  expect(mail.text).toContain('approved by Bob Smith for Frank Miller')
  expect(mail.text).toContain(`Look at it:\n${link}`)
  expect(mail.text).not.toMatch(/statement|reimbursed/)
})

test('where nobody was asked it says by which clause', () => {
  const expense = { ...request, steps: [], automatic: '2.1 Small requests' }
  expect(renderApprovedRequestMail({ expense, link }).text).toContain(
    'Approved without asking anybody (2.1 Small requests).',
  )
})
