import { ZodError } from 'zod'
import { acrossCompanies, type Database, type SystemTx, type Tx } from '../src/database/index.ts'
import {
  backoff,
  beginWork,
  failWork,
  finishWork,
  parsePayload,
  retryWork,
  unclaimWork,
} from '../src/database/outbox.ts'
import { AppError } from '../src/kernel/errors.ts'
import { logger, withCorrelation } from '../src/kernel/logger.ts'
import { asWork } from '../src/kernel/people-first.ts'
import { catalog, isJobName, type JobName, type JobPayload, type QueueName, queueNames } from './catalog.ts'
import type { Handlers } from './handler.ts'
import type { QueuedWork, Queues } from './queue.ts'
import { goOnWithout } from './when-dead.ts'

/** Well below the database's connections: those who wait for an answer need some. */
const concurrency: Record<QueueName, number> = { main: 8, reading: 2, mail: 2 }

/** Where work is done: the database that keeps its outcome, and who does it. */
export interface Workplace {
  database: Database
  handlers: Handlers
}

/** Starts working on every queue. */
export function startWorkers(queues: Queues, workplace: Workplace): void {
  for (const name of queueNames) {
    queues.work(name, concurrency[name], (job, work) => asWork(() => runJob(workplace, job, work)))
  }
}

/** Somebody else finished this work in the meantime: the transaction is undone, and all is well. */
class AlreadyDone extends Error {}

/**
 * Does one piece of work and keeps its outcome in the outbox: done (by the handler itself), put back for another try,
 * or dead. Never throws.
 */
export async function runJob(workplace: Workplace, job: string, work: QueuedWork): Promise<void> {
  const correlationId = work.correlationId ?? `ob-${work.id}`
  await withCorrelation(correlationId, async () => {
    if (!isJobName(job)) return
    try {
      const { leaseSeconds } = catalog[job]
      if (!(await acrossCompanies(workplace.database, (tx) => beginWork(tx, work, leaseSeconds)))) return
      await dispatch(workplace, job, work)
      logger.info({ job, id: work.id, attempt: work.attempt }, 'job done')
      workplace.database.commits.emit('outbox')
    } catch (error) {
      if (error instanceof AlreadyDone) return
      await keepFailure(workplace.database, job, work, error).catch((cause: unknown) => {
        logger.warn(
          { job, id: work.id, error: cause },
          'the outcome could not be stored; the lease will bring it back',
        )
      })
    }
  })
}

async function dispatch<Name extends JobName>(
  workplace: Workplace,
  job: Name,
  work: QueuedWork,
): Promise<void> {
  const payload: JobPayload<Name> = parsePayload(job, work.payload)
  const finish = async (tx: Tx | SystemTx) => {
    if (!(await finishWork(tx, work.id))) throw new AlreadyDone()
  }
  const handler: Handlers[Name] = workplace.handlers[job]
  await handler(payload, {
    attempt: work.attempt,
    failures: work.failures,
    get companyId() {
      if (work.companyId === null) throw new Error(`${job} needs a company`)
      return work.companyId
    },
    since: new Date(work.createdAt),
    finish,
    finishAlone: () => acrossCompanies(workplace.database, finish),
  })
}

async function keepFailure(
  database: Database,
  job: JobName,
  work: QueuedWork,
  error: unknown,
): Promise<void> {
  const problem = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  if (error instanceof AppError && error.code === 'reader_closed') {
    // We are shutting down: that is no failure of the work.
    await acrossCompanies(database, (tx) => unclaimWork(tx, [work.id], tx.now))
    return
  }
  const failures = work.failures + 1
  // Anything that is not ours (a lost connection, a bug) is tried again: most of it passes, and the rest ends as dead.
  if (isHopeless(error) || failures >= catalog[job].attempts) {
    logger.error({ job, id: work.id, attempt: work.attempt, error }, 'job is dead')
    await goOnWithout(database, { job, payload: work.payload, companyId: work.companyId })
    await acrossCompanies(database, (tx) => failWork(tx, work.id, problem))
    return
  }
  const waitMs = retryAfter(error) ?? backoff(failures)
  logger.warn({ job, id: work.id, attempt: work.attempt, waitMs, problem }, 'job will be tried again')
  await acrossCompanies(database, (tx) =>
    retryWork(tx, work.id, new Date(tx.now.getTime() + waitMs), problem),
  )
}

/** No later try can mend it: ours that say so, and what is wrong with the data itself (SQLSTATE class 22, zod). */
function isHopeless(error: unknown): boolean {
  if (error instanceof AppError) return error.kind !== 'transient'
  if (error instanceof ZodError) return true
  return error instanceof Error && 'code' in error && String(error.code).startsWith('22')
}

/** What the other side asked for, in milliseconds. */
function retryAfter(error: unknown): number | null {
  const seconds = error instanceof AppError ? error.details?.retryAfterSeconds : undefined
  return typeof seconds === 'number' ? seconds * 1000 : null
}
