import type { RequestListener } from 'node:http'
import { App, HTTPReceiver } from '@slack/bolt'
import { actions } from '../../../templates/slack/expense-parts.ts'
import { forms } from '../../../templates/slack/modals.ts'
import { logger } from '../../kernel/logger.ts'
import { storeDelivery } from './deliveries.ts'
import {
  openAnswerForm,
  openDecisionForm,
  openDetails,
  openEditForm,
  openSeveral,
  openTwin,
} from './open-forms.ts'
import {
  type ActionDelivery,
  type BlockActions,
  blockActionsSchema,
  teamOf,
  toMessageDelivery,
  viewSubmissionSchema,
} from './payloads.ts'
import { submitSeveral } from './several.ts'
import type { SlackChannel } from './slack-channel.ts'
import { slackLogger } from './slack-logger.ts'
import { submitAnswer, submitDecision, submitEdit } from './submit-forms.ts'

/** Buttons that do something by themselves: the press is stored, and worked on afterwards. */
const stored = [actions.submit, actions.discard, actions.takeBack, actions.approve, actions.undo]

/**
 * The Slack app over signed HTTP. Four kinds of answer: events and decisions are stored, acknowledged, then worked on;
 * buttons that open a form open it at once; submitted forms run the use case and are acknowledged after its commit.
 * Bolt holds each response until its listener is done (`processBeforeResponse`), so a crash before the commit leaves
 * Slack unanswered, and Slack delivers again.
 */
export function createSlackListener(slack: SlackChannel, signingSecret: string): RequestListener {
  const receiver = new HTTPReceiver({
    signingSecret,
    processBeforeResponse: true,
    endpoints: ['/slack/events'],
    logger: slackLogger,
    processEventErrorHandler: async ({ error, response }) => {
      logger.error({ error }, 'a Slack request failed')
      response.writeHead(500)
      response.end()
      return false
    },
  })
  const app = new App({
    receiver,
    ignoreSelf: false,
    logger: slackLogger,
    authorize: async () => ({ botToken: slack.botToken }),
    clientOptions: { slackApiUrl: slack.apiUrl },
  })
  app.error(async (error) => {
    throw error
  })

  app.event('message', async ({ event, body }) => {
    const delivery = toMessageDelivery(body.team_id, event)
    if (delivery) await storeDelivery(slack.database, `event:${body.event_id}`, delivery)
  })

  for (const actionId of stored) {
    app.action(actionId, async ({ ack, body }) => {
      const pressed = blockActionsSchema.parse(body)
      const delivery = toActionDelivery(pressed)
      const key = `action:${delivery.teamId}:${delivery.userId}:${pressed.actions[0]?.action_ts}:${actionId}:${delivery.messageTs}`
      await storeDelivery(slack.database, key, delivery)
      await ack()
    })
  }

  const openers = {
    [actions.edit]: openEditForm,
    [actions.complete]: openEditForm,
    [actions.answer]: openAnswerForm,
    [actions.reject]: openDecisionForm,
    [actions.sendBack]: openDecisionForm,
    [actions.ask]: openDecisionForm,
    [actions.details]: openDetails,
    [actions.several]: openSeveral,
    [actions.twin]: openTwin,
  }
  for (const [actionId, open] of Object.entries(openers)) {
    app.action(actionId, async ({ ack, body }) => {
      const pressed = blockActionsSchema.parse(body)
      await open(slack, pressed.trigger_id, toActionDelivery(pressed))
      await ack()
    })
  }

  const submitters = {
    [forms.edit]: submitEdit,
    [forms.answer]: submitAnswer,
    [forms.decide]: submitDecision,
    [forms.several]: submitSeveral,
  }
  for (const [callbackId, submit] of Object.entries(submitters)) {
    app.view(callbackId, async ({ ack, body }) => {
      await ack(await submit(slack, viewSubmissionSchema.parse(body)))
    })
  }
  return receiver.requestListener
}

function toActionDelivery(pressed: BlockActions): ActionDelivery {
  const { channel_id, message_ts, thread_ts } = pressed.container ?? {}
  const [action] = pressed.actions
  return {
    kind: 'action',
    teamId: teamOf(pressed),
    userId: pressed.user.id,
    actionId: action?.action_id ?? '',
    value: action?.value ?? '',
    ...(channel_id ? { channel: channel_id } : {}),
    ...(message_ts ? { messageTs: message_ts } : {}),
    ...(thread_ts ? { threadTs: thread_ts } : {}),
  }
}
