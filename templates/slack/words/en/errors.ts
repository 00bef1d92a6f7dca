import { answerSaid, plainOf } from '../answer-said.ts'
import type { Errors } from '../told.ts'
import { common } from './common.ts'
import { talk } from './talk.ts'

/** Sentences for errors by their code, where the error's own sentence is not the one for Slack. */
export const errors: Errors = {
  file_not_ready:
    'Slack did not give me the file. Was it deleted, or am I not in that conversation? You can post it in ours.',
  step_up_required: 'This needs a code now. Press Approve… once more, on the card or in Home.',
  question_answered: ({ answer, files = 1 }) =>
    answer
      ? talk.alreadyAnswered(plainOf(answerSaid(answer, files, { talk, common })))
      : 'You have already answered this.',
}
