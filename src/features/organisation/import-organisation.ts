import {
  type Actor,
  acrossCompanies,
  addToOutbox,
  type Database,
  inCompany,
  type Tx,
  violatedConstraint,
} from '../../database/index.ts'
import { AppError, userError } from '../../kernel/errors.ts'
import {
  type ApprovalSubjects,
  type MovedApproval,
  moveOpenApprovals,
  passOnAnew,
} from '../approvals/index.ts'
import { recordAudit } from '../audit/index.ts'
import {
  companyIdByName,
  type ImportedPeople,
  importPeople,
  listCompanies,
  listDelegations,
} from '../people/index.ts'
import { currentPolicies, savePolicies, settingOf } from '../policy/index.ts'
import { refuseTakenAddresses } from './check-taken.ts'
import type { Organisation } from './organisation-schema.ts'
import { policyChanges } from './policy-changes.ts'
import { vocabularyOfFile } from './vocabulary-of-file.ts'
import type { YamlText } from './yaml-text.ts'

export interface ImportOptions {
  actor: Actor
  /** What happens to requests that somebody who leaves was asked about. */
  subjects: ApprovalSubjects
  /** DATA_KEY: required when the file names an IBAN. */
  dataKey?: string | undefined
  /** Tells the changes and makes none. */
  dryRun?: boolean
  /** Puts the place in the file before what is refused. */
  tell?: YamlText['tell']
}

export interface ImportResult {
  companyId: string
  /** What was added or changed, a line each; empty when all is as the file says. */
  changes: string[]
  /** What the company has and the file does not name, and that it is a new one. */
  notes: string[]
}

/** What becomes of what somebody leaves behind. */
export interface Departure {
  name: string
  /** What they are asked now, and what they would have been asked later. */
  waiting: { now: number; later: number }
  /** That end, by name. */
  delegations: { principal: string; delegate: string }[]
  /** What was open for them, by what became of it. `to`: who decides now, by name. */
  approvals: { count: number; outcome: 'approved' | 'blocked' | 'moved'; to: string[] }[]
}

/** What a file changes in a company, and what follows from it. */
export interface BroughtInLine extends Pick<ImportResult, 'changes' | 'notes'> {
  departures: Departure[]
}

/**
 * Brings a company in line with its organisation file, in one transaction. Doing it twice changes nothing. What people
 * who leave were asked about is asked of others in the same transaction.
 * @throws userError `email_taken`, `last_admin`, `data_key_missing`, `currency_fixed`, and those of `addDelegation`
 */
export async function importOrganisation(
  database: Database,
  organisation: Organisation,
  options: ImportOptions,
): Promise<ImportResult> {
  const { actor, dryRun = false, tell } = options
  const { name } = organisation.company
  const { known, others } = await acrossCompanies(database, async (tx) => {
    const known = await companyIdByName(tx, name)
    if (tell) await refuseTakenAddresses(tx, organisation, { own: known, tell })
    return { known, others: known === null ? (await listCompanies(tx)).map((one) => one.name) : [] }
  })
  const companyId = known ?? database.newId()
  let result: ImportResult = { companyId, changes: [], notes: [] }
  try {
    await inCompany(database, { companyId, actor }, async (tx) => {
      await lockImports(tx, name)
      const { changes, notes } = await bringInLine(tx, organisation, options)
      result = { companyId, changes, notes }
      if (dryRun) throw new DryRun()
    })
  } catch (error) {
    // Another import has made this company meanwhile.
    if (violatedConstraint(error) === 'company_name_key')
      return importOrganisation(database, organisation, options)
    if (!(error instanceof DryRun)) throw placed(error, tell)
  }
  if (others.length > 0) result.notes.unshift(newCompany(name, others))
  return result
}

function newCompany(name: string, others: string[]): string {
  const shown = others.length > 6 ? [...others.slice(0, 5), `${others.length - 5} more`] : others
  const listed = shown.map((other) => `“${other}”`).join(', ')
  return `“${name}” is a new company: a company is known by its name. Others here: ${listed}`
}

/** What is wrong with one entry, with its place in the file. */
function placed(error: unknown, tell: YamlText['tell'] | undefined): unknown {
  const path = error instanceof AppError ? error.details?.path : undefined
  if (!(error instanceof AppError) || !Array.isArray(path) || !tell) return error
  return userError(error.code, tell([{ path, message: error.message }]).join(), { cause: error })
}

/** Rolls the transaction back; nothing went wrong. */
export class DryRun extends Error {}

/** One change of a company's organisation after the other, so that the second sees what the first has done. */
export async function lockImports(tx: Tx, companyName: string): Promise<void> {
  await tx.em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`import of ${companyName}`])
}

/** Brings the company of this transaction in line with what the file names. The caller holds `lockImports`. */
export async function bringInLine(
  tx: Tx,
  organisation: Organisation,
  { subjects, dataKey }: Pick<ImportOptions, 'subjects' | 'dataKey'>,
): Promise<BroughtInLine> {
  await refuseOtherCurrency(tx, organisation)
  const { changes, notes, left } = await importPeople(tx, organisation, { dataKey })
  changes.push(...(await changePolicies(tx, organisation)))
  await tx.em.flush()
  const departures = await moveApprovals(tx, subjects, left)
  changes.push(...departures.flatMap(departureLines))
  if (changes.length > 0) {
    // Who may decide for whom depends on the step-up amount and on who manages whom.
    await passOnAnew(tx)
    await addToOutbox(tx, 'expense.refresh_drafts', {}, { mergeKey: tx.companyId })
    await recordAudit(tx, {
      action: 'organisation.imported',
      subject: { kind: 'company', id: tx.companyId },
      changes: { count: changes.length },
      personal: { changes },
    })
  }
  return { changes, notes, departures }
}

/**
 * What is on record is in the company's currency, and so are the amounts of its policies.
 * @throws userError `currency_fixed`
 */
async function refuseOtherCurrency(tx: Tx, { company, document }: Organisation): Promise<void> {
  const [known] = await tx.em.execute<{ currency: string; used: boolean }[]>(
    `select currency, exists (select 1 from expense where company_id = company.id and company_amount_minor is not null)
       or exists (select 1 from exchange_rate where company_id = company.id)
       or exists (select 1 from delegation where company_id = company.id and up_to_minor is not null and ends_at > ?)
         as used from company where id = ?`,
    [tx.now, tx.companyId],
  )
  if (!known || known.currency === company.currency) return
  const from = `${company.name} works in ${known.currency}`
  if (known.used) {
    throw userError(
      'currency_fixed',
      `${from}, and so are its expenses, exchange rates and delegations on record: that cannot change any more.`,
    )
  }
  if (!document && (await currentPolicies(tx))) {
    throw userError(
      'currency_fixed',
      `${from}, and so are its policies. Give them in ${company.currency} in the same file.`,
    )
  }
}

async function changePolicies(tx: Tx, organisation: Organisation): Promise<string[]> {
  const { document } = organisation
  if (!document) return []
  const before = (await currentPolicies(tx))?.document
  if (!(await savePolicies(tx, document))) return []
  const changes = policyChanges(before, document, settingOf(vocabularyOfFile(organisation)))
  // The first version of a company without any policy says so too.
  return changes.length > 0 ? changes : ['policies: a new version']
}

/** When everybody who leaves has left, so that nobody is asked instead who leaves as well. */
async function moveApprovals(
  tx: Tx,
  subjects: ApprovalSubjects,
  left: ImportedPeople['left'],
): Promise<Departure[]> {
  const departures: Departure[] = []
  for (const { id, name } of left) {
    const delegations = await listDelegations(tx, { personId: id })
    const moved = await moveOpenApprovals(tx, subjects, id)
    const alike = Map.groupBy(moved, (one) => `${outcomeOf(one)} ${one.to.join('\n')}`)
    const now = moved.filter(({ wasAsked }) => wasAsked).length
    departures.push({
      name,
      waiting: { now, later: moved.length - now },
      delegations: delegations.map(({ principal, delegate }) => ({
        principal: principal.name,
        delegate: delegate.name,
      })),
      approvals: [...alike.values()].flatMap((group) => {
        const [first] = group
        return first ? [{ count: group.length, outcome: outcomeOf(first), to: first.to }] : []
      }),
    })
  }
  return departures
}

function outcomeOf({ status, to }: MovedApproval): Departure['approvals'][number]['outcome'] {
  if (status === 'approved') return 'approved'
  return to.length === 0 ? 'blocked' : 'moved'
}

function departureLines({ name, delegations, approvals }: Departure): string[] {
  const ends = delegations.map(
    ({ principal, delegate }) => `delegation of ${principal} to ${delegate}: ends, as ${name} leaves`,
  )
  const outcomes = approvals.map(({ count, outcome, to }) => `${count} ${outcomeWords(outcome, to)}`)
  return outcomes.length > 0 ? [...ends, `${name}’s open approvals: ${outcomes.join(', ')}`] : ends
}

function outcomeWords(outcome: Departure['approvals'][number]['outcome'], to: string[]): string {
  switch (outcome) {
    case 'approved':
      return 'approved, as all others had agreed'
    case 'blocked':
      return 'blocked, as nobody else may decide'
    case 'moved':
      return `now with ${to.join(' or ')}`
  }
}
