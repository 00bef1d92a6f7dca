import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { commentOnExpense, listWaitingExpenses, undoOnExpense } from '../../../src/features/expenses/index.ts'
import { addDelegation } from '../../../src/features/people/index.ts'
import { subjects } from '../../../src/subjects.ts'
import { doWork } from '../../support/do-work.ts'
import { as, createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { adam, ann, bob, fay, Kinds, organisation, tim } from './kinds-company.ts'

let database: TestDatabase
let company: Kinds

beforeEach(async () => {
  database = await createTestDatabase()
  database.clock.set('2026-11-17T10:00:00Z')
  company = await Kinds.create(database, {
    company: { ...organisation.company, remind_after_days: 1, escalate_after_days: 2 },
  })
})
afterEach(() => database.drop())

const idOf = async (email: string) =>
  (await database.asSuperuser<{ id: string }>('select id from person where email = $1', [email]))[0]?.id ?? ''

/** Bob is away on the 18th and 19th, and Tim decides for him. */
async function bobIsAway(): Promise<void> {
  const [principalId, delegateId] = [await idOf(bob), await idOf(tim)]
  const away = { principalId, delegateId, from: '2026-11-18', to: '2026-11-19', upTo: null }
  await as(database, bob, (tx) => addDelegation(tx, away))
}
async function at(instant: string): Promise<void> {
  database.clock.set(instant)
  for (const job of [
    'delegation.turn',
    'approval.sync_asks',
    'approval.remind',
    'approval.escalate',
  ] as const)
    await doWork(database, job)
}

/** Who has which message about an expense, oldest first. */
const shown = (id: string) =>
  database.asSuperuser<{ kind: string; name: string }>(
    `select s.kind, p.name from surface s join person p on p.id = s.person_id
     where s.expense_id = $1 order by s.created_at, s.id`,
    [id],
  )
const renders = async (id: string, name: string) => {
  const rows = await database.asSuperuser(
    `select 1 from outbox o join surface s on s.id::text = o.payload ->> 'surfaceId' join person p on p.id = s.person_id
     where o.job = 'surface.render' and o.status = 'pending' and s.expense_id = $1 and p.name = $2`,
    [id, name],
  )
  return rows.length
}
const mailed = async (id: string, kind: string) => (await company.mailsAbout(id, kind)).map(({ to }) => to)
const card = (name: string) => ({ kind: 'slack.approval', name })

describe('a delegate', () => {
  test('gets a card when a delegation begins, and no further mail', async () => {
    await bobIsAway()
    const { id } = await company.submitted({})
    expect(await shown(id)).toEqual([card('Bob')])
    expect(await mailed(id, 'approval_request')).toEqual([bob])
    await at('2026-11-18T00:00:00Z')
    expect(await shown(id)).toEqual([card('Bob'), card('Tim')])
    const [during] = (await company.view(id)).steps.flatMap(({ approvers }) => approvers)
    expect(during?.asks).toMatchObject([{ name: 'Tim', role: 'delegate', onBehalfOf: 'Bob' }])
    await database.asSuperuser('truncate outbox')
    await at('2026-11-18T00:00:00Z')
    expect(await renders(id, 'Bob'), 'nothing happened').toBe(0)
  })

  test('hands back when their time is over: the card of the approver is live again, without a further mail', async () => {
    await bobIsAway()
    const { id } = await company.submitted({})
    await at('2026-11-18T00:00:00Z')
    await database.asSuperuser(`update outbox set status = 'done' where job = 'surface.render'`)
    await at('2026-11-20T00:00:00Z')
    const [after] = (await company.view(id)).steps.flatMap(({ approvers }) => approvers)
    expect(after?.asks.map(({ name, role }) => [name, role])).toEqual([['Bob', 'approver']])
    expect([await renders(id, 'Bob'), await renders(id, 'Tim')]).toEqual([1, 1])
    expect(await mailed(id, 'approval_request')).toEqual([bob])
  })

  test('is asked by mail where an expense comes while they decide, and says in the list for whom', async () => {
    await bobIsAway()
    await at('2026-11-18T10:00:00Z')
    const { id, number } = await company.submitted({ kind: 'request' })
    expect(await mailed(id, 'approval_request')).toEqual([tim])
    const listed = await as(database, tim, (tx) => listWaitingExpenses(tx, { limit: 5 }))
    expect(listed).toMatchObject([{ number, kind: 'request', onBehalfOf: 'Bob' }])
    expect(await as(database, bob, (tx) => listWaitingExpenses(tx, { limit: 5 }))).toEqual([])
    await at('2026-11-20T00:00:00Z')
    expect(await shown(id)).toEqual([card('Tim'), card('Bob')])
    expect(await mailed(id, 'approval_request'), 'they hear of all of it in one mail').toEqual([tim])
  })

  test('decides, is named, and alone can take it back', async () => {
    await bobIsAway()
    await at('2026-11-18T10:00:00Z')
    const { id, number } = await company.submitted({})
    const approvalId = await company.approvalOf(id, bob, 'asked')
    await company.decideApproval(approvalId, tim)
    const view = await company.view(id)
    expect(view.status).toBe('approved')
    const [approver] = view.steps.flatMap(({ approvers }) => approvers)
    expect(approver).toMatchObject({ name: 'Bob', decided: { by: 'Tim', onBehalfOf: 'Bob' } })
    expect(view.canUndo).toMatchObject([{ approvalId, personId: await idOf(tim) }])
    const refused = as(database, bob, (tx) => undoOnExpense(tx, subjects, number))
    await expect(refused).rejects.toMatchObject({ code: 'not_decided' })
    expect(await as(database, tim, (tx) => undoOnExpense(tx, subjects, number))).toBe('approved')
    expect((await company.view(id)).status).toBe('awaiting_approval')
  })

  test('hears what the submitter says; the approver who is away does not', async () => {
    await bobIsAway()
    await at('2026-11-18T10:00:00Z')
    const { id } = await company.submitted({})
    await as(database, ann, (tx) => commentOnExpense(tx, subjects, id, 'It was for the fair.'))
    expect(await mailed(id, 'comment')).toEqual([tim])
  })
})

describe('without an answer', () => {
  test('the approver is reminded once, by their card and by mail; then the next one up is asked as well', async () => {
    const { id } = await company.submitted({ category: 'tools' })
    expect(await shown(id)).toEqual([card('Tim')])
    await at('2026-11-18T10:00:00Z')
    expect(await shown(id)).toEqual([card('Tim'), { kind: 'slack.reminder', name: 'Tim' }])
    expect(await mailed(id, 'reminder')).toEqual([tim])
    await at('2026-11-19T10:00:00Z')
    const [approver] = (await company.view(id)).steps.flatMap(({ approvers }) => approvers)
    // Tim has neither a manager nor a level: finance is next.
    expect(approver?.asks.map(({ name, role }) => [name, role])).toEqual([
      ['Tim', 'approver'],
      ['Fay', 'escalated'],
    ])
    expect(await shown(id)).toContainEqual(card('Fay'))
    expect(await mailed(id, 'approval_request')).toEqual([tim, fay])
    await at('2026-11-19T10:00:00Z')
    expect(await mailed(id, 'reminder')).toEqual([tim])
  })
})

test('whoever is reminded again gets their card again, below whatever came since, and all of them stay up to date', async () => {
  const { id } = await company.submitted({ category: 'tools' })
  // Nobody is left above an admin, so it is they who are reminded again and again.
  for (let day = 18; day <= 31; day++) await at(`2026-12-${day}T10:00:00Z`)
  const reminders = (await shown(id)).filter((one) => one.kind === 'slack.reminder' && one.name === 'Adam')
  expect(reminders.length).toBeGreaterThan(1)
  const mails = (await mailed(id, 'reminder')).filter((to) => to === adam)
  expect(mails).toHaveLength(reminders.length)
  await database.asSuperuser('truncate outbox')
  await company.decide(id, tim)
  const refreshed = await database.asSuperuser(
    `select distinct s.id from outbox o join surface s on s.id::text = o.payload ->> 'surfaceId'
     join person p on p.id = s.person_id where s.kind = 'slack.reminder' and p.name = 'Adam'`,
  )
  expect(refreshed).toHaveLength(reminders.length)
})

test('whose decision fell hears of it: the delegate who made it', async () => {
  const gift = await company.submitted({ category: 'gifts' })
  const first = await company.decide(gift.id, tim)
  const [principalId, delegateId] = [await idOf(fay), await idOf(bob)]
  await as(database, fay, (tx) =>
    addDelegation(tx, { principalId, delegateId, from: '2026-11-17', to: '2026-11-19', upTo: null }),
  )
  await company.decideApproval(await company.approvalOf(gift.id, fay, 'asked'), bob)
  expect((await company.view(gift.id)).status).toBe('approved')
  await company.undo(first, tim)
  expect((await mailed(gift.id, 'undone')).toSorted()).toContain(bob)
  expect(await mailed(gift.id, 'undone')).not.toContain(fay)
})

test('what the expense becomes by a decision in the place of somebody stands under both names, as does its end', async () => {
  await bobIsAway()
  await at('2026-11-18T10:00:00Z')
  const { id } = await company.submitted({})
  for (const verdict of ['approve', 'reject'] as const) {
    const approvalId = await company.approvalOf(id, bob, 'asked')
    await company.decideApproval(approvalId, tim, verdict)
    await company.undo(approvalId, tim)
  }
  await company.decide(id, bob)
  const entries = await database.asSuperuser<{ action: string; who: string | null; place: string | null }>(
    `select e.action, p.name as who, b.name as place from audit_entry e left join person p on p.id = e.actor_id
     left join person b on b.id = e.on_behalf_of_id where e.subject_id = $1
       and e.action in ('expense.awaiting_approval', 'expense.approved', 'expense.rejected')
     order by e.at, e.id`,
    [id],
  )
  const awaiting = { action: 'expense.awaiting_approval', who: 'Tim', place: 'Bob' }
  expect(entries).toEqual([
    { ...awaiting, who: 'Ann', place: null },
    { ...awaiting, action: 'expense.approved' },
    awaiting,
    { ...awaiting, action: 'expense.rejected' },
    awaiting,
    { ...awaiting, action: 'expense.approved', who: 'Bob', place: null },
  ])
})
