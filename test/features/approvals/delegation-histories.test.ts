import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { syncAsks } from '../../../src/features/approvals/asks.ts'
import {
  decideApproval,
  listWaiting,
  moveOpenApprovals,
  subjectOfApproval,
  undoDecision,
  type Verdict,
} from '../../../src/features/approvals/index.ts'
import { lockRequest } from '../../../src/features/approvals/load-request.ts'
import { addDelegation, endDelegation, listDelegations } from '../../../src/features/people/index.ts'
import { addDays, dateIn } from '../../../src/kernel/calendar-date.ts'
import { AppError } from '../../../src/kernel/errors.ts'
import { doTurns, doWork } from '../../support/do-work.ts'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { expectSoundRecord } from './delegation-support.ts'
import { by, level } from './plan-support.ts'
import { type Name, SmallCompany } from './small-company.ts'

/** How many random histories of a company are lived through on the real database; `COMPANIES` sets another number. */
const histories = Number(process.env.COMPANIES ?? 5)
const hour = 3_600_000
let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const somebody = fc.constantFrom<Name>('alice', 'eve', 'frank', 'fred', 'fay', 'adam', 'grace')
const pick = fc.nat(999)
const plans = [
  [level(5)],
  [level(6, { needed: 'all' }), level(5)],
  [level(6, { needed: 2 }), by('finance')],
  [level(6), by('admin', { required: false }), by('finance')],
]
const action = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('open' as const),
      plan: fc.nat(plans.length - 1),
      submitter: fc.constantFrom<Name>('grace', 'frank'),
      amountMinor: fc.constantFrom(10_000, 60_000),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('decide' as const),
      pick,
      /** undefined: one of those of whom it is said that they may decide it, rather in the place of the approver. */
      by: fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: somebody }),
      verdict: fc.constantFrom<Verdict>('approve', 'approve', 'approve', 'approve', 'reject', 'ask'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('undo' as const), pick }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('delegate' as const),
      principal: fc.constantFrom<Name>('eve', 'frank', 'fred', 'fay', 'alice'),
      delegate: somebody,
      days: fc.tuple(fc.constantFrom(0, 0, 0, 2), fc.nat(9)),
      upTo: fc.constantFrom(null, '500.00'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('end' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), who: somebody }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('return' as const), who: somebody }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), hours: fc.nat(40) }) },
)
/** Each history begins with somebody who stands in. */
const beginning = fc.tuple(somebody, somebody).map(([forEve, forFrank]): Action[] => [
  { do: 'delegate', principal: 'eve', delegate: forEve, days: [0, 9], upTo: null },
  { do: 'delegate', principal: 'frank', delegate: forFrank, days: [0, 9], upTo: '500.00' },
])
type Action = typeof action extends fc.Arbitrary<infer Value> ? Value : never

/** One company through its history. What people are refused is part of it; anything else that goes wrong is not. */
class History {
  readonly #company: SmallCompany
  readonly #subjects: string[] = []
  constructor(company: SmallCompany) {
    this.#company = company
  }

  async live(act: Action): Promise<string> {
    try {
      await this.#do(act)
      return act.do
    } catch (error) {
      if (error instanceof AppError && error.kind === 'user') return error.code
      if (error instanceof Error && error.message === 'nobody may decide') return error.message
      throw error
    }
  }

  async #do(act: Action): Promise<unknown> {
    const company = this.#company
    switch (act.do) {
      case 'open': {
        const { submitter, amountMinor } = act
        return this.#subjects.push(await company.open(plans[act.plan] ?? [], { submitter, amountMinor }))
      }
      case 'decide': {
        const open = (await this.#approvals()).filter(({ status }) => status === 'asked')
        const approval = open[act.pick % open.length]
        if (!approval) return
        const may = approval.mayDecide
        const person = act.by ? company.ids[act.by] : act.pick % 4 ? may.at(-1) : may[0]
        const name = nameOf(company, person)
        const decision = { approvalId: approval.id, verdict: act.verdict, comment: `Because ${act.pick}` }
        await company.as(name, (tx) => decideApproval(tx, company.subjects, decision))
        // Whoever decides is among those of whom it was said before.
        return expect(may).toContain(company.ids[name])
      }
      case 'undo': {
        const decided = (await this.#approvals()).filter((one) => one.decided !== null)
        const approval = decided[act.pick % decided.length]
        const name = nameOf(company, approval?.decided?.byId)
        const approvalId = approval?.id ?? ''
        return approval && company.as(name, (tx) => undoDecision(tx, company.subjects, { approvalId }))
      }
      case 'delegate': {
        const { principal, delegate, upTo } = act
        const [principalId, delegateId] = [company.ids[principal], company.ids[delegate]]
        const from = addDays(dateIn(database.clock.now(), 'UTC'), act.days[0])
        const input = { principalId, delegateId, from, to: addDays(from, act.days[1]), upTo }
        return company.as(principal, (tx) => addDelegation(tx, input))
      }
      case 'end': {
        const all = await company.as(null, (tx) => listDelegations(tx))
        const one = all[act.pick % all.length]
        return one && company.as(null, (tx) => endDelegation(tx, one.id))
      }
      case 'leave':
        return company.as(null, async (tx) => {
          await tx.em.execute('update person set active = false where id = ?', [company.ids[act.who]])
          return moveOpenApprovals(tx, company.subjects, company.ids[act.who])
        })
      case 'return':
        return company.setActive(act.who, true)
      case 'wait':
        return database.clock.advance(act.hours * hour)
    }
  }

  async #approvals() {
    const requests = await Promise.all(this.#subjects.map((id) => this.#company.request(id)))
    return requests.flatMap(({ steps }) => steps.flatMap(({ approvals }) => approvals))
  }

  /** What was asked for is done: then who is asked is who is to be asked. */
  async check(): Promise<void> {
    const company = this.#company
    await doTurns(database, company.subjects)
    await doWork(database, 'approval.escalate', company.subjects)
    for (const [name, id] of Object.entries(company.ids)) {
      const inbox = await company.as(null, (tx) => listWaiting(tx, id, { limit: 99 }))
      for (const { approvalId } of inbox) {
        const subject = await company.as(null, (tx) => subjectOfApproval(tx, approvalId))
        expect(subject?.mayDecide, name).toContain(id)
      }
    }
    for (const { id } of await database.asSuperuser<{ id: string }>(
      `select id from approval_request where company_id = $1 and status = 'open'`,
      [company.id],
    )) {
      const changed = await company.as(null, async (tx) => syncAsks(tx, await lockRequest(tx, id)))
      expect(changed).toEqual([])
    }
    for (const [what, sql] of Object.entries(never)) {
      expect(await database.asSuperuser(sql, [company.id]), what).toEqual([])
    }
    await expectSoundRecord(company)
  }
}

const nameOf = (company: SmallCompany, id: string | undefined): Name =>
  (Object.keys(company.ids) as Name[]).find((name) => company.ids[name] === id) ?? 'adam'

const decidedNow = `a.status in ('approved', 'rejected', 'sent_back')`
const asking = 'from approval_ask k join approval a on a.id = k.approval_id'
const ofRequest = 'join approval_request r on r.id = a.request_id'
const theirs = 'a.company_id = $1'

/** Each finds nothing, ever. */
const never = {
  'somebody decided their own': `select a.id from approval a ${ofRequest} where ${theirs} and a.decided_by = r.submitter_id`,
  'somebody counts twice in a step': `select a.step_id from approval a where ${theirs} and ${decidedNow}
    group by a.step_id, a.decided_by having count(*) > 1`,
  'a decision is not recorded with both names': `select a.id from approval a where ${theirs} and a.decided_at is not null
    and not exists (select 1 from audit_entry e where e.company_id = a.company_id and e.action = 'approval.decided'
      and e.changes ->> 'approval' = a.id::text and e.actor_id = a.decided_by
      and e.on_behalf_of_id is not distinct from nullif(a.approver_id, a.decided_by))`,
  'somebody is asked about what is not asked': `select k.id ${asking} ${ofRequest} where ${theirs} and k.ended_at is null
    and (a.status <> 'asked' or r.status <> 'open')`,
  'nobody is asked about what is asked': `select a.id from approval a where ${theirs} and a.status = 'asked'
    and not exists (select 1 from approval_ask k where k.approval_id = a.id and k.ended_at is null)`,
  'the submitter, or somebody who left, is asked': `select k.id ${asking} ${ofRequest} join person p on p.id = k.person_id
    where ${theirs} and k.ended_at is null and (not p.active or p.id = r.submitter_id)`,
}

test(`in ${histories} random histories on the database: nobody decides their own or counts twice, who is asked may decide, both names are recorded, and the record holds`, {
  timeout: histories * 20_000 + 60_000,
}, async () => {
  const seen = new Map<string, number>()
  const given = fc.array(action, { minLength: 35, maxLength: 45, size: 'max' })
  await fc.assert(
    fc.asyncProperty(beginning, given, async (first, actions) => {
      await database.asSuperuser('truncate outbox')
      const history = new History(await SmallCompany.create(database))
      for (const act of [...first, ...actions]) {
        const what = await history.live(act)
        seen.set(what, (seen.get(what) ?? 0) + 1)
        if (act.do === 'wait') await history.check()
      }
      await history.check()
    }),
    { numRuns: histories, endOnFailure: true },
  )
  const inPlace = await database.asSuperuser('select 1 from approval where decided_by <> approver_id')
  const counts = [...seen].map(([what, times]) => `${times} ${what}`).join(', ')
  console.log(`${histories} histories: ${counts}; ${inPlace.length} decisions in the place of somebody else`)
  expect(inPlace.length).toBeGreaterThan(histories / 5)
})
