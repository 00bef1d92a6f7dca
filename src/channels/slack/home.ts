import type { HomeView } from '@slack/types'
import { actions } from '../../../templates/slack/expense-parts.ts'
import { homeMessage, homeView } from '../../../templates/slack/home.ts'
import { messageModal } from '../../../templates/slack/modals.ts'
import { inCompany, type Tx } from '../../database/index.ts'
import { closeSpendRequest, listHeldRequests, listRates } from '../../features/expenses/index.ts'
import { endDelegation, getCompany, listDelegations, requireActor } from '../../features/people/index.ts'
import { AppError } from '../../kernel/errors.ts'
import { identify } from './identify.ts'
import { inBackground } from './in-background.ts'
import { type ActionDelivery, idOf, type SlackUser } from './payloads.ts'
import type { SlackChannel } from './slack-channel.ts'

/**
 * Shows a person's App Home as things are now, while Slack does not wait for it. That it could not be shown is no failure
 * of what was done before: it is published again when it is opened.
 */
export function publishHome(slack: SlackChannel, who: SlackUser): void {
  inBackground('publishing App Home', async () => {
    const { client } = await slack.workspaces.of(who.teamId)
    await client.views.publish({ user_id: who.userId, view: await buildHome(slack, who) })
  })
}

async function buildHome(slack: SlackChannel, who: SlackUser): Promise<HomeView> {
  try {
    return await asPerson(slack, who, home)
  } catch (error) {
    if (error instanceof AppError && error.kind === 'user') return homeMessage(error.message)
    throw error
  }
}

async function home(tx: Tx): Promise<HomeView> {
  const { id: personId } = await requireActor(tx)
  const rates = await listRates(tx)
  return homeView({
    personId,
    company: await getCompany(tx),
    requests: await listHeldRequests(tx, personId),
    delegations: await listDelegations(tx, { personId }),
    has: { mileage: rates.mileage.length > 0, perDiem: rates.perDiem.length > 0 },
  })
}

/** Buttons of App Home that do something by themselves. */
const works: Record<string, (tx: Tx, id: string) => Promise<void>> = {
  [actions.endDelegation]: endDelegation,
  [actions.close]: closeSpendRequest,
}

/** Does at once what a button of App Home is for: there is no conversation in which to tell of it later. */
export async function pressInHome(
  slack: SlackChannel,
  triggerId: string,
  action: ActionDelivery,
): Promise<void> {
  try {
    await asPerson(slack, action, async (tx) => works[action.actionId]?.(tx, idOf(action.value)))
  } catch (error) {
    if (!(error instanceof AppError) || error.kind === 'permanent') throw error
    const view = messageModal('Not done', error.message)
    const { client } = await slack.workspaces.of(action.teamId)
    await client.views.open({ trigger_id: triggerId, view })
  }
  publishHome(slack, action)
}

async function asPerson<T>(slack: SlackChannel, who: SlackUser, work: (tx: Tx) => Promise<T>): Promise<T> {
  const { id, companyId } = await identify(slack, who.teamId, who.userId)
  return inCompany(slack.database, { companyId, actor: { personId: id, channel: 'slack' } }, work)
}
