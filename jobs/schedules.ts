import { acrossCompanies, addToOutbox, type Database, type SystemTx, type Tx } from '../src/database/index.ts'
import type { JobName, JobPayload } from './catalog.ts'

/** Jobs that need nothing but the company. */
type ScheduledJob = {
  [Name in JobName]: JobPayload<Name> extends Record<string, never> ? Name : never
}[JobName]

interface Schedule {
  job: ScheduledJob
  everySeconds: number
  /** SQL about `schedule`: companies where it does not hold have nothing to do and are left out. */
  where?: string
}

/** What happens every so often, in every company. */
export const schedules: Schedule[] = [
  {
    job: 'audit.seal',
    everySeconds: 60,
    where: 'exists (select from audit_unsealed u where u.company_id = schedule.company_id)',
  },
  { job: 'audit.mail_head', everySeconds: 86_400 },
  { job: 'slack.sweep', everySeconds: 86_400 },
]

/** A clock that is set back further than this is obeyed at once; less may be the difference between two machines. */
const toleranceMs = 5 * 60_000

/**
 * Asks for what is due. When it is due next, and the work in the outbox, commit together: several relays, or one that
 * was killed, ask once. What was missed while nobody ran is asked for once, not once for every time.
 */
export async function runSchedules(database: Database): Promise<void> {
  await acrossCompanies(database, async (tx) => {
    for (const schedule of schedules) await runSchedule(tx, schedule)
  })
}

async function runSchedule(tx: SystemTx, { job, everySeconds, where = 'true' }: Schedule): Promise<void> {
  const everyMs = everySeconds * 1000
  const now = tx.now.getTime()
  const next = new Date((Math.floor(now / everyMs) + 1) * everyMs)
  const tooFar = new Date(now + everyMs + toleranceMs)
  await tx.em.execute(
    `insert into schedule (company_id, job, next_at) select id, ?, ? from company c
     where not exists (select from schedule s where s.job = ? and s.company_id = c.id) on conflict do nothing`,
    [job, next, job],
  )
  const due = await tx.em.execute<{ companyId: string; wanted: boolean }[]>(
    `with due as (
       select company_id from schedule where job = ? and (next_at <= ? or next_at > ?) for update skip locked)
     update schedule set next_at = ? from due where schedule.job = ? and schedule.company_id = due.company_id
     returning schedule.company_id as "companyId", ${where} as wanted`,
    [job, tx.now, tooFar, next, job],
  )
  for (const { companyId, wanted } of due) {
    if (!wanted) continue
    const inside: Tx = { ...tx, companyId, actor: { personId: null, channel: 'system' } }
    // What an earlier time asked for and still waits is as good.
    await addToOutbox(inside, job, {}, { mergeKey: companyId })
    tx.wakesRelay = true
  }
}
