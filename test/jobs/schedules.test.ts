import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startRelay } from '../../jobs/relay.ts'
import { runSchedules } from '../../jobs/schedules.ts'
import { acrossCompanies, inCompany } from '../../src/database/index.ts'
import { recordAudit } from '../../src/features/audit/index.ts'
import { createTestDatabase, importExample, type TestDatabase } from '../support/test-database.ts'

let database: TestDatabase
let companies: string[]
const minute = 60_000

beforeAll(async () => {
  database = await createTestDatabase()
  companies = [await importExample(database, 'globex'), await importExample(database, 'company')]
})
afterAll(() => database.drop())
/** Every company's schedule has begun, and each has something to seal. */
beforeEach(async () => {
  await database.asSuperuser('truncate schedule, audit_unsealed')
  await database.asSuperuser('truncate outbox restart identity')
  await runSchedules(database)
  for (const companyId of companies) await record(companyId)
})

const record = (companyId: string) =>
  inCompany(database, { companyId, actor: { personId: null, channel: 'system' } }, (tx) =>
    recordAudit(tx, { action: 'test.done', subject: { kind: 'company', id: companyId } }),
  )
/** Of one schedule: others come at other times. */
const asked = () =>
  database.asSuperuser<{ company_id: string; job: string; status: string }>(
    `select company_id, job, status from outbox where job = 'audit.seal' order by id`,
  )
/** Says that what was asked for is done, so that it does not merge with the next. */
const done = () => database.asSuperuser(`update outbox set status = 'done', finished_at = now()`)

describe('a schedule', () => {
  test('asks for its job in every company once its time has come, and then no more until the next', async () => {
    expect(await asked()).toEqual([])
    database.clock.advance(minute)
    await runSchedules(database)
    expect((await asked()).map(({ company_id }) => company_id).sort()).toEqual(companies.toSorted())
    expect(await asked()).toMatchObject([{ job: 'audit.seal', status: 'pending' }, { job: 'audit.seal' }])
    await done()
    await runSchedules(database)
    expect(await asked()).toHaveLength(2)
    database.clock.advance(minute)
    await runSchedules(database)
    expect(await asked()).toHaveLength(4)
  })

  test('leaves out companies that have nothing to do', async () => {
    await database.asSuperuser('delete from audit_unsealed where company_id = $1', [companies[0]])
    database.clock.advance(minute)
    await runSchedules(database)
    expect(await asked()).toMatchObject([{ company_id: companies[1] }])
  })

  test('asks once, however many relays look at the same moment', async () => {
    database.clock.advance(minute)
    await Promise.all(Array.from({ length: 10 }, () => runSchedules(database)))
    expect(await asked()).toHaveLength(2)
  })

  test('does not wait for a relay that is at it, or hangs', async () => {
    database.clock.advance(minute)
    const held = Promise.withResolvers<void>()
    const holding = Promise.withResolvers<void>()
    const hanging = acrossCompanies(database, async (tx) => {
      await tx.em.execute('select 1 from schedule for update')
      holding.resolve()
      await held.promise
    })
    await holding.promise
    try {
      await runSchedules(database)
      expect(await asked()).toEqual([])
    } finally {
      held.resolve()
      await hanging
    }
    await runSchedules(database)
    expect(await asked()).toHaveLength(2)
  })

  test('whose work could not be asked for is still due', async () => {
    database.clock.advance(minute)
    await database.asSuperuser('alter table outbox add constraint broken check (false) not valid')
    await expect(runSchedules(database)).rejects.toThrow('broken')
    await database.asSuperuser('alter table outbox drop constraint broken')
    await runSchedules(database)
    expect(await asked()).toHaveLength(2)
  })

  test('that was missed for days is asked for once', async () => {
    database.clock.advance(3 * 1440 * minute)
    await runSchedules(database)
    await done()
    await runSchedules(database)
    expect(await asked()).toHaveLength(2)
  })

  test('goes on at once when a clock that was far ahead is set right', async () => {
    database.clock.advance(365 * 1440 * minute)
    await runSchedules(database)
    await done()
    database.clock.advance(-365 * 1440 * minute)
    await runSchedules(database)
    expect(await asked()).toHaveLength(4)
    await done()
    await runSchedules(database)
    expect(await asked()).toHaveLength(4)
  })

  test('is not asked for twice by machines whose clocks differ a little', async () => {
    database.clock.advance(minute)
    await runSchedules(database)
    await done()
    database.clock.advance(-2 * minute)
    await runSchedules(database)
    expect(await asked()).toHaveLength(2)
    database.clock.advance(2 * minute)
    await runSchedules(database)
    expect(await asked()).toHaveLength(2)
  })

  test('piles up no work while nobody works', async () => {
    for (let n = 0; n < 5; n++) {
      database.clock.advance(minute)
      await runSchedules(database)
    }
    expect(await asked()).toHaveLength(2)
  })

  test('begins for a company that is new', async () => {
    const [company] = await database.asSuperuser<{ id: string }>(
      `insert into company (id, name, currency, time_zone, locale, created_at)
       values (gen_random_uuid(), gen_random_uuid()::text, 'EUR', 'UTC', 'en-IE', now()) returning id`,
    )
    await runSchedules(database)
    await record(company?.id ?? '')
    database.clock.advance(minute)
    await runSchedules(database)
    expect((await asked()).map(({ company_id }) => company_id)).toContain(company?.id)
  })
})

test('two relays hand over the scheduled work of a minute once', async () => {
  const handed: { name: string; id: string | undefined }[] = []
  const queues = {
    add: async (items: { name: string; work: { companyId: string | null } }[]) => {
      for (const { name, work } of items) handed.push({ name, id: work.companyId ?? undefined })
    },
    work: () => {},
    close: async () => {},
  }
  database.clock.advance(minute)
  const relays = [startRelay(database, queues), startRelay(database, queues)]
  try {
    for (let waited = 0; waited < 200 && handed.length < 2; waited++) {
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
  } finally {
    for (const relay of relays) await relay.stop()
  }
  expect(handed.map(({ name }) => name)).toEqual(['audit.seal', 'audit.seal'])
  expect(new Set(handed.map(({ id }) => id))).toEqual(new Set(companies))
})
