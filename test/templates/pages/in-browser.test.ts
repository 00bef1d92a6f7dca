import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { renderAnswerMail } from '../../../templates/email/answer-mail.ts'
import { renderApprovalRequestMail } from '../../../templates/email/approval-request-mail.ts'
import { renderApprovedRequestMail } from '../../../templates/email/approved-request-mail.ts'
import { renderCancellationMail } from '../../../templates/email/cancellation-mail.ts'
import { renderCodeMail } from '../../../templates/email/code-mail.ts'
import { renderCommentMail } from '../../../templates/email/comment-mail.ts'
import { renderDelegationLinkMail } from '../../../templates/email/delegation-link-mail.ts'
import { renderDelegationMail } from '../../../templates/email/delegation-mail.ts'
import { renderDigestMail } from '../../../templates/email/digest-mail.ts'
import { renderInstallLinkMail } from '../../../templates/email/install-link-mail.ts'
import { renderNoticeMail } from '../../../templates/email/notice-mail.ts'
import { renderPaidMail } from '../../../templates/email/paid-mail.ts'
import { renderUndoneMail } from '../../../templates/email/undone-mail.ts'
import { approvalPage } from '../../../templates/pages/approval-page.ts'
import { delegatePage } from '../../../templates/pages/delegate-page.ts'
import { delegationLinkPage } from '../../../templates/pages/delegation-link-page.ts'
import { expensePage } from '../../../templates/pages/expense-page.ts'
import {
  askForLinkPage,
  installedPage,
  installPage,
  linkOnItsWayPage,
} from '../../../templates/pages/install-page.ts'
import { messagePage } from '../../../templates/pages/message-page.ts'
import { pagesCss } from '../../../templates/pages/pages-css.ts'
import {
  approvalId,
  at,
  hostile,
  hostileExpense,
  hostileUndone,
  sampleDecision,
  sampleExpense,
  sampleQuestion,
  sampleStep,
  sampleUndone,
} from '../email/sample-expense.ts'

const chromiumPath = '/usr/bin/chromium'
const missing = existsSync(chromiumPath) ? '' : ` (skipped: ${chromiumPath} is not installed)`
const policy =
  "default-src 'none'; img-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

const shared = { receiptUrl: (id: string) => `/receipts/${id}`, notice: null }
const approver = {
  ...shared,
  approvalId,
  action: '/a',
  anewUrl: '/a/fresh',
  viewer: { id: 'frank', name: 'Frank Miller' },
  standIn: null,
  delegateUrl: '/a/delegate',
  code: null,
}
const words = {
  merchant: 'Cafe',
  amount: '1',
  currency: 'EUR',
  date: '',
  category: '',
  reason: '',
  attendees: '',
  note: '',
  answer: '',
}
const nasty = {
  merchant: hostile,
  amount: hostile,
  currency: hostile,
  date: hostile,
  category: hostile,
  reason: hostile,
  attendees: hostile,
  from: hostile,
  to: hostile,
  distance: hostile,
  firstDay: hostile,
  lastDay: hostile,
  breakfasts: hostile,
  costCentre: hostile,
  requestId: hostile,
  rateKey: hostile,
  shares: hostile,
  'shares.0.categoryId': hostile,
  'shares.0.costCentre': hostile,
  'shares.0.amount': hostile,
  answer: `</textarea>${hostile}`,
  note: `\n</textarea>${hostile}`,
}
const submitter = {
  ...shared,
  action: '/e',
  choices: {
    categories: [{ id: hostile, name: hostile }],
    reasons: [{ id: hostile, name: hostile }],
    costCentres: [{ id: hostile, name: hostile }],
    requests: [
      {
        id: hostile,
        number: 'REQ-2026-0007',
        merchant: hostile,
        approved: { minor: 90_000_000_000_000, currency: 'USD' },
        left: { minor: 90_000_000_000_000, currency: 'USD' },
      },
    ],
    rates: [
      { id: hostile, name: hostile, unit: 'km' as const, hasCategory: true },
      { id: 'other', name: hostile, unit: 'mi' as const, hasCategory: true },
    ],
  },
}
const stands = {
  id: 'd',
  principal: { id: 'frank', name: hostile, email: hostile },
  delegate: { id: 'bob', name: hostile, email: hostile },
  from: '2026-12-01',
  to: '2026-12-14',
  startsAt: at,
  endsAt: at,
  upTo: { minor: 90_000_000_000_000, currency: 'KWD' },
  state: 'active',
  createdBy: null,
} as const
const delegating = {
  company: { name: 'TechCorp Solutions', locale: 'en-US', currency: 'USD', stepUpOverMinor: null },
  viewer: { id: 'frank', name: 'Frank Miller' },
  action: '/d',
  colleagues: [],
  delegations: [stands],
  values: { delegate: '', from: '2026-11-20', to: '', up_to: '' },
  errors: {},
  notice: null,
}
const decided = sampleDecision('Frank Miller')
const link = 'https://outlay.example/a/token'

const documents: Record<string, string> = {
  approval: approvalPage({ ...approver, expense: sampleExpense(), comment: '', commentError: 'Say why.' }),
  'approval-hostile': approvalPage({
    ...approver,
    action: `/a/${hostile}`,
    viewer: { id: 'frank', name: hostile },
    expense: hostileExpense(),
    notice: { kind: 'error', text: hostile },
    comment: `</textarea>${hostile}`,
    commentError: hostile,
  }),
  'undone-hostile': approvalPage({
    ...approver,
    approvalId: 'undone',
    expense: hostileExpense({ undone: hostileUndone() }),
    comment: '',
    commentError: null,
  }),
  undoable: approvalPage({
    ...approver,
    expense: sampleExpense({
      steps: [sampleStep({ status: 'approved', decided })],
      canUndo: [{ approvalId, personId: 'frank', until: at }],
    }),
    comment: '',
    commentError: null,
  }),
  code: approvalPage({
    ...approver,
    expense: sampleExpense({ needsCode: true }),
    comment: 'Too much',
    commentError: null,
    code: { verdict: 'reject', via: 'slack', error: 'That is not the code.' },
  }),
  'code-hostile': approvalPage({
    ...approver,
    expense: hostileExpense({ needsCode: true }),
    comment: hostile,
    commentError: null,
    code: { verdict: 'approve', via: 'email', error: hostile },
  }),
  delegate: delegatePage({
    ...delegating,
    colleagues: [{ name: 'Bob Smith', email: 'bob.smith@techcorp.example' }],
  }),
  'install-ask': askForLinkPage('Write it like name@example.com.'),
  'install-mailed': linkOnItsWayPage(),
  'install-begin': installPage('https://slack.com/oauth/v2/authorize'),
  'install-done': installedPage({ team: hostile, slackUrl: 'https://app.slack.com/client/T1' }),
  'delegation-link-hostile': delegationLinkPage({
    company: { name: hostile },
    viewer: { name: hostile },
    action: `/a/${hostile}/delegate`,
    backUrl: `/a/${hostile}`,
    notice: { kind: 'error', text: hostile },
  }),
  'delegate-hostile': delegatePage({
    ...delegating,
    company: { name: hostile, locale: 'en-US', currency: 'USD', stepUpOverMinor: 500_000 },
    viewer: { id: 'frank', name: hostile },
    colleagues: [{ name: hostile, email: hostile }],
    values: { delegate: hostile, from: hostile, to: hostile, up_to: hostile },
    errors: { delegate: hostile, from: hostile, to: hostile, up_to: hostile },
  }),
  'mileage-hostile': expensePage({
    ...submitter,
    expense: hostileExpense({ status: 'draft', kind: 'mileage' }),
    values: nasty,
    errors: nasty,
  }),
  'per-diem-hostile': expensePage({
    ...submitter,
    expense: hostileExpense({ status: 'draft', kind: 'per_diem', receipts: [] }),
    values: nasty,
    errors: nasty,
  }),
  draft: expensePage({
    ...submitter,
    expense: sampleExpense({ status: 'draft', uncertain: ['amount'] }),
    values: words,
    errors: { date: 'Which day was it?' },
  }),
  'draft-hostile': expensePage({
    ...submitter,
    expense: hostileExpense({ status: 'draft' }),
    values: nasty,
    errors: nasty,
  }),
  'waiting-hostile': expensePage({ ...submitter, expense: hostileExpense(), values: nasty, errors: nasty }),
  'answered-hostile': expensePage({
    ...submitter,
    expense: hostileExpense({ question: null }),
    values: nasty,
    errors: {},
  }),
  message: messagePage({ title: hostile, text: hostile }),
  'mail-approval': renderApprovalRequestMail({
    expense: hostileExpense(),
    approvalId,
    reader: { id: 'frank', name: hostile },
    link,
    delegateLink: link,
    isReminder: true,
  }).html,
  'mail-code': renderCodeMail({ expense: hostileExpense(), code: '123456', expiresAt: at }).html,
  'mail-delegation': renderDelegationMail({
    turn: 'begins',
    audience: 'delegate',
    company: { name: hostile, locale: 'en-US' },
    principal: { name: hostile },
    delegate: { name: hostile },
    from: '2026-12-01',
    to: '2026-12-14',
    upTo: { minor: 90_000_000_000_000, currency: 'KWD' },
    arrangedBy: hostile,
    waiting: [
      {
        number: hostile,
        merchant: hostile,
        amount: { minor: 1, currency: 'USD' },
        companyAmount: { minor: 90_000_000_000_000, currency: 'KWD' },
        submitter: hostile,
        link,
      },
    ],
    more: 3,
    staying: 2,
    manageLink: link,
  }).html,
  'mail-install-link': renderInstallLinkMail({ company: { name: hostile }, link }).html,
  'mail-delegation-link': renderDelegationLinkMail({ company: { name: hostile }, link }).html,
  'mail-approved-request': renderApprovedRequestMail({
    expense: hostileExpense({ kind: 'request', status: 'approved' }),
    link,
  }).html,
  'mail-digest': renderDigestMail({
    company: { name: hostile, locale: 'en-US' },
    waiting: [
      {
        approvalId,
        expenseId: approvalId,
        number: hostile,
        kind: 'receipt',
        merchant: hostile,
        amount: { minor: 1, currency: 'USD' },
        companyAmount: { minor: 90_000_000_000_000, currency: 'KWD' },
        date: '2026-11-17',
        submitter: hostile,
        categories: [hostile],
        needsCode: true,
        warnings: 3,
        warned: [],
        uncertain: [],
        onBehalfOf: hostile,
        waitingSince: at,
        link,
      },
    ],
    more: 3,
  }).html,
  'mail-paid': renderPaidMail({
    company: { name: hostile, currency: 'USD', locale: 'en-US' },
    expenses: [
      {
        id: approvalId,
        number: hostile,
        kind: 'receipt',
        status: 'settled',
        merchant: hostile,
        amount: { minor: 90_000_000_000_000, currency: 'KWD' },
        companyAmount: { minor: 90_000_000_000_000, currency: 'USD' },
        date: '2026-11-17',
        categories: [hostile],
        updatedAt: at,
        submitter: { id: 'grace', name: hostile },
        waitingFor: null,
        missing: [],
        uncertain: [],
        isReading: false,
        said: null,
      },
    ],
  }).html,
  'mail-comment': renderCommentMail({
    expense: hostileExpense(),
    comment: sampleQuestion({ who: hostile, text: hostile }),
    audience: 'submitter',
    link,
  }).html,
  'mail-undone': renderUndoneMail({
    expense: hostileExpense({ undone: hostileUndone() }),
    undone: sampleUndone({ by: hostile, comment: hostile }),
    audience: 'submitter',
    link,
  }).html,
  'mail-cancellation': renderCancellationMail({
    audience: 'finance',
    statement: hostile,
    company: { name: hostile, timeZone: 'America/New_York' },
    locale: 'en-US',
    submitter: { name: hostile, email: hostile },
    merchant: hostile,
    category: hostile,
    date: '2026-11-17',
    paidBy: 'person',
    amount: { minor: 90_000_000_000_000, currency: 'KWD' },
    companyAmount: null,
    undone: { by: hostile, at, comment: hostile },
    attachment: hostile,
  }).html,
  'mail-notice': renderNoticeMail({ expense: hostileExpense(), clauses: [hostile], isAsked: false }).html,
  'mail-answer': renderAnswerMail({
    outcome: 'drafted',
    company: { name: hostile },
    subject: hostile,
    items: [{ expense: hostileExpense({ status: 'draft' }), link }],
    ignored: [{ name: hostile, reason: hostile }],
  }).html,
}

describe.skipIf(missing !== '')(`in a browser${missing}`, () => {
  let server: Server
  let browser: Browser
  let origin = ''

  beforeAll(async () => {
    server = createServer((request, response) => {
      const name = (request.url ?? '').slice(1)
      if (name === 'pages.css') return response.setHeader('content-type', 'text/css').end(pagesCss)
      if (!name.startsWith('mail')) response.setHeader('content-security-policy', policy)
      const document = documents[name]
      return response
        .writeHead(document ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' })
        .end(document)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    browser = await chromium.launch({
      executablePath: chromiumPath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    })
  }, 30_000)

  afterAll(async () => {
    await browser?.close()
    server?.close()
  })

  test.each(Object.keys(documents))(
    '%s: nothing written breaks out, fits the width, and every target is big enough',
    async (name) => {
      const page = await browser.newPage()
      page.setDefaultTimeout(10_000)
      const refused: string[] = []
      page.on('console', (message) => refused.push(message.text()))
      page.on('dialog', (dialog) => refused.push(dialog.message()))
      for (const width of [360, 800]) {
        await page.setViewportSize({ width, height: 800 })
        await page.goto(`${origin}/${name}`)
        expect(refused.filter((text) => /Content Security Policy|^[123]$/.test(text))).toEqual([])
        expect(await page.locator('script, iframe, object, [onerror], [onfocus], img[src="x"]').count()).toBe(
          0,
        )
        const small = await page
          .locator('a, button, input, select, textarea, summary')
          .evaluateAll((elements) =>
            elements
              .map((element) => ({
                tag: element.outerHTML.slice(0, 80),
                box: element.getBoundingClientRect(),
              }))
              .filter(({ box }) => box.height > 0 && box.height < 44)
              .map(({ tag }) => tag),
          )
        expect(small).toEqual([])
        const wide = await page.locator('html').evaluate((root) => root.scrollWidth)
        expect(wide).toBeLessThanOrEqual(width)
      }
      await page.close()
    },
    30_000,
  )

  test('without a script, a form comes back with what was typed in it', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    page.setDefaultTimeout(10_000)
    await page.goto(`${origin}/draft-hostile`)
    const posted = page.waitForRequest((request) => request.method() === 'POST')
    await page.getByRole('button', { name: 'Submit' }).click()
    const form = new URLSearchParams((await posted).postData() ?? '')
    expect(form.get('action')).toBe('submit')
    expect(form.get('note')?.replaceAll('\r\n', '\n')).toContain('\n</textarea>"><img src=x')
    expect(form.get('merchant')).toContain('"><img src=x onerror=alert(1)>')
    await context.close()
  })

  test('fields and buttons are found by what a screen reader says', async () => {
    const page = await browser.newPage()
    page.setDefaultTimeout(10_000)
    await page.goto(`${origin}/draft`)
    expect(await page.getByRole('textbox', { name: 'Merchant' }).inputValue()).toBe('Cafe')
    expect(await page.getByRole('combobox', { name: 'Category' }).count()).toBe(1)
    expect(await page.getByRole('alert').textContent()).toContain('Which day was it?')
    await page.getByRole('link', { name: 'Which day was it?' }).click()
    expect(new URL(page.url()).hash).toBe('#date')
    expect(await page.getByRole('button', { name: /^Discard EXP/ }).count()).toBe(0)
    await page.getByText('Discard this expense').click()
    expect(await page.getByRole('button', { name: /^Discard EXP/ }).count()).toBe(1)
    await page.close()
  })
})
