import { createPostgresBackend, type Job, Queue, Worker, withBackend } from 'bullmq'
import { Redis } from 'ioredis'
import { z } from 'zod'
import { logger } from '../src/kernel/logger.ts'
import { type QueueName, queueNames } from './catalog.ts'

/** What travels through the queue: everything a worker needs to find the work, and nothing secret. */
export const queuedWorkSchema = z.object({
  /** The outbox row. */
  id: z.string(),
  attempt: z.number(),
  failures: z.number(),
  payload: z.unknown(),
  companyId: z.string().nullable(),
  correlationId: z.string().nullable(),
  createdAt: z.number(),
})
export type QueuedWork = z.infer<typeof queuedWorkSchema>

export interface WorkToAdd {
  queue: QueueName
  name: string
  work: QueuedWork
}

/** BullMQ on PostgreSQL or on Redis, behind one small door: nothing else knows which. */
export interface Queues {
  /** Hands work over in bulk. An id (`ob-<row>-<attempt>`) that the queue still knows is ignored by it. */
  add(items: WorkToAdd[]): Promise<void>
  /** Starts working on a queue. `run` never throws: outcomes are kept in the outbox. */
  work(queue: QueueName, concurrency: number, run: (name: string, work: QueuedWork) => Promise<void>): void
  /** Waits for running work to end, then closes all connections. */
  close(): Promise<void>
}

/** Retrying is the outbox's business, so a job is tried once here; one that a killed worker held is handed on soon. */
const jobOptions = { attempts: 1, removeOnComplete: true, removeOnFail: true }
const workerOptions = { lockDuration: 15_000, stalledInterval: 5_000, maxStalledCount: 100 }

/** The queue's tables live in a schema of their own, beside ours. */
const schema = 'bullmq'

export async function openQueues(options: {
  redisUrl?: string | undefined
  databaseUrl: string
}): Promise<Queues> {
  return options.redisUrl ? onRedis(options.redisUrl) : onPostgres(options.databaseUrl)
}

async function onPostgres(connectionString: string): Promise<Queues> {
  const backend = withBackend(createPostgresBackend)
  const connection = { connectionString, schema, migrate: true, max: 4 }
  const queues = new Map(queueNames.map((name) => [name, new backend.Queue(name, { connection })]))
  for (const queue of queues.values()) await queue.waitUntilReady()
  return assemble(
    queues,
    (name, concurrency, process) =>
      new backend.Worker(name, process, { connection, concurrency, ...workerOptions }),
  )
}

async function onRedis(url: string): Promise<Queues> {
  const connection = new Redis(url, { maxRetriesPerRequest: null })
  connection.on('error', (error) => logger.warn({ error: error.message }, 'Redis is not reachable'))
  const queues = new Map(queueNames.map((name) => [name, new Queue(name, { connection, prefix: 'outlay' })]))
  const assembled = assemble(
    queues,
    (name, concurrency, process) =>
      new Worker(name, process, { connection, prefix: 'outlay', concurrency, ...workerOptions }),
  )
  return {
    ...assembled,
    close: async () => {
      await assembled.close()
      connection.disconnect()
    },
  }
}

interface AnyQueue {
  addBulk(jobs: { name: string; data: QueuedWork; opts: object }[]): Promise<unknown>
  on(event: 'error', listener: (error: Error) => void): unknown
  close(): Promise<void>
}
interface AnyWorker {
  on(event: 'error', listener: (error: Error) => void): unknown
  close(): Promise<void>
}
type MakeWorker = (name: QueueName, concurrency: number, process: (job: Job) => Promise<void>) => AnyWorker

function assemble(queues: Map<QueueName, AnyQueue>, makeWorker: MakeWorker): Queues {
  const workers: AnyWorker[] = []
  const complain = (error: Error) => logger.warn({ error: error.message }, 'the queue has a problem')
  for (const queue of queues.values()) queue.on('error', complain)
  return {
    async add(items) {
      for (const [name, queue] of queues) {
        const jobs = items
          .filter((item) => item.queue === name)
          .map(({ name, work }) => ({
            name,
            data: work,
            opts: { ...jobOptions, jobId: `ob-${work.id}-${work.attempt}` },
          }))
        if (jobs.length > 0) await queue.addBulk(jobs)
      }
    },
    work(name, concurrency, run) {
      const worker = makeWorker(name, concurrency, (job) => run(job.name, queuedWorkSchema.parse(job.data)))
      worker.on('error', complain)
      workers.push(worker)
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.close()))
      await Promise.all([...queues.values()].map((queue) => queue.close()))
    },
  }
}
