import type { ViewResponseAction } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import { z } from 'zod'
import { messageModal } from '../../../../templates/slack/modals.ts'
import { problemBlock } from '../../../../templates/slack/preview-blocks.ts'
import type { Words } from '../../../../templates/slack/words/index.ts'
import type { Tx } from '../../../database/index.ts'
import type { FieldProblem } from '../../../features/expenses/index.ts'
import type { Person, Reader } from '../../../features/people/index.ts'
import { AppError } from '../../../kernel/errors.ts'
import { type FilledForm, hasInput, type SlackUser, teamOf, type ViewSubmission } from '../payloads.ts'
import { acting, asUser, readerAndWords, type Submitter } from '../people/as-person.ts'
import { identify } from '../people/identify.ts'
import { inWords } from '../people/in-words.ts'
import { meetReader, wordsFor } from '../people/reader.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { endTurns } from './form-turns.ts'

/** For what no form of ours sends. */
export function outdated(submission: ViewSubmission): ViewResponseAction {
  const words = wordsFor(userOf(submission))
  return {
    response_action: 'update',
    view: messageModal(words.common.notDone, words.forms.outdated, words),
  }
}

const userOf = (submission: ViewSubmission): SlackUser => ({
  teamId: teamOf(submission),
  userId: submission.user.id,
})

export interface FormErrors {
  /** Where a mistake is shown whose field has no input here. */
  firstBlock: string
  /** The block of a field that is called otherwise. */
  blockOf?: (field: string) => string
  again?: FormAgain
}

/** The form as it stands, for mistakes that Slack cannot tell in it. */
export interface FormAgain {
  /** Inputs that it may have then, and not before. */
  blocks: string[]
  fill: (tx: Tx, reader: Reader, told: Told) => Promise<ModalView>
}

/** What is wrong, by input block. */
export type Told = Record<string, string>

/** Does what a form is for. What the person should mend is shown at its fields; what has none, in place of the form. */
export async function runForm(
  slack: SlackChannel,
  submission: ViewSubmission,
  errors: FormErrors,
  work: (who: Submitter) => Promise<ViewResponseAction | undefined>,
): Promise<ViewResponseAction | undefined> {
  // What was pressed before it was sent is shown no more.
  endTurns(submission.view.id, slack.database.clock.now())
  const who = userOf(submission)
  let person: Person | null = null
  try {
    person = await identify(slack, who)
    return await work(acting(person))
  } catch (error) {
    // What passes by itself is told like a mistake: the form is still there to be sent again.
    if (!(error instanceof AppError) || error.kind === 'permanent') throw error
    const words = person ? (await readerAndWords(slack, person, who)).words : wordsFor(who)
    if (error.kind === 'user' && !error.field) {
      const view = messageModal(words.common.notDone, inWords(error, words), words)
      return { response_action: 'update', view }
    }
    const told = atBlocks(submission, problemsOf(error), { ...errors, words })
    const fresh = Object.entries(told).filter(([block]) => !isTold(submission, block))
    const { again } = errors
    if (again && (fresh.length === 0 || fresh.some(([block]) => !hasInput(submission, block)))) {
      const view = await asUser(slack, who, async (tx) => again.fill(tx, await meetReader(tx, who), told))
      return { response_action: 'update', view }
    }
    return { response_action: 'errors', errors: again ? Object.fromEntries(fresh) : told }
  }
}

/** It stands below the input since it was typed there: Slack would tell it once more. */
function isTold({ view }: ViewSubmission, block: string): boolean {
  return view.blocks.some(({ block_id }) => block_id === problemBlock(block))
}

/** Each mistake at its own input; what has none in this form, at the first one. */
export function atBlocks(
  form: FilledForm,
  problems: Record<string, FieldProblem>,
  { firstBlock, blockOf, again, words }: FormErrors & { words: Words },
): Told {
  const messages: Told = {}
  for (const [field, problem] of Object.entries(problems)) {
    const wanted = blockOf?.(field) ?? field
    const block = hasInput(form, wanted) || again?.blocks.includes(wanted) ? wanted : firstBlock
    const text = inWords(problem, words)
    messages[block] = messages[block] ? `${messages[block]} ${text}` : text
  }
  return messages
}

const detailsSchema = z.object({
  fields: z.record(z.string(), z.string()),
  codes: z.record(z.string(), z.string()).default({}),
})

/** What an error says, field by field. */
function problemsOf({ code, field = '', message, details }: AppError): Record<string, FieldProblem> {
  const several = detailsSchema.safeParse(details)
  if (!several.success) return { [field]: { code, message, details } }
  const { fields, codes } = several.data
  return Object.fromEntries(
    Object.entries(fields).map(([name, text]) => [name, { code: codes[name] ?? code, message: text }]),
  )
}
