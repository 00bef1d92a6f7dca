import type { Tx } from '../../database/index.ts'
import { type AppError, userError } from '../../kernel/errors.ts'
import { getCompany } from '../people/index.ts'
import { StepUp } from './approvals.entity.ts'

/** How long a code can be typed, and how long the proof that it gave counts. */
export const stepUpMinutes = 10

/** How many wrong codes a person may type, whatever they are for. By the day, because an app is guessed at in silence. */
const wrongCodes = [
  { minutes: 60, most: 15, within: 'an hour' },
  { minutes: 24 * 60, most: 30, within: 'a day' },
]

/**
 * Whether whoever decides about so much must prove first that it is them: above the company's amount. A company without
 * one asks nobody.
 * @param amountMinor in minor units of the company's currency
 */
export async function needsCode(tx: Tx, amountMinor: number): Promise<boolean> {
  const { stepUpOverMinor } = await getCompany(tx)
  return stepUpOverMinor !== null && amountMinor > stepUpOverMinor
}

/**
 * Lets a decision pass that needs no proof, or for which the actor of this transaction gave one: for this very approval,
 * in the channel in which they decide, and not long ago. An approval is decided once, so a proof counts once; what is
 * asked anew after a decision was taken back is another approval.
 * @throws userError `step_up_required` (details: approvalId)
 */
export async function requireProof(
  tx: Tx,
  request: { amountMinor: number },
  approvalId: string,
): Promise<void> {
  if (!(await needsCode(tx, request.amountMinor))) return
  const { personId, channel } = tx.actor
  const provenAt = { $gt: minutesBefore(tx.now, stepUpMinutes) }
  const where = { companyId: tx.companyId, approvalId, channel, provenAt }
  if (personId && (await tx.em.findOne(StepUp, { ...where, personId }))) return
  throw userError('step_up_required', 'This needs a code that proves that it is you who decides.', {
    details: { approvalId },
  })
}

/** For whoever shows a code: whose it is, for what, and until when (UTC) it can be typed. */
export interface StepUpView {
  approvalId: string
  personId: string
  /** Where the decision is made, not where the code goes. */
  channel: StepUp['channel']
  via: StepUp['via']
  expiresAt: Date
  /** null: not typed yet. */
  provenAt: Date | null
  /** A newer code was sent for the same: this one cannot be typed any more. */
  isReplaced: boolean
}

export async function getStepUp(tx: Tx, id: string): Promise<StepUpView> {
  const stepUp = await tx.em.findOneOrFail(StepUp, { companyId: tx.companyId, id })
  const { approvalId, personId, channel, via, expiresAt, provenAt } = stepUp
  const newest = await newestStepUp(tx, { approvalId, personId, channel })
  return { approvalId, personId, channel, via, expiresAt, provenAt, isReplaced: newest?.id !== id }
}

/**
 * One after the other, until the end of the transaction: whatever makes or tries codes of one person. Of several at once
 * each would find the limits not reached yet.
 */
export async function holdStepUps(tx: Tx, personId: string): Promise<void> {
  await tx.em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`step-up of ${personId}`])
}

/** The last code of a person for an approval to decide in a channel, by default the actor's: no earlier one can be typed. */
export async function newestStepUp(
  tx: Tx,
  {
    approvalId,
    personId,
    channel = tx.actor.channel,
  }: { approvalId: string; personId: string; channel?: StepUp['channel'] },
): Promise<StepUp | null> {
  const where = { companyId: tx.companyId, approvalId, personId, channel }
  return tx.em.findOne(StepUp, where, { orderBy: { createdAt: 'desc', id: 'desc' } })
}

/**
 * How many more wrong codes a person may type now, and within what time. Tries count from when their code was made, so
 * they are forgotten some minutes late and never early.
 */
export async function wrongCodesLeft(tx: Tx, personId: string): Promise<{ left: number; within: string }> {
  let tightest = { left: Number.POSITIVE_INFINITY, within: '' }
  for (const { minutes, most, within } of wrongCodes) {
    const [row] = await tx.em.execute<{ wrong: number }[]>(
      `select coalesce(sum(attempts), 0)::int as wrong from step_up
       where company_id = ? and person_id = ? and created_at > ?`,
      [tx.companyId, personId, minutesBefore(tx.now, minutes + stepUpMinutes)],
    )
    const left = most - (row?.wrong ?? 0)
    if (left < tightest.left) tightest = { left, within }
  }
  return tightest
}

export function tooManyWrong(within: string): AppError {
  const message = `There were too many wrong codes within ${within}. Please try again later.`
  return userError('too_many_attempts', message, { field: 'code' })
}

export const minutesBefore = (now: Date, minutes: number) => new Date(now.getTime() - minutes * 60_000)
