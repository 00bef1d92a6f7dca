import type { Channel, Tx } from '../../database/index.ts'
import { userError } from '../../kernel/errors.ts'
import { recordAudit } from '../audit/index.ts'
import { queueMail, refreshSurfaces, showSurface } from '../notifications/index.ts'
import { hasAuthenticator, type Person, requireActor } from '../people/index.ts'
import { type ApprovalRequest, StepUp } from './approvals.entity.ts'
import { requireDecidable } from './decide.ts'
import { triesPerCode } from './prove-with-code.ts'
import {
  holdStepUps,
  minutesBefore,
  newestStepUp,
  stepUpMinutes,
  tooManyWrong,
  wrongCodesLeft,
} from './step-up.ts'

/** How many codes a person may ask for in an hour and not use: they are messages to somebody who may not have asked. */
const mostUnused = 5

export interface SentCode {
  via: 'email' | 'slack' | 'app'
  /** Reads after “We sent a code to ”; of an app, it is where the code is. */
  to: string
  /** Until when (UTC) it can be typed. */
  expiresAt: Date
}

/**
 * Sends the actor of this transaction a code for an approval that is theirs to decide now, by another way than the channel
 * they decide in: whoever has broken into one does not have it. With an authenticator app nothing is sent, and no other way
 * counts. Asked for again within a minute, the code that was sent stays good; later a new one takes its place.
 *
 * @throws userError those of `decideApproval` for whoever could not decide it; `step_up_impossible` when there is no other
 *   way; `too_many_codes`, `too_many_attempts` (field `code`)
 */
export async function sendCode(tx: Tx, { approvalId }: { approvalId: string }): Promise<SentCode> {
  const person = await requireActor(tx)
  const request = await requireDecidable(tx, approvalId)
  const via = await otherWay(tx, person)
  await holdStepUps(tx, person.id)
  const last = await newestStepUp(tx, { approvalId, personId: person.id })
  const isFresh = last && last.createdAt > minutesBefore(tx.now, 1)
  const isGood = last?.via === via && !last.provenAt && last.attempts < triesPerCode
  const stepUp = isFresh && isGood ? last : await makeStepUp(tx, request, { approvalId, person, via })
  // The message with the one before must not show it any longer.
  if (last?.via === 'slack' && last !== stepUp) await refreshSurfaces(tx, request.subjectId)
  return { via, to: described(via, person), expiresAt: stepUp.expiresAt }
}

/** Whoever broke into a mailbox reads its mails, and whoever sits at the Slack of somebody reads that. */
const otherChannel: Partial<Record<Channel, 'email' | 'slack'>> = { slack: 'email', email: 'slack' }

/** @throws userError `step_up_impossible` */
async function otherWay(tx: Tx, { id, slackUserId }: Person): Promise<SentCode['via']> {
  if (await hasAuthenticator(tx, id)) return 'app'
  const other = otherChannel[tx.actor.channel]
  if (other === 'email' || (other === 'slack' && slackUserId !== null)) return other
  throw userError(
    'step_up_impossible',
    'Deciding about so much needs a code, and there is no other way to send you one. ' +
      'Please ask an admin to set up an authenticator app for you.',
  )
}

async function makeStepUp(
  tx: Tx,
  { subjectKind, subjectId }: ApprovalRequest,
  { approvalId, person, via }: { approvalId: string; person: Person; via: SentCode['via'] },
): Promise<StepUp> {
  await requireRoom(tx, person.id)
  const stepUp = tx.em.create(StepUp, {
    id: tx.newId(),
    companyId: tx.companyId,
    approvalId,
    personId: person.id,
    channel: tx.actor.channel,
    via,
    attempts: 0,
    createdAt: tx.now,
    expiresAt: minutesBefore(tx.now, -stepUpMinutes),
    provenAt: null,
  })
  const { id: stepUpId } = stepUp
  const about = { expenseId: subjectId, approvalId, stepUpId }
  const to = { address: person.email, personId: person.id }
  if (via === 'email') await queueMail(tx, { kind: 'code', to, ...about })
  if (via === 'slack') await showSurface(tx, { kind: 'slack.code', personId: person.id, ...about })
  await recordAudit(tx, {
    action: via === 'app' ? 'approval.code_asked' : 'approval.code_sent',
    subject: { kind: subjectKind, id: subjectId },
    changes: { approval: approvalId, step_up: stepUpId, via },
  })
  return stepUp
}

/** @throws userError `too_many_codes`, `too_many_attempts` */
async function requireRoom(tx: Tx, personId: string): Promise<void> {
  const { left, within } = await wrongCodesLeft(tx, personId)
  if (left <= 0) throw tooManyWrong(within)
  const createdAt = { $gt: minutesBefore(tx.now, 60) }
  const sent = { companyId: tx.companyId, personId, createdAt, via: { $ne: 'app' as const } }
  const unused = await tx.em.count(StepUp, { ...sent, provenAt: null })
  if (unused < mostUnused) return
  const message = `You asked for ${mostUnused} codes within an hour and did not use them. Please try again later.`
  throw userError('too_many_codes', message)
}

function described(via: SentCode['via'], { email }: Person): string {
  if (via === 'slack') return 'Slack'
  if (via === 'app') return 'your authenticator app'
  const [first = ''] = email
  return `${first}…${email.slice(email.lastIndexOf('@'))}`
}
