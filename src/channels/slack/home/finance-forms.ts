import type { ViewResponseAction } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import {
  exportModal,
  monthBlocks,
  monthModal,
  monthText,
} from '../../../../templates/slack/finance-modals.ts'
import { messageModal } from '../../../../templates/slack/modals.ts'
import { wordsOf } from '../../../../templates/slack/words/index.ts'
import { inCompany, type Tx } from '../../../database/index.ts'
import {
  closeMonth,
  listMonthNames,
  monthOverview,
  monthToClose,
  requireMonth,
} from '../../../features/invoices/index.ts'
import { type Reader, requireActor } from '../../../features/people/index.ts'
import { userError } from '../../../kernel/errors.ts'
import { fillAgain, openAndFill } from '../forms/fill-forms.ts'
import { runForm } from '../forms/run-form.ts'
import {
  type ActionDelivery,
  inputOf,
  type PressedView,
  type SlackUser,
  teamOf,
  type ViewSubmission,
} from '../payloads.ts'
import { meetReader } from '../people/reader.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { publishHome } from './home.ts'
import { askForExport } from './month-exports.ts'

/** More months than these nobody looks back in Slack. */
const mostMonths = 60

/** Opens what the month holds that is to be closed next, else the present one. */
export async function openMonth(slack: SlackChannel, triggerId: string, who: SlackUser): Promise<void> {
  await openAndFill(slack, triggerId, {
    who,
    title: ({ finance }) => finance.month.title,
    fill: (tx, reader) => monthForm(tx, reader),
  })
}

/** Shows another month in the form. */
export function chooseMonth(slack: SlackChannel, action: ActionDelivery, view: PressedView): Promise<void> {
  return fillAgain(slack, view, {
    who: action,
    title: ({ finance }) => finance.month.title,
    fill: (tx, reader) => monthForm(tx, reader, requireMonth(action.value)),
  })
}

/** Closes the month that the form shows, and shows it closed. Who comes second is told who was first. */
export async function pressCloseMonth(
  slack: SlackChannel,
  action: ActionDelivery,
  view: PressedView,
): Promise<void> {
  await fillAgain(slack, view, {
    who: action,
    title: ({ finance }) => finance.month.title,
    fill: async (tx, reader) => {
      await closeMonth(tx, action.value)
      await tx.em.flush()
      return monthForm(tx, reader, action.value)
    },
  })
  publishHome(slack, action)
}

async function monthForm(tx: Tx, reader: Reader, wanted?: string): Promise<ModalView> {
  const { roles } = await requireActor(tx)
  const months = await listMonthNames(tx, { limit: mostMonths })
  const toClose = await monthToClose(tx)
  const present = months[0]?.month
  if (present === undefined || toClose === null) {
    throw noMonths()
  }
  const overview = await monthOverview(tx, wanted ?? (toClose < present ? toClose : present))
  return monthModal({ overview, months, toClose, reader, mayClose: roles.includes('finance') })
}

/** Opens the form that asks which month to export. */
export async function openExport(slack: SlackChannel, triggerId: string, who: SlackUser): Promise<void> {
  await openAndFill(slack, triggerId, {
    who,
    title: ({ finance }) => finance.export.title,
    fill: async (tx, reader) => {
      const months = await listMonthNames(tx, { limit: mostMonths })
      const [latest] = months
      if (!latest) throw noMonths()
      const chosen = months.find(({ closed }) => closed) ?? latest
      return exportModal(months, chosen.month, reader)
    },
  })
}

/** Asks for the file, which comes into the conversation with us. Sent again because our answer was lost, it comes once. */
export async function submitExport(
  slack: SlackChannel,
  submission: ViewSubmission,
): Promise<ViewResponseAction | undefined> {
  const month = inputOf(submission, monthBlocks.month) ?? ''
  const who = { teamId: teamOf(submission), userId: submission.user.id }
  return runForm(slack, submission, { firstBlock: monthBlocks.month }, (submitter) =>
    inCompany(slack.database, submitter, async (tx) => {
      const { locale } = await meetReader(tx, who)
      await askForExport(tx, { month, key: `${who.teamId}:${who.userId}:${submission.view.id}` })
      const words = wordsOf(locale)
      const { title, coming } = words.finance.export
      const view = messageModal(title, coming(monthText(month, locale)).replaceAll('*', ''), words)
      return { response_action: 'update', view }
    }),
  )
}

const noMonths = () => userError('no_months', 'Nothing was approved yet, so there is no month to look at.')
