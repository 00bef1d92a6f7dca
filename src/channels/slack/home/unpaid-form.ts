import type { ViewResponseAction } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import { z } from 'zod'
import {
  everything,
  payingModal,
  type UnpaidModalView,
  unpaidBlocks,
  unpaidModal,
  unpaidOnPage,
} from '../../../../templates/slack/unpaid-modal.ts'
import { type Words, wordsOf } from '../../../../templates/slack/words/index.ts'
import { inCompany, type Tx, type WorkInHand } from '../../../database/index.ts'
import { settleExpenses } from '../../../features/expenses/index.ts'
import { listUnpaid, summarizeUnpaid } from '../../../features/invoices/index.ts'
import { type Reader, requireFinance } from '../../../features/people/index.ts'
import { AppError } from '../../../kernel/errors.ts'
import { fillAgain, openAndFill } from '../forms/fill-forms.ts'
import { outdated, runForm } from '../forms/run-form.ts'
import { showInNamedForm } from '../forms/show-in-form.ts'
import {
  type ActionDelivery,
  chosenIn,
  metadataOf,
  type PaidDelivery,
  type PressedView,
  type SlackUser,
  teamOf,
  type ViewSubmission,
} from '../payloads.ts'
import { asPerson, readerAndWords } from '../people/as-person.ts'
import { identify } from '../people/identify.ts'
import { waitingFor } from '../people/in-their-language.ts'
import { inWords } from '../people/in-words.ts'
import { meetReader } from '../people/reader.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { storeDelivery } from '../transport/deliveries.ts'
import { publishHome } from './home.ts'

/** Opens the list of what is approved and not paid yet. */
export async function openUnpaid(slack: SlackChannel, triggerId: string, who: SlackUser): Promise<void> {
  await openAndFill(slack, triggerId, {
    who,
    title: ({ finance }) => finance.unpaid.title,
    fill: (tx, reader) => unpaidForm(tx, reader, { before: [], said: null }),
  })
}

const unpaidMetadata = z.object({ ids: z.array(z.uuid()), before: z.array(z.uuid()) })
/** So many pages can be turned back: what a form may carry is limited. */
const mostBefore = 20

/** Turns to the next page of the list (the value is the last expense of this one), or back. */
export async function turnUnpaid(
  slack: SlackChannel,
  action: ActionDelivery,
  view: PressedView,
): Promise<void> {
  const metadata = unpaidMetadata.safeParse(metadataOf({ view }))
  if (!metadata.success) return
  const { before } = metadata.data
  const after = z.uuid().safeParse(action.value)
  const turned = after.success ? [...before, after.data].slice(-mostBefore) : before.slice(0, -1)
  await fillAgain(slack, view, {
    who: action,
    title: ({ finance }) => finance.unpaid.title,
    fill: (tx, reader) => unpaidForm(tx, reader, { before: turned, said: null }),
  })
}

async function unpaidForm(
  tx: Tx,
  reader: Reader,
  { before, said }: Pick<UnpaidModalView, 'before' | 'said'>,
): Promise<ModalView> {
  const after = before.at(-1)
  const lines = await listUnpaid(tx, { limit: unpaidOnPage + 1, ...(after ? { after } : {}) })
  // What stood on this page was paid: the one before has what is left.
  if (lines.length === 0 && before.length > 0)
    return unpaidForm(tx, reader, { before: before.slice(0, -1), said })
  return unpaidModal({
    lines: waitingFor(lines.slice(0, unpaidOnPage), reader),
    hasMore: lines.length > unpaidOnPage,
    before,
    sum: await summarizeUnpaid(tx),
    reader,
    said,
  })
}

/**
 * Takes what was ticked as paid. A page of it takes longer than Slack waits for an answer, so it is stored; the form says
 * meanwhile that it is being done.
 */
export async function submitUnpaid(
  slack: SlackChannel,
  submission: ViewSubmission,
): Promise<ViewResponseAction | undefined> {
  const metadata = unpaidMetadata.safeParse(metadataOf(submission))
  if (!metadata.success) return outdated(submission)
  const { ids, before } = metadata.data
  const ticked = chosenIn(submission).map(({ value }) => value)
  const paid = ticked.includes(everything) ? ids : ids.filter((id) => ticked.includes(id))
  const firstBlock = Object.keys(submission.view.state.values)[0] ?? unpaidBlocks.all
  const who = { teamId: teamOf(submission), userId: submission.user.id }
  return runForm(slack, submission, { firstBlock }, async (submitter) => {
    const words = await inCompany(slack.database, submitter, async (tx) => {
      await requireFinance(tx)
      return wordsOf((await meetReader(tx, who)).locale)
    })
    if (paid.length === 0) {
      return { response_action: 'errors', errors: { [firstBlock]: words.finance.unpaid.chooseOne } }
    }
    const externalId = `paid-${slack.database.newId()}`
    const delivery: PaidDelivery = { kind: 'paid', ...who, externalId, ids: paid, before }
    await storeDelivery(slack.database, `paid:${externalId}`, delivery)
    return { response_action: 'update', view: payingModal(paid.length, { externalId, words }) }
  })
}

/**
 * Marks what was ticked as paid, and shows what is left. Where one of them cannot be, none is, and the form says why. Done
 * again after a crash it changes nothing more.
 */
export async function receivePaid(
  slack: SlackChannel,
  delivery: PaidDelivery,
  work: WorkInHand,
): Promise<void> {
  const { ids, before } = delivery
  const person = await identify(slack, delivery)
  const { reader, words } = await readerAndWords(slack, person, delivery)
  const said = await asPerson(slack, person, (tx) => settleExpenses(tx, ids)).then(
    // An earlier try of ours may have marked them.
    (settled): Said => ({ kind: 'done', count: work.attempt > 1 ? ids.length : settled.length }),
    (error: unknown) => problemOf(error, words),
  )
  const view = await asPerson(slack, person, (tx) => unpaidForm(tx, reader, { before, said }))
  await showInNamedForm(slack, delivery, view, work)
  publishHome(slack, delivery)
  await work.finishAlone()
}

type Said = UnpaidModalView['said']

function problemOf(error: unknown, words: Words): Said {
  if (!(error instanceof AppError) || error.kind !== 'user') throw error
  return { kind: 'problem', text: inWords(error, words) }
}
