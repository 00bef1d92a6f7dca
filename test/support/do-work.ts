import { WebClient } from '@slack/web-api'
import nodemailer from 'nodemailer'
import type { JobName } from '../../jobs/catalog.ts'
import { createHandlers } from '../../jobs/handlers/index.ts'
import { runJob, type Workplace } from '../../jobs/worker.ts'
import { oneWorkspace } from '../../src/channels/slack/index.ts'
import type { ApprovalSubjects } from '../../src/features/approvals/index.ts'
import { createLocalReader } from '../../src/features/receipts/index.ts'
import { parseLinkKeys } from '../../src/kernel/signed-link.ts'
import { subjects } from '../../src/subjects.ts'
import type { TestDatabase } from './test-database.ts'

const dataKey = 'd'.repeat(32)

/** Where work that talks to nobody can be done. `tell`: who hears what becomes of requests. */
export function openWorkplace(database: TestDatabase, tell: ApprovalSubjects = subjects): Workplace {
  const handlers = createHandlers({
    database,
    slack: {
      database,
      workspaces: oneWorkspace({ client: new WebClient(), botToken: '' }),
      apiUrl: '',
      subjects: tell,
      dataKey,
    },
    mail: {
      database,
      transport: nodemailer.createTransport({ jsonTransport: true }),
      from: 'Outlay <outlay@example.com>',
      site: { publicUrl: 'https://outlay.example', keys: parseLinkKeys(`k1:${'s'.repeat(32)}`) },
      authservId: null,
      dataKey,
    },
    reader: createLocalReader(),
  })
  return { database, handlers }
}

/**
 * Does the work of one kind that is due, one after the other, as a worker does it. For work that talks to nobody.
 * @returns the outcome of each: `done`, `pending` when it will be tried again, `dead`
 */
export async function doWork(
  database: TestDatabase,
  job: JobName,
  tell: ApprovalSubjects = subjects,
): Promise<string[]> {
  const workplace = openWorkplace(database, tell)
  const rows = await database.asSuperuser<{ id: string; payload: unknown; attempt: number; company: string }>(
    `update outbox set status = 'enqueued', attempt = attempt + 1, leased_until = now() + interval '1 minute'
     where job = $1 and status = 'pending' and not_before <= $2
     returning id::text, payload, attempt, company_id as company`,
    [job, database.clock.now()],
  )
  const outcomes: string[] = []
  for (const { id, payload, attempt, company: companyId } of rows) {
    const work = { id, payload, attempt, failures: 0, companyId, correlationId: null, createdAt: 0 }
    await runJob(workplace, job, work)
    const [row] = await database.asSuperuser<{ status: string }>('select status from outbox where id = $1', [
      id,
    ])
    outcomes.push(row?.status ?? 'gone')
  }
  return outcomes
}

/** The same for the turns of delegations, and what follows from each for the requests that are open. */
export async function doTurns(database: TestDatabase, tell: ApprovalSubjects = subjects): Promise<string[]> {
  const turns = await doWork(database, 'delegation.turn', tell)
  return [...turns, ...(await doWork(database, 'approval.sync_asks', tell))]
}
