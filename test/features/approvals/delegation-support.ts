import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import {
  type ApprovalSummary,
  decideApproval,
  listWaiting,
  type MovedApproval,
  moveOpenApprovals,
  type Verdict,
  type WaitingApproval,
} from '../../../src/features/approvals/index.ts'
import { sealAudit, verifyAudit } from '../../../src/features/audit/index.ts'
import { addDelegation } from '../../../src/features/people/index.ts'
import { doTurns } from '../../support/do-work.ts'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { setClock } from './pass-time.ts'
import { type Name, SmallCompany } from './small-company.ts'

export const december = '2026-12-01T00:00:00Z'
export const afterwards = '2026-12-15T00:00:00Z'
export const fromToday = { from: '2026-11-20' }

export interface Wish {
  from?: string
  to?: string
  upTo?: string | null
  actor?: Name
}

/** A company, anew for each test, in which people decide for each other. */
export class Delegating {
  #database: TestDatabase | undefined
  #company: SmallCompany | undefined

  /** To be called once, outside of tests. */
  static forEachTest(): Delegating {
    const world = new Delegating()
    beforeAll(async () => {
      world.#database = await createTestDatabase()
    })
    afterAll(() => world.database.drop())
    beforeEach(async () => {
      await world.database.asSuperuser('truncate outbox')
      setClock(world.database, '2026-11-20T15:00:00Z')
      world.#company = await SmallCompany.create(world.database)
    })
    /** Whatever happened, the record of it holds. */
    afterEach(() => expectSoundRecord(world.company))
    return world
  }

  get database(): TestDatabase {
    if (!this.#database) throw new Error('there is no database yet')
    return this.#database
  }

  get company(): SmallCompany {
    if (!this.#company) throw new Error('there is no company yet')
    return this.#company
  }

  /** Lets somebody decide for somebody else, in December unless it is said otherwise. */
  async delegate(principal: Name, to: Name, wish: Wish = {}): Promise<string> {
    const { from = '2026-12-01', to: until = '2026-12-14', upTo = null, actor = principal } = wish
    const { ids } = this.company
    const { id } = await this.company.as(actor, (tx) =>
      addDelegation(tx, { principalId: ids[principal], delegateId: ids[to], from, to: until, upTo }),
    )
    return id
  }

  relay(): Promise<string[]> {
    return doTurns(this.database, this.company.subjects)
  }

  async begin(at: string = december): Promise<void> {
    setClock(this.database, at)
    await this.relay()
  }

  /** Decides the approval of `whose`, as `name`. */
  async decide(subjectId: string, name: Name, whose: Name, verdict: Verdict = 'approve'): Promise<string> {
    const { company } = this
    const approvalId = await company.approvalOf(subjectId, whose)
    const decision = { approvalId, verdict, comment: `${name} says ${verdict}` }
    await company.as(name, (tx) => decideApproval(tx, company.subjects, decision))
    return approvalId
  }

  async approvalIn(subjectId: string, whose: Name): Promise<ApprovalSummary> {
    const approvalId = await this.company.approvalOf(subjectId, whose)
    const { steps } = await this.company.request(subjectId)
    const found = steps.flatMap(({ approvals }) => approvals).find(({ id }) => id === approvalId)
    if (!found) throw new Error(`${whose} is not in there`)
    return found
  }

  /** By name. */
  async mayDecide(subjectId: string, whose: Name): Promise<string[]> {
    const { mayDecide } = await this.approvalIn(subjectId, whose)
    const people = Object.entries(this.company.ids)
    return people.filter(([, id]) => mayDecide.includes(id)).map(([name]) => name)
  }

  waitingFor(name: Name): Promise<WaitingApproval[]> {
    return this.company.as(name, (tx) => listWaiting(tx, this.company.ids[name], { limit: 50 }))
  }

  /** The mails about delegations, as `turn to name`. */
  async mails(): Promise<string[]> {
    const rows = await this.database.asSuperuser<{ text: string }>(
      `select details ->> 'turn' || ' to ' || split_part(to_address, '@', 1) as text from outgoing_mail
       where company_id = $1 and kind = 'delegation' order by created_at, id`,
      [this.company.id],
    )
    return rows.map(({ text }) => text)
  }

  /** Leaves as an import of the organisation lets people leave: both in one transaction. */
  leave(name: Name): Promise<MovedApproval[]> {
    const { company } = this
    return company.as(null, async (tx) => {
      await tx.em.execute('update person set active = false where id = ?', [company.ids[name]])
      return moveOpenApprovals(tx, company.subjects, company.ids[name])
    })
  }
}

/** Every entry is sealed and as it was written. Sealing waits for whatever else runs on the server. */
export async function expectSoundRecord(company: SmallCompany): Promise<void> {
  const sealed = async () => {
    await company.as(null, sealAudit)
    return company.as(null, (tx) => verifyAudit(tx))
  }
  await expect.poll(sealed, { timeout: 60_000 }).toMatchObject({ faults: 0, waiting: 0 })
}
