import { expect } from 'vitest'
import type { TestDatabase } from '../support/test-database.ts'
import { WorkedTime } from './worked-time.ts'

interface Simulated {
  database: TestDatabase
  /** The first day. */
  start: string
  /** Counts what happened. */
  count: (what: string) => void
}

interface Asked {
  id: string
  approvalId: string
  stepId: string
  required: boolean
  personId: string
  onBehalfOf: string | null
  role: string
  timeZone: string
  holidays: string
  askedAt: Date
  endedAt: Date | null
}

/** Every reminder and escalation against what the clocks on the walls of the people showed. */
export async function checkTimes({ database, start, count }: Simulated): Promise<void> {
  const asks = await database.asSuperuser<Asked>(
    `select k.id, k.approval_id as "approvalId", a.step_id as "stepId", s.required, k.person_id as "personId",
       k.on_behalf_of_id as "onBehalfOf", k.role, p.time_zone as "timeZone", p.holidays, k.asked_at as "askedAt",
       k.ended_at as "endedAt"
     from approval_ask k join approval a on a.id = k.approval_id join approval_step s on s.id = a.step_id
     join person p on p.id = k.person_id`,
  )
  const asksOf = Map.groupBy(asks, ({ approvalId }) => approvalId)
  const clocks = new Map<string, WorkedTime>()
  const clockOf = (place: Asked) => {
    const known = clocks.get(place.timeZone)
    const clock =
      known ?? new WorkedTime(place, new Date(start), new Date(database.clock.now().getTime() + 86_400_000))
    clocks.set(place.timeZone, clock)
    return clock
  }
  /** Working minutes since somebody was asked. */
  const since = (ask: Asked, at: Date) => clockOf(ask).between(ask.askedAt, at)
  const current = (approvalId: string, at: Date) =>
    (asksOf.get(approvalId) ?? []).filter(
      ({ askedAt, endedAt }) => askedAt < at && (!endedAt || endedAt >= at),
    )

  const reminded = new Map<string, number[]>()
  for (const { at, changes } of await entries(database, 'approval.reminded')) {
    const ask = current(changes.approval, at).find(({ personId }) => personId === changes.person)
    if (!ask) throw new Error(`nobody was asked who was reminded at ${at.toISOString()}`)
    expect(clockOf(ask).isAt(at), `at work at ${at.toISOString()} in ${ask.timeZone}`).toBe(true)
    const times = reminded.get(ask.id) ?? []
    const minutes = since(ask, at)
    // After one working day, or after three, six … when nobody further up is left.
    expect(minutes === 480 || minutes % 1440 === 0, `${minutes} minutes`).toBe(true)
    expect(times, 'once each').not.toContain(minutes)
    expect(ask.required).toBe(true)
    reminded.set(ask.id, [...times, minutes])
    count(`reminded in ${ask.timeZone}`)
  }

  for (const { at, changes } of await entries(database, 'approval.escalated')) {
    const isBy = ({ personId, onBehalfOf }: Asked) => [personId, onBehalfOf].includes(changes.from ?? '')
    const asked = current(changes.approval, at).filter(isBy)
    const hasLeft = asked.some(
      ({ role, endedAt }) => role === 'escalated' && endedAt?.getTime() === at.getTime(),
    )
    const isInTime = asked.some((ask) => {
      const minutes = since(ask, at)
      return clockOf(ask).isAt(at) && minutes > 0 && minutes % 1440 === 0
    })
    expect(hasLeft || isInTime, `escalated in time at ${at.toISOString()}`).toBe(true)
    count(hasLeft ? 'escalated because somebody left' : `escalated from ${asked[0]?.timeZone}`)
  }

  const now = database.clock.now()
  for (const ask of asks.filter(({ required }) => required)) {
    const minutes = since(ask, ask.endedAt ?? now)
    const times = reminded.get(ask.id) ?? []
    if (minutes > 480) expect(times, 'reminded after a working day').toContain(480)
    const isCovered = asks.some(
      (one) => one.stepId === ask.stepId && one.role === 'escalated' && since(ask, one.askedAt) <= 1440,
    )
    if (minutes > 1440) expect(isCovered || times.includes(1440), 'escalated after three').toBe(true)
  }
  console.log(`${asks.length} questions, ${clocks.size} time zones`)
}

const entries = (database: TestDatabase, action: string) =>
  database.asSuperuser<{
    at: Date
    changes: { approval: string; person?: string; from?: string; to?: string }
  }>('select at, changes from audit_entry where action = $1 order by at, id', [action])
