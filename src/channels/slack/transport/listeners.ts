import type { RespondArguments, ViewResponseAction } from '@slack/bolt'
import { messageModal } from '../../../../templates/slack/modals.ts'
import { escapeText } from '../../../../templates/slack/text.ts'
import { logger } from '../../../kernel/logger.ts'
import type { Offered } from '../forms/look-up.ts'
import {
  type ActionDelivery,
  type BlockActions,
  blockActionsSchema,
  type PressedView,
  teamOf,
  type ViewSubmission,
  viewSubmissionSchema,
} from '../payloads.ts'
import { wordsFor } from '../people/reader.ts'
import { inWordsOf, tellPerson } from '../people/tell-person.ts'
import type { SlackChannel } from '../slack-channel.ts'
import type { AnsweringApp } from './answering-app.ts'
import { storeDelivery } from './deliveries.ts'
import { parseEvent, type SlackEvent } from './envelope.ts'

/** What listens to each kind of delivery. `slack-app.ts` has who listens to what. */
export type Opener = (slack: SlackChannel, triggerId: string, action: ActionDelivery) => Promise<void>
export type PressInForm = (slack: SlackChannel, action: ActionDelivery, view: PressedView) => Promise<void>
export type Press = (slack: SlackChannel, pressed: BlockActions, action: ActionDelivery) => Promise<void>
export type Submitter = (
  slack: SlackChannel,
  submission: ViewSubmission,
) => Promise<ViewResponseAction | undefined>
export type EventListener = (slack: SlackChannel, delivered: SlackEvent) => Promise<void>
export type CommandRunner = (slack: SlackChannel, body: unknown) => Promise<RespondArguments | undefined>
export type Shortcut = (slack: SlackChannel, body: unknown) => Promise<void>
export interface Menu {
  /** The `block_id` of the menu. */
  block: string | RegExp
  lookUp: (slack: SlackChannel, body: unknown) => Promise<Offered>
}

/** Events are answered when the listener is done: what must not get lost is stored by then. */
export function onEvent(app: AnsweringApp, slack: SlackChannel, type: string, listen: EventListener): void {
  app.event(type, async ({ body }) => listen(slack, parseEvent(body)))
}

/** Runs a slash command and answers it to whoever typed it. */
export function onCommand(app: AnsweringApp, slack: SlackChannel, name: string, run: CommandRunner): void {
  app.command(name, async ({ ack, body }) => {
    const who = { teamId: body.team_id, userId: body.user_id }
    const answer = await run(slack, body).catch((error: unknown) => ({
      response_type: 'ephemeral' as const,
      text: escapeText(inWordsOf(error, wordsFor(who))),
    }))
    await ack(answer)
  })
}

/** Something in the menu of a message, or of the lightning. */
export function onShortcut(app: AnsweringApp, slack: SlackChannel, callbackId: string, run: Shortcut): void {
  app.shortcut(callbackId, async ({ ack, body }) => {
    const who = { teamId: body.team?.id ?? body.user.team_id ?? '', userId: body.user.id }
    await run(slack, body).catch((error: unknown) => tellPerson(slack, who, inWordsOf(error, wordsFor(who))))
    await ack()
  })
}

/** A button is stored or works at once. What it could not do is told to whoever pressed it, and to nobody else. */
export function onPress(
  app: AnsweringApp,
  slack: SlackChannel,
  which: { block_id?: RegExp; action_id: string },
  press: Press,
): void {
  app.action(which, async ({ ack, body }) => {
    const pressed = blockActionsSchema.parse(body)
    const action = toActionDelivery(pressed)
    try {
      await press(slack, pressed, action)
    } catch (error) {
      tellPerson(slack, action, inWordsOf(error, wordsFor(action)))
    }
    await ack()
  })
}

/** A button that opens a form: a trigger lives three seconds, so it is opened before anything else. */
export const opening =
  (open: Opener): Press =>
  (slack, { trigger_id }, action) =>
    open(slack, trigger_id, action)

/** A button in a form, which fills it anew. */
export const inForm =
  (press: PressInForm): Press =>
  async (slack, { view, actions }, action) => {
    const pressedAt = actions[0]?.action_ts
    if (view) await press(slack, action, { ...view, ...(pressedAt ? { pressedAt } : {}) })
  }

/** A button that is stored under the key of its press, and worked on afterwards. */
export const storing: Press = async (slack, pressed, action) => {
  const { teamId, userId, actionId, messageTs } = action
  const key = `action:${teamId}:${userId}:${pressed.actions[0]?.action_ts}:${actionId}:${messageTs}`
  await storeDelivery(slack.database, key, action)
}

/** A form is answered after its use case committed. What is wrong is said at its fields, or in its place. */
export function onSubmit(
  app: AnsweringApp,
  slack: SlackChannel,
  callbackId: string,
  submit: Submitter,
): void {
  app.view(callbackId, async ({ ack, body }) => {
    const submission = viewSubmissionSchema.parse(body)
    const answer = await submit(slack, submission).catch((error: unknown): ViewResponseAction => {
      const words = wordsFor({ teamId: teamOf(submission), userId: submission.user.id })
      return {
        response_action: 'update',
        view: messageModal(words.common.notDone, inWordsOf(error, words), words),
      }
    })
    await ack(answer)
  })
}

/** A menu that we fill while somebody types. Where that fails it is empty, and they type on. */
export function onMenu(app: AnsweringApp, slack: SlackChannel, { block, lookUp }: Menu): void {
  app.options<'block_suggestion'>({ block_id: block, action_id: 'value' }, async ({ ack, body }) => {
    const offered = await lookUp(slack, body).catch((error: unknown): Offered => {
      logger.warn({ error }, 'a menu could not be filled')
      return { options: [] }
    })
    await ack(offered)
  })
}

function toActionDelivery(pressed: BlockActions): ActionDelivery {
  const { channel_id, message_ts, thread_ts } = pressed.container ?? {}
  const [action] = pressed.actions
  return {
    kind: 'action',
    teamId: teamOf(pressed),
    userId: pressed.user.id,
    actionId: action?.action_id ?? '',
    value: action?.value ?? action?.selected_option?.value ?? '',
    ...(channel_id ? { channel: channel_id } : {}),
    ...(message_ts ? { messageTs: message_ts } : {}),
    ...(thread_ts ? { threadTs: thread_ts } : {}),
  }
}
