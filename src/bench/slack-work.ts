import { setTimeout as sleep } from 'node:timers/promises'
import {
  type FileToSend,
  type SandboxClient,
  type ShownMessage,
  type ShownView,
  shownButtons,
} from '../sandbox/client.ts'
import type { BenchPerson } from './many-people.ts'

export interface Workday {
  slack: SandboxClient
  receipts: FileToSend[]
  /** Ends the work. */
  signal: AbortSignal
}

/** What a person does until the day ends: one thing after another, with two seconds in between. */
export async function work(person: BenchPerson, day: Workday): Promise<number> {
  let problems = 0
  for (let turn = 0; !day.signal.aborted; turn += 1) {
    await sleep(1000 + Math.random() * 2000)
    await takeTurn(person, day, turn).catch(() => {
      problems += 1
    })
  }
  return problems
}

async function takeTurn({ email, isManager }: BenchPerson, day: Workday, turn: number): Promise<void> {
  const { slack, receipts } = day
  if (isManager && turn % 2 === 0) return approveOldest(slack, email)
  switch (turn % 5) {
    case 0: {
      const file = receipts[Math.floor(Math.random() * receipts.length)]
      await slack.postMessage({ as: email, channel: 'dm', files: file ? [file] : [] })
      return
    }
    case 1:
      return slack.command({ as: email, text: '/expense help' })
    case 2:
      return submitDelegation(slack, email)
    case 3:
      await slack.postMessage({ as: email, channel: 'dm', text: `Lunch ${anyAmount()} USD yesterday` })
      return
    default:
      return completeDraft(slack, email)
  }
}

async function approveOldest(slack: SandboxClient, as: string): Promise<void> {
  const card = (await slack.messages({ as, channel: 'dm' })).find((one) => has(one, 'approval.approve'))
  if (card) await slack.click({ as, channel: 'dm', ts: card.ts, actionId: 'approval.approve' })
}

/** Opens the form of a delegation, searches a colleague, and submits it; it ends before it begins, which is told at its field. */
async function submitDelegation(slack: SandboxClient, as: string): Promise<void> {
  await slack.command({ as, text: '/expense delegate' })
  await waitForForm(slack, as, 'person.delegate')
  const offered = await slack.suggest({
    as,
    on: 'modal',
    actionId: 'value',
    blockId: 'delegate',
    query: 'eve',
  })
  const delegate = offered[0]?.value ?? null
  await slack.submitView({ as, values: { delegate, from: '2030-01-02', to: '2030-01-01' } })
  await slack.closeView(as)
}

/** Opens the newest draft's form, fills it in and submits it. */
async function completeDraft(slack: SandboxClient, as: string): Promise<void> {
  const own = (await slack.messages({ as, channel: 'dm' })).filter(({ bot_id }) => !bot_id).toReversed()
  for (const { ts } of own.slice(0, 3)) {
    const replies = await slack.replies({ as, channel: 'dm', ts })
    const draft = replies.find((one) => has(one, 'expense.submit') || has(one, 'expense.complete'))
    if (!draft) continue
    const actionId = has(draft, 'expense.complete') ? 'expense.complete' : 'expense.edit'
    await slack.click({ as, channel: 'dm', ts: draft.ts, actionId })
    await waitForForm(slack, as, 'expense.edit')
    const values = { merchant: 'Corner Shop', amount: anyAmount(), date: '2026-01-15' }
    const outcome = await slack.submitView({ as, values })
    if (outcome.kind === 'view') await slack.submitView({ as, values: { differsFrom: yesIn(outcome.view) } })
    await slack.closeView(as)
    return
  }
}

const anyAmount = () => (1 + Math.random() * 90).toFixed(2)

/** The same receipts are posted again and again: each time it is another one. */
function yesIn({ blocks }: ShownView): string[] {
  const question = blocks.find(({ block_id }) => block_id === 'differsFrom')
  return question?.element?.options?.flatMap(({ value }) => value ?? []) ?? []
}

async function waitForForm(slack: SandboxClient, as: string, callbackId: string): Promise<void> {
  await slack.waitFor(async () => (await slack.openView(as))?.callback_id === callbackId, {
    what: `the form ${callbackId}`,
    everyMs: 100,
  })
}

const has = (message: ShownMessage, actionId: string) =>
  shownButtons(message).some((button) => button.actionId === actionId)
