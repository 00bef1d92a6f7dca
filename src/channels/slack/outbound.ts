import { createHmac } from 'node:crypto'
import { approvalCard } from '../../../templates/slack/approval-card.ts'
import { blockedMessage } from '../../../templates/slack/blocked-message.ts'
import { codeMessage } from '../../../templates/slack/code-message.ts'
import { commentMessage } from '../../../templates/slack/comments.ts'
import { expenseMessage } from '../../../templates/slack/expense-message.ts'
import { outcomeMessage } from '../../../templates/slack/outcome.ts'
import type { SlackMessage } from '../../../templates/slack/text.ts'
import { undoneMessage } from '../../../templates/slack/undo.ts'
import { addToOutbox, inCompany, type Tx, type WorkInHand } from '../../database/index.ts'
import { codeOf, getStepUp, listWaiting } from '../../features/approvals/index.ts'
import { type ExpenseView, viewExpense } from '../../features/expenses/index.ts'
import {
  intendPosting,
  leaseSurface,
  type Surface,
  settleSurface,
} from '../../features/notifications/index.ts'
import { getPerson, linkSlackUser, listDelegations, type Person } from '../../features/people/index.ts'
import { readBlob } from '../../features/receipts/index.ts'
import { permanentError, transientError } from '../../kernel/errors.ts'
import type { SlackUser } from './payloads.ts'
import type { SlackChannel, SlackWorkspace } from './slack-channel.ts'
import { postOnce, slackError, slackErrorCode } from './slack-client.ts'

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
  const taken = await inTx(async (tx) => {
    const surface = await leaseSurface(tx, surfaceId)
    const expense = surface && (await viewExpense(tx, surface.expenseId, surface.approvalId))
    return surface && expense ? { surface: { ...surface }, expense } : null
  })
  if (!taken) return work.finishAlone()
  const shown = await show(slack, taken, work, inTx).catch(async (error: unknown) => {
    await inTx((tx) => settleSurface(tx, taken.surface, {}))
    throw slackError(error)
  })
  // Where the message is must be kept even if another try confirmed this work in the meantime.
  await inTx((tx) => settleSurface(tx, taken.surface, shown))
  await work.finishAlone()
}

type InTx = <T>(run: (tx: Tx) => Promise<T>) => Promise<T>
type Shown = Parameters<typeof settleSurface>[2]

async function show(
  slack: SlackChannel,
  { surface, expense }: { surface: Surface; expense: ExpenseView },
  work: WorkInHand,
  inTx: InTx,
): Promise<Shown> {
  const withPicture = work.failures + 1 < triesForPicture
  const message = await render(slack, surface, expense, inTx, withPicture)
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

async function render(
  slack: SlackChannel,
  surface: Surface,
  expense: ExpenseView,
  inTx: InTx,
  withPicture: boolean,
): Promise<SlackMessage> {
  switch (surface.kind) {
    case 'slack.expense':
      return expenseMessage(expense)
    case 'slack.outcome':
      if (!surface.approvalId) return blockedMessage(expense)
      return outcomeMessage(expense, surface.approvalId)
    case 'slack.undone':
      return undoneMessage(expense, surface.approvalId ?? '')
    case 'slack.approval':
    case 'slack.reminder': {
      const slackFileId = withPicture ? await uploadPicture(slack, surface, expense, inTx) : null
      return approvalCard({ expense, slackFileId, ...(await inTx((tx) => cardOf(tx, surface, expense))) })
    }
    case 'slack.code':
      return codeMessage({ expense, ...(await inTx((tx) => codeOn(tx, surface, slack.dataKey))) })
    case 'slack.comment': {
      const comment = expense.comments.find(({ id }) => id === surface.commentId)
      if (!comment) throw permanentError('comment_unknown', 'There is no such comment.')
      return commentMessage(expense, comment)
    }
  }
}

/** What a card shows that depends on who reads it. */
async function cardOf(tx: Tx, { kind, personId, approvalId: id }: Surface, expense: ExpenseView) {
  const approvalId = id ?? ''
  const { length: waiting } = await listWaiting(tx, personId, { limit: 2 })
  const asked = expense.steps
    .flatMap(({ approvers }) => approvers)
    .filter((approver) => approver.approvalId === approvalId)
    .flatMap(({ asks }) => asks.filter(({ role }) => role === 'delegate'))
  const own = asked.length === 0 ? [] : await listDelegations(tx, { personId })
  const holding = own.find(
    ({ state, principal, delegate }) =>
      state === 'active' && principal.id === personId && asked.some((ask) => ask.personId === delegate.id),
  )
  const standIn = holding ? { name: holding.delegate.name, until: holding.to } : null
  return { approvalId, personId, waiting, standIn, isReminder: kind === 'slack.reminder' }
}

/** The code that a message shows, as long as it is good for something. When that ends, the message is shown anew. */
async function codeOn(tx: Tx, surface: Surface, dataKey: string) {
  const stepUpId = surface.stepUpId ?? ''
  const { provenAt, isReplaced, expiresAt } = await getStepUp(tx, stepUpId)
  const ended = (endedBy: 'use' | 'newer' | 'time') => ({ code: { endedBy }, expiresAt })
  if (provenAt) return ended('use')
  if (isReplaced) return ended('newer')
  if (expiresAt <= tx.now) return ended('time')
  const options = { notBefore: expiresAt, mergeKey: `${surface.id} expires` }
  await addToOutbox(tx, 'surface.render', { surfaceId: surface.id }, options)
  return { code: codeOf(dataKey, stepUpId), expiresAt }
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
  const { client } = await slack.workspaces.of(address.teamId)
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
  if (teamId) return slack.workspaces.of(teamId)
  // From before the workspace was kept with the message.
  const { slackTeamId } = await inTx((tx) => getPerson(tx, surface.personId))
  return slack.workspaces.of(slackTeamId ?? '')
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
  const { client } = await slack.workspaces.of(user.teamId)
  const answer = await client.conversations.open({ users: user.userId })
  if (!answer.channel?.id) throw transientError('slack_call_failed', 'Slack did not open the conversation.')
  return { ...surface.address, teamId: user.teamId, channel: answer.channel.id }
}

/** Who somebody is in Slack; they are looked for by their address where we did not meet them yet. */
async function slackUserOf(slack: SlackChannel, person: Person, inTx: InTx): Promise<SlackUser | null> {
  const { slackTeamId, slackUserId } = person
  if (slackTeamId !== null && slackUserId !== null) return { teamId: slackTeamId, userId: slackUserId }
  for (const { client } of await slack.workspaces.ofCompany(person.companyId)) {
    const { user } = await client.users.lookupByEmail({ email: person.email }).catch((error: unknown) => {
      if (slackErrorCode(error) === 'users_not_found') return { user: null }
      throw error
    })
    if (user === null) continue
    if (!user?.id || !user.team_id)
      throw transientError('slack_call_failed', 'Slack did not say who that is.')
    const found = { teamId: user.team_id, userId: user.id }
    await inTx((tx) => linkSlackUser(tx, person.id, found))
    return found
  }
  return null
}

/**
 * Uploads the receipt's picture to the workspace once, as the bot's own file: it is shown by its id, never by a public
 * address. Returns its id, or null where there is no picture.
 */
async function uploadPicture(
  slack: SlackChannel,
  surface: Surface,
  expense: ExpenseView,
  inTx: InTx,
): Promise<string | null> {
  const rendition = expense.receipts.find((receipt) => receipt.rendition)?.rendition
  if (!rendition) return null
  const { teamId = '' } = (await addressOf(slack, surface, inTx)) ?? {}
  if (teamId === '') return null
  const { client } = await slack.workspaces.of(teamId)
  const known = await inTx((tx) =>
    tx.em.execute<{ slack_file_id: string }[]>(
      'select slack_file_id from slack_upload where company_id = ? and sha256 = ? and slack_team_id = ?',
      [tx.companyId, rendition.sha256, teamId],
    ),
  )
  if (known[0]) return known[0].slack_file_id
  const { bytes } = await inTx((tx) => readBlob(tx, rendition.sha256))
  const upload = await client.filesUploadV2({
    file: bytes,
    filename: 'receipt.jpg',
    title: `Receipt ${expense.number}`,
  })
  const fileId = upload.files?.[0]?.files?.[0]?.id
  if (!fileId) throw transientError('slack_call_failed', 'Slack did not keep the picture.')
  await inTx((tx) =>
    tx.em.execute(
      `insert into slack_upload (company_id, sha256, slack_team_id, slack_file_id, created_at) values (?, ?, ?, ?, ?)
       on conflict do nothing`,
      [tx.companyId, rendition.sha256, teamId, fileId, tx.now],
    ),
  )
  return fileId
}
