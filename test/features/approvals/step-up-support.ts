import { randomUUID } from 'node:crypto'
import { TOTP, URI } from 'otpauth'
import { type Channel, inCompany, type Tx } from '../../../src/database/index.ts'
import {
  codeOf,
  decideApproval,
  openRequest,
  proveWithCode,
  sendCode,
  type Verdict,
} from '../../../src/features/approvals/index.ts'
import { addAuthenticator } from '../../../src/features/people/index.ts'
import type { AppError } from '../../../src/kernel/errors.ts'
import type { TestDatabase } from '../../support/test-database.ts'
import { level } from './plan-support.ts'
import { type Name, SmallCompany } from './small-company.ts'

export const dataKey = 'd'.repeat(32)
export const minute = 60_000

/** Somebody in a channel. */
export interface Place {
  by?: Name
  channel?: Channel
}

/** A small company in which whoever decides about more than 5,000.00 proves who they are. Frank is asked first. */
export class CarefulCompany {
  readonly company: SmallCompany
  readonly database: TestDatabase

  private constructor(company: SmallCompany) {
    this.company = company
    this.database = company.database
  }

  static async create(database: TestDatabase): Promise<CarefulCompany> {
    const company = await SmallCompany.create(database)
    await database.asSuperuser('update company set step_up_over_minor = 500000 where id = $1', [company.id])
    await database.asSuperuser(
      `update person set slack_team_id = 'T1', slack_user_id = 'U-' || id where company_id = $1 and name <> 'eve'`,
      [company.id],
    )
    return new CarefulCompany(company)
  }

  /** A request that waits, worth 6,000.00. Returns the approval of Frank, or of whom it is asked first. */
  async open(
    given: { amountMinor?: number; rank?: number; of?: Name; submitter?: Name } = {},
  ): Promise<string> {
    const { amountMinor = 600_000, rank = 6, of = 'frank', submitter = 'grace' } = given
    const subjectId = randomUUID()
    await this.inside({ by: submitter }, async (tx) =>
      openRequest(tx, {
        subject: { kind: 'expense', id: subjectId },
        submitterId: this.company.ids[submitter],
        revision: 1,
        amountMinor,
        steps: await this.company.plan(tx, [level(rank)], { submitter }),
      }),
    )
    await this.database.asSuperuser(
      `insert into expense (id, company_id, number, kind, status, revision, submitter_id, paid_by, source, correlation_id,
         created_at, updated_at) values ($1, $2, $3, 'receipt', 'draft', 1, $4, 'person', 'slack', 'x', now(), now())`,
      [subjectId, this.company.id, subjectId, this.company.ids[submitter]],
    )
    return this.company.approvalOf(subjectId, of)
  }

  actor({ by = 'frank', channel = 'slack' }: Place) {
    return { companyId: this.company.id, actor: { personId: this.company.ids[by], channel } }
  }

  inside<T>(place: Place, work: (tx: Tx) => Promise<T>): Promise<T> {
    return inCompany(this.database, this.actor(place), work)
  }

  send(approvalId: string, place: Place = {}) {
    return this.inside(place, (tx) => sendCode(tx, { approvalId }))
  }

  prove(approvalId: string, code: string, place: Place = {}): Promise<void> {
    return proveWithCode(this.database, this.actor(place), { approvalId, code, dataKey })
  }

  /** What a code was refused for; null when it proved who it is. */
  async problem(proving: Promise<void>): Promise<AppError | null> {
    return proving.then(
      () => null,
      (error: AppError) => error,
    )
  }

  /** The code that was sent last. */
  async code(approvalId: string, { by = 'frank', channel = 'slack' }: Place = {}): Promise<string> {
    const [row] = await this.database.asSuperuser<{ id: string }>(
      `select id from step_up where approval_id = $1 and person_id = $2 and channel = $3
       order by created_at desc, id desc limit 1`,
      [approvalId, this.company.ids[by], channel],
    )
    return codeOf(dataKey, row?.id ?? randomUUID())
  }

  /** Some wrong codes, all different. */
  async wrong(approvalId: string, count = 1, place: Place = {}): Promise<string[]> {
    const right = Number(await this.code(approvalId, place))
    return Array.from({ length: count }, (_, n) => String((right + n + 1) % 1_000_000).padStart(6, '0'))
  }

  async sendAndProve(approvalId: string, place: Place = {}): Promise<void> {
    await this.send(approvalId, place)
    await this.prove(approvalId, await this.code(approvalId, place), place)
  }

  addAuthenticator(name: Name): Promise<{ uri: string }> {
    const who = { companyId: this.company.id, actor: { personId: null, channel: 'cli' as const } }
    return inCompany(this.database, who, (tx) => addAuthenticator(tx, this.company.ids[name], dataKey))
  }

  /** What an app that scanned this shows now. */
  shown(uri: string): string {
    const { secret } = URI.parse(uri)
    return TOTP.generate({ secret, timestamp: this.database.clock.now().getTime() })
  }

  decide(approvalId: string, place: Place = {}, verdict: Verdict = 'approve'): Promise<void> {
    return this.inside(place, (tx) =>
      decideApproval(tx, this.company.subjects, { approvalId, verdict, comment: 'Said so' }),
    )
  }

  async status(approvalId: string): Promise<string | undefined> {
    const [row] = await this.database.asSuperuser<{ status: string }>(
      'select status from approval where id = $1',
      [approvalId],
    )
    return row?.status
  }

  async count(table: string, where = 'true', parameters: unknown[] = []): Promise<number> {
    const sql = `select count(*)::int as count from ${table} where company_id = '${this.company.id}' and ${where}`
    const [row] = await this.database.asSuperuser<{ count: number }>(sql, parameters)
    return row?.count ?? 0
  }

  /** How many wrong codes are written down, of Frank or of somebody else. */
  async wrongTries(by: Name = 'frank'): Promise<number> {
    const [row] = await this.database.asSuperuser<{ sum: number }>(
      'select coalesce(sum(attempts), 0)::int as sum from step_up where person_id = $1',
      [this.company.ids[by]],
    )
    return row?.sum ?? 0
  }
}
