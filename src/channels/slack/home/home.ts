import type { HomeView } from '@slack/types'
import { z } from 'zod'
import { actions } from '../../../../templates/slack/expense-parts.ts'
import { homeMessage, homeView } from '../../../../templates/slack/home.ts'
import { inCompany, type Tx, type WorkInHand } from '../../../database/index.ts'
import { closeSpendRequest } from '../../../features/expenses/index.ts'
import {
  homeLists,
  noteInHome,
  openHome,
  refreshHomes,
  settleHome,
  takeHome,
  turnPage,
} from '../../../features/notifications/index.ts'
import { endDelegation, getPerson, requireActor } from '../../../features/people/index.ts'
import { AppError, transientError } from '../../../kernel/errors.ts'
import { inBackground } from '../in-background.ts'
import { type ActionDelivery, idOf, type SlackUser } from '../payloads.ts'
import { asUser } from '../people/as-person.ts'
import { inWords } from '../people/in-words.ts'
import { learnLocale } from '../people/learn-locale.ts'
import { meetReader, wordsFor } from '../people/reader.ts'
import type { SlackChannel } from '../slack-channel.ts'
import type { Press } from '../transport/listeners.ts'
import { slackError, slackErrorCode } from '../transport/slack-client.ts'
import { homeContent } from './home-content.ts'
import { oneAtATime } from './one-at-a-time.ts'

/** How often we look anew when somebody else showed this Home while we read what to show. */
const triesToShow = 4

/** Somebody opened their App Home: it is shown as things are now, and kept up to date for an hour. */
export function showOpenedHome(slack: SlackChannel, who: SlackUser): void {
  inBackground('showing App Home', async () => {
    try {
      await asUser(slack, who, async (tx) => openHome(tx, (await requireActor(tx)).id))
      await learnLocale(slack, who)
      await showOrLater(slack, who)
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'user') throw error
      await showWhyNot(slack, who, error)
    }
  })
}

/**
 * Shows a person's App Home as things are now, while Slack does not wait for it. That it could not be shown is no failure
 * of what was done before: it is published again when it is opened.
 */
export function publishHome(slack: SlackChannel, who: SlackUser): void {
  inBackground('publishing App Home', () => showOrLater(slack, who))
}

/** What others had asked for is shown with it; where it fails, it is asked for again. */
async function showOrLater(slack: SlackChannel, who: SlackUser): Promise<void> {
  await show(slack, who).catch(async (error: unknown) => {
    await asUser(slack, who, async (tx) => refreshHomes(tx, [(await requireActor(tx)).id]))
    throw error
  })
}

/** The same for a job: the App Home of somebody who opened it a while ago. */
export async function refreshPublishedHome(
  slack: SlackChannel,
  { companyId, personId }: { companyId: string; personId: string },
  work: WorkInHand,
): Promise<void> {
  const actor = { personId: null, channel: 'system' as const }
  const person = await inCompany(slack.database, { companyId, actor }, (tx) => getPerson(tx, personId))
  const { slackTeamId, slackUserId, active } = person
  if (active && slackTeamId !== null && slackUserId !== null) {
    await show(slack, { teamId: slackTeamId, userId: slackUserId })
  }
  await work.finishAlone()
}

const show = (slack: SlackChannel, who: SlackUser) =>
  oneAtATime(`home of ${who.teamId} ${who.userId}`, () => showNow(slack, who))

/**
 * Of two programs that show the same Home, the one that read later wins: Slack refuses what was read before. The other
 * reads again.
 */
async function showNow(slack: SlackChannel, who: SlackUser): Promise<void> {
  for (let tries = 1; tries <= triesToShow; tries += 1) {
    const taken = await asUser(slack, who, (tx) => readHome(tx, who))
    if (taken === null) return
    const { personId, view, viewHash } = taken
    const hash = await publish(slack, who, { view, hash: viewHash })
    const isShown = hash !== null
    await asUser(slack, who, async (tx) => {
      // What Slack shows has another name than we know, and nobody of us has named it since: then whatever it is gives way.
      const now = isShown ? null : await takeHome(tx, personId)
      if (isShown || now?.viewHash === viewHash) await settleHome(tx, personId, hash)
    })
    if (isShown) return
  }
  throw transientError('home_busy', 'This App Home is being shown by somebody else.')
}

async function readHome(
  tx: Tx,
  who: SlackUser,
): Promise<{ personId: string; view: HomeView; viewHash: string | null } | null> {
  const { id: personId } = await requireActor(tx)
  const home = await takeHome(tx, personId)
  if (!home) return null
  const view = homeView(await homeContent(tx, await meetReader(tx, who), home.shown))
  return { personId, view, viewHash: home.viewHash }
}

/** @returns Slack's name for what it shows now; null: somebody else showed something meanwhile */
async function publish(
  slack: SlackChannel,
  { teamId, userId }: SlackUser,
  { view, hash }: { view: HomeView; hash: string | null },
): Promise<string | null> {
  const { client } = await slack.workspaces.of(teamId)
  try {
    const published = await client.views.publish({ user_id: userId, view, ...(hash ? { hash } : {}) })
    return published.view?.hash ?? ''
  } catch (error) {
    if (slackErrorCode(error) === 'hash_conflict') return null
    throw slackError(error)
  }
}

/** Buttons of App Home that do something by themselves. */
const works: Record<string, (tx: Tx, id: string) => Promise<void>> = {
  [actions.endDelegation]: endDelegation,
  [actions.close]: closeSpendRequest,
}

/** Does at once what a button of App Home is for: there is no conversation in which to tell of it later. */
export async function pressInHome(slack: SlackChannel, action: ActionDelivery): Promise<void> {
  try {
    await asUser(slack, action, async (tx) => works[action.actionId]?.(tx, idOf(action.value)))
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'user') throw error
    return answerInHome(slack, action, inWords(error, wordsFor(action)))
  }
  publishHome(slack, action)
}

const turningSchema = z.object({ list: z.enum(homeLists), after: z.uuid().nullable() })

/** Turns the page of a list. What the button says came back from outside: what is no page of ours is not turned to. */
export const turnHomePage: Press = async (slack, _pressed, action) => {
  const [list, after = null] = action.value.split(' ')
  const turning = turningSchema.safeParse({ list, after })
  if (!turning.success) return
  await asUser(slack, action, async (tx) => turnPage(tx, (await requireActor(tx)).id, turning.data))
  publishHome(slack, action)
}

/** A button that was pressed in App Home, and worked on afterwards, is done: what it did is seen there. */
export function doneInHome(slack: SlackChannel, who: SlackUser): void {
  inBackground('showing what was done in App Home', () => answerInHome(slack, who, null))
}

/**
 * Tells in App Home what came of a button that was pressed there, in plain text; null: nothing that needs to be told.
 * Whoever has no Home any more is told why in its place.
 */
export async function answerInHome(slack: SlackChannel, who: SlackUser, note: string | null): Promise<void> {
  try {
    await asUser(slack, who, async (tx) => noteInHome(tx, (await requireActor(tx)).id, note))
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'user') throw error
    return showWhyNot(slack, who, error)
  }
  publishHome(slack, who)
}

/** Why somebody has no Home, in its place. */
async function showWhyNot(slack: SlackChannel, who: SlackUser, error: AppError): Promise<void> {
  const { client } = await slack.workspaces.of(who.teamId)
  const view = homeMessage(inWords(error, wordsFor(who)))
  await client.views.publish({ user_id: who.userId, view }).catch((refused: unknown) => {
    throw slackError(refused)
  })
}
