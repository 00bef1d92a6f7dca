import { remindAboutFiles } from '../../src/channels/slack/index.ts'
import type { Handler } from '../handler.ts'

export const remindOfQuestion: Handler<'question.remind'> = (context, { questionId }, work) =>
  remindAboutFiles(context.slack, questionId, work)
