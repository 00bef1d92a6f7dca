import { afterAll, beforeAll, expect, test } from 'vitest'
import { inCompany, type Tx } from '../../src/database/index.ts'
import { decideApproval, type Verdict } from '../../src/features/approvals/index.ts'
import { draftExpense, editExpense, submitExpense } from '../../src/features/expenses/index.ts'
import { importOrganisation, parseOrganisation } from '../../src/features/organisation/index.ts'
import { addDelegation, listCategories } from '../../src/features/people/index.ts'
import { addDays, dateIn, startOfDay } from '../../src/kernel/calendar-date.ts'
import { AppError } from '../../src/kernel/errors.ts'
import { subjects } from '../../src/subjects.ts'
import { logOf } from '../features/audit/audit-log.ts'
import { doWork } from '../support/do-work.ts'
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts'
import { checkTimes } from './check-times.ts'
import { makeOffices } from './make-offices.ts'
import { Random } from './random.ts'

/**
 * A company in three time zones, whose approvers answer soon, late or never, or are away and let somebody decide for them.
 * In the suite five weeks in which the clock changes in America, Europe and Australia; the figure of the README:
 * `DAYS=365 PER_DAY=4 npm test -- test/simulation/year.test.ts`.
 */
const days = Number(process.env.DAYS ?? 35)
const perDay = Number(process.env.PER_DAY ?? 2)
const start = '2026-03-04'
const minute = 60_000
const actor = { personId: null, channel: 'cli' as const }
const timed = ['delegation.turn', 'approval.sync_asks', 'approval.remind', 'approval.escalate'] as const

let database: TestDatabase
let companyId: string
const office = makeOffices()
const random = new Random(29)
const people = new Map<string, { id: string; email: string; timeZone: string; holidays: string }>()
const happened = new Map<string, number>()
const count = (what: string) => happened.set(what, (happened.get(what) ?? 0) + 1)

/** What people are about to do, by the instant at which they do it. */
const plans: { at: number; act: () => Promise<void> }[] = []
const planned = (at: number, act: () => Promise<void>) =>
  plans.push({ at: Math.ceil(at / minute) * minute, act })

beforeAll(async () => {
  database = await createTestDatabase()
  moveTo(Date.parse(start))
  companyId = await importOffices()
  const rows = await database.asSuperuser<{ id: string; email: string; timeZone: string; holidays: string }>(
    'select id, email, time_zone as "timeZone", holidays from person where company_id = $1 order by email',
    [companyId],
  )
  for (const row of rows) people.set(row.id, row)
})
afterAll(() => database.drop())

async function importOffices(): Promise<string> {
  const organisation = parseOrganisation(JSON.stringify(office), 'year.yaml')
  return (await importOrganisation(database, organisation, { actor, subjects })).companyId
}

function moveTo(instant: number): void {
  database.clock.advance(instant - database.clock.now().getTime())
}

/** What is refused with a sentence for people is part of life; anything else is a defect. */
async function act(personId: string, what: string, work: (tx: Tx) => Promise<unknown>): Promise<boolean> {
  try {
    await inCompany(database, { companyId, actor: { personId, channel: 'slack' } }, work)
    count(what)
    return true
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'user') throw error
    count(`${what} refused: ${error.code}`)
    return false
  }
}

let expenses = 0
async function submit(personId: string): Promise<void> {
  const index = expenses++
  await act(personId, 'submitted', async (tx) => {
    const { id } = await draftExpense(tx, {
      submitterId: personId,
      source: 'slack',
      deliveryKey: `year:${index}`,
      files: [],
    })
    const { id: categoryId } = random.pick(await listCategories(tx))
    const amount = random.amount(10, 900)
    await editExpense(tx, id, {
      merchant: `Shop ${index}`,
      amount,
      currency: 'USD',
      date: dateIn(tx.now, 'UTC'),
      categoryId,
    })
    await submitExpense(tx, id)
  })
}

/** Somebody is away for some days, and lets somebody of their office decide for them. */
async function goAway(personId: string): Promise<void> {
  const own = people.get(personId)
  const others = [...people.values()].filter((one) => one.timeZone === own?.timeZone && one.id !== personId)
  await act(personId, 'delegated', async (tx) => {
    const from = addDays(dateIn(tx.now, own?.timeZone ?? 'UTC'), Math.floor(random.next() * 3))
    const to = addDays(from, Math.floor(random.next() * 12))
    const upTo = random.chance(0.3) ? '300.00' : null
    await addDelegation(tx, { principalId: personId, delegateId: random.pick(others).id, from, to, upTo })
  })
}

const known = new Set<string>()
/** Whoever was asked just now makes up their mind: most answer within hours, some after days, some never. */
async function noticeQuestions(): Promise<void> {
  const asks = await database.asSuperuser<{
    id: string
    approvalId: string
    personId: string
    email: string
  }>(
    `select k.id, k.approval_id as "approvalId", k.person_id as "personId", p.email from approval_ask k
     join person p on p.id = k.person_id where k.asked_at = $1 order by k.id`,
    [database.clock.now()],
  )
  for (const { id, approvalId, personId, email } of asks.filter(({ id }) => !known.has(id))) {
    known.add(id)
    // In the last office, and now and then elsewhere, nobody answers until it comes to finance.
    const isSilent = email.startsWith('sydney') ? random.chance(0.6) : random.chance(0.25)
    const hours = random.chance(0.7) ? random.next() * 6 : 24 + random.next() * 150
    if (isSilent && !email.startsWith('finance') && !email.startsWith('admin')) continue
    planned(database.clock.now().getTime() + hours * 60 * minute, () => answer(personId, approvalId))
  }
}

async function answer(personId: string, approvalId: string): Promise<void> {
  const roll = random.next()
  const verdict: Verdict = roll < 0.9 ? 'approve' : roll < 0.95 ? 'reject' : 'send_back'
  await act(personId, verdict, (tx) =>
    decideApproval(tx, subjects, {
      approvalId,
      verdict,
      comment: verdict === 'approve' ? undefined : 'Not so',
    }),
  )
}

function planDay(date: string): void {
  const midnight = startOfDay(date, 'UTC').getTime()
  const at = () => midnight + random.next() * 24 * 60 * minute
  const ids = [...people.keys()]
  for (let n = 0; n < perDay; n++) planned(at(), () => submit(random.pick(ids)))
  if (random.chance(0.5)) planned(at(), () => goAway(random.pick(ids)))
}

/** When the next work of the outbox is due. */
async function nextWork(): Promise<number> {
  const [row] = await database.asSuperuser<{ at: Date | null }>(
    `select min(not_before) as at from outbox where status = 'pending' and job = any($1)`,
    [timed],
  )
  return row?.at?.getTime() ?? Number.POSITIVE_INFINITY
}

async function liveUntil(end: number): Promise<void> {
  for (;;) {
    plans.sort((one, other) => one.at - other.at)
    const [plan] = plans
    const due = await nextWork()
    const next = Math.min(due, plan?.at ?? Number.POSITIVE_INFINITY)
    if (next > end) break
    moveTo(Math.max(next, database.clock.now().getTime()))
    if (plan && plan.at < due) await plans.shift()?.act()
    else await doDueWork()
    await noticeQuestions()
  }
  moveTo(end)
}

async function doDueWork(): Promise<void> {
  for (const job of timed) {
    for (const outcome of await doWork(database, job)) expect(outcome, job).toBe('done')
  }
}

/** A lead or a head leaves, while they are asked. */
async function leave(day: number): Promise<void> {
  const leaving = office.people.filter(({ email, active }) => active && /lead|head/.test(email))[day % 5]
  if (!leaving || happened.get('left') === 4) return
  leaving.active = false
  await importOffices()
  await noticeQuestions()
  for (const { id, email } of people.values()) if (email === leaving.email) people.delete(id)
  count('left')
}

const openRequests = async () =>
  Number(
    (
      await database.asSuperuser<{ n: string }>(
        `select count(*) as n from approval_request where status = 'open'`,
      )
    )[0]?.n,
  )

test('reminders and escalations come at work, in time and once, and every request ends', {
  timeout: 7_200_000,
}, async () => {
  for (let day = 0; day < days; day++) {
    const date = addDays(start, day)
    planDay(date)
    if (day % 16 === 9) await leave(day)
    await liveUntil(startOfDay(addDays(date, 1), 'UTC').getTime())
    if (day % 7 === 0) await logOf(database, companyId).seal()
  }
  // Nothing new; what is open comes to its end.
  let rest = 0
  for (; rest < 90 && (await openRequests()) > 0; rest++) {
    await liveUntil(database.clock.now().getTime() + 24 * 60 * minute)
  }
  expect(await openRequests()).toBe(0)
  await checkTimes({ database, start, count })
  await checkPeople()
  const log = logOf(database, companyId)
  while ((await log.seal()) > 0) {}
  const verified = await log.verify()
  expect(verified.all).toEqual([])
  const found = [...happened].sort().map(([what, n]) => `${n} × ${what}`)
  console.log(`${days} days, ${rest} more until all was decided: ${found.join(', ')}`)
})

/** Each rule as a query that must find nothing. */
async function checkPeople(): Promise<void> {
  const unlawful: Record<string, string> = {
    'asked about one’s own': `select k.id from approval_ask k join approval a on a.id = k.approval_id
      join approval_request r on r.id = a.request_id where k.person_id = r.submitter_id`,
    'decided by the submitter': `select a.id from approval a join approval_request r on r.id = a.request_id
      where a.decided_by = r.submitter_id`,
    'decided by somebody who was never asked': `select a.id from approval a where a.decided_by is not null
      and a.decided_by <> a.approver_id and not exists (select from approval_ask k where k.approval_id = a.id and k.person_id = a.decided_by)`,
    'asked twice at a time in one step as the next one up': `select one.id from approval_ask one
      join approval a on a.id = one.approval_id join approval b on b.step_id = a.step_id
      join approval_ask other on other.approval_id = b.id and other.person_id = one.person_id and other.id <> one.id
      where one.role = 'escalated' and other.asked_at <= one.asked_at and (other.ended_at is null or other.ended_at > one.asked_at)`,
    'asked about what is closed': `select k.id from approval_ask k join approval a on a.id = k.approval_id
      where k.ended_at is null and a.status <> 'asked'`,
    'given up': `select id from outbox where status = 'dead'`,
  }
  for (const [what, sql] of Object.entries(unlawful))
    expect(await database.asSuperuser(sql), what).toEqual([])
}
