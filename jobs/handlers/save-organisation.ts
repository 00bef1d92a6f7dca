import { saveChange } from '../../src/channels/slack/index.ts'
import type { Handler } from '../handler.ts'

export const saveOrganisation: Handler<'organisation.save'> = (context, asked, work) =>
  saveChange(context.slack, asked, work)
