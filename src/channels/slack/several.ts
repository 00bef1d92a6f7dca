import type { ViewResponseAction } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import {
  approvingModal,
  groupPrefix,
  mostAtOnce,
  type Outcome,
  severalDoneModal,
} from '../../../templates/slack/several-modal.ts'
import type { WorkInHand } from '../../database/index.ts'
import { decideSeveral } from '../../features/approvals/index.ts'
import { type AppError, transientError } from '../../kernel/errors.ts'
import { storeDelivery } from './deliveries.ts'
import { identify } from './identify.ts'
import {
  chosenIn,
  type SeveralDelivery,
  severalDeliverySchema,
  teamOf,
  type ViewSubmission,
} from './payloads.ts'
import { outdated } from './run-form.ts'
import type { SlackChannel } from './slack-channel.ts'
import { slackError, slackErrorCode } from './slack-client.ts'

/**
 * Takes what a person chose to approve. Fifty decisions take longer than Slack waits for an answer, so they are stored;
 * the form says meanwhile that they are being made.
 */
export async function submitSeveral(
  slack: SlackChannel,
  submission: ViewSubmission,
): Promise<ViewResponseAction> {
  const chosen = chosenIn(submission).slice(0, mostAtOnce)
  if (chosen.length === 0) {
    return { response_action: 'errors', errors: { [`${groupPrefix}0`]: 'Please choose at least one.' } }
  }
  const externalId = `several-${submission.view.id}`
  const parsed = severalDeliverySchema.safeParse({
    kind: 'several',
    teamId: teamOf(submission),
    userId: submission.user.id,
    externalId,
    chosen: chosen.map(({ value, words }) => ({ approvalId: value, label: words.join('  ·  ') })),
  })
  if (!parsed.success) return outdated
  // Pressed again after a failure, it is worked on again: the form waits for what came of it, and nobody decides twice.
  await storeDelivery(slack.database, `several:${slack.database.newId()}`, parsed.data)
  return { response_action: 'update', view: approvingModal(chosen.length, externalId) }
}

/** How often all is tried again when one of them failed on our side, before we tell the person. */
const triesForAll = 4

/**
 * Approves what was chosen, one decision after the other, and shows what became of each. Done again after a crash, the
 * decisions that were made stand.
 */
export async function receiveSeveral(
  slack: SlackChannel,
  delivery: SeveralDelivery,
  work: WorkInHand,
): Promise<void> {
  const { id, companyId } = await identify(slack, delivery.teamId, delivery.userId)
  const results = await decideSeveral(
    slack.database,
    { companyId, actor: { personId: id, channel: 'slack' } },
    slack.subjects,
    delivery.chosen.map(({ approvalId }) => ({ approvalId, verdict: 'approve' })),
  )
  const passing = results.find(({ problem }) => problem?.kind === 'transient')?.problem
  if (passing && work.failures + 1 < triesForAll) throw passing
  const problems = new Map(results.map(({ approvalId, problem }) => [approvalId, problem]))
  const outcomes: Outcome[] = delivery.chosen.map(({ approvalId, label }) => ({
    label,
    problem: inWords(problems.get(approvalId) ?? null),
  }))
  await showInForm(slack, delivery, severalDoneModal(outcomes), work)
  await work.finishAlone()
}

function inWords(problem: AppError | null): string | null {
  if (problem === null) return null
  if (problem.code === 'step_up_required') return 'It needs a code: please decide it from its card.'
  return problem.kind === 'user'
    ? problem.message
    : 'Something went wrong on our side. Please try it from its card.'
}

/** How often we look for a form that Slack does not know under its name yet, before we believe that it was closed. */
const triesForForm = 4

/** Slack gives a form its name when it has our answer to the submission: that may be a moment after we are done. */
export async function showInForm(
  slack: SlackChannel,
  { teamId, externalId }: SeveralDelivery,
  view: ModalView,
  work: WorkInHand,
): Promise<void> {
  const { client } = await slack.workspaces.of(teamId)
  await client.views.update({ external_id: externalId, view }).catch((error: unknown) => {
    if (slackErrorCode(error) !== 'not_found') throw slackError(error)
    if (work.failures + 1 >= triesForForm) return
    const details = { retryAfterSeconds: 0.5 }
    throw transientError('form_not_there', 'Slack does not have the form yet.', { details })
  })
}
