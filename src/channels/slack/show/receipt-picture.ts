import { wordsOf } from '../../../../templates/slack/words/index.ts'
import type { Tx } from '../../../database/index.ts'
import type { ExpenseView } from '../../../features/expenses/index.ts'
import { readBlob } from '../../../features/receipts/index.ts'
import { transientError } from '../../../kernel/errors.ts'
import type { SlackChannel } from '../slack-channel.ts'

const renditionOf = ({ receipts }: ExpenseView) => receipts.find(({ rendition }) => rendition)?.rendition

/** The picture of the receipt as that workspace has it; null where it was not uploaded. */
export async function uploadedPicture(tx: Tx, expense: ExpenseView, teamId: string): Promise<string | null> {
  const [row] = await tx.em.execute<{ slack_file_id: string }[]>(
    'select slack_file_id from slack_upload where company_id = ? and sha256 = ? and slack_team_id = ?',
    [tx.companyId, renditionOf(expense)?.sha256 ?? '', teamId],
  )
  return row?.slack_file_id ?? null
}

/**
 * Uploads the receipt's picture to a workspace once, as the bot's own file: it is shown by its id, never by a public
 * address. Returns its id, or null where there is no picture.
 */
export async function uploadPicture(
  slack: SlackChannel,
  expense: ExpenseView,
  teamId: string,
  inTx: <T>(run: (tx: Tx) => Promise<T>) => Promise<T>,
): Promise<string | null> {
  const rendition = renditionOf(expense)
  if (!rendition) return null
  const { client } = await inTx(({ companyId }) => slack.workspaces.of(teamId, companyId))
  const known = await inTx((tx) => uploadedPicture(tx, expense, teamId))
  if (known !== null) return known
  const { bytes } = await inTx((tx) => readBlob(tx, rendition.sha256))
  const upload = await client.filesUploadV2({
    file: bytes,
    filename: 'receipt.jpg',
    title: wordsOf(expense.company.locale).common.receiptOf(expense.number),
  })
  const fileId = upload.files?.[0]?.files?.[0]?.id
  if (!fileId) throw transientError('slack_call_failed', 'Slack did not keep the picture.')
  await inTx((tx) =>
    tx.em.execute(
      `insert into slack_upload (company_id, sha256, slack_team_id, slack_file_id, created_at) values (?, ?, ?, ?, ?)
       on conflict do nothing`,
      [tx.companyId, rendition.sha256, teamId, fileId, tx.now],
    ),
  )
  return fileId
}
