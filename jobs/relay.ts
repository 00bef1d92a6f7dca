import { acrossCompanies, type Database } from '../src/database/index.ts'
import { type ClaimedWork, claimWork, failWork, sweepWork, unclaimWork } from '../src/database/outbox.ts'
import { logger } from '../src/kernel/logger.ts'
import { asWork } from '../src/kernel/people-first.ts'
import { isJobName, type QueueName, queueNames } from './catalog.ts'
import type { Queues, WorkToAdd } from './queue.ts'
import { runSchedules } from './schedules.ts'
import { goOnWithout } from './when-dead.ts'

export interface Relay {
  /** Stops after the round that is under way. */
  stop(): Promise<void>
}

const pollMs = 500
/** How much of each queue's work is handed over at a time; the rest waits in the outbox. */
const inFlight: Record<QueueName, number> = { main: 200, reading: 8, mail: 8 }
/** More than any series of restarts hands the same work out; so many can only be the work's own doing. */
const unreportedTries = 150
const schedulesEveryMs = 5000
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
  let scheduledAt = 0
  let sweptAt = 0
  const now = () => database.clock.now().getTime()
  const loop = async () => {
    while (running) {
      woken = false
      try {
        while (running && (await moveDueWork(database, queues)) > 0) {}
        // A clock may be set back: then what is in its future counts as long ago.
        if (Math.abs(now() - scheduledAt) > schedulesEveryMs) {
          scheduledAt = now()
          await runSchedules(database)
        }
        if (Math.abs(now() - sweptAt) > sweepEveryMs) {
          sweptAt = now()
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
  const done = asWork(loop)
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
  const claimed = await acrossCompanies(database, async (tx) => {
    const all: { queue: QueueName; rows: ClaimedWork[] }[] = []
    for (const queue of queueNames) all.push({ queue, rows: await claimWork(tx, queue, inFlight[queue]) })
    return all
  })
  // A queue that takes nothing now keeps nothing from the others.
  const handed = await Promise.allSettled(
    claimed.map(({ queue, rows }) => handOver(database, queues, { queue, rows })),
  )
  const failed = handed.find(({ status }) => status === 'rejected')
  if (failed?.status === 'rejected') throw failed.reason
  return claimed.flatMap(({ rows }) => rows).length
}

async function handOver(
  database: Database,
  queues: Pick<Queues, 'add'>,
  { queue, rows }: { queue: QueueName; rows: ClaimedWork[] },
): Promise<void> {
  try {
    const items: WorkToAdd[] = []
    for (const { job, createdAt, ...row } of rows) {
      const problem = whyHopeless(job, row.attempt - row.failures)
      if (problem) await giveUp(database, { job, ...row }, problem)
      else items.push({ queue, name: job, work: { ...row, createdAt: createdAt.getTime() } })
    }
    if (items.length > 0) await queues.add(items)
  } catch (error) {
    const ids = rows.map(({ id }) => id)
    await acrossCompanies(database, (tx) => unclaimWork(tx, ids, new Date(tx.now.getTime() + 1000)))
    throw error
  }
}

function whyHopeless(job: string, unreported: number): string | null {
  if (!isJobName(job)) return `this version knows no job “${job}”`
  // Work that takes its worker down with it never reports a failure: its leases just end.
  if (unreported > unreportedTries) return `no worker survived ${unreportedTries} tries`
  return null
}

async function giveUp(
  database: Database,
  work: Omit<ClaimedWork, 'createdAt'>,
  problem: string,
): Promise<void> {
  logger.error({ id: work.id, job: work.job, problem }, 'job is dead')
  await goOnWithout(database, work)
  await acrossCompanies(database, (tx) => failWork(tx, work.id, problem))
}
