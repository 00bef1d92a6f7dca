import type { Tx } from '../../../database/index.ts'
import { forgetBlobs } from '../../../features/receipts/index.ts'
import { expireQuestion } from './questions.ts'

/** How long a question about files is open, and how long we keep one that was answered. */
const daysOfQuestion = 30
/** A month's file is in Slack by then, or will never be. */
const daysOfExport = 7

/**
 * Ends the questions about files that nobody answered for a month. Forgets those that were answered so long ago, with the
 * files that became part of nothing, and the months that were asked for as a file: their messages stay as they are.
 */
export async function sweepSlack(tx: Tx): Promise<void> {
  const monthAgo = daysBefore(tx.now, daysOfQuestion)
  const open = await tx.em.execute<{ id: string }[]>(
    `select id from slack_question where company_id = ? and answer is null and coalesce(answered_at, created_at) < ?
     order by id`,
    [tx.companyId, monthAgo],
  )
  for (const { id } of open) await expireQuestion(tx, id)
  await tx.em.flush()
  await forgetQuestions(tx, monthAgo)
  await tx.em.execute('delete from slack_export where company_id = ? and created_at < ?', [
    tx.companyId,
    daysBefore(tx.now, daysOfExport),
  ])
}

async function forgetQuestions(tx: Tx, before: Date): Promise<void> {
  const old = 'company_id = ? and answer is not null and coalesce(answered_at, created_at) < ?'
  const values = [tx.companyId, before]
  await tx.em.execute(
    `delete from surface where company_id = ? and question_id in (select id from slack_question where ${old})`,
    [tx.companyId, ...values],
  )
  const gone = await tx.em.execute<{ files: { sha256: string }[] }[]>(
    `delete from slack_question where ${old} returning files`,
    values,
  )
  const kept = await tx.em.execute<{ sha256: string }[]>(
    `select f ->> 'sha256' as sha256 from slack_question, jsonb_array_elements(files) f where company_id = ?`,
    [tx.companyId],
  )
  const needed = new Set(kept.map(({ sha256 }) => sha256))
  const hashes = gone.flatMap(({ files }) => files.map(({ sha256 }) => sha256))
  await forgetBlobs(
    tx,
    hashes.filter((sha256) => !needed.has(sha256)),
  )
}

const daysBefore = (at: Date, days: number) => new Date(at.getTime() - days * 86_400_000)
