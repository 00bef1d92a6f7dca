import { createHmac } from 'node:crypto'
import type { SlackMessage } from '../../../../templates/slack/text.ts'
import { inCompany, type Tx, type WorkInHand } from '../../../database/index.ts'
import type { ExpenseView } from '../../../features/expenses/index.ts'
import {
  intendPosting,
  leaseSurface,
  mailInstead,
  type Surface,
  settleSurface,
} from '../../../features/notifications/index.ts'
import { getPerson, linkSlackUser, type Person } from '../../../features/people/index.ts'
import { transientError } from '../../../kernel/errors.ts'
import { appLink } from '../home/home-link.ts'
import type { SlackUser } from '../payloads.ts'
import { conversationWith } from '../people/conversation.ts'
import { isMemberOf } from '../people/describe-user.ts'
import type { SlackChannel, SlackWorkspace } from '../slack-channel.ts'
import { postOnce, slackError, slackErrorCode } from '../transport/slack-client.ts'
import { uploadPicture } from './receipt-picture.ts'
import { messageOf } from './surface-message.ts'

/** Slack works on an uploaded picture for a moment before a block may show it; after this many tries we go without. */
const triesForPicture = 4

/**
 * Brings one message in Slack up to date with the state it shows: posts it, changes it, or finds that nothing changed.
 * Interrupted anywhere, the next try neither posts it twice nor forgets it.
 */
export async function renderSurface(
  slack: SlackChannel,
  companyId: string,
  surfaceId: string,
  work: WorkInHand,
): Promise<void> {
  const actor = { personId: null, channel: 'system' } as const
  const inTx = <T>(run: (tx: Tx) => Promise<T>) => inCompany(slack.database, { companyId, actor }, run)
  const surface = await inTx(async (tx) => {
    const taken = await leaseSurface(tx, surfaceId)
    return taken && { ...taken }
  })
  if (!surface) return work.finishAlone()
  const asReader: InTx = (run) => {
    const reader = { personId: surface.personId, channel: 'system' } as const
    return inCompany(slack.database, { companyId, actor: reader }, run)
  }
  const shown = await show(slack, surface, { inTx, asReader, tries: work.failures + 1 }).catch(
    async (error: unknown) => {
      const problem = slackError(error)
      await inTx(async (tx) => {
        await settleSurface(tx, surface, {})
        if (problem.kind === 'permanent') await mailInstead(tx, surface.id)
      })
      throw problem
    },
  )
  // Where the message is must be kept even if another try confirmed this work in the meantime.
  await inTx((tx) => settleSurface(tx, surface, shown))
  await work.finishAlone()
}

type InTx = <T>(run: (tx: Tx) => Promise<T>) => Promise<T>
type Shown = Parameters<typeof settleSurface>[2]

async function show(
  slack: SlackChannel,
  surface: Surface,
  { inTx, asReader, tries }: { inTx: InTx; asReader: InTx; tries: number },
): Promise<Shown> {
  const withPicture = tries < triesForPicture
  const message = await messageOf(surface, {
    asReader,
    picture: (expense) => (withPicture ? pictureFor(slack, surface, expense, inTx) : Promise.resolve(null)),
    homeLink: () => linkFor(slack, surface, inTx),
    dataKey: slack.dataKey,
  })
  if (message === null) return {}
  // With a key: a message may hold a code of six digits, which a bare hash would give away.
  const renderedHash = createHmac('sha256', slack.dataKey).update(JSON.stringify(message)).digest('hex')
  if (renderedHash === surface.renderedHash) return {}
  try {
    const { channel } = surface.address
    if (!surface.messageTs || !channel)
      return { ...(await post(slack, surface, message, inTx)), renderedHash }
    const { client } = await workspaceOf(slack, surface, inTx)
    await client.chat.update({ channel, ts: surface.messageTs, ...message })
    return { renderedHash }
  } catch (error) {
    if (withPicture && slackErrorCode(error) === 'invalid_blocks') {
      throw transientError('picture_not_ready', 'Slack is still working on the picture.', { cause: error })
    }
    throw error
  }
}

async function pictureFor(
  slack: SlackChannel,
  surface: Surface,
  expense: ExpenseView,
  inTx: InTx,
): Promise<string | null> {
  const address = await addressOf(slack, surface, inTx)
  return address === null || address.teamId === ''
    ? null
    : uploadPicture(slack, expense, address.teamId, inTx)
}

async function linkFor(slack: SlackChannel, surface: Surface, inTx: InTx): Promise<string | null> {
  const address = await addressOf(slack, surface, inTx)
  if (address === null) return null
  const { client } = await slack.workspaces.of(address.teamId, surface.companyId)
  return appLink(client, address.teamId, 'home')
}

/** Posts the message, or finds where an earlier try posted it and brings that up to date. */
async function post(
  slack: SlackChannel,
  surface: Surface,
  message: SlackMessage,
  inTx: InTx,
): Promise<Shown> {
  const address = await addressOf(slack, surface, inTx)
  if (address === null) return {}
  const { channel } = address
  const { client } = await slack.workspaces.of(address.teamId, surface.companyId)
  const maybePostedSince = await inTx((tx) => intendPosting(tx, surface.id, address))
  const { ts, found } = await postOnce(client, {
    key: surface.id,
    channel,
    threadTs: address.threadTs,
    message,
    maybePostedSince,
  })
  if (found) await client.chat.update({ channel, ts, ...message })
  return { address, messageTs: ts }
}

/** The workspace in which a message of ours is. */
async function workspaceOf(slack: SlackChannel, surface: Surface, inTx: InTx): Promise<SlackWorkspace> {
  const { teamId } = surface.address
  if (teamId) return slack.workspaces.of(teamId, surface.companyId)
  // From before the workspace was kept with the message.
  const { slackTeamId } = await inTx((tx) => getPerson(tx, surface.personId))
  return slack.workspaces.of(slackTeamId ?? '', surface.companyId)
}

/** Where to post a message: where its thread is, else in the conversation with its person. null: mail reaches them. */
async function addressOf(
  slack: SlackChannel,
  surface: Surface,
  inTx: InTx,
): Promise<(Surface['address'] & { teamId: string; channel: string }) | null> {
  const person = await inTx((tx) => getPerson(tx, surface.personId))
  const { channel, teamId = person.slackTeamId ?? '' } = surface.address
  if (channel) return { ...surface.address, teamId, channel }
  const user = await slackUserOf(slack, person, inTx)
  if (user === null) return null
  const { client } = await slack.workspaces.of(user.teamId, surface.companyId)
  const opened = await conversationWith(client, user.userId)
  return { ...surface.address, teamId: user.teamId, channel: opened }
}

/** Who somebody is in Slack; they are looked for by their address where we did not meet them yet. */
async function slackUserOf(slack: SlackChannel, person: Person, inTx: InTx): Promise<SlackUser | null> {
  const { slackTeamId, slackUserId } = person
  if (slackTeamId !== null && slackUserId !== null) return { teamId: slackTeamId, userId: slackUserId }
  for (const { client, teamId } of await slack.workspaces.ofCompany(person.companyId)) {
    const { user } = await client.users.lookupByEmail({ email: person.email }).catch((error: unknown) => {
      if (slackErrorCode(error) === 'users_not_found') return { user: null }
      throw error
    })
    if (user === null) continue
    const here = teamId ?? (await client.auth.test()).team_id
    if (!user?.id || !here) throw transientError('slack_call_failed', 'Slack did not say who that is.')
    if (!isMemberOf(here, user)) continue
    const found = { teamId: here, userId: user.id }
    await inTx((tx) => linkSlackUser(tx, person.id, found))
    return found
  }
  return null
}
