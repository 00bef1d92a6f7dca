import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  activeDelegations,
  addDelegation,
  type DelegationToAdd,
  type DelegationView,
  endDelegation,
  endDelegationsOf,
  listDelegations,
} from '../../../src/features/people/index.ts'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { setClock } from '../approvals/pass-time.ts'
import { type Name, SmallCompany } from '../approvals/small-company.ts'

let database: TestDatabase
let company: SmallCompany

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  setClock(database, '2026-11-20T15:00:00Z')
  company = await SmallCompany.create(database)
})

interface Wish extends Partial<DelegationToAdd> {
  principal?: Name
  delegate?: Name
}

const add = (actor: Name | null, { principal = 'eve', delegate = 'frank', ...more }: Wish = {}) =>
  company.as(actor, (tx) =>
    addDelegation(tx, {
      principalId: company.ids[principal],
      delegateId: company.ids[delegate],
      from: '2026-12-01',
      to: '2026-12-14',
      upTo: null,
      ...more,
    }),
  )
const list = (options = {}) => company.as(null, (tx) => listDelegations(tx, options))
const active = async (principal: Name) => {
  const found = await company.as(null, (tx) => activeDelegations(tx, [company.ids[principal]]))
  return found.map(({ delegateId }) => Object.entries(company.ids).find(([, id]) => id === delegateId)?.[0])
}
const inZone = (name: Name, zone: string) =>
  database.asSuperuser('update person set time_zone = $2 where id = $1', [company.ids[name], zone])
const recorded = () =>
  database.asSuperuser<{ action: string; on_behalf_of_id: string | null; actor_id: string | null }>(
    `select action, actor_id, on_behalf_of_id from audit_entry where company_id = $1 and action like 'delegation.%'
     order by at, id`,
    [company.id],
  )
const turns = ({ id }: DelegationView) =>
  database.asSuperuser<{ not_before: Date }>(
    `select not_before from outbox where job = 'delegation.turn' and payload ->> 'delegationId' = $1 order by not_before`,
    [id],
  )

describe('a delegation', () => {
  test('is from one day to another in the company’s time zone, and is passed on at once', async () => {
    const view = await add('eve', { upTo: ' 1,500.50 ' })
    expect(view).toEqual({
      id: expect.any(String),
      principal: { id: company.ids.eve, name: 'eve', email: `eve@${company.id}.example` },
      delegate: { id: company.ids.frank, name: 'frank', email: `frank@${company.id}.example` },
      from: '2026-12-01',
      to: '2026-12-14',
      startsAt: new Date('2026-12-01T00:00:00Z'),
      endsAt: new Date('2026-12-15T00:00:00Z'),
      upTo: { minor: 150_050, currency: 'USD' },
      state: 'coming',
      createdBy: 'eve',
    })
    expect(await list()).toEqual([view])
    expect(await turns(view)).toEqual([{ not_before: database.clock.now() }])
    expect(await recorded()).toEqual([
      { action: 'delegation.added', actor_id: company.ids.eve, on_behalf_of_id: null },
    ])
  })

  test('holds from the first instant of its first day to the last of its last', async () => {
    await add('eve')
    for (const [at, expected] of [
      ['2026-11-30T23:59:59.999Z', []],
      ['2026-12-01T00:00:00Z', ['frank']],
      ['2026-12-14T23:59:59.999Z', ['frank']],
      ['2026-12-15T00:00:00Z', []],
    ] as const) {
      setClock(database, at)
      expect(await active('eve'), at).toEqual(expected)
    }
  })

  test.each([
    ['America/New_York', '2026-12-01', '2026-12-01', '2026-12-01T05:00:00Z', '2026-12-02T05:00:00Z'],
    ['Asia/Kolkata', '2026-12-01', '2026-12-02', '2026-11-30T18:30:00Z', '2026-12-02T18:30:00Z'],
    // A day of 23 hours.
    ['America/New_York', '2027-03-14', '2027-03-14', '2027-03-14T05:00:00Z', '2027-03-15T04:00:00Z'],
    // Days on which the clock skips midnight: they begin at one.
    ['America/Santiago', '2027-09-05', '2027-09-05', '2027-09-05T04:00:00Z', '2027-09-06T03:00:00Z'],
    ['America/Santiago', '2027-09-04', '2027-09-04', '2027-09-04T04:00:00Z', '2027-09-05T04:00:00Z'],
  ])('is in the principal’s own time zone: %s, %s to %s', async (zone, from, to, startsAt, endsAt) => {
    await inZone('eve', zone)
    await inZone('frank', 'Pacific/Auckland')
    expect(await add('eve', { from, to })).toMatchObject({
      startsAt: new Date(startsAt),
      endsAt: new Date(endsAt),
    })
  })

  test('from the system may begin before: it holds from now on, and never held before', async () => {
    const view = await add(null, { from: '2026-11-02' })
    expect(view).toMatchObject({ state: 'active', startsAt: database.clock.now(), from: '2026-11-02' })
    expect(await active('eve')).toEqual(['frank'])
  })

  test('is named to an admin by the name of whose it is', async () => {
    await add('eve')
    await expect(add('adam', { delegate: 'fred' })).rejects.toMatchObject({
      message: expect.stringMatching(/^frank decides for eve already from/),
    })
  })

  test('can be for one day, and for as many as 366', async () => {
    await add('eve', { from: '2026-12-01', to: '2026-12-01' })
    await add('alice', { principal: 'alice', from: '2027-01-01', to: '2028-01-01' })
    const tooLong = add('fay', { principal: 'fay', from: '2027-01-01', to: '2028-01-02' })
    await expect(tooLong).rejects.toMatchObject({ code: 'delegation_too_long', field: 'to' })
  })

  test('is over in the principal’s zone while it is not in another', async () => {
    await inZone('eve', 'Pacific/Kiritimati')
    const today = { from: '2026-11-20', to: '2026-11-20' }
    await expect(add('eve', today)).rejects.toMatchObject({ code: 'delegation_in_past', field: 'to' })
    expect(await add('frank', { principal: 'frank', delegate: 'eve', ...today })).toMatchObject({
      state: 'active',
    })
  })

  test.each([
    [{ delegate: 'eve' }, 'delegation_to_self', 'delegate'],
    [{ from: '2026-12-14', to: '2026-12-01' }, 'dates_reversed', 'to'],
    [{ from: '2026-10-01', to: '2026-11-19' }, 'delegation_in_past', 'to'],
    [{ from: '2026-11-19' }, 'from_in_past', 'from'],
    [{ from: 'soon' }, 'date_invalid', 'from'],
    [{ to: '2026-02-30' }, 'date_invalid', 'to'],
    [{ upTo: '0' }, 'amount_invalid', 'up_to'],
    [{ upTo: '-5' }, 'amount_invalid', 'up_to'],
    [{ upTo: '1999.995' }, 'amount_invalid', 'up_to'],
    [{ upTo: 'NaN' }, 'amount_invalid', 'up_to'],
    [{ upTo: '1e3' }, 'amount_invalid', 'up_to'],
  ] satisfies [Wish, string, string][])('%j is refused as %s at the field %s', async (wish, code, field) => {
    await expect(add('eve', wish)).rejects.toMatchObject({ kind: 'user', code, field })
    expect(await list()).toEqual([])
  })

  test('is for everything when no amount is given', async () => {
    expect((await add('eve', { upTo: '  ' })).upTo).toBeNull()
  })

  test('wants two people who work here', async () => {
    await company.setActive('frank', false)
    await expect(add('eve')).rejects.toMatchObject({ code: 'delegate_inactive', field: 'delegate' })
    await expect(add('adam', { principal: 'frank', delegate: 'eve' })).rejects.toMatchObject({
      code: 'principal_inactive',
      field: 'principal',
    })
    await expect(add('frank', { principal: 'frank' })).rejects.toMatchObject({ code: 'person_inactive' })
    await expect(add('eve', { delegateId: randomUUID() })).rejects.toMatchObject({ code: 'person_unknown' })
  })

  test('of somebody who is away both ways is fine: each stands in for the other', async () => {
    await add('eve')
    await add('frank', { principal: 'frank', delegate: 'eve' })
    expect(await list({ personId: company.ids.eve })).toHaveLength(2)
    expect(await list({ personId: company.ids.fred })).toEqual([])
  })
})

describe('two delegations of one principal', () => {
  test.each([
    ['2026-12-14', '2026-12-20'],
    ['2026-11-25', '2026-12-01'],
    ['2026-12-05', '2026-12-06'],
    ['2026-11-25', '2027-01-05'],
    ['2026-12-01', '2026-12-14'],
  ])('may not overlap: %s to %s is refused, and the other is named', async (from, to) => {
    const { id } = await add('eve')
    await expect(add('eve', { delegate: 'fred', from, to })).rejects.toMatchObject({
      code: 'delegation_overlaps',
      field: 'from',
      message: expect.stringMatching(/^frank decides for you already from Dec 1, 2026 to Dec 14, 2026/),
      details: { delegationId: id },
    })
  })

  test('may follow each other without a gap', async () => {
    const first = await add('eve')
    const next = await add('eve', { delegate: 'fred', from: '2026-12-15', to: '2026-12-20' })
    await add('eve', { delegate: 'fred', from: '2026-11-30', to: '2026-11-30' })
    expect(next.startsAt).toEqual(first.endsAt)
    setClock(database, first.endsAt)
    expect(await active('eve')).toEqual(['fred'])
  })

  test('are no obstacle once one has ended early, or never began', async () => {
    const today = await add('eve', { from: '2026-11-20', to: '2026-11-30' })
    const coming = await add('eve')
    for (const { id } of [today, coming]) await company.as('eve', (tx) => endDelegation(tx, id))
    await add('eve', { delegate: 'fred', from: '2026-11-20', to: '2026-12-14' })
    expect(await active('eve')).toEqual(['fred'])
  })

  test('made at the same moment: one of them is', async () => {
    for (let round = 0; round < 5; round++) {
      const own = await SmallCompany.create(database)
      company = own
      const results = await Promise.allSettled([add('eve'), add('adam', { delegate: 'fred' })])
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
        reason: { code: 'delegation_overlaps' },
      })
    }
  })
})

describe('whose it is to say who decides', () => {
  test('an admin and the system say it for others, and it is recorded for whom', async () => {
    expect(await add('adam')).toMatchObject({ createdBy: 'adam' })
    expect(await add(null, { principal: 'alice' })).toMatchObject({ createdBy: null })
    expect(await recorded()).toEqual([
      { action: 'delegation.added', actor_id: company.ids.adam, on_behalf_of_id: company.ids.eve },
      { action: 'delegation.added', actor_id: null, on_behalf_of_id: null },
    ])
  })

  test('nobody else does: not the delegate, not a manager, not finance', async () => {
    for (const name of ['frank', 'alice', 'fay', 'grace'] as const) {
      await expect(add(name)).rejects.toMatchObject({ kind: 'user', code: 'not_yours' })
    }
    const { id } = await add('eve')
    for (const name of ['frank', 'alice', 'fay', 'grace'] as const) {
      const ending = company.as(name, (tx) => endDelegation(tx, id))
      await expect(ending).rejects.toMatchObject({ kind: 'user', code: 'not_yours' })
    }
    expect(await list()).toHaveLength(1)
  })

  test('what another company has does not exist here', async () => {
    const other = await SmallCompany.create(database)
    const { id } = await add('eve')
    const ending = other.as('adam', (tx) => endDelegation(tx, id))
    await expect(ending).rejects.toMatchObject({ code: 'delegation_unknown' })
    expect(await other.as('adam', (tx) => listDelegations(tx))).toEqual([])
    expect(await other.as('adam', (tx) => activeDelegations(tx, [company.ids.eve]))).toEqual([])
  })
})

describe('ending early', () => {
  test('ends an active one from now on, by the principal or an admin', async () => {
    for (const name of ['eve', 'adam'] as const) {
      const view = await add('eve', { from: '2026-11-20', to: '2026-11-30' })
      expect(await active('eve')).toEqual(['frank'])
      await company.as(name, (tx) => endDelegation(tx, view.id))
      expect(await active('eve')).toEqual([])
      const over = (await list({ includeOver: true })).find(({ id }) => id === view.id)
      expect(over).toMatchObject({ state: 'over', to: '2026-11-30', endsAt: database.clock.now() })
      expect(await turns(view), 'when it was made, and now').toHaveLength(2)
    }
    expect(await list()).toEqual([])
    const last = (await recorded()).at(-1)
    expect(last).toMatchObject({ action: 'delegation.ended_early', on_behalf_of_id: company.ids.eve })
  })

  test('keeps a coming one from ever beginning', async () => {
    const { id, startsAt } = await add('eve')
    await company.as('eve', (tx) => endDelegation(tx, id))
    setClock(database, startsAt)
    expect(await active('eve')).toEqual([])
    expect(await list({ includeOver: true })).toMatchObject([{ state: 'over' }])
  })

  test('of one that is over changes nothing', async () => {
    const { id, endsAt } = await add('eve')
    setClock(database, endsAt)
    await company.as('eve', (tx) => endDelegation(tx, id))
    expect(await list({ includeOver: true })).toMatchObject([{ endsAt }])
    expect(await recorded()).toHaveLength(1)
  })

  test('happens to all delegations of whoever leaves, on either side', async () => {
    await add('eve', { from: '2026-11-20' })
    await add('alice', { principal: 'alice', delegate: 'eve' })
    await add('fay', { principal: 'fay', delegate: 'adam' })
    await company.as(null, (tx) => endDelegationsOf(tx, company.ids.eve))
    expect((await list()).map(({ principal }) => principal.name)).toEqual(['fay'])
  })
})

test('a delegate who does not work here stands in for nobody, until they are back', async () => {
  await add('eve', { from: '2026-11-20' })
  await company.setActive('frank', false)
  expect(await active('eve')).toEqual([])
  await company.setActive('frank', true)
  expect(await active('eve')).toEqual(['frank'])
})
