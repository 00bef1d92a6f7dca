import { inCompany, type Tx } from '../../../src/database/index.ts'
import { decideApproval, undoDecision, type Verdict } from '../../../src/features/approvals/index.ts'
import {
  draftExpense,
  type ExpenseView,
  editExpense,
  submitExpense,
  viewExpense,
} from '../../../src/features/expenses/index.ts'
import { showSurface } from '../../../src/features/notifications/index.ts'
import { importOrganisation, parseOrganisation } from '../../../src/features/organisation/index.ts'
import { listCategories } from '../../../src/features/people/index.ts'
import { subjects } from '../../../src/subjects.ts'
import { as, type TestDatabase } from '../../support/test-database.ts'

const at = (name: string) => `${name}@two.example`
export const [ann, bob, cas, fay, adam] = [at('ann'), at('bob'), at('cas'), at('fay'), at('adam')]
const system = { personId: null, channel: 'system' as const }

const organisation = {
  company: { name: 'Two steps', currency: 'USD', time_zone: 'UTC' },
  teams: [{ name: 'Work' }],
  levels: [
    { rank: 1, name: 'Boss' },
    { rank: 2, name: 'Lead' },
    { rank: 3, name: 'Worker' },
  ],
  categories: ['meals', 'tools', 'trips'].map((key) => ({ key, name: key })),
  people: [
    { name: 'Ann', email: ann, team: 'Work', level: 3, manager: bob },
    { name: 'Bob', email: bob, team: 'Work', level: 2, manager: cas },
    { name: 'Cas', email: cas, team: 'Work', level: 1 },
    { name: 'Fay', email: fay, roles: ['finance'] },
    { name: 'Adam', email: adam, roles: ['admin'] },
  ],
  policies: [
    {
      key: 'all',
      name: 'One after the other',
      steps: [
        { level: 2, description: 'The lead agrees' },
        { level: 1, description: 'The boss agrees' },
      ],
    },
  ],
  limits: [
    { key: 'tools', name: 'Tools', each: 'person', category: 'tools', per: 'month', amount: '100.00' },
    {
      key: 'trips',
      name: 'Trips',
      each: 'person',
      category: 'trips',
      per: 'month',
      amount: '100.00',
      beyond: 'flag',
    },
  ],
}

export interface Submitted {
  source?: 'slack' | 'email'
  category?: 'meals' | 'tools' | 'trips'
  amount?: string
}

/** A company in which what Ann spends is decided by Bob and then by Cas. */
export class TwoSteps {
  readonly database: TestDatabase
  readonly id: string
  #shops = 0

  private constructor(database: TestDatabase, id: string) {
    this.database = database
    this.id = id
  }

  static async create(database: TestDatabase): Promise<TwoSteps> {
    const parsed = parseOrganisation(JSON.stringify(organisation), 'two.yaml')
    const { companyId } = await importOrganisation(database, parsed, { actor: system, subjects })
    return new TwoSteps(database, companyId)
  }

  /** An expense that waits for Bob; with a thread in Slack, unless it came by mail. */
  async submitted({
    source = 'slack',
    category = 'meals',
    amount = '12.00',
  }: Submitted = {}): Promise<string> {
    this.#shops += 1
    const shop = this.#shops
    const deliveryKey = `two:${shop}`
    return as(this.database, ann, async (tx) => {
      const personId = tx.actor.personId ?? ''
      const { id } = await draftExpense(tx, { submitterId: personId, source, deliveryKey, files: [] })
      if (source === 'slack') await showSurface(tx, { kind: 'slack.expense', expenseId: id, personId })
      const categoryId = (await listCategories(tx)).find(({ key }) => key === category)?.id ?? ''
      const claim = { merchant: `Shop ${shop}`, amount, currency: 'USD' }
      await editExpense(tx, id, { ...claim, date: '2026-11-03', categoryId })
      await submitExpense(tx, id)
      return id
    })
  }

  inside<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return inCompany(this.database, { companyId: this.id, actor: system }, work)
  }

  view(id: string, approvalId: string | null = null): Promise<ExpenseView> {
    return this.inside(async (tx) => {
      const found = await viewExpense(tx, id, approvalId)
      if (!found) throw new Error('no such expense')
      return found
    })
  }

  /** Every approval there ever was, those of the newest revision first. */
  approvalsOf(id: string): Promise<{ id: string; email: string; status: string }[]> {
    return this.database.asSuperuser(
      `select a.id, p.email, a.status from approval a join person p on p.id = a.approver_id
       join approval_request r on r.id = a.request_id where r.subject_id = $1 order by r.revision desc, a.id`,
      [id],
    )
  }

  async approvalOf(id: string, email: string, status: string): Promise<string> {
    const found = (await this.approvalsOf(id)).find((one) => one.email === email && one.status === status)
    return found?.id ?? ''
  }

  /** Decides what this person is asked. Answers with the approval. */
  async decide(id: string, email: string, verdict: Verdict = 'approve'): Promise<string> {
    const approvalId = await this.approvalOf(id, email, 'asked')
    await as(this.database, email, (tx) =>
      decideApproval(tx, subjects, { approvalId, verdict, comment: verdict === 'approve' ? '' : 'No' }),
    )
    return approvalId
  }

  undo(approvalId: string, email: string, comment?: string): Promise<void> {
    return as(this.database, email, (tx) => undoDecision(tx, subjects, { approvalId, comment }))
  }

  async personId(email: string): Promise<string> {
    const rows = await this.database.asSuperuser<{ id: string }>('select id from person where email = $1', [
      email,
    ])
    return rows[0]?.id ?? ''
  }

  /** Does something a second after whatever was before. */
  later<T>(work: () => Promise<T>): Promise<T> {
    this.database.clock.advance(1000)
    return work()
  }
}
