import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { inCompany, type Tx } from '../../../src/database/index.ts'
import { remindAsked } from '../../../src/features/approvals/index.ts'
import {
  isLatestDigest,
  leaseSurface,
  queueDigest,
  refreshSurfaces,
  showDigest,
} from '../../../src/features/notifications/index.ts'
import { addDelegation } from '../../../src/features/people/index.ts'
import { subjects } from '../../../src/subjects.ts'
import { doTurns, doWork } from '../../support/do-work.ts'
import { as, createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { Told } from './telling-support.ts'
import { adam, bob, cas, fay, TwoSteps } from './two-steps.ts'

let database: TestDatabase
let company: TwoSteps
let told: Told
/** Friday afternoon. Everybody works in UTC, Monday to Friday from 9 to 17. */
const [friday, monday] = ['2026-11-20T15:00:00.000Z', '2026-11-23T09:00:00.000Z']

beforeEach(async () => {
  database = await createTestDatabase()
  database.clock.set(friday)
  company = await TwoSteps.create(database)
  told = new Told(company)
  await told.inSlack()
  await database.asSuperuser('update company set digest_over = 2')
})
// One for each: these tests are about all that waits for Bob.
afterEach(() => database.drop())

const actor = { personId: null, channel: 'system' as const }
const inside = <T>(work: (tx: Tx) => Promise<T>) =>
  inCompany(database, { companyId: company.id, actor }, work)
const submit = async (count: number) => {
  const ids: string[] = []
  for (let made = 0; made < count; made += 1) ids.push(await company.later(() => company.submitted()))
  return ids
}
const done = () => database.asSuperuser(`update outbox set status = 'done' where job <> 'approval.remind'`)
const digests = (email: string) =>
  database.asSuperuser<{ id: string; round: number; show_from: Date | null }>(
    `select s.id, s.round, s.show_from from surface s join person p on p.id = s.person_id
     where s.kind = 'slack.digest' and p.email = $1 order by s.round`,
    [email],
  )
const sendTimes = async (email: string) =>
  (
    await database.asSuperuser<{ at: Date }>(
      `select send_from as at from outgoing_mail where kind = 'digest' and to_address = $1 order by id`,
      [email],
    )
  ).map(({ at }) => at?.toISOString())
const remindAll = async () => {
  const asks = await database.asSuperuser<{ id: string }>(
    'select id from approval_ask where ended_at is null',
  )
  for (const { id } of asks) await inside((tx) => remindAsked(tx, subjects, id))
}

describe('when more waits for somebody than they want a message each about', () => {
  test('what is asked further is in one message and one mail, and the cards from before stay', async () => {
    await submit(5)
    expect(await told.messages(bob)).toEqual(['slack.approval', 'slack.approval', 'slack.digest'])
    expect(await told.mails(bob)).toEqual(['approval_request', 'approval_request', 'digest'])
    expect(await digests(bob)).toMatchObject([{ round: 20261120, show_from: null }])
  })

  test('their own number counts, and not the company’s; 0 is never', async () => {
    await told.wish(bob, { digestOver: 0 })
    await submit(4)
    expect(await told.messages(bob)).toEqual(Array(4).fill('slack.approval'))
    await told.wish(bob, { digestOver: 4 })
    await submit(1)
    expect((await told.messages(bob)).at(-1)).toBe('slack.digest')
  })

  test('each gets it by the ways that they want', async () => {
    await told.wish(bob, { notifyBy: 'mail' })
    await submit(4)
    expect([await told.messages(bob), await told.mails(bob)]).toEqual([
      [],
      ['approval_request', 'approval_request', 'digest'],
    ])
    await told.wish(bob, { notifyBy: 'slack' })
    await submit(1)
    expect([await told.messages(bob), (await told.mails(bob)).length]).toEqual([['slack.digest'], 3])
  })

  test('once less waits, what is asked then is a card again', async () => {
    const ids = await submit(3)
    for (const id of ids.slice(0, 2)) await company.later(() => company.decide(id, bob))
    await submit(1)
    expect((await told.messages(bob)).at(-1)).toBe('slack.approval')
    expect((await told.mails(bob)).at(-1)).toBe('approval_request')
  })

  test('the message changes with every decision', async () => {
    const [first = ''] = await submit(3)
    await done()
    await company.later(() => company.decide(first, bob))
    expect((await told.times(bob)).map(([kind]) => kind)).toContain('slack.digest')
  })

  test('in quiet hours it waits for their end', async () => {
    await told.wish(bob, { quietFrom: '14:00', quietTo: '16:00' })
    await submit(3)
    expect(await digests(bob)).toMatchObject([{ show_from: new Date('2026-11-20T16:00:00Z') }])
    expect(await sendTimes(bob)).toEqual(['2026-11-20T16:00:00.000Z'])
  })

  test('what was held back until then comes in it alone, and not by itself as well', async () => {
    const [seen = ''] = await submit(1)
    await told.wish(bob, { quietFrom: '14:00', quietTo: '16:00' })
    await submit(4)
    expect(await told.messages(bob)).toEqual(['slack.approval', 'slack.digest'])
    expect(await told.messages(bob, seen)).toEqual(['slack.approval'])
    const mails = await database.asSuperuser<{ kind: string; status: string }>(
      'select kind, status from outgoing_mail where to_address = $1 order by created_at, id',
      [bob],
    )
    expect(mails.map(({ kind, status }) => `${kind} ${status}`)).toEqual([
      'approval_request queued',
      'approval_request not_needed',
      'digest queued',
    ])
  })
})

describe('each day', () => {
  test('has a message of its own, and the one of the day before knows that it is not the last', async () => {
    await submit(3)
    await done()
    database.clock.set('2026-11-21T10:00:00Z')
    await submit(1)
    const [before, after] = await digests(bob)
    expect([before?.round, after?.round]).toEqual([20261120, 20261121])
    const renders = (await told.times(bob)).filter(([kind]) => kind === 'slack.digest')
    expect(renders).toHaveLength(2)
    const personId = await company.personId(bob)
    for (const [id, isLatest] of [
      [before?.id ?? '', false],
      [after?.id ?? '', true],
    ] as const)
      expect(await inside((tx) => isLatestDigest(tx, { id, personId }))).toBe(isLatest)
  })

  test('has one mail at most: what comes after it follows the next morning', async () => {
    await submit(4)
    expect(await sendTimes(bob)).toEqual(['2026-11-20T15:10:03.000Z'])
    database.clock.set('2026-11-20T15:30:00Z')
    await submit(3)
    expect(await sendTimes(bob)).toEqual(['2026-11-20T15:10:03.000Z', monday])
  })
})

describe('reminders', () => {
  test('are one message and one mail on the next morning of work', async () => {
    await submit(4)
    await done()
    database.clock.set('2026-11-20T16:00:00Z')
    await remindAll()
    expect(await told.messages(bob)).not.toContain('slack.reminder')
    expect(await told.mails(bob)).not.toContain('reminder')
    expect(await digests(bob)).toMatchObject([
      { round: 20261120 },
      { round: 20261123, show_from: new Date(monday) },
    ])
    expect((await sendTimes(bob)).at(-1)).toBe(monday)
  })

  test('leave the message of today as it is: what is asked further shows there at once', async () => {
    await submit(5)
    await done()
    await remindAll()
    await submit(1)
    const [today] = await digests(bob)
    const renders = await database.asSuperuser<{ not_before: Date }>(
      `select not_before from outbox where job = 'surface.render' and status = 'pending'
         and payload ->> 'surfaceId' = $1 order by not_before`,
      [today?.id],
    )
    const times = renders.map(({ not_before }) => not_before.toISOString())
    expect(times).toContain(database.clock.now().toISOString())
    // When the next one comes, it says that it is not the last any more. Showing it today does not take that away.
    expect(times).toContain(monday)
    await inside((tx) => leaseSurface(tx, today?.id ?? ''))
    const left = (await told.times(bob)).filter(([kind]) => kind === 'slack.digest')
    expect(left.map(([, at]) => at)).toEqual([monday, monday])
  })

  test('that are due as work begins are told at once', async () => {
    await submit(4)
    database.clock.set('2026-11-23T09:20:00Z')
    await remindAll()
    expect(await digests(bob)).toMatchObject([{ round: 20261120 }, { round: 20261123, show_from: null }])
  })

  test('are cards again for whoever has few', async () => {
    await submit(2)
    await remindAll()
    expect((await told.messages(bob)).filter((kind) => kind === 'slack.reminder')).toHaveLength(2)
    expect(await digests(bob)).toEqual([])
  })
})

describe('whoever decides for somebody else', () => {
  test('gets one message with what is passed on to them, as far as it is more than they want', async () => {
    await told.wish(bob, { digestOver: 0 })
    await submit(4)
    const [principalId, delegateId] = [await company.personId(bob), await company.personId(fay)]
    const until = { from: '2026-11-20', to: '2026-11-30', upTo: null }
    await as(database, adam, (tx) => addDelegation(tx, { principalId, delegateId, ...until }))
    await doTurns(database)
    expect(await told.messages(fay)).toEqual(['slack.approval', 'slack.approval', 'slack.digest'])
    // The mail about the delegation names them all.
    expect(await told.mails(fay)).toEqual(['delegation'])
    // The principal’s own number does not count for the delegate, nor the other way round.
    expect(await digests(bob)).toEqual([])
  })

  test('and the next one up, who is asked besides, as well', async () => {
    await told.wish(bob, { digestOver: 0 })
    const ids = await submit(3)
    for (const id of ids) await company.later(() => company.decide(id, bob))
    expect(await told.messages(cas)).toEqual(['slack.approval', 'slack.approval', 'slack.digest'])
    await database.asSuperuser(`update company set remind_after_days = 0, escalate_after_days = 1`)
    await submit(1)
    database.clock.set('2026-11-24T12:00:00Z')
    await doWork(database, 'approval.escalate')
    expect((await told.messages(cas)).filter((kind) => kind === 'slack.approval')).toHaveLength(2)
    expect((await digests(cas)).map(({ round }) => round)).toContain(20261124)
  })
})

test('two who ask the same person at the same moment make one message and one mail', async () => {
  await submit(2)
  await Promise.all(Array.from({ length: 6 }, () => company.submitted()))
  expect(await digests(bob)).toHaveLength(1)
  expect((await told.mails(bob)).filter((kind) => kind === 'digest')).toHaveLength(1)
})

test('who submits to a busy approver waits for nobody else who does', async () => {
  const [first = '', second = ''] = await submit(4)
  await done()
  const order: string[] = []
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  const { promise: written, resolve: wrote } = Promise.withResolvers<void>()
  const one = inside(async (tx) => {
    await refreshSurfaces(tx, first)
    await queueDigest(tx, { id: await company.personId(bob), email: bob }, { morning: new Date(monday) })
    wrote()
    await held
    order.push('first')
  })
  await written
  const two = inside(async (tx) => {
    await refreshSurfaces(tx, second)
    await queueDigest(tx, { id: await company.personId(bob), email: bob }, { morning: new Date(monday) })
    order.push('second')
    release()
  })
  await Promise.all([one, two])
  expect(order).toEqual(['second', 'first'])
})

test('however often it is asked for, it is rendered for all of it at once', async () => {
  const ids = await submit(4)
  await done()
  for (const id of ids) await inside((tx) => refreshSurfaces(tx, id))
  const [today] = await digests(bob)
  const pending = async () => (await told.times(bob)).filter(([kind]) => kind === 'slack.digest').length
  expect(await pending()).toBe(4)
  await inside((tx) => leaseSurface(tx, today?.id ?? ''))
  expect(await pending()).toBe(0)
})

test('who asks for it several times gets it once', async () => {
  const personId = await company.personId(bob)
  await Promise.all(Array.from({ length: 8 }, () => inside((tx) => showDigest(tx, personId))))
  expect(await digests(bob)).toHaveLength(1)
})
