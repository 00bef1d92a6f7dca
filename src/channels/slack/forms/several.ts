import type { ViewResponseAction } from '@slack/bolt'
import { messageModal } from '../../../../templates/slack/modals.ts'
import {
  approvingModal,
  labelOf,
  mostAtOnce,
  type Outcome,
  severalDoneModal,
} from '../../../../templates/slack/several-modal.ts'
import type { Words } from '../../../../templates/slack/words/index.ts'
import type { WorkInHand } from '../../../database/index.ts'
import { decideSeveral } from '../../../features/approvals/index.ts'
import type { AppError } from '../../../kernel/errors.ts'
import {
  chosenIn,
  type SeveralDelivery,
  severalDeliverySchema,
  teamOf,
  type ViewSubmission,
} from '../payloads.ts'
import { acting, readerAndWords } from '../people/as-person.ts'
import { identify } from '../people/identify.ts'
import { inWords } from '../people/in-words.ts'
import { wordsFor } from '../people/reader.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { storeDelivery } from '../transport/deliveries.ts'
import { outdated } from './run-form.ts'
import { showInNamedForm } from './show-in-form.ts'

/**
 * Takes what a person chose to approve. Fifty decisions take longer than Slack waits for an answer, so they are stored;
 * the form says meanwhile that they are being made.
 */
export async function submitSeveral(
  slack: SlackChannel,
  submission: ViewSubmission,
): Promise<ViewResponseAction> {
  const words = wordsFor({ teamId: teamOf(submission), userId: submission.user.id })
  const chosen = chosenIn(submission).slice(0, mostAtOnce)
  if (chosen.length === 0) {
    // Errors stand at inputs, and there are none: closed, this leads back to the list.
    const { title, chooseOne } = words.cards.severalForm
    return { response_action: 'push', view: messageModal(title, chooseOne, words) }
  }
  const externalId = `several-${submission.view.id}`
  const parsed = severalDeliverySchema.safeParse({
    kind: 'several',
    teamId: teamOf(submission),
    userId: submission.user.id,
    externalId,
    chosen: chosen.map(({ value, words }) => ({ approvalId: value, label: labelOf(words) })),
  })
  if (!parsed.success) return outdated(submission)
  // Pressed again after a failure, it is worked on again: the form waits for what came of it, and nobody decides twice.
  await storeDelivery(slack.database, `several:${slack.database.newId()}`, parsed.data)
  return { response_action: 'update', view: approvingModal(chosen.length, { externalId, words }) }
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
  const person = await identify(slack, delivery)
  const who = acting(person)
  const { words } = await readerAndWords(slack, person, delivery)
  const results = await decideSeveral(
    slack.database,
    who,
    slack.subjects,
    delivery.chosen.map(({ approvalId }) => ({ approvalId, verdict: 'approve' })),
  )
  const passing = results.find(({ problem }) => problem?.kind === 'transient')?.problem
  if (passing && work.failures + 1 < triesForAll) throw passing
  const problems = new Map(results.map(({ approvalId, problem }) => [approvalId, problem]))
  const outcomes: Outcome[] = delivery.chosen.map(({ approvalId, label }) => ({
    label,
    problem: problemInWords(problems.get(approvalId) ?? null, words),
  }))
  await showInNamedForm(slack, delivery, severalDoneModal(outcomes, words), work)
  await work.finishAlone()
}

function problemInWords(problem: AppError | null, words: Words): string | null {
  if (problem === null) return null
  const { needsCode, failed } = words.cards.severalForm
  if (problem.code === 'step_up_required') return needsCode
  return problem.kind === 'user' ? inWords(problem, words) : failed
}
