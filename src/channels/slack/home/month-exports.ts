import type { WebClient } from '@slack/web-api'
import { monthText } from '../../../../templates/slack/finance-modals.ts'
import { wordsOf } from '../../../../templates/slack/words/index.ts'
import { type Actor, addToOutbox, inCompany, type Tx, type WorkInHand } from '../../../database/index.ts'
import { exportMonth, monthOverview, requireMonth } from '../../../features/invoices/index.ts'
import { getPerson, readerOf, requireSeesFinance } from '../../../features/people/index.ts'
import { AppError, permanentError, transientError } from '../../../kernel/errors.ts'
import { conversationWith } from '../people/conversation.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { slackError, slackErrorCode } from '../transport/slack-client.ts'

/** Slack takes a moment to say where a file is that it has just been given. After so many looks it has not got it. */
const triesToFind = 5

/**
 * Asks for a month as a file in the actor's conversation with us. `key` names this one wish: again, it is the same file.
 * @throws userError `month_invalid`, `finance_required`, `person_inactive`
 */
export async function askForExport(tx: Tx, { month, key }: { month: string; key: string }): Promise<void> {
  // Refuses whoever may not see it, before anything is promised.
  await requireSeesFinance(tx)
  const rows = await tx.em.execute<{ id: string }[]>(
    `insert into slack_export (id, company_id, person_id, month, key, created_at) values (?, ?, ?, ?, ?, ?)
     on conflict (company_id, key) do nothing returning id`,
    [tx.newId(), tx.companyId, tx.actor.personId, requireMonth(month), key, tx.now],
  )
  for (const { id } of rows) await addToOutbox(tx, 'finance.export', { exportId: id })
}

interface ExportRow {
  personId: string
  month: string
  /** Slack's id of the file that an earlier try may have put there. */
  fileId: string | null
}

/**
 * Puts the file of a month into the conversation with whoever asked for it. Slack gives the file an id before it shows it:
 * the id is kept first, so that another try finds what an earlier one has shown, and shows it once.
 */
export async function sendExport(
  slack: SlackChannel,
  { companyId, exportId }: { companyId: string; exportId: string },
  work: WorkInHand,
): Promise<void> {
  const system: Actor = { personId: null, channel: 'system' }
  const inTx = <T>(actor: Actor, run: (tx: Tx) => Promise<T>) =>
    inCompany(slack.database, { companyId, actor }, run)
  const wanted = await inTx(system, (tx) => readExport(tx, exportId))
  const asPerson: Actor = { personId: wanted.personId, channel: 'slack' }
  const person = await inTx(system, (tx) => getPerson(tx, wanted.personId))
  const { slackTeamId, slackUserId } = person
  if (slackTeamId === null || slackUserId === null) return work.finishAlone()
  const { client } = await slack.workspaces.of(slackTeamId, companyId)
  try {
    if (wanted.fileId === null || !(await isShown(client, wanted.fileId, work))) {
      const file = await inTx(asPerson, (tx) => contentOf(tx, wanted))
      const fileId = await upload(client, file)
      await inTx(system, (tx) => keepFileId(tx, exportId, fileId))
      const channel = await conversationWith(client, slackUserId)
      const files: [{ id: string; title: string }] = [{ id: fileId, title: file.fileName }]
      await client.files.completeUploadExternal({
        files,
        channel_id: channel,
        initial_comment: file.comment,
      })
    }
  } catch (error) {
    // Somebody who left finance since gets nothing.
    if (error instanceof AppError && error.kind === 'user') return work.finishAlone()
    throw slackError(error)
  }
  await work.finishAlone()
}

async function readExport(tx: Tx, id: string): Promise<ExportRow> {
  const [row] = await tx.em.execute<ExportRow[]>(
    `select person_id as "personId", month, slack_file_id as "fileId" from slack_export where company_id = ? and id = ?`,
    [tx.companyId, id],
  )
  if (!row) throw permanentError('export_unknown', 'There is no such export.', { details: { id } })
  return row
}

async function keepFileId(tx: Tx, id: string, fileId: string): Promise<void> {
  await tx.em.execute('update slack_export set slack_file_id = ? where company_id = ? and id = ?', [
    fileId,
    tx.companyId,
    id,
  ])
}

/** The file, and the words that come with it, in the language of whoever asked. */
async function contentOf(
  tx: Tx,
  { personId, month }: ExportRow,
): Promise<{ fileName: string; bytes: Buffer; comment: string }> {
  const { locale } = await readerOf(tx, personId)
  const { here, notClosed } = wordsOf(locale).finance.export
  const { closed } = await monthOverview(tx, month)
  const { fileName, csv } = await exportMonth(tx, month)
  const name = monthText(month, locale)
  return { fileName, bytes: Buffer.from(csv, 'utf8'), comment: closed ? here(name) : notClosed(name) }
}

/** Hands the bytes over; nobody sees the file yet. https://docs.slack.dev/messaging/working-with-files#upload */
async function upload(
  client: WebClient,
  { fileName, bytes }: { fileName: string; bytes: Buffer },
): Promise<string> {
  const place = await client.files.getUploadURLExternal({ filename: fileName, length: bytes.byteLength })
  if (!place.upload_url || !place.file_id)
    throw transientError('slack_call_failed', 'Slack gave the file no place.')
  const answer = await fetch(place.upload_url, {
    method: 'POST',
    body: new Uint8Array(bytes),
    signal: AbortSignal.timeout(20_000),
  })
  if (!answer.ok) throw transientError('slack_call_failed', `Slack did not take the file (${answer.status}).`)
  return place.file_id
}

/** Whether an earlier try has shown this file already. One that was handed over and never shown is left to Slack. */
async function isShown(client: WebClient, fileId: string, work: WorkInHand): Promise<boolean> {
  try {
    const { file } = await client.files.info({ file: fileId })
    const places = [...(file?.channels ?? []), ...(file?.groups ?? []), ...(file?.ims ?? [])]
    if (places.length > 0) return true
  } catch (error) {
    if (slackErrorCode(error) === 'file_not_found') return false
    throw error
  }
  if (work.failures + 1 >= triesToFind) return false
  throw transientError('file_not_ready', 'Slack has the file and does not say yet where it is.')
}
