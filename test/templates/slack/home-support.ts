import type { ExpenseLine, WaitingExpense } from '../../../src/features/expenses/index.ts'
import type { DelegationView } from '../../../src/features/people/index.ts'
import { type HomeContent, homeView } from '../../../templates/slack/home.ts'
import type { HomePage } from '../../../templates/slack/home-lines.ts'
import { at } from './example-view.ts'

export const usd = (minor: number) => ({ minor, currency: 'USD' })
export const page = <Line>(...lines: Line[]): HomePage<Line> => ({ lines, hasMore: false, hasBefore: false })

/** What somebody sees who has nothing to do and never had. */
export function home(change: Partial<HomeContent> = {}) {
  return homeView({
    person: { id: 'frank', name: 'Frank Miller' },
    reader: { locale: 'en-US', timeZone: 'America/New_York' },
    now: new Date('2026-11-20T16:00:00Z'),
    note: null,
    waiting: { ...page<WaitingExpense>(), summary: null },
    sentBack: page(),
    drafts: page(),
    recent: page(),
    requests: page(),
    delegations: page(),
    finance: null,
    admin: null,
    has: { mileage: true, perDiem: true },
    ...change,
  })
}

export function waitingLine(change: Partial<WaitingExpense> = {}): WaitingExpense {
  return {
    approvalId: 'a1',
    expenseId: 'e1',
    number: 'EXP-2026-0042',
    kind: 'receipt',
    merchant: 'Corner Shop',
    amount: usd(1250),
    companyAmount: null,
    date: '2026-11-17',
    submitter: 'Grace Taylor',
    categories: ['Meals'],
    needsCode: false,
    warnings: 0,
    warned: [],
    uncertain: [],
    onBehalfOf: null,
    waitingSince: at,
    ...change,
  }
}

export function line(change: Partial<ExpenseLine> = {}): ExpenseLine {
  return {
    id: 'e1',
    number: 'EXP-2026-0042',
    kind: 'receipt',
    status: 'draft',
    merchant: 'Corner Shop',
    amount: usd(1250),
    companyAmount: null,
    date: '2026-11-17',
    categories: ['Meals'],
    updatedAt: at,
    submitter: { id: 'grace', name: 'Grace Taylor' },
    waitingFor: null,
    missing: [],
    uncertain: [],
    isReading: false,
    said: null,
    ...change,
  }
}

const person = (name: string) => ({ id: name, name, email: `${name}@techcorp.example` })

export function delegation(change: Partial<DelegationView> = {}): DelegationView {
  return {
    id: 'd1',
    principal: { ...person('Frank Miller'), id: 'frank' },
    delegate: person('Bob Smith'),
    from: '2026-11-20',
    to: '2026-12-14',
    startsAt: at,
    endsAt: at,
    upTo: null,
    state: 'active',
    createdBy: null,
    ...change,
  }
}
