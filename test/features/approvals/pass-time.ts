import { doWork } from '../../support/do-work.ts'
import type { TestDatabase } from '../../support/test-database.ts'
import type { SmallCompany } from './small-company.ts'

/** Sets the clock, forwards or back (UTC). */
export function setClock({ clock }: TestDatabase, to: string | Date): void {
  clock.advance(new Date(to).getTime() - clock.now().getTime())
}

/** Lets time pass until an instant (UTC): reminders and escalations that are due meanwhile are done at their time. */
export async function passTime(company: SmallCompany, until: string): Promise<void> {
  const { database, subjects } = company
  for (;;) {
    const [next] = await waiting(company)
    if (!next || next.at > new Date(until)) break
    if (next.at > database.clock.now()) setClock(database, next.at)
    await doWork(database, 'approval.remind', subjects)
    await doWork(database, 'approval.escalate', subjects)
  }
  setClock(database, until)
}

/** What waits in the outbox for its time, the next first. */
export async function waiting(company: SmallCompany): Promise<{ job: string; at: Date; name: string }[]> {
  return company.database.asSuperuser(
    `select job, not_before as at, p.name from outbox o join approval_ask a on a.id::text = o.payload ->> 'askId'
     join person p on p.id = a.person_id
     where o.company_id = $1 and o.status = 'pending' and job in ('approval.remind', 'approval.escalate')
     order by not_before, o.id`,
    [company.id],
  )
}

/** Everybody who was asked about a subject, as `name role`, in the order of it; who is asked no more is in brackets. */
export async function everAsked(company: SmallCompany, subjectId: string): Promise<string[]> {
  const rows = await company.database.asSuperuser<{ name: string; role: string; ended: boolean }>(
    `select p.name, k.role, k.ended_at is not null as ended from approval_ask k join approval a on a.id = k.approval_id
     join approval_request r on r.id = a.request_id join person p on p.id = k.person_id
     where r.subject_id = $1 order by k.asked_at, k.id`,
    [subjectId],
  )
  return rows.map(({ name, role, ended }) => (ended ? `(${name} ${role})` : `${name} ${role}`))
}
