import { createHash } from 'node:crypto'
import { escapeText } from '../../../../templates/slack/text.ts'
import type { WorkInHand } from '../../../database/index.ts'
import { startExpense } from '../../../features/expenses/index.ts'
import { showSurface } from '../../../features/notifications/index.ts'
import { startKey } from '../forms/start-form.ts'
import type { FormDelivery } from '../payloads.ts'
import { asPerson, readerAndWords } from '../people/as-person.ts'
import { identify } from '../people/identify.ts'
import { sayAlone } from '../people/say.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { fetchFiles } from './fetch-files.ts'

/** Slack may need a while until it gives a file; after so many tries we go without. */
const triesForFile = 6

interface Work {
  deliveryId: string
  work: WorkInHand
}

/**
 * Makes one expense of what somebody typed and attached, and shows it in their conversation with us. What cannot be used
 * of it is told to them there.
 */
export async function receiveForm(slack: SlackChannel, form: FormDelivery, given: Work): Promise<void> {
  const { work } = given
  const person = await identify(slack, form)
  const { words } = await readerAndWords(slack, person, form)
  const isLastTry = work.failures + 1 >= triesForFile
  const { files, problems } = await fetchFiles(slack, form, { isLastTry, words })
  const isEmpty = files.length === 0 && !wasTyped(form)
  if (problems.length > 0) {
    const refused = words.forms.refusedFiles(problems.join('\n'))
    await tellOfForm(slack, form, isEmpty ? `${refused}\n${words.forms.nothingLeft}` : refused, given)
  }
  if (isEmpty) return work.finishAlone()
  await asPerson(slack, person, async (tx) => {
    await work.finish(tx)
    const { id: expenseId } = await startExpense(tx, {
      kind: 'receipt',
      source: 'slack',
      deliveryKey: startKey(form.teamId, form.viewId),
      changes: form.changes,
      files,
    })
    await showSurface(tx, { kind: 'slack.expense', expenseId, personId: person.id })
  })
}

/** More than what stands in the form by itself. */
function wasTyped({
  changes: { merchant, amount, date, categoryId, note, attendees },
}: FormDelivery): boolean {
  return [merchant, amount, date, categoryId, note, attendees].some((text) => text?.trim())
}

/** Says something, once, in the conversation with whoever sent a form: the form itself is closed by then. */
export async function tellOfForm(
  slack: SlackChannel,
  form: FormDelivery,
  text: string,
  { deliveryId, work }: Work,
): Promise<void> {
  await sayAlone(slack, form, {
    key: `${deliveryId}:${createHash('sha256').update(text).digest('hex')}`,
    saying: { text: text.split('\n').map(escapeText).join('\n') },
    work,
  })
}
