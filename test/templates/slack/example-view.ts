import type { AskSummary, DecidedSummary } from '../../../src/features/approvals/index.ts'
import type { CommentView, ExpenseView, StepView, UndoneView } from '../../../src/features/expenses/index.ts'
import { shownButtons, shownText } from '../../../src/sandbox/client.ts'
import { blockSchema } from '../../../src/sandbox/shapes.ts'
import type { FormChoices } from '../../../templates/slack/form-subject.ts'

export const at = new Date('2026-11-20T15:00:00Z')
export const approvalId = '01a1f81d-73ec-746a-a7ea-1720f1bfa9ae'

/** Grace's lunch, which waits for Frank. */
export function expense(change: Partial<ExpenseView> = {}): ExpenseView {
  return {
    id: '01a1f81d-73ec-746a-a7ea-1720f1bfa9af',
    number: 'EXP-2026-0042',
    kind: 'receipt',
    status: 'awaiting_approval',
    revision: 1,
    source: 'slack',
    company: { name: 'TechCorp', currency: 'USD', locale: 'en-US', timeZone: 'America/New_York' },
    calculation: null,
    shares: [],
    costCentre: null,
    request: null,
    drawn: null,
    submitter: { id: 'grace', name: 'Grace Taylor', email: 'grace@techcorp.example', team: 'Technology' },
    merchant: 'Corner Shop',
    category: { id: 'meals', name: 'Meals' },
    reason: null,
    attendees: [],
    date: '2026-11-17',
    amount: { minor: 1250, currency: 'USD' },
    companyAmount: null,
    rate: null,
    tax: null,
    note: null,
    paidBy: 'person',
    confirmed: [],
    uncertain: [],
    looksLike: [],
    differsFrom: [],
    missing: [],
    policy: { name: 'Meals', version: 1 },
    findings: [finding('info', 'Policy “Meals”: meals up to USD 500.00.')],
    steps: [step({ asked: ['Frank Miller'] })],
    automatic: null,
    requestStatus: 'open',
    undone: [],
    needsCode: false,
    canUndo: [],
    round: 0,
    receipts: [{ id: 'r', fileName: 'receipt.jpg', status: 'read', problem: null, rendition: null }],
    history: [],
    comments: [],
    question: null,
    submittedAt: at,
    completedAt: null,
    ...change,
  }
}

/** The same before it is submitted, with who would be asked. */
export function draft(change: Partial<ExpenseView> = {}): ExpenseView {
  return expense({
    status: 'draft',
    requestStatus: null,
    steps: [step({ planned: ['Frank Miller'] })],
    submittedAt: null,
    ...change,
  })
}

export function finding(severity: 'info' | 'warning' | 'blocking', message: string) {
  return { code: 'x', severity, message, clause: null }
}

export const idOf = (name: string) => name.split(' ')[0]?.toLowerCase() ?? ''

/** A decision of somebody about what is theirs. */
export function decision(by: string, change: Partial<DecidedSummary> = {}): DecidedSummary {
  return { byId: idOf(by), by, onBehalfOf: null, at, channel: 'slack', comment: null, ...change }
}

/** Somebody is asked since the morning of the 17th. */
export function ask(name: string, change: Partial<AskSummary> = {}): AskSummary {
  return {
    personId: idOf(name),
    name,
    role: 'approver',
    onBehalfOf: null,
    because: 'the policy asks for the level Manager',
    askedAt: new Date('2026-11-17T15:00:00Z'),
    remindedAt: null,
    ...change,
  }
}

/** Bob decides for somebody for a while. */
export const bobFor = (onBehalfOf: string, change: Partial<AskSummary> = {}) =>
  ask('Bob Smith', {
    role: 'delegate',
    onBehalfOf,
    because: `you decide for ${onBehalfOf} until Dec 14, 2026, and the policy asks for the level Manager`,
    ...change,
  })

/** Frank's step with these who are asked about it, and who may decide it. */
export function askedStep(asks: AskSummary[]): StepView {
  const given = step({ asked: ['Frank Miller'] })
  const mayDecide = ['frank', ...asks.map(({ personId }) => personId)]
  return { ...given, approvers: given.approvers.map((one) => ({ ...one, asks, mayDecide })) }
}

type Names = Partial<
  Record<'planned' | 'waiting' | 'asked' | 'approved' | 'rejected' | 'sent_back' | 'moved', string[]>
>

/** A step whose approvers are in these states; the first of them has the approval of the card. */
export function step(names: Names, change: Partial<StepView> = {}): StepView {
  const approvers = Object.entries(names).flatMap(([status, people]) =>
    people.map((name) => ({
      approvalId: null as string | null,
      personId: idOf(name),
      name,
      because: 'the policy asks for the level Manager',
      status,
      askedAt: status === 'asked' ? ask(name).askedAt : null,
      asks: status === 'asked' ? [ask(name)] : [],
      mayDecide: status === 'asked' ? [idOf(name)] : [],
      decided: ['approved', 'rejected', 'sent_back'].includes(status) ? decision(name) : null,
    })),
  )
  const [first] = approvers
  if (first) first.approvalId = approvalId
  return {
    description: 'Manager confirms',
    required: true,
    needed: 1,
    status: first?.status === 'asked' ? 'open' : (first?.status ?? 'open'),
    approvers,
    ...change,
  }
}

export const undoneId = '01a1f81d-73ec-746a-a7ea-1720f1bfa9aa'
export const later = new Date(at.getTime() + 3_600_000)

/** Frank's approval, which he took back an hour later: he is asked anew by the approval of the card. */
export function undone(change: Partial<UndoneView> = {}): UndoneView {
  return {
    approvalId: undoneId,
    personId: 'frank',
    name: 'Frank Miller',
    what: 'approved',
    decided: decision('Frank Miller'),
    by: 'Frank Miller',
    byId: 'frank',
    at: later,
    channel: 'slack',
    comment: null,
    freshId: approvalId,
    ...change,
  }
}

/** Eve's later approval, which fell with it. */
export function fallen(change: Partial<UndoneView> = {}): UndoneView {
  const decided = decision('Eve Davis')
  return undone({ approvalId: 'eve', personId: 'eve', name: 'Eve Davis', decided, freshId: null, ...change })
}

/** What somebody did, as the history of an expense has it. */
export function happened(
  event: Extract<HistoryEntry['event'], string>,
  by: string,
  comment: string | null = null,
): HistoryEntry {
  return { at, who: by, what: event, event, by, onBehalfOf: null, comment, channel: 'slack' }
}

type HistoryEntry = ExpenseView['history'][number]

let comments = 0
export function comment(kind: CommentView['kind'], who: string, text: string): CommentView {
  comments += 1
  return { id: `c${comments}`, kind, personId: idOf(who), who, approvalId: null, text, at, channel: 'slack' }
}

/** An expense about which this was said; what is not answered is the open question. */
export function discussed(said: CommentView[], change: Partial<ExpenseView> = {}): ExpenseView {
  const last = said.findLast(({ kind, personId }) => kind === 'question' || personId === 'grace')
  return expense({ comments: said, question: last?.kind === 'question' ? last : null, ...change })
}

/** Everything that a message or form shows, with plain spaces. */
export function words(shown: { blocks: unknown[] }): string {
  return shownText({ blocks: blocksOf(shown) }).replaceAll('\u00a0', ' ')
}

/** The action ids of the buttons, in order. */
export function buttons(shown: { blocks: unknown[] }): string[] {
  return shownButtons({ blocks: blocksOf(shown) }).map(({ actionId }) => actionId)
}

const blocksOf = ({ blocks }: { blocks: unknown[] }) => blocks.map((block) => blockSchema.parse(block))

/** What a card is read with, where nothing is said of it: by Frank, whose alone it is. */
export const readByFrank = {
  approvalId,
  personId: 'frank',
  standIn: null,
  isReminder: false,
  slackFileId: null,
}

/** What a company lets people choose from. */
export function choices(change: Partial<FormChoices> = {}): FormChoices {
  return {
    categories: [
      { id: 'meals', name: 'Meals' },
      { id: 'travel', name: 'Travel' },
    ],
    reasons: [],
    costCentres: [],
    requests: [],
    rates: { mileage: [], perDiem: [] },
    ...change,
  }
}
