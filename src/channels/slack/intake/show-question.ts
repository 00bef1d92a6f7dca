import { questionMessage } from '../../../../templates/slack/question-message.ts'
import type { SlackMessage } from '../../../../templates/slack/text.ts'
import { wordsOf } from '../../../../templates/slack/words/index.ts'
import { inCompany, type Tx, type WorkInHand } from '../../../database/index.ts'
import { takingReceipts } from '../../../features/expenses/index.ts'
import { messageOfQuestion, subjectsOfThread } from '../../../features/notifications/index.ts'
import { isActivePerson, readerOf } from '../../../features/people/index.ts'
import { permanentError } from '../../../kernel/errors.ts'
import type { SlackChannel } from '../slack-channel.ts'
import { postOnce, slackError } from '../transport/slack-client.ts'
import { answerOf, findQuestion, type Question } from './questions.ts'

/** Asks what to make of files, or says what was made of them. */
export async function questionToShow(tx: Tx, questionId: string): Promise<SlackMessage> {
  const question = await findQuestion(tx, questionId)
  if (!question) throw permanentError('question_unknown', 'There is no such question.')
  return questionMessage({
    id: question.id,
    locale: (await readerOf(tx, question.person_id)).locale,
    files: question.files.map(({ name }) => name),
    candidates: await candidatesFor(tx, question),
    answer: await answerOf(tx, question),
  })
}

/** The expenses of the thread in which the files were posted. */
async function candidatesFor(tx: Tx, question: Question): Promise<{ id: string; number: string }[]> {
  const { in_thread, channel, thread_ts, person_id: personId } = question
  if (!in_thread || !channel || !thread_ts) return []
  const { expenses } = await subjectsOfThread(tx, { personId, channel, threadTs: thread_ts })
  return takingReceipts(tx, expenses)
}

/** Says once more, as a new message, that files wait for an answer: Slack tells nobody of an old one. */
export async function remindAboutFiles(
  slack: SlackChannel,
  questionId: string,
  work: WorkInHand,
): Promise<void> {
  const system = { companyId: work.companyId, actor: { personId: null, channel: 'system' as const } }
  const open = await inCompany(slack.database, system, async (tx) => {
    const question = await findQuestion(tx, questionId)
    const posted = await messageOfQuestion(tx, questionId)
    if (question?.answer !== null || !posted || !(await isActivePerson(tx, question.person_id))) return null
    const { talk } = wordsOf((await readerOf(tx, question.person_id)).locale)
    return { ...posted, text: talk.stillWaiting(question.files.length) }
  })
  if (open) {
    const { client } = await slack.workspaces.of(open.teamId, work.companyId)
    await postOnce(client, {
      key: `${questionId}:reminder`,
      channel: open.channel,
      threadTs: open.threadTs ?? open.ts,
      message: { text: open.text },
      maybePostedSince: work.attempt > 1 ? work.since : null,
    }).catch((error: unknown) => {
      throw slackError(error)
    })
  }
  await work.finishAlone()
}
