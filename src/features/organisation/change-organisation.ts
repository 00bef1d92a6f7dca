import { isDeepStrictEqual } from 'node:util'
import { type Actor, type Database, inCompany, type Tx } from '../../database/index.ts'
import { AppError, userError } from '../../kernel/errors.ts'
import { formatMoney, tryAmount } from '../../kernel/money.ts'
import type { ApprovalSubjects } from '../approvals/index.ts'
import { requireAdmin } from '../people/index.ts'
import type { PolicyLanguage } from '../policy/index.ts'
import { type AppliedChange, applyChange } from './apply-change.ts'
import { inNames, meaningOf, titleOf } from './describe-entry.ts'
import { amountsOf, policiesBeside } from './entry-amounts.ts'
import { organisationInForce } from './export-organisation.ts'
import { bringInLine, type Departure, DryRun, lockImports } from './import-organisation.ts'
import {
  type AmountsChange,
  type ChangeableSection,
  type Entry,
  entriesOf,
  findEntry,
  isPolicySection,
  type OrganisationChange,
} from './organisation-change.ts'
import type { Organisation } from './organisation-schema.ts'
import { gapsOf, type PersonGap } from './person-gaps.ts'
import { reviewChange } from './review-change.ts'
import { type TestedPolicy, testPolicies } from './test-policies.ts'

export interface ChangeOptions {
  companyId: string
  actor: Actor
  subjects: ApprovalSubjects
  dataKey?: string | undefined
  /** In which the meaning of what changes is told; null or left out: in English. */
  language?: PolicyLanguage | null
}

export interface OrganisationChanged {
  section: ChangeableSection
  /** What was added or changed, a line each, as an import tells it. */
  changes: string[]
  /** What the entry is called. */
  title: string
  /** The entry before and after, with names for addresses and keys; null: there was or is none. */
  before: Entry | null
  after: Entry | null
  /** What it says from then on, in a sentence; null: nothing that needs one. */
  meaning: string | null
  /** What becomes of what people leave behind. */
  departures: Departure[]
  /** What somebody who was added or moved has not, so that approvers are missing for them. */
  gaps: PersonGap[]
  /** What is odd since then, a sentence each. */
  warnings: string[]
  /** How the examples beside the policies come out, where those changed; and which did not do so before either. */
  examples: (TestedPolicy & { failedBefore: boolean })[]
}

/**
 * Changes one entry of the company's organisation, by importing what is in force with that entry changed: one path with
 * one set of checks and one audit, whether by file or by form. One change of a company after the other: the second sees
 * what the first did, and is refused where it would overwrite it.
 * @param dryRun tells what would change, and changes nothing
 * @throws userError `admin_required`, `nothing_changed`, `last_admin`, `email_taken`, and those of `applyChange` and
 *   `reviewChange`; with the field where there is one
 */
export async function changeOrganisation(
  database: Database,
  { dryRun = false, ...options }: ChangeOptions & { dryRun?: boolean },
  change: OrganisationChange,
): Promise<OrganisationChanged> {
  let changed: OrganisationChanged | null = null
  try {
    await inCompany(database, options, async (tx) => {
      changed = await changeWithin(tx, options, change)
      if (dryRun) throw new DryRun()
    })
  } catch (error) {
    if (!(error instanceof DryRun)) throw atField(error, change)
  }
  if (!changed) throw new Error('nothing was tried')
  return changed
}

/** The same within a transaction that does more. Its errors bear no field before `atField`. */
export async function changeWithin(
  tx: Tx,
  options: Pick<ChangeOptions, 'subjects' | 'dataKey' | 'language'>,
  change: OrganisationChange,
): Promise<OrganisationChanged> {
  await lockImports(tx, await nameOfCompany(tx))
  // After the lock: whoever was before us may have taken the role away.
  await requireAdmin(tx)
  const before = await organisationInForce(tx)
  const applied = applyChange(before, change)
  const warnings = reviewChange(before, applied, change)
  const { changes, departures } = await bringInLine(tx, partOf(applied, change), options)
  if (changes.length === 0) throw userError('nothing_changed', 'Nothing is different from how it is now.')
  const { section } = change
  const { organisation: now } = applied
  const was = change.key === null ? null : (findEntry(before, section, change.key)?.entry ?? null)
  const is = applied.index === null ? null : (entriesOf(now, section)[applied.index] ?? null)
  return {
    section,
    changes,
    title: titleOf(before, section, was ?? is ?? {}),
    before: was && inNames(before, section, was),
    after: is && inNames(now, section, is),
    meaning: is && meaningOf(now, section, is, options.language),
    ...(change.kind === 'amounts' ? amountsSaid({ before, now }, change, options.language) : {}),
    departures,
    gaps: section === 'people' ? newGaps(now, applied.index, was) : [],
    warnings,
    examples: isPolicySection(section) ? examplesOf(before, now) : [],
  }
}

/** Of amounts that moved: from what to what, in which policies, and what these say from then on. */
function amountsSaid(
  { before, now }: Record<'before' | 'now', Organisation>,
  change: AmountsChange,
  language: ChangeOptions['language'],
): Partial<Pick<OrganisationChanged, 'changes' | 'title' | 'meaning'>> {
  const { currency, locale } = now.company
  const told = (text: string) => {
    const amount = tryAmount(text, currency)
    return amount ? formatMoney(amount, language?.locale ?? locale) : text
  }
  const changes = (amountsOf(before, change)?.amounts ?? []).flatMap((amount, place) => {
    const to = change.amounts[place] ?? amount
    return Number(to) === Number(amount) ? [] : [`${told(amount)} → ${told(to)}`]
  })
  if (change.section === 'limits') return { changes }
  const changed = (now.document ? policiesBeside(now.document, change.key) : []).filter(
    (policy) => !isDeepStrictEqual(policy, findEntry(before, 'policies', policy.key)?.entry),
  )
  return {
    changes,
    title: changed.map(({ name }) => name).join(', '),
    meaning: changed
      .map((policy) => `${policy.name}: ${meaningOf(now, 'policies', policy, language)}`)
      .join('\n'),
  }
}

/** What somebody who was there before had not either is no news. */
function newGaps(now: Organisation, index: number | null, was: Entry | null): PersonGap[] {
  const person = index === null ? undefined : now.people[index]
  if (!person?.active) return []
  return gapsOf(now, person).filter(({ field }) => was?.active !== true || was[field] !== undefined)
}

function examplesOf(before: Organisation, after: Organisation): OrganisationChanged['examples'] {
  const failed = new Set(
    testPolicies(before).flatMap(({ name, problems }) => (problems.length > 0 ? [name] : [])),
  )
  return testPolicies(after).map((tested) => ({ ...tested, failedBefore: failed.has(tested.name) }))
}

/** Read past what this transaction holds already: the name is what imports lock by, and they do not change it. */
async function nameOfCompany(tx: Tx): Promise<string> {
  const [row] = await tx.em.execute<{ name: string }[]>('select name from company where id = ?', [
    tx.companyId,
  ])
  return row?.name ?? ''
}

/** The sections that an import has to look at for this change: the others stay as they are. */
function partOf({ organisation }: AppliedChange, { section }: OrganisationChange): Organisation {
  return {
    ...organisation,
    people: section === 'people' ? organisation.people : [],
    assignments: section === 'assignments' ? organisation.assignments : undefined,
    delegations: undefined,
    document: isPolicySection(section) ? organisation.document : undefined,
  }
}

/** What an import refuses, at the field of the form that caused it. */
export function atField(error: unknown, { section }: OrganisationChange): unknown {
  if (!(error instanceof AppError)) return error
  switch (error.code) {
    case 'email_taken':
      return userError('email_taken', 'Somebody of another company has this address already.', {
        cause: error,
        field: section === 'company' ? 'intake' : 'email',
      })
    case 'last_admin':
      return userError('last_admin', 'A company keeps one active admin. Make somebody else an admin first.', {
        cause: error,
        field: 'roles',
      })
    default:
      return error
  }
}
