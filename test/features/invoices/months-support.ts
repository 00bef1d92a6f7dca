import { loadRates, parseRates, settleExpenses } from '../../../src/features/expenses/index.ts'
import {
  closeMonth,
  exportMonth,
  listMonthNames,
  listMonths,
  listUnpaid,
  monthOverview,
} from '../../../src/features/invoices/index.ts'
import { as, type TestDatabase } from '../../support/test-database.ts'
import { bob, type Claim, fay, Kinds } from '../expenses/kinds-company.ts'

/** A company in which finance closes months: Ann spends, Bob approves, Fay is finance. */
export class Books {
  readonly database: TestDatabase
  readonly company: Kinds

  private constructor(database: TestDatabase, company: Kinds) {
    this.database = database
    this.company = company
  }

  static async create(database: TestDatabase, timeZone = 'America/New_York'): Promise<Books> {
    database.clock.set('2026-09-10T15:00:00Z')
    const company = await Kinds.create(database)
    await database.asSuperuser(
      `update company set time_zone = $2, rollback_hours = 20000, digest_over = 0
      where id = $1`,
      [company.id, timeZone],
    )
    const rates = parseRates('date,currency,rate\n2026-01-01,EUR,1.117', 'USD')
    await company.inside((tx) => loadRates(tx, rates))
    return new Books(database, company)
  }

  at(instant: string): void {
    this.database.clock.set(instant)
  }

  /** Approved at this instant (UTC), or now. Answers with the expense and its approval. */
  async approved(claim: Claim = {}, at?: string): Promise<{ id: string; approvalId: string }> {
    if (at) this.at(at)
    const { id } = await this.company.submitted({ category: 'travel', receipt: 'none', ...claim })
    return { id, approvalId: await this.company.decide(id, bob) }
  }

  overview = (month: string, by = fay) => as(this.database, by, (tx) => monthOverview(tx, month))
  close = (month: string, by = fay) => as(this.database, by, (tx) => closeMonth(tx, month))
  export = (month: string, by = fay) => as(this.database, by, (tx) => exportMonth(tx, month))
  months = (limit = 20) => as(this.database, fay, (tx) => listMonths(tx, { limit }))
  monthNames = (limit = 20, by = fay) => as(this.database, by, (tx) => listMonthNames(tx, { limit }))
  unpaid = (limit = 20, after?: string) =>
    as(this.database, fay, (tx) => listUnpaid(tx, { limit, ...(after ? { after } : {}) }))
  settle = (ids: string[], by = fay) => as(this.database, by, (tx) => settleExpenses(tx, ids))

  /** What every closed month holds, by month and kind, in minor units. */
  entries(): Promise<{ month: string; kind: string; number: string; minor: number }[]> {
    return this.database.asSuperuser(
      `select month, kind, facts ->> 'number' as number, sum(amount_minor)::int as minor from month_entry
       where company_id = $1 group by 1, 2, 3 order by 1, 3, 2`,
      [this.company.id],
    )
  }
}
