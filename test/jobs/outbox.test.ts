import { spawn, spawnSync } from 'node:child_process'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Handlers } from '../../jobs/handler.ts'
import { openQueues, type Queues } from '../../jobs/queue.ts'
import { moveDueWork, startRelay } from '../../jobs/relay.ts'
import { runJob, startWorkers, type Workplace } from '../../jobs/worker.ts'
import { acrossCompanies, addToOutbox, inCompany, type WorkInHand } from '../../src/database/index.ts'
import { claimWork } from '../../src/database/outbox.ts'
import { permanentError, transientError } from '../../src/kernel/errors.ts'
import { freePort } from '../support/free-port.ts'
import { createTestDatabase, importExample, type TestDatabase } from '../support/test-database.ts'

let database: TestDatabase
let companyId: string
const actor = { personId: null, channel: 'system' as const }
const expenseId = '01a1f81d-73ec-746a-a7ea-1720f1bfa9ae'

beforeAll(async () => {
  database = await createTestDatabase()
  companyId = await importExample(database, 'globex')
})
afterAll(() => database.drop())
beforeEach(() => database.asSuperuser('truncate outbox restart identity'))

const rows = () =>
  database.asSuperuser<{
    id: string
    status: string
    attempt: number
    problem: string | null
    merge_key: string | null
  }>('select id::text, status, attempt, problem, merge_key from outbox order by id')
const ask = (options = {}) =>
  inCompany(database, { companyId, actor }, (tx) => addToOutbox(tx, 'expense.route', { expenseId }, options))

/** What the relay handed over. */
function listeningQueue() {
  const handed: { jobId: string; work: Parameters<typeof runJob>[2]; name: string }[] = []
  return {
    handed,
    add: async (items: { name: string; work: Parameters<typeof runJob>[2] }[]) => {
      for (const { name, work } of items) handed.push({ name, work, jobId: `ob-${work.id}-${work.attempt}` })
    },
  }
}

/** A workplace where only this one handler does anything. */
function handleWith(handler: Handlers['expense.route']): Workplace {
  const never = async () => expect.unreachable()
  const handlers = {
    'slack.receive': never,
    'surface.render': never,
    'home.publish': never,
    'slack.sweep': never,
    'question.remind': never,
    'finance.export': never,
    'receipt.read': never,
    'expense.document': never,
    'expense.cancel_document': never,
    'organisation.save': never,
    'expense.refresh_drafts': never,
    'expense.reassess': never,
    'mail.receive': never,
    'mail.answer': never,
    'mail.send': never,
    'delegation.turn': never,
    'approval.sync_asks': never,
    'approval.remind': never,
    'approval.escalate': never,
    'audit.mail_head': never,
    'audit.seal': (_payload: object, work: WorkInHand) => work.finishAlone(),
  }
  return { database, handlers: { ...handlers, 'expense.route': handler } }
}

/** An effect inside the database, counted. */
const countingHandler: Handlers['expense.route'] = async (_payload, work) => {
  await inCompany(database, { companyId, actor }, async (tx) => {
    await work.finish(tx)
    await tx.em.execute('insert into team (id, company_id, name) values (?, ?, ?)', [
      tx.newId(),
      companyId,
      `effect ${tx.newId()}`,
    ])
  })
}
const effects = async () =>
  (await database.asSuperuser(`select 1 from team where name like 'effect %'`)).length

describe('asking for work', () => {
  test('commits with the state that asks, or not at all', async () => {
    const failed = inCompany(database, { companyId, actor }, async (tx) => {
      await addToOutbox(tx, 'expense.route', { expenseId })
      throw new Error('crash before commit')
    })
    await expect(failed).rejects.toThrow('crash before commit')
    expect(await rows()).toEqual([])
  })

  test('merges while it is pending, and not after it was handed over', async () => {
    await ask({ mergeKey: 'card' })
    await ask({ mergeKey: 'card' })
    expect(await rows()).toHaveLength(1)
    await moveDueWork(database, listeningQueue())
    await ask({ mergeKey: 'card' })
    expect((await rows()).map(({ status }) => status)).toEqual(['enqueued', 'pending'])
  })

  test('a change that merges with pending work is never lost to a relay that takes it at that moment', async () => {
    await ask({ mergeKey: 'card' })
    let taken: Promise<number> | undefined
    const queue = listeningQueue()
    await inCompany(database, { companyId, actor }, async (tx) => {
      await addToOutbox(tx, 'expense.route', { expenseId }, { mergeKey: 'card' })
      taken = moveDueWork(database, queue)
      await taken
      expect(queue.handed).toHaveLength(0)
    })
    await moveDueWork(database, queue)
    expect(queue.handed).toHaveLength(1)
  })

  test('work for later waits for its time', async () => {
    await ask({ notBefore: new Date(database.clock.now().getTime() + 60_000) })
    const queue = listeningQueue()
    expect(await moveDueWork(database, queue)).toBe(0)
    database.clock.advance(60_000)
    expect(await moveDueWork(database, queue)).toBe(1)
  })
})

test('a burst waits in the outbox, where no lease runs: none of it is given up while workers are busy', async () => {
  for (let n = 0; n < 250; n++) await ask()
  const queue = listeningQueue()
  for (let round = 0; round < 30; round++) {
    while ((await moveDueWork(database, queue)) > 0) {}
    database.clock.advance(46_000)
  }
  const counts = Map.groupBy(await rows(), ({ status }) => status)
  expect(counts.get('pending')).toHaveLength(50)
  expect(counts.get('enqueued')).toHaveLength(200)
})

describe('a crash', () => {
  test('between commit and enqueue: the lease ends, and the work goes round again under a new id', async () => {
    await ask()
    await acrossCompanies(database, (tx) => claimWork(tx, 'main', 10))
    const queue = listeningQueue()
    expect(await moveDueWork(database, queue)).toBe(0)
    database.clock.advance(46_000)
    expect(await moveDueWork(database, queue)).toBe(1)
    expect(queue.handed[0]?.jobId).toMatch(/^ob-\d+-2$/)
  })

  test('of the queue while it is given work: nothing is lost', async () => {
    await ask()
    await expect(
      moveDueWork(database, { add: async () => Promise.reject(new Error('queue is away')) }),
    ).rejects.toThrow('queue is away')
    database.clock.advance(1000)
    const queue = listeningQueue()
    await moveDueWork(database, queue)
    expect(queue.handed).toHaveLength(1)
  })

  test('of one queue keeps nothing from the others, and takes back nothing that they have', async () => {
    await ask()
    await inCompany(database, { companyId, actor }, (tx) =>
      addToOutbox(tx, 'receipt.read', { receiptId: expenseId }),
    )
    const queue = listeningQueue()
    const onlyMain: typeof queue.add = async (items) => {
      if (items.some(({ name }) => name === 'receipt.read')) throw new Error('queue is away')
      await queue.add(items)
    }
    await expect(moveDueWork(database, { add: onlyMain })).rejects.toThrow('queue is away')
    expect(queue.handed.map(({ name }) => name)).toEqual(['expense.route'])
    database.clock.advance(1000)
    await moveDueWork(database, queue)
    expect(queue.handed.map(({ name }) => name)).toEqual(['expense.route', 'receipt.read'])
  })

  test('of the worker, a hundred times: the work is not to blame and goes on', async () => {
    await ask()
    const queue = listeningQueue()
    for (let round = 0; round < 100; round++) {
      await moveDueWork(database, queue)
      database.clock.advance(46_000)
    }
    expect(queue.handed).toHaveLength(100)
    expect(await rows()).toMatchObject([{ status: 'enqueued' }])
  })

  test('of every worker that ever takes it: in the end the work is dead and visible, not a loop for ever', async () => {
    await ask()
    await database.asSuperuser('update outbox set attempt = 150')
    await moveDueWork(database, listeningQueue())
    expect(await rows()).toMatchObject([
      { status: 'dead', problem: expect.stringContaining('no worker survived') },
    ])
  })
})

describe('doing work', () => {
  async function take() {
    const queue = listeningQueue()
    await moveDueWork(database, queue)
    const [item] = queue.handed
    if (!item) throw new Error('nothing was handed over')
    return item
  }

  test('delivered several times, also at the same moment, it has one effect', async () => {
    const workplace = handleWith(countingHandler)
    await ask()
    const { name, work } = await take()
    const before = await effects()
    await Promise.all([1, 2, 3, 4].map(() => runJob(workplace, name, work)))
    await runJob(workplace, name, work)
    expect((await effects()) - before).toBe(1)
    expect(await rows()).toMatchObject([{ status: 'done' }])
  })

  test('a copy that waited in the queue beyond its lease steps aside for the newer one', async () => {
    let begun = 0
    const workplace = handleWith(async () => {
      begun += 1
    })
    await ask()
    const old = await take()
    database.clock.advance(46_000)
    const newer = await take()
    await runJob(workplace, old.name, old.work)
    expect(begun).toBe(0)
    await runJob(workplace, newer.name, newer.work)
    expect(begun).toBe(1)
  })

  test('a worker’s lease begins when it begins, not when the work was handed over', async () => {
    const workplace = handleWith(async () => {
      database.clock.advance(40_000)
      expect(await moveDueWork(database, listeningQueue())).toBe(0)
    })
    await ask()
    const { name, work } = await take()
    database.clock.advance(40_000)
    await runJob(workplace, name, work)
  })

  test('what a shutting down reader refuses is no failure', async () => {
    const workplace = handleWith(async () => {
      throw transientError('reader_closed', 'The reader is closed.')
    })
    await ask()
    for (let round = 0; round < 30; round++) {
      const { name, work } = await take()
      await runJob(workplace, name, work)
    }
    expect(await rows()).toMatchObject([{ status: 'pending', problem: null }])
  })

  test('what may pass is tried again later, with longer waits', async () => {
    const workplace = handleWith(async () => {
      throw transientError('away', 'Slack is away.')
    })
    await ask()
    const first = await take()
    await runJob(workplace, first.name, first.work)
    expect(await rows()).toMatchObject([{ status: 'pending', problem: 'AppError: Slack is away.' }])
    expect(await moveDueWork(database, listeningQueue())).toBe(0)
    database.clock.advance(1000)
    const second = await take()
    expect(second.work.attempt).toBe(2)
  })

  test('the other side’s Retry-After is kept', async () => {
    const workplace = handleWith(async () => {
      throw transientError('slow', 'Slow down.', { details: { retryAfterSeconds: 17 } })
    })
    await ask()
    const { name, work } = await take()
    await runJob(workplace, name, work)
    database.clock.advance(16_000)
    expect(await moveDueWork(database, listeningQueue())).toBe(0)
    database.clock.advance(1000)
    expect(await moveDueWork(database, listeningQueue())).toBe(1)
  })

  test('what cannot be mended is dead at once', async () => {
    const workplace = handleWith(async () => {
      throw permanentError('gone', 'The channel is gone.')
    })
    await ask()
    const { name, work } = await take()
    await runJob(workplace, name, work)
    expect(await rows()).toMatchObject([{ status: 'dead', problem: 'AppError: The channel is gone.' }])
  })

  test('a payload that does not fit its schema is dead at once, never a crash', async () => {
    const workplace = handleWith(countingHandler)
    await database.asSuperuser(
      `insert into outbox (company_id, queue, job, payload, not_before, created_at) values ($1, 'main', 'expense.route', '{"expenseId": 7}', $2, $2)`,
      [companyId, database.clock.now()],
    )
    const { name, work } = await take()
    await runJob(workplace, name, work)
    expect(await rows()).toMatchObject([{ status: 'dead' }])
  })

  test('a job that this version does not know is dead and says so', async () => {
    await database.asSuperuser(
      `insert into outbox (company_id, queue, job, payload, not_before, created_at) values ($1, 'main', 'moon.fetch', '{}', $2, $2)`,
      [companyId, database.clock.now()],
    )
    await moveDueWork(database, listeningQueue())
    expect(await rows()).toMatchObject([{ status: 'dead', problem: expect.stringContaining('moon.fetch') }])
  })
})

/** CI installs it and may not skip. */
const redisMissing = spawnSync('redis-server', ['--version']).status !== 0 && process.env.CI !== 'true'
const backends = [
  {
    name: 'PostgreSQL',
    skip: false,
    start: async () => ({ redisUrl: undefined, stop: async () => {}, empty: async () => {} }),
  },
  {
    name: redisMissing ? 'Redis (skipped: redis-server is not installed)' : 'Redis',
    skip: redisMissing,
    start: startRedis,
  },
]

async function startRedis() {
  const port = await freePort()
  const server = spawn('redis-server', ['--port', String(port), '--save', '', '--bind', '127.0.0.1'], {
    stdio: 'ignore',
  })
  const redisUrl = `redis://127.0.0.1:${port}`
  const client = new Redis(redisUrl)
  client.on('error', () => {})
  await client.ping()
  return {
    redisUrl,
    empty: async () => {
      await client.flushall()
    },
    stop: async () => {
      client.disconnect()
      server.kill()
    },
  }
}

describe.each(backends)('the queue on $name', ({ skip, start }) => {
  let backend: Awaited<ReturnType<typeof start>>
  let queues: Queues
  beforeEach(async (test) => {
    if (skip) test.skip('redis-server is not installed')
    backend = await start()
    queues = await openQueues({ redisUrl: backend.redisUrl, databaseUrl: database.url })
  })
  afterEach(async () => {
    await queues?.close()
    await backend?.stop()
  })

  const until = async (check: () => Promise<boolean>) => {
    for (let waited = 0; waited < 200; waited++) {
      if (await check()) return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error('waited in vain')
  }

  test('200 pieces of work asked for by 20 writers at once are each done once', async () => {
    const workplace = handleWith(countingHandler)
    const before = await effects()
    startWorkers(queues, workplace)
    const relay = startRelay(database, queues)
    try {
      await Promise.all(
        Array.from({ length: 20 }, async () => {
          for (let n = 0; n < 10; n++) await ask()
        }),
      )
      await until(async () => (await rows()).every(({ status }) => status === 'done'))
      expect((await effects()) - before).toBe(200)
    } finally {
      await relay.stop()
    }
  })

  test('work that the queue forgot is brought back by its lease', async () => {
    if (!backend.redisUrl) return
    const workplace = handleWith(countingHandler)
    const before = await effects()
    await ask()
    await moveDueWork(database, queues)
    await backend.empty()
    startWorkers(queues, workplace)
    database.clock.advance(46_000)
    await moveDueWork(database, queues)
    await until(async () => (await rows()).every(({ status }) => status === 'done'))
    expect((await effects()) - before).toBe(1)
  })
})
