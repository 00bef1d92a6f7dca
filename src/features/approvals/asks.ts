import type { Tx } from '../../database/index.ts'
import { refreshHomes } from '../notifications/index.ts'
import {
  type ActiveDelegation,
  activeAmong,
  activeDelegations,
  getCompany,
  getPeople,
  whoReportsTo,
} from '../people/index.ts'
import { type Approval, ApprovalAsk } from './approvals.entity.ts'
import { followUp } from './follow-up.ts'
import { type LoadedRequest, toState } from './load-request.ts'
import { advance, type RequestState } from './machine.ts'
import type { Because } from './reasons.ts'
import { because } from './say-reason.ts'
import type { NewAsk } from './subjects.ts'

/**
 * Whose approval it is never changes. Who is asked about it does: the approver, or a delegate in their place for a while,
 * and the next one up besides. The rows of `approval_ask` keep that for cards, mails and lists. Who may decide is found
 * out anew each time, from delegations and the clock, so that a row that comes late lets nobody decide and stops nobody.
 */
type Ask = Pick<ApprovalAsk, 'approvalId' | 'personId' | 'role' | 'onBehalfOfId' | 'because' | 'reason'>

/**
 * Brings who is asked in line with a locked request and the delegations of this moment: asks whom it must, and ends what
 * is not asked any more. For everybody who is asked from now on, a reminder and an escalation are asked for. Calling it
 * again changes nothing.
 */
export async function syncAsks(tx: Tx, loaded: LoadedRequest): Promise<NewAsk[]> {
  const wanted = await wantedAsks(tx, loaded)
  const current = currentAsks(loaded)
  for (const ask of current) {
    const same = wanted.find((one) => isSame(one, ask))
    // One delegation to the same person may have followed another: until when is in the words.
    if (same) Object.assign(ask, { because: same.because, reason: same.reason })
    else ask.endedAt = tx.now
  }
  // First these: nobody is asked twice at a time about the same.
  await tx.em.flush()
  await refreshHomesOf(tx, ended(current))
  const fresh = wanted.filter((one) => !current.some((ask) => isSame(one, ask)))
  await createAsks(tx, loaded, fresh)
  return fresh.map(({ approvalId, personId, role }) => ({ approvalId, personId, role }))
}

/** Asks people about approvals of a locked request from now on. */
export async function createAsks(tx: Tx, loaded: LoadedRequest, asks: Ask[]): Promise<void> {
  const rows = asks.map((ask) =>
    tx.em.create(ApprovalAsk, {
      ...ask,
      id: tx.newId(),
      companyId: tx.companyId,
      askedAt: tx.now,
      endedAt: null,
      remindedAt: null,
    }),
  )
  loaded.asks.push(...rows)
  await tx.em.flush()
  await refreshHomesOf(tx, rows)
  await followUp(tx, loaded, rows)
}

/** Who is asked now, or is not any more, sees it in their App Home. */
async function refreshHomesOf(tx: Tx, asks: ApprovalAsk[]): Promise<void> {
  await refreshHomes(
    tx,
    asks.map(({ personId }) => personId),
  )
}

const ended = (asks: ApprovalAsk[]) => asks.filter(({ endedAt }) => endedAt !== null)

/** Who is asked now. */
export const currentAsks = ({ asks }: LoadedRequest): ApprovalAsk[] =>
  asks.filter(({ endedAt }) => endedAt === null)

/**
 * Who may decide each approval that is asked, at this moment: its approver, whoever it was escalated to, and the delegates
 * of these; nobody whom the machine would refuse.
 */
export async function whoMayDecide(tx: Tx, loaded: LoadedRequest): Promise<Map<string, string[]>> {
  const state = toState(loaded)
  const answering = await whoMayAnswer(tx, loaded)
  return new Map(
    [...answering].map(([approvalId, people]) => [
      approvalId,
      people.filter((personId) => isLetDecide(state, approvalId, personId)),
    ]),
  )
}

/**
 * The same before the machine is asked: it says why somebody may not. About what is not asked now, everybody who ever was
 * is told what became of it.
 */
export async function whoMayAnswer(tx: Tx, loaded: LoadedRequest): Promise<Map<string, string[]>> {
  const delegations = await delegationsFor(tx, loaded)
  return new Map(
    loaded.approvals.map((approval) => {
      const { id, approverId, status } = approval
      const asks = loaded.asks.filter(({ approvalId }) => approvalId === id)
      if (status !== 'asked') return [id, unique([approverId, ...asks.map(({ personId }) => personId)])]
      const principals = [approverId, ...escalatedTo(loaded, approval).map(({ personId }) => personId)]
      const delegates = delegations.filter(({ principalId }) => principals.includes(principalId))
      return [id, unique([...principals, ...delegates.map(({ delegateId }) => delegateId)])]
    }),
  )
}

async function wantedAsks(tx: Tx, loaded: LoadedRequest): Promise<Ask[]> {
  const asked = loaded.approvals.filter(({ status }) => status === 'asked')
  if (asked.length === 0) return []
  const state = toState(loaded)
  const delegations = await delegationsFor(tx, loaded)
  const escalated = currentAsks(loaded).filter(({ role }) => role === 'escalated')
  const active = await activeAmong(
    tx,
    escalated.map(({ personId }) => personId),
  )
  const whyInPlace = await whyDelegates(tx, delegations)
  const wanted: Ask[] = []
  for (const approval of asked) {
    const { id: approvalId, approverId, because, reason } = approval
    const isAble = (personId: string) => isLetDecide(state, approvalId, personId)
    const staying: Ask[] = escalatedTo(loaded, approval).filter(
      ({ personId }) => active.has(personId) && isAble(personId),
    )
    const taken = new Set([approverId, ...staying.map(({ personId }) => personId)])
    const standInFor = (principal: Ask): Ask[] => {
      const delegation = delegations.find(({ principalId }) => principalId === principal.personId)
      if (!delegation || taken.has(delegation.delegateId) || !isAble(delegation.delegateId)) return []
      const { delegateId: personId, principalId: onBehalfOfId } = delegation
      taken.add(personId)
      return [{ approvalId, personId, role: 'delegate', onBehalfOfId, ...whyInPlace(delegation, principal) }]
    }
    const own: Ask = {
      approvalId,
      personId: approverId,
      role: 'approver',
      onBehalfOfId: null,
      because,
      reason,
    }
    const inPlace = standInFor(own)
    wanted.push(...(inPlace.length > 0 ? inPlace : [own]), ...staying, ...staying.flatMap(standInFor))
  }
  return wanted
}

const escalatedTo = (loaded: LoadedRequest, { id }: Approval): ApprovalAsk[] =>
  currentAsks(loaded).filter(({ approvalId, role }) => approvalId === id && role === 'escalated')

/** Who stands in now for those who are asked to decide so much; nobody who reports to the submitter. */
async function delegationsFor(tx: Tx, loaded: LoadedRequest): Promise<ActiveDelegation[]> {
  const { amountMinor, submitterId } = loaded.request
  const asked = loaded.approvals.filter(({ status }) => status === 'asked')
  const principals = asked.flatMap((approval) => [
    approval.approverId,
    ...escalatedTo(loaded, approval).map(({ personId }) => personId),
  ])
  const active = await activeDelegations(tx, unique(principals))
  const delegates = active.map(({ delegateId }) => delegateId)
  const reporting = await whoReportsTo(tx, submitterId, delegates)
  return active.filter(
    ({ delegateId, upToMinor }) =>
      !reporting.has(delegateId) && (upToMinor === null || amountMinor <= upToMinor),
  )
}

/** Why a delegate is asked in the place of somebody. */
async function whyDelegates(
  tx: Tx,
  delegations: ActiveDelegation[],
): Promise<(one: ActiveDelegation, principal: Because) => Because> {
  const { locale } = await getCompany(tx)
  const people = await getPeople(
    tx,
    delegations.map(({ principalId }) => principalId),
  )
  return ({ principalId, toDate: until }, { because: words, reason }) => {
    const principal = people.get(principalId)?.name ?? 'somebody'
    return because({ kind: 'delegate', facts: { principal, until, reason: reason ?? words } }, locale)
  }
}

/** Whether the machine lets this person decide, where nothing but the request speaks against it. */
const isLetDecide = (state: RequestState, approvalId: string, personId: string) =>
  advance(state, { kind: 'decide', approvalId, personId, verdict: 'ask', mayDecide: [personId] }).ok

const isSame = (one: Ask, other: Ask) =>
  one.approvalId === other.approvalId &&
  one.personId === other.personId &&
  one.role === other.role &&
  one.onBehalfOfId === other.onBehalfOfId

const unique = (ids: string[]) => [...new Set(ids)]
