import { z } from 'zod'
import { type Database, inCompany, type Tx } from '../../database/index.ts'
import { userError } from '../../kernel/errors.ts'
import { cleanJson } from '../../kernel/text.ts'
import { queueMail } from '../notifications/index.ts'
import { getPerson, requireActor } from '../people/index.ts'
import {
  atField,
  type ChangeOptions,
  changeOrganisation,
  changeWithin,
  type OrganisationChanged,
} from './change-organisation.ts'
import {
  changeableSections,
  type OrganisationChange,
  organisationChangeSchema,
} from './organisation-change.ts'

export interface PreparedChange {
  id: string
  /** What saving it would change. */
  outcome: OrganisationChanged
}

/** Nobody comes back to a form after so long, nor is one still being saved; what is kept of it is about people. */
const keptForMs = 48 * 60 * 60 * 1000

/**
 * Tells what a change would do, and keeps it until the actor saves it.
 * @throws those of `changeOrganisation`
 */
export async function prepareChange(
  database: Database,
  options: ChangeOptions,
  change: OrganisationChange,
): Promise<PreparedChange> {
  const outcome = await changeOrganisation(database, { ...options, dryRun: true }, change)
  const id = database.newId()
  await inCompany(database, options, async (tx) => {
    const { id: personId } = await requireActor(tx)
    await tx.em.execute('delete from organisation_change where company_id = ? and asked_at < ?', [
      tx.companyId,
      new Date(tx.now.getTime() - keptForMs),
    ])
    await tx.em.execute(
      `insert into organisation_change (id, company_id, person_id, change, asked_at) values (?, ?, ?, ?, ?)`,
      [id, tx.companyId, personId, cleanJson(change), tx.now],
    )
  })
  return { id, outcome }
}

/**
 * Makes the change that the actor prepared. Saved twice, it is made once, and what came of it is told again.
 * @throws userError `change_unknown`; and those of `changeOrganisation`, as what is in force may be different by now
 */
export async function savePreparedChange(
  database: Database,
  options: ChangeOptions,
  id: string,
): Promise<OrganisationChanged> {
  return inCompany(database, options, async (tx) => {
    const { change, outcome } = await lockPrepared(tx, id)
    if (outcome) return outcome
    const parsed = organisationChangeSchema.parse(change)
    const made = await changeWithin(tx, options, parsed).catch((error: unknown) => {
      throw atField(error, parsed)
    })
    await tx.em.flush()
    await tx.em.execute(
      `update organisation_change set change = null, saved_at = ?, outcome = ? where company_id = ? and id = ?`,
      [tx.now, cleanJson(made), tx.companyId, id],
    )
    return made
  })
}

/**
 * A change that was to be saved is given up: whoever saved it is told by mail, also where it was made and only Slack did
 * not take the news.
 */
export async function tellGivenUp(tx: Tx, id: string): Promise<void> {
  const [row] = await tx.em.execute<{ personId: string; change: unknown; outcome: unknown }[]>(
    'select person_id as "personId", change, outcome from organisation_change where company_id = ? and id = ?',
    [tx.companyId, id],
  )
  if (!row) return
  const { id: personId, email, active } = await getPerson(tx, row.personId)
  if (!active) return
  const made = row.outcome === null ? null : outcomeSchema.parse(row.outcome)
  const section = made?.section ?? organisationChangeSchema.parse(row.change).section
  const details = { givenUp: { section, title: made?.title ?? null } }
  await queueMail(tx, { kind: 'change_given_up', to: { address: email, personId }, details })
}

async function lockPrepared(
  tx: Tx,
  id: string,
): Promise<{ change: unknown; outcome: OrganisationChanged | null }> {
  const { id: personId } = await requireActor(tx)
  const [row] = await tx.em.execute<{ change: unknown; outcome: unknown }[]>(
    `select change, outcome from organisation_change where company_id = ? and id = ? and person_id = ? for update`,
    [tx.companyId, id, personId],
  )
  if (!row)
    throw userError('change_unknown', 'This change is not there any more. Please open the form again.')
  return { change: row.change, outcome: row.outcome === null ? null : outcomeSchema.parse(row.outcome) }
}

const entry = z.record(z.string(), z.unknown()).nullable()

/** What was stored before something was added to it is read as if there were nothing to tell of that. */
const outcomeSchema: z.ZodType<OrganisationChanged> = z.object({
  section: z.enum(changeableSections),
  changes: z.array(z.string()),
  title: z.string(),
  before: entry,
  after: entry,
  meaning: z.string().nullable(),
  departures: z.array(
    z.object({
      name: z.string(),
      waiting: z.object({ now: z.number(), later: z.number() }).default({ now: 0, later: 0 }),
      delegations: z.array(z.object({ principal: z.string(), delegate: z.string() })),
      approvals: z.array(
        z.object({
          count: z.number(),
          outcome: z.enum(['approved', 'blocked', 'moved']),
          to: z.array(z.string()),
        }),
      ),
    }),
  ),
  gaps: z.array(z.object({ field: z.enum(['team', 'manager']), isAsked: z.boolean() })).default([]),
  warnings: z.array(z.string()),
  examples: z.array(z.object({ name: z.string(), problems: z.array(z.string()), failedBefore: z.boolean() })),
})
