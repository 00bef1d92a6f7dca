import type { RequestListener } from 'node:http'
import { App, HTTPReceiver } from '@slack/bolt'
import { delegationBlocks } from '../../../templates/slack/delegation-modal.ts'
import { actions } from '../../../templates/slack/expense-parts.ts'
import { forms } from '../../../templates/slack/modals.ts'
import { logger } from '../../kernel/logger.ts'
import { runCommand } from './commands.ts'
import { endInForm, openDelegation, submitDelegation } from './delegation-form.ts'
import { storeDelivery } from './deliveries.ts'
import { openEditForm, pressInSplit, submitEdit } from './edit-form.ts'
import { pressInHome, publishHome } from './home.ts'
import { lookUpCategories, lookUpColleagues, lookUpCostCentres } from './look-up.ts'
import {
  openAnswerForm,
  openDecisionForm,
  openDetails,
  openSeveral,
  openTwin,
  sendNewCode,
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
import { openStartForm, submitStart } from './start-form.ts'
import { submitAnswer, submitDecision } from './submit-forms.ts'

/** Buttons that do something by themselves: the press is stored, and worked on afterwards. */
const stored = [actions.submit, actions.discard, actions.takeBack, actions.approve, actions.undo]

/**
 * The Slack app over signed HTTP. Four kinds of answer: events and decisions are stored, acknowledged, then worked on;
 * buttons and commands that open a form open it, are acknowledged, then fill it; submitted forms run the use case and are acknowledged after its commit.
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
    authorize: async ({ teamId }) => {
      const { botToken } = await slack.workspaces.of(teamId ?? '')
      return { botToken }
    },
    clientOptions: { slackApiUrl: slack.apiUrl },
  })
  app.error(async (error) => {
    throw error
  })

  app.event('message', async ({ event, body }) => {
    const delivery = toMessageDelivery(body.team_id, event)
    if (delivery) await storeDelivery(slack.database, `event:${body.event_id}`, delivery)
  })
  // Not stored: what it shows is shown again when it is opened again.
  app.event('app_home_opened', async ({ event, body }) => {
    if (event.tab === 'home') publishHome(slack, { teamId: body.team_id, userId: event.user })
  })
  app.command('/expense', async ({ ack, body }) => {
    await ack(await runCommand(slack, body))
  })
  listenToButtons(app, slack)
  listenToForms(app, slack)
  return receiver.requestListener
}

function listenToButtons(app: App, slack: SlackChannel): void {
  for (const actionId of stored) {
    app.action(actionId, async ({ ack, body }) => {
      await storePress(slack, blockActionsSchema.parse(body))
      await ack()
    })
  }
  for (const [actionId, open] of Object.entries(openers)) {
    app.action(actionId, async ({ ack, body }) => {
      const pressed = blockActionsSchema.parse(body)
      await open(slack, pressed.trigger_id, toActionDelivery(pressed))
      await ack()
    })
  }
  for (const [actionId, press] of Object.entries(inForms)) {
    app.action(actionId, async ({ ack, body }) => {
      const pressed = blockActionsSchema.parse(body)
      if (pressed.view) await press(slack, toActionDelivery(pressed), pressed.view)
      await ack()
    })
  }
  for (const actionId of [actions.close, actions.endDelegation]) {
    app.action(actionId, async ({ ack, body }) => {
      await pressAnywhere(slack, blockActionsSchema.parse(body))
      await ack()
    })
  }
}

/** The same button stands in App Home, in a form and below a message. */
async function pressAnywhere(slack: SlackChannel, pressed: BlockActions): Promise<void> {
  const { view, trigger_id } = pressed
  const action = toActionDelivery(pressed)
  if (view?.type === 'home') await pressInHome(slack, trigger_id, action)
  else if (view) await endInForm(slack, action, view)
  else await storePress(slack, pressed)
}

async function storePress(slack: SlackChannel, pressed: BlockActions): Promise<void> {
  const delivery = toActionDelivery(pressed)
  const { teamId, userId, actionId, messageTs } = delivery
  const key = `action:${teamId}:${userId}:${pressed.actions[0]?.action_ts}:${actionId}:${messageTs}`
  await storeDelivery(slack.database, key, delivery)
}

const openers = {
  [actions.edit]: openEditForm,
  [actions.complete]: openEditForm,
  [actions.answer]: openAnswerForm,
  [actions.approveByCode]: openDecisionForm,
  [actions.reject]: openDecisionForm,
  [actions.sendBack]: openDecisionForm,
  [actions.ask]: openDecisionForm,
  [actions.details]: openDetails,
  [actions.several]: openSeveral,
  [actions.twin]: openTwin,
  [actions.startRequest]: openStartForm,
  [actions.startMileage]: openStartForm,
  [actions.startPerDiem]: openStartForm,
  [actions.delegate]: openDelegation,
}

/** Buttons in a form that fill it anew. */
const inForms = {
  [actions.split]: pressInSplit,
  [actions.addPart]: pressInSplit,
  [actions.checkSplit]: pressInSplit,
  [actions.endSplit]: pressInSplit,
  [actions.newCode]: sendNewCode,
}

function listenToForms(app: App, slack: SlackChannel): void {
  const submitters = {
    [forms.edit]: submitEdit,
    [forms.start]: submitStart,
    [forms.answer]: submitAnswer,
    [forms.decide]: submitDecision,
    [forms.several]: submitSeveral,
    [forms.delegate]: submitDelegation,
  }
  for (const [callbackId, submit] of Object.entries(submitters)) {
    app.view(callbackId, async ({ ack, body }) => {
      await ack(await submit(slack, viewSubmissionSchema.parse(body)))
    })
  }
  // Enter in an amount of a split adds up what is typed.
  app.action({ block_id: /^shares\.\d+\.amount$/, action_id: 'value' }, async ({ ack, body }) => {
    const pressed = blockActionsSchema.parse(body)
    if (pressed.view) await pressInSplit(slack, toActionDelivery(pressed), pressed.view)
    await ack()
  })
  const menus = [
    { block: delegationBlocks.delegate, lookUp: lookUpColleagues },
    { block: /costCentre$/, lookUp: lookUpCostCentres },
    { block: /^category$|\.categoryId$/, lookUp: lookUpCategories },
  ]
  for (const { block, lookUp } of menus) {
    app.options<'block_suggestion'>({ block_id: block, action_id: 'value' }, async ({ ack, body }) => {
      await ack({ options: await lookUp(slack, body) })
    })
  }
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
