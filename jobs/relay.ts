import { acrossCompanies, type Database } from '../src/database/index.ts'
import { claimWork, failWork, queueOf, sweepWork, unclaimWork } from '../src/database/outbox.ts'
import { logger } from '../src/kernel/logger.ts'
import { isJobName } from './catalog.ts'
import type { Queues, WorkToAdd } from './queue.ts'

export interface Relay {
  /** Stops after the round that is under way. */
  stop(): Promise<void>
}

const pollMs = 500
const batch = 200
/** More than any series of restarts hands the same work out; so many can only be the work's own doing. */
const unreportedTries = 300
const sweepEveryMs = 10 * 60_000
const keepDoneMs = 7 * 86_400_000

/**
 * Moves due rows of the outbox to the queue: at once after a commit in this process, and by a short poll for commits of
 * others, for work that waited for its time, and for work whose lease ended because somebody died over it.
 */
export function startRelay(database: Database, queues: Queues): Relay {
  let running = true
  let woken = false
  let wake = () => {}
  const onCommit = () => {
    woken = true
    wake()
  }
  database.commits.on('outbox', onCommit)
  let sweptAt = 0
  const loop = async () => {
    while (running) {
      woken = false
      try {
        while (running && (await moveDueWork(database, queues)) >= batch) {}
        if (database.clock.now().getTime() - sweptAt > sweepEveryMs) {
          sweptAt = database.clock.now().getTime()
          await acrossCompanies(database, (tx) => sweepWork(tx, new Date(tx.now.getTime() - keepDoneMs)))
        }
      } catch (error) {
        logger.warn({ error }, 'the relay could not move work; it will try again')
      }
      if (woken || !running) continue
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pollMs)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }
  const done = loop()
  return {
    async stop() {
      running = false
      database.commits.off('outbox', onCommit)
      wake()
      await done
    },
  }
}

/** One round. The rows are marked as handed over first: if we die in between, their lease ends and they go round again. */
export async function moveDueWork(database: Database, queues: Pick<Queues, 'add'>): Promise<number> {
  const rows = await acrossCompanies(database, (tx) => claimWork(tx, batch))
  if (rows.length === 0) return 0
  const items: WorkToAdd[] = []
  for (const row of rows) {
    if (!isJobName(row.job)) {
      await giveUp(database, row.id, `this version knows no job “${row.job}”`)
    } else if (row.attempt - row.failures > unreportedTries) {
      // Work that takes its worker down with it never reports a failure: its leases just end.
      await giveUp(database, row.id, `no worker survived ${unreportedTries} tries`)
    } else {
      const { id, attempt, failures, payload, companyId, correlationId, createdAt } = row
      items.push({
        queue: queueOf(row.job),
        name: row.job,
        work: { id, attempt, failures, payload, companyId, correlationId, createdAt: createdAt.getTime() },
      })
    }
  }
  try {
    await queues.add(items)
  } catch (error) {
    const ids = items.map(({ work }) => work.id)
    await acrossCompanies(database, (tx) => unclaimWork(tx, ids, new Date(tx.now.getTime() + 1000)))
    throw error
  }
  return rows.length
}

async function giveUp(database: Database, id: string, problem: string): Promise<void> {
  logger.error({ id, problem }, 'job is dead')
  await acrossCompanies(database, (tx) => failWork(tx, id, problem))
}
