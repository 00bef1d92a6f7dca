import type { RespondArguments } from '@slack/bolt'
import { helpMessage } from '../../../templates/slack/help-message.ts'
import { endByCommand, openDelegation } from './delegation-form.ts'
import { commandSchema } from './payloads.ts'
import type { SlackChannel } from './slack-channel.ts'
import { openStart } from './start-form.ts'

/** `/expense …`: opens the form that was asked for, or answers with what there is. */
export async function runCommand(slack: SlackChannel, body: unknown): Promise<RespondArguments | undefined> {
  const { team_id: teamId, user_id: userId, trigger_id: trigger, text } = commandSchema.parse(body)
  const who = { teamId, userId }
  const words = text
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
  switch (words) {
    case 'request':
      await openStart(slack, trigger, { who, kind: 'request' })
      return undefined
    case 'mileage':
      await openStart(slack, trigger, { who, kind: 'mileage' })
      return undefined
    case 'per diem':
    case 'perdiem':
      await openStart(slack, trigger, { who, kind: 'per_diem' })
      return undefined
    case 'delegate':
      await openDelegation(slack, trigger, who)
      return undefined
    case 'delegate end':
      await endByCommand(slack, trigger, who)
      return undefined
    default: {
      const isHelp = words === '' || words === 'help'
      return { response_type: 'ephemeral', ...helpMessage(isHelp ? null : text.trim()) }
    }
  }
}
