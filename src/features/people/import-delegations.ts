import type { Tx } from '../../database/index.ts'
import { dateIn } from '../../kernel/calendar-date.ts'
import { AppError, userError } from '../../kernel/errors.ts'
import { formatMoney, parseAmount } from '../../kernel/money.ts'
import { addDelegation, endDelegation } from './delegations.ts'
import type { Changes } from './import-changes.ts'
import type { FileDelegation, OrganisationPeople, People } from './import-structure.ts'
import { Delegation } from './people.entity.ts'

/** Delegations that a file or a command made and that are not over. What people make themselves is theirs. */
export async function delegationsOfFile(tx: Tx): Promise<Delegation[]> {
  const { companyId, now } = tx
  return tx.em.find(
    Delegation,
    { companyId, createdBy: null, endsAt: { $gt: now } },
    { orderBy: { id: 'asc' } },
  )
}

/**
 * Adds the delegations that the file names and ends those of earlier files that it names no more. Those that people made
 * themselves stay, and what one of them ended early stays ended.
 */
export async function importDelegations(
  tx: Tx,
  { company, delegations }: OrganisationPeople,
  changes: Changes,
  people: People,
): Promise<void> {
  if (!delegations) return
  const label = labelOf(changes, company)
  const wanted = delegations.map((delegation) => ({ delegation, ...termsOf(delegation, company, people) }))
  for (const row of await delegationsOfFile(tx)) {
    if (wanted.some((one) => isSame(one, row))) continue
    changes.lines.push(`${label(row)}: ${row.startsAt <= tx.now ? 'ends now' : 'removed'}`)
    await endDelegation(tx, row.id)
  }
  await tx.em.flush()
  const found = await tx.em.find(Delegation, { companyId: tx.companyId })
  for (const [index, { delegation, ...one }] of wanted.entries()) {
    const same = found.filter((row) => isSame(one, row))
    if (same.some(({ endsAt }) => endsAt > tx.now)) continue
    const timeZone = people.get(delegation.principal)?.timeZone ?? company.time_zone
    const ended = same.find(({ endedBy }) => endedBy !== null)
    if (one.toDate < dateIn(tx.now, timeZone)) changes.notes.push(`over, and without effect: ${label(one)}`)
    else if (ended)
      changes.notes.push(`${label(one)}: stays ended, as ${changes.names.get(ended.endedBy)} ended it early`)
    else {
      await add(tx, { ...one, upTo: delegation.up_to ?? null }, index)
      changes.lines.push(`${label(one)}: added`)
    }
  }
}

type Terms = Pick<Delegation, 'principalId' | 'delegateId' | 'fromDate' | 'toDate' | 'upToMinor'>

function termsOf(
  { principal, delegate, from, to, up_to }: FileDelegation,
  { currency }: OrganisationPeople['company'],
  people: People,
): Terms {
  return {
    principalId: people.get(principal)?.id ?? '',
    delegateId: people.get(delegate)?.id ?? '',
    fromDate: from,
    toDate: to,
    upToMinor: up_to === undefined ? null : parseAmount(up_to, currency).minor,
  }
}

const isSame = (a: Terms, b: Terms) =>
  a.principalId === b.principalId &&
  a.delegateId === b.delegateId &&
  a.fromDate === b.fromDate &&
  a.toDate === b.toDate &&
  a.upToMinor === b.upToMinor

/** `delegation of Eve Davis to Bob Smith, 2026-12-01 to 2026-12-14, up to USD 5,000.00` */
function labelOf({ names }: Changes, { currency, locale }: OrganisationPeople['company']) {
  return ({ principalId, delegateId, fromDate, toDate, upToMinor: minor }: Terms): string => {
    const upTo = minor === null ? '' : `, up to ${formatMoney({ minor, currency }, locale)}`
    return `delegation of ${names.get(principalId)} to ${names.get(delegateId)}, ${fromDate} to ${toDate}${upTo}`
  }
}

async function add(tx: Tx, terms: Terms & { upTo: string | null }, index: number): Promise<void> {
  const { principalId, delegateId, fromDate, toDate, upTo } = terms
  try {
    await addDelegation(tx, { principalId, delegateId, from: fromDate, to: toDate, upTo })
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'user') throw error
    const path = ['delegations', index, ...(error.field ? [error.field] : [])]
    throw userError(error.code, error.message, {
      cause: error,
      details: { ...error.details, path },
    })
  }
}
