import type { Tx } from '../../database/index.ts'
import { didYouMean } from '../../kernel/did-you-mean.ts'
import { userError } from '../../kernel/errors.ts'

export interface AuditFilter {
  /** Id of who acted, on whose behalf, with whom something was done, or who stands in what changed. */
  person?: string | undefined
  /** Number or id of an expense; its documents belong to it. */
  expense?: string | undefined
  action?: string | undefined
  /** From this instant on (UTC). */
  from?: Date | undefined
  /** Before this instant (UTC). */
  to?: Date | undefined
  /** Id of the last entry of the page before. */
  after?: string | undefined
  /** Most entries at a time. */
  limit: number
}

/** One entry as it is shown. */
export interface AuditLine {
  id: string
  /** Its place in the chain of seals; null while it is not sealed. */
  seq: number | null
  at: Date
  /** null: the system itself. */
  actor: Named | null
  onBehalfOf: Named | null
  channel: string
  action: string
  subject: {
    kind: string
    id: string /** An expense's number, a person's or company's name. */
    name: string | null
  }
  changes: Record<string, unknown>
  /** Names, comments and the like; null where there were none or where they are `erased`. */
  personal: Record<string, unknown> | null
  erased: boolean
  correlationId: string | null
}

interface Named {
  id: string
  name: string
}

/**
 * The company's audit entries, oldest first. The next page begins `after` the last entry of this one, so that what is
 * written meanwhile moves nothing.
 * @throws userError `expense_unknown`
 */
export async function listAudit(tx: Tx, filter: AuditFilter): Promise<AuditLine[]> {
  const conditions = await conditionsOf(tx, filter)
  const rows = await tx.em.execute<AuditRow[]>(
    `${lines} where e.company_id = ?${conditions.map(([sql]) => ` and ${sql}`).join('')}
     order by e.at, e.id limit ?`,
    [tx.companyId, ...conditions.flatMap(([, ...parameters]) => parameters), filter.limit],
  )
  return rows.map(toLine)
}

type Condition = [sql: string, ...parameters: unknown[]]

async function conditionsOf(tx: Tx, filter: AuditFilter): Promise<Condition[]> {
  const { person, expense, action, from, to, after } = filter
  const conditions: Condition[] = []
  if (person !== undefined) {
    // Who is asked, reminded or stands in for somebody is named by id somewhere in the changes. An id is found nowhere by
    // chance, so its text says enough, at any depth and whatever the field is called. No index helps: the company's entries
    // of the time that is asked for are read once, in the order in which they are listed.
    const isMeant =
      '(e.actor_id = ? or e.on_behalf_of_id = ? or e.subject_id = ? or strpos(e.changes::text, ?) > 0)'
    conditions.push([isMeant, person, person, person, person])
  }
  if (expense !== undefined) {
    conditions.push(['e.subject_id = any (?::uuid[])', `{${(await subjectsOf(tx, expense)).join()}}`])
  }
  if (action !== undefined) conditions.push(['e.action = ?', action])
  if (from !== undefined) conditions.push(['e.at >= ?', from])
  if (to !== undefined) conditions.push(['e.at < ?', to])
  if (after !== undefined) {
    conditions.push(['(e.at, e.id) > (select l.at, l.id from audit_entry l where l.id = ?)', after])
  }
  return conditions
}

/**
 * Refuses an action that no entry of the company has: most are mistyped, and nothing found would read as nothing done.
 * @throws userError `action_unknown`
 */
export async function requireAction(tx: Tx, action: string): Promise<void> {
  const [known] = await tx.em.execute<unknown[]>(
    'select 1 from audit_entry e where e.company_id = ? and e.action = ? limit 1',
    [tx.companyId, action],
  )
  if (known) return
  const rows = await tx.em.execute<{ action: string }[]>(
    'select distinct e.action from audit_entry e where e.company_id = ? order by e.action',
    [tx.companyId],
  )
  const actions = rows.map((row) => row.action)
  const hint = didYouMean(action, actions) || ` So far there are: ${actions.join(', ')}.`
  throw userError('action_unknown', `No entry has the action “${action}”.${hint}`)
}

/** The expense and its documents. */
async function subjectsOf(tx: Tx, expense: string): Promise<string[]> {
  const rows = await tx.em.execute<{ id: string; documentId: string | null }[]>(
    `select x.id, d.id as "documentId" from expense x
     left join document d on d.company_id = x.company_id and d.expense_id = x.id
     where x.company_id = ? and (x.number = ? or x.id::text = ?)`,
    [tx.companyId, expense, expense],
  )
  if (rows.length === 0) throw userError('expense_unknown', `There is no expense “${expense}”.`)
  return rows.flatMap(({ id, documentId }) => (documentId === null ? [id] : [id, documentId]))
}

interface AuditRow {
  id: string
  seq: string | null
  at: string
  actorId: string | null
  actorName: string
  onBehalfOfId: string | null
  onBehalfOfName: string
  channel: string
  action: string
  subjectKind: string
  subjectId: string
  subjectName: string | null
  changes: Record<string, unknown>
  personal: Record<string, unknown> | null
  erased: boolean
  correlationId: string | null
}

const nameOf = (table: string, column: string) =>
  `(select ${column} from ${table} n where n.company_id = e.company_id and n.id = e.subject_id)`

const lines = `
  select e.id, s.seq::text as seq, e.at, e.actor_id as "actorId", actor.name as "actorName",
    e.on_behalf_of_id as "onBehalfOfId", behalf.name as "onBehalfOfName", e.channel, e.action,
    e.subject_kind as "subjectKind", e.subject_id as "subjectId",
    case e.subject_kind
      when 'expense' then ${nameOf('expense', 'number')}
      when 'document' then ${nameOf('document', 'number')}
      when 'person' then ${nameOf('person', 'name')}
      when 'company' then (select n.name from company n where n.id = e.subject_id)
    end as "subjectName",
    e.changes, p."values" as personal, e.personal_hash is not null and p.entry_id is null as erased,
    e.correlation_id as "correlationId"
  from audit_entry e
  left join audit_seal s on s.company_id = e.company_id and s.entry_id = e.id
  left join audit_personal p on p.company_id = e.company_id and p.entry_id = e.id
  left join person actor on actor.company_id = e.company_id and actor.id = e.actor_id
  left join person behalf on behalf.company_id = e.company_id and behalf.id = e.on_behalf_of_id`

function toLine(row: AuditRow): AuditLine {
  return {
    id: row.id,
    seq: row.seq === null ? null : Number(row.seq),
    at: new Date(row.at),
    actor: row.actorId === null ? null : { id: row.actorId, name: row.actorName },
    onBehalfOf: row.onBehalfOfId === null ? null : { id: row.onBehalfOfId, name: row.onBehalfOfName },
    channel: row.channel,
    action: row.action,
    subject: { kind: row.subjectKind, id: row.subjectId, name: row.subjectName },
    changes: row.changes,
    personal: row.personal,
    erased: row.erased,
    correlationId: row.correlationId,
  }
}
