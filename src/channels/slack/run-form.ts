import type { ViewResponseAction } from '@slack/bolt'
import { z } from 'zod'
import { messageModal } from '../../../templates/slack/modals.ts'
import type { Actor } from '../../database/index.ts'
import { AppError } from '../../kernel/errors.ts'
import { identify } from './identify.ts'
import { hasInput, teamOf, type ViewSubmission } from './payloads.ts'
import type { SlackChannel } from './slack-channel.ts'

/** For what no form of ours sends. */
export const outdated: ViewResponseAction = {
  response_action: 'update',
  view: messageModal('Not done', 'This form no longer works. Please open it again.'),
}

/** Who submitted a form. */
export interface Submitter {
  companyId: string
  actor: Actor & { personId: string }
}

interface FormErrors {
  /** Where a mistake is shown whose field has no input here. */
  firstBlock: string
  /** The block of a field that is called otherwise. */
  blockOf?: (field: string) => string
}

/** Does what a form is for. What the person should mend is shown at its fields; what has none, in place of the form. */
export async function runForm(
  slack: SlackChannel,
  submission: ViewSubmission,
  errors: FormErrors,
  work: (who: Submitter) => Promise<ViewResponseAction | undefined>,
): Promise<ViewResponseAction | undefined> {
  try {
    const { id, companyId } = await identify(slack, teamOf(submission), submission.user.id)
    return await work({ companyId, actor: { personId: id, channel: 'slack' } })
  } catch (error) {
    // What passes by itself is told like a mistake: the form is still there to be sent again.
    if (!(error instanceof AppError) || error.kind === 'permanent') throw error
    if (error.kind === 'user' && !error.field) {
      return { response_action: 'update', view: messageModal('Not done', error.message) }
    }
    return { response_action: 'errors', errors: errorsAtBlocks(submission, error, errors) }
  }
}

/** Each mistake at its own input; what has none here, at the first one. */
function errorsAtBlocks(
  submission: ViewSubmission,
  error: AppError,
  { firstBlock, blockOf }: FormErrors,
): Record<string, string> {
  const several = fieldMessages.safeParse(error.details?.fields)
  const messages = several.success ? several.data : { [error.field ?? firstBlock]: error.message }
  const errors: Record<string, string> = {}
  for (const [field, message] of Object.entries(messages)) {
    const wanted = blockOf?.(field) ?? field
    const block = hasInput(submission, wanted) ? wanted : firstBlock
    errors[block] = errors[block] ? `${errors[block]} ${message}` : message
  }
  return errors
}

const fieldMessages = z.record(z.string(), z.string())
