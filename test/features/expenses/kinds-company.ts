import { inCompany, type Tx } from '../../../src/database/index.ts'
import { decideApproval, undoDecision, type Verdict } from '../../../src/features/approvals/index.ts'
import {
  applyReading,
  type ExpenseChanges,
  type ExpenseKind,
  type ExpenseView,
  editExpense,
  startExpense,
  submitExpense,
  viewExpense,
} from '../../../src/features/expenses/index.ts'
import { importOrganisation, parseOrganisation } from '../../../src/features/organisation/index.ts'
import { listCategories } from '../../../src/features/people/index.ts'
import { receiptsOf } from '../../../src/features/receipts/index.ts'
import { dateIn } from '../../../src/kernel/calendar-date.ts'
import { toDecimal } from '../../../src/kernel/money.ts'
import { subjects } from '../../../src/subjects.ts'
import { readingOf } from '../../support/reading-of.ts'
import { submitAnother } from '../../support/submit-another.ts'
import { taxiReceipt } from '../../support/taxi-receipt.ts'
import { as, type TestDatabase } from '../../support/test-database.ts'

const at = (name: string) => `${name}@kinds.example`
export const [ann, cas, bob, tim, fay, adam] = [
  at('ann'),
  at('cas'),
  at('bob'),
  at('tim'),
  at('fay'),
  at('adam'),
]
const system = { personId: null, channel: 'system' as const }
const boss = { level: 1, description: 'The boss agrees' }
const expert = { approver: 'category', description: 'Whoever knows it agrees' }

export const organisation = {
  company: {
    name: 'Kinds',
    currency: 'USD',
    time_zone: 'UTC',
    request_tolerance_percent: 10,
    digest_over: 10,
  },
  teams: [{ name: 'Work' }],
  levels: [
    { rank: 1, name: 'Boss' },
    { rank: 2, name: 'Worker' },
  ],
  categories: ['meals', 'travel', 'tools', 'gifts'].map((key) => ({ key, name: key })),
  cost_centres: [
    { code: '4100', name: 'Engineering' },
    { code: '4200', name: 'Projects' },
    { code: '9', name: 'Closed', active: false },
  ],
  people: [
    { name: 'Ann', email: ann, team: 'Work', level: 2, manager: bob },
    { name: 'Cas', email: cas, team: 'Work', level: 2, manager: bob },
    { name: 'Bob', email: bob, team: 'Work', level: 1 },
    { name: 'Tim', email: tim },
    { name: 'Fay', email: fay, roles: ['finance'] },
    { name: 'Adam', email: adam, roles: ['admin'] },
  ],
  assignments: ['tools', 'gifts'].map((category) => ({ category, approver: tim })),
  policies: [
    { key: 'meals', name: 'Meals', clause: '1', when: { category: 'meals' }, steps: [boss] },
    { key: 'travel', name: 'Travel', clause: '2', when: { category: 'travel' }, steps: [boss] },
    { key: 'tools', name: 'Tools', clause: '3', when: { category: 'tools' }, steps: [expert] },
    {
      key: 'gifts',
      name: 'Gifts',
      clause: '4',
      when: { category: 'gifts' },
      steps: [expert, { approver: 'finance', description: 'Finance agrees' }],
    },
  ],
  rules: [
    {
      key: 'receipts',
      name: 'Receipts',
      clause: '5',
      when: { amount: { over: '25.00' } },
      do: { require: ['receipt'] },
    },
    {
      key: 'tiny',
      name: 'Tiny sums',
      clause: '6',
      when: { category: 'meals', amount: { up_to: '10.00' }, receipt: 'missing' },
      do: { approve_automatically: true },
    },
  ],
  limits: [
    {
      key: 'tools',
      name: 'Tools',
      clause: '7',
      each: 'person',
      category: 'tools',
      per: 'month',
      amount: '1500.00',
    },
    {
      key: 'all',
      name: 'Everything',
      clause: '8',
      each: 'person',
      per: 'year',
      amount: '20000.00',
      beyond: 'flag',
    },
  ],
  mileage: [
    { key: 'car', name: 'Car', unit: 'mi', rate: '0.70', from: '2026-01-01', category: 'travel' },
    { key: 'car', name: 'Car', unit: 'mi', rate: '0.725', from: '2026-07-01', category: 'travel' },
    { key: 'bike', name: 'Bicycle', unit: 'km', rate: '0.2', from: '2026-01-01', category: 'travel' },
  ],
  per_diem: [
    {
      key: 'us',
      name: 'United States',
      full_day: '68.00',
      travel_day: '51.00',
      breakfast: '16.00',
      dinner: '28.00',
      from: '2026-01-01',
      category: 'travel',
    },
  ],
}

type Category = 'meals' | 'travel' | 'tools' | 'gifts'
/** Amounts of parts by category, in order; or with a cost centre. */
export type Parts = [category: Category, amount: string, costCentre?: string][]

export interface Claim {
  by?: string
  kind?: ExpenseKind
  source?: 'slack' | 'email'
  /** Left out: none is chosen for mileage and per diem, else meals. */
  category?: Category
  parts?: Parts
  /** Left out: one that was read to say the amount, where the kind needs it. */
  receipt?: 'read' | 'unread' | 'none'
  changes?: ExpenseChanges
}

/** A company with rates, requests to spend and cost centres, in which Ann and Cas spend and Bob, Tim and Fay decide. */
export class Kinds {
  readonly database: TestDatabase
  readonly id: string
  readonly categories: Record<string, string>
  #deliveries = 0

  private constructor(database: TestDatabase, id: string, categories: Record<string, string>) {
    this.database = database
    this.id = id
    this.categories = categories
  }

  static async create(database: TestDatabase, changes: object = {}): Promise<Kinds> {
    const parsed = parseOrganisation(JSON.stringify({ ...organisation, ...changes }), 'kinds.yaml')
    const { companyId } = await importOrganisation(database, parsed, { actor: system, subjects })
    const categories = await inCompany(database, { companyId, actor: system }, listCategories)
    return new Kinds(database, companyId, Object.fromEntries(categories.map(({ key, id }) => [key, id])))
  }

  /** A draft, filled in from a form. */
  async draft({ by = ann, kind = 'receipt', source = 'slack', ...claim }: Claim = {}): Promise<string> {
    this.#deliveries += 1
    const isTyped = kind === 'receipt' || kind === 'request'
    const { category = isTyped ? 'meals' : undefined, receipt = kind === 'receipt' ? 'read' : 'none' } = claim
    const typed = {
      merchant: `Shop ${this.#deliveries}`,
      amount: '20.00',
      currency: 'USD',
      date: dateIn(this.database.clock.now(), 'UTC'),
    }
    const categoryId = category && this.categories[category]
    const deliveryKey = `kinds:${this.#deliveries}`
    const bytes = (await taxiReceipt()).content
    const files = receipt === 'none' ? [] : [{ name: 'receipt.pdf', bytes }]
    return as(this.database, by, async (tx) => {
      const expense = await startExpense(tx, {
        kind,
        source,
        deliveryKey,
        files,
        changes: {
          ...(isTyped ? typed : {}),
          ...(categoryId ? { categoryId } : {}),
          ...(claim.parts ? { shares: this.shares(claim.parts) } : {}),
          ...claim.changes,
        },
      })
      for (const { id } of receipt === 'read' ? await receiptsOf(tx, expense.id) : []) {
        const reading = readingOf(toDecimal({ minor: expense.amountMinor ?? 0, currency: 'USD' }))
        await applyReading(tx, id, { reading, problem: null, rendition: null })
      }
      return expense.id
    })
  }

  shares(parts: Parts): NonNullable<ExpenseChanges['shares']> {
    return parts.map(([category, amount, costCentre = '']) => ({
      categoryId: this.categories[category] ?? '',
      costCentre,
      amount,
    }))
  }

  edit(id: string, changes: ExpenseChanges, by = ann) {
    return as(this.database, by, (tx) => editExpense(tx, id, changes))
  }

  async submit(id: string, by = ann): Promise<ExpenseView> {
    await as(this.database, by, (tx) => submitExpense(tx, id))
    return this.view(id)
  }

  /** Submits what looks like another one. */
  async submittedAgain(claim: Claim): Promise<ExpenseView> {
    const id = await this.draft(claim)
    await as(this.database, claim.by ?? ann, (tx) => submitAnother(tx, id))
    return this.view(id)
  }

  async submitted(claim: Claim): Promise<ExpenseView> {
    return this.submit(await this.draft(claim), claim.by ?? ann)
  }

  /** A request to spend that Bob approved, for meals or another category that he decides about. */
  async approvedRequest(amount: string, claim: Claim = {}): Promise<ExpenseView> {
    const request = await this.submitted({ kind: 'request', ...claim, changes: { amount, ...claim.changes } })
    await this.decide(request.id, bob)
    return this.view(request.id)
  }

  inside<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return inCompany(this.database, { companyId: this.id, actor: system }, work)
  }

  view(id: string): Promise<ExpenseView> {
    return this.inside(async (tx) => {
      const found = await viewExpense(tx, id)
      if (!found) throw new Error('no such expense')
      return found
    })
  }

  async approvalOf(id: string, by: string, status: string): Promise<string> {
    const rows = await this.database.asSuperuser<{ id: string }>(
      `select a.id from approval a join person p on p.id = a.approver_id join approval_request r on r.id = a.request_id
       where r.subject_id = $1 and p.email = $2 and a.status = $3`,
      [id, by, status],
    )
    return rows[0]?.id ?? ''
  }

  async decide(id: string, by: string, verdict: Verdict = 'approve'): Promise<string> {
    const approvalId = await this.approvalOf(id, by, 'asked')
    await this.decideApproval(approvalId, by, verdict)
    return approvalId
  }

  decideApproval(approvalId: string, by: string, verdict: Verdict = 'approve'): Promise<void> {
    const comment = verdict === 'approve' ? '' : 'No'
    return as(this.database, by, (tx) => decideApproval(tx, subjects, { approvalId, verdict, comment }))
  }

  undo(approvalId: string, by: string): Promise<void> {
    return as(this.database, by, (tx) => undoDecision(tx, subjects, { approvalId }))
  }

  mailsAbout(id: string, kind: string): Promise<{ to: string }[]> {
    return this.database.asSuperuser(
      'select to_address as to from outgoing_mail where expense_id = $1 and kind = $2 order by id',
      [id, kind],
    )
  }
}

/** Who is asked, step by step. */
export const askedIn = ({ steps }: ExpenseView): string[][] =>
  steps.map(({ approvers }) => approvers.map(({ name }) => name))

/** Codes of findings with their severity. */
export const found = ({ findings }: ExpenseView): string[] =>
  findings.map(({ severity, code }) => `${severity} ${code}`)

/** Non-breaking spaces are no concern of these tests. */
const plain = (text: string | undefined) => text?.replaceAll('\u00a0', ' ')

export const messageOf = ({ findings }: ExpenseView, code: string) =>
  plain(findings.find((finding) => finding.code === code)?.message)

/** An expense that draws on a request. */
export const drawing = (requestId: string, amount: string, more: Claim = {}): Claim => ({
  ...more,
  changes: { amount, requestId },
})

/** How many statements were asked for. */
export async function documentsAsked(database: TestDatabase, id: string): Promise<number> {
  const rows = await database.asSuperuser(
    `select 1 from outbox where job = 'expense.document' and payload ->> 'expenseId' = $1`,
    [id],
  )
  return rows.length
}
