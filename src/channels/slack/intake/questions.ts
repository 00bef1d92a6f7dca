import { z } from 'zod'
import type { QuestionAnswer } from '../../../../templates/slack/words/told.ts'
import { addToOutbox, type Tx } from '../../../database/index.ts'
import { addReceipts, expensesOfDeliveries, viewExpense } from '../../../features/expenses/index.ts'
import { refreshQuestion, showSurface } from '../../../features/notifications/index.ts'
import { acceptFile, readBlob, storeBlob } from '../../../features/receipts/index.ts'
import { userError } from '../../../kernel/errors.ts'
import type { SentFile } from './fetch-files.ts'
import { deliveryKeys, draftFromFiles, type Source } from './make-drafts.ts'

const keptFilesSchema = z.array(z.object({ id: z.string(), name: z.string(), sha256: z.string() }))

const rowSchema = z.object({
  id: z.uuid(),
  person_id: z.uuid(),
  message_key: z.string(),
  team_id: z.string(),
  channel: z.string().nullable(),
  thread_ts: z.string().nullable(),
  note: z.string(),
  files: keptFilesSchema,
  in_thread: z.boolean(),
  answer: z.enum(['one_each', 'together', 'added', 'deleted', 'expired']).nullable(),
  expense_id: z.uuid().nullable(),
})
/** What we asked somebody about files that they posted. */
export type Question = z.infer<typeof rowSchema>

/** What a person chose. */
export type Choice = { answer: 'one_each' | 'together' } | { answer: 'added'; expenseId: string }

/**
 * Asks what to make of the files of a message, once. They are kept meanwhile: it may be answered in a month, and the
 * message may be gone by then.
 */
export async function askAboutFiles(
  tx: Tx,
  { teamId, inThread, ...source }: Source & { teamId: string; inThread: boolean },
  files: SentFile[],
): Promise<void> {
  const kept: z.infer<typeof keptFilesSchema> = []
  for (const { id, name, bytes } of files) {
    kept.push({ id, name, sha256: await storeBlob(tx, bytes, acceptFile({ name, bytes })) })
  }
  const questionId = tx.newId()
  const { address, note, personId, key } = source
  const asked = await tx.em.execute<unknown[]>(
    `insert into slack_question (id, company_id, person_id, message_key, team_id, channel, thread_ts, note, files, in_thread, created_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (company_id, message_key) do nothing returning id`,
    [
      questionId,
      tx.companyId,
      personId,
      key,
      teamId,
      address?.channel ?? null,
      address?.threadTs ?? null,
      note,
      JSON.stringify(kept),
      inThread,
      tx.now,
    ],
  )
  if (asked.length === 0) return
  const where = address ? { ...address, teamId } : { teamId }
  await showSurface(tx, { kind: 'slack.question', questionId, personId, address: where })
  await addToOutbox(tx, 'question.remind', { questionId }, { notBefore: addHours(tx.now, hoursToReminder) })
}

/** At the same time of the next day the person is as likely to be there as when they posted. */
const hoursToReminder = 24
const addHours = (at: Date, hours: number) => new Date(at.getTime() + hours * 3_600_000)

/**
 * Makes of the files what their person chose. The first choice counts.
 * @throws userError `not_your_question`, `question_answered` (details: answer, files), and as `addReceipts`
 */
export async function answerQuestion(tx: Tx, questionId: string, choice: Choice): Promise<void> {
  const question = await findQuestion(tx, questionId, 'for update')
  if (question?.person_id !== tx.actor.personId) {
    const message = 'Only the person who posted the files can answer this.'
    throw userError('not_your_question', message)
  }
  const answer = await answerOf(tx, question)
  if (answer) {
    const details = { answer, files: question.files.length }
    throw userError('question_answered', 'You have already answered this.', { details })
  }
  const files = await keptFiles(tx, question)
  if (choice.answer === 'added') await addReceipts(tx, choice.expenseId, files)
  else await draftFromFiles(tx, sourceOf(question), { files, together: choice.answer === 'together' })
  await close(tx, question, choice.answer, choice.answer === 'added' ? choice.expenseId : null)
}

/** Somebody deleted their message: what is not answered is not asked any more. */
export async function forgetQuestion(tx: Tx, key: string): Promise<void> {
  const question = await findQuestionOf(tx, key, 'for update')
  if (question && question.answer === null) await close(tx, question, 'deleted', null)
}

/** Nobody answered it for long: it is not asked any more. */
export async function expireQuestion(tx: Tx, id: string): Promise<void> {
  const question = await findQuestion(tx, id, 'for update')
  if (question && question.answer === null) await close(tx, question, 'expired', null)
}

async function close(
  tx: Tx,
  { id }: Question,
  answer: NonNullable<Question['answer']>,
  expenseId: string | null,
): Promise<void> {
  await tx.em.execute('update slack_question set answer = ?, expense_id = ?, answered_at = ? where id = ?', [
    answer,
    expenseId,
    tx.now,
    id,
  ])
  await refreshQuestion(tx, id)
}

/** What was made of the files; null as long as nobody answered. */
export async function answerOf(tx: Tx, question: Question): Promise<QuestionAnswer | null> {
  const { answer, message_key, files, expense_id } = question
  switch (answer) {
    case null:
    case 'deleted':
    case 'expired':
      return answer && { kind: answer }
    case 'added':
      return { kind: answer, number: (await viewExpense(tx, expense_id ?? ''))?.number ?? '' }
    case 'one_each':
    case 'together': {
      const made = await expensesOfDeliveries(tx, deliveryKeys(message_key, files))
      return { kind: answer, numbers: made.map(({ number }) => number) }
    }
  }
}

/** A question by its id. */
export async function findQuestion(
  tx: Tx,
  id: string,
  lock: 'for update' | '' = '',
): Promise<Question | null> {
  await tx.em.flush()
  const rows = await tx.em.execute<unknown[]>(
    `select * from slack_question where company_id = ? and id = ? ${lock}`,
    [tx.companyId, id],
  )
  return z.array(rowSchema).parse(rows)[0] ?? null
}

/** The question about a message. */
export async function findQuestionOf(
  tx: Tx,
  key: string,
  lock: 'for update' | '' = '',
): Promise<Question | null> {
  await tx.em.flush()
  const rows = await tx.em.execute<unknown[]>(
    `select * from slack_question where company_id = ? and message_key = ? ${lock}`,
    [tx.companyId, key],
  )
  return z.array(rowSchema).parse(rows)[0] ?? null
}

async function keptFiles(tx: Tx, { files }: Question): Promise<SentFile[]> {
  const kept: SentFile[] = []
  for (const { id, name, sha256 } of files) {
    kept.push({ id, name, bytes: (await readBlob(tx, sha256)).bytes })
  }
  return kept
}

function sourceOf({ message_key, person_id, note, team_id, channel, thread_ts }: Question): Source {
  const address = channel && thread_ts ? { teamId: team_id, channel, threadTs: thread_ts } : null
  return { key: message_key, personId: person_id, note, address }
}
