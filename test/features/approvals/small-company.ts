import { randomUUID } from 'node:crypto'
import { type Actor, inCompany, type Tx } from '../../../src/database/index.ts'
import {
  type ApprovalProgress,
  type ApprovalSubjects,
  type NewAsk,
  openRequest,
  planApprovals,
  type RequestStatus,
  type RequestSummary,
  summarizeRequest,
} from '../../../src/features/approvals/index.ts'
import { loadDirectory } from '../../../src/features/people/index.ts'
import type { PolicyStep } from '../../../src/features/policy/index.ts'
import type { TestDatabase } from '../../support/test-database.ts'

const people = {
  alice: { rank: 1, manager: null },
  eve: { rank: 5, manager: 'alice' },
  frank: { rank: 6, manager: 'eve' },
  fred: { rank: 6, manager: 'eve' },
  grace: { rank: 7, manager: null },
  fay: { rank: null, manager: null, roles: ['finance'] },
  adam: { rank: null, manager: null, roles: ['admin'] },
} satisfies Record<string, { rank: number | null; manager: string | null; roles?: string[] }>
export type Name = keyof typeof people

/** A company of its own in which requests are about nothing but an id. What their subjects are told is kept. */
export class SmallCompany {
  readonly database: TestDatabase
  readonly id = randomUUID()
  readonly ids: Record<Name, string>
  readonly told: ApprovalProgress[] = []
  readonly subjects: ApprovalSubjects = {
    expense: async (_tx, progress) => {
      this.told.push(progress)
    },
  }

  private constructor(database: TestDatabase) {
    this.database = database
    this.ids = {
      alice: randomUUID(),
      eve: randomUUID(),
      frank: randomUUID(),
      fred: randomUUID(),
      grace: randomUUID(),
      fay: randomUUID(),
      adam: randomUUID(),
    }
  }

  static async create(database: TestDatabase): Promise<SmallCompany> {
    const company = new SmallCompany(database)
    const sql = database.asSuperuser.bind(database)
    await sql(
      `insert into company (id, name, currency, time_zone, locale, created_at) values ($1, $2, 'USD', 'UTC', 'en-US', now())`,
      [company.id, `Company ${company.id}`],
    )
    const teamId = randomUUID()
    await sql('insert into team (id, company_id, name) values ($1, $2, $3)', [
      teamId,
      company.id,
      'Technology',
    ])
    for (const [name, { rank, manager, ...more }] of Object.entries(people)) {
      await company.addPerson(name, {
        id: company.ids[name as Name],
        teamId,
        rank,
        managerId: manager && company.ids[manager as Name],
        roles: 'roles' in more ? more.roles : [],
      })
    }
    return company
  }

  async addPerson(
    name: string,
    person: {
      id: string
      teamId: string | null
      rank: number | null
      managerId: string | null
      roles: string[]
    },
  ): Promise<void> {
    await this.database.asSuperuser(
      `insert into person (id, company_id, name, email, team_id, level_rank, manager_id, roles, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, now())`,
      [
        person.id,
        this.id,
        name,
        `${name}@${this.id}.example`,
        person.teamId,
        person.rank,
        person.managerId,
        person.roles,
      ],
    )
  }

  /** Runs a use case as one of the people, or as the system. */
  as<T>(name: Name | null, work: (tx: Tx) => Promise<T>): Promise<T> {
    const actor: Actor = name
      ? { personId: this.ids[name], channel: 'slack' }
      : { personId: null, channel: 'system' }
    return inCompany(this.database, { companyId: this.id, actor }, work)
  }

  setActive(name: Name, active: boolean): Promise<unknown> {
    return this.database.asSuperuser('update person set active = $2 where id = $1', [this.ids[name], active])
  }

  /** Plans and opens a request about something new. */
  async open(
    steps: PolicyStep[],
    options: { submitter?: Name; categoryId?: string | null; amountMinor?: number } = {},
  ): Promise<string> {
    const { subjectId } = await this.openWithStatus(steps, options)
    return subjectId
  }

  async openWithStatus(
    steps: PolicyStep[],
    {
      submitter = 'grace',
      categoryId = null,
      amountMinor = 10_000,
    }: { submitter?: Name; categoryId?: string | null; amountMinor?: number } = {},
  ): Promise<{ subjectId: string; status: RequestStatus; newAsks: NewAsk[] }> {
    const subjectId = randomUUID()
    const opened = await this.as(submitter, async (tx) =>
      openRequest(tx, {
        subject: { kind: 'expense', id: subjectId },
        submitterId: this.ids[submitter],
        revision: 1,
        amountMinor,
        steps: await this.plan(tx, steps, { submitter, categoryId }),
      }),
    )
    return { subjectId, ...opened }
  }

  async plan(
    tx: Tx,
    steps: PolicyStep[],
    { submitter = 'grace', categoryId = null }: { submitter?: Name; categoryId?: string | null } = {},
  ) {
    const directory = await loadDirectory(tx)
    const member = directory.people.find(({ id }) => id === this.ids[submitter])
    if (!member) throw new Error(`there is no ${submitter}`)
    const plan = planApprovals({ steps, submitter: member, directory, categoryId })
    if (!('steps' in plan)) throw new Error('nobody may decide')
    return plan.steps
  }

  async request(subjectId: string): Promise<RequestSummary> {
    const request = await this.as(null, (tx) => summarizeRequest(tx, subjectId))
    if (!request) throw new Error('there is no request')
    return request
  }

  /** Who stands in each step, as `name status`. */
  async steps(subjectId: string): Promise<string[][]> {
    const { steps } = await this.request(subjectId)
    return steps.map(({ approvals }) =>
      approvals.map(({ approver, status }) => `${approver} ${status}`).sort(),
    )
  }

  /** Who is asked now, as `name`, `name for name`, or `name up`. */
  async asked(subjectId: string): Promise<string[]> {
    const { steps } = await this.request(subjectId)
    return steps
      .flatMap(({ approvals }) => approvals)
      .flatMap(({ asks }) => asks)
      .map(({ name, role, onBehalfOf }) =>
        onBehalfOf ? `${name} for ${onBehalfOf}` : role === 'escalated' ? `${name} up` : name,
      )
      .sort()
  }

  /** The approval of somebody that is asked now, else any of theirs. */
  async approvalOf(subjectId: string, name: Name): Promise<string> {
    const { steps } = await this.request(subjectId)
    const own = steps
      .flatMap(({ approvals }) => approvals)
      .filter(({ approverId }) => approverId === this.ids[name])
    return (own.find(({ status }) => status === 'asked') ?? own[0])?.id ?? randomUUID()
  }

  async audit(subjectId: string): Promise<string[]> {
    const rows = await this.database.asSuperuser<{ action: string }>(
      'select action from audit_entry where subject_id = $1 order by at, id',
      [subjectId],
    )
    return rows.map(({ action }) => action)
  }
}
