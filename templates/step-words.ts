import type { ExpenseView } from '../src/features/expenses/index.ts'
import { formatDay, formatInstant } from '../src/kernel/calendar-date.ts'
import { joined, quote } from './expense-words.ts'
import {
  type Approver,
  type Ask,
  delegateOf,
  isObjection,
  nextUpOf,
  type Step,
  staying,
  stillNeeded,
} from './steps.ts'

/** One approval step in words. */
export interface StepLine {
  status: string
  title: string
  /** Whom it asks and how many of them must agree, or who decided what and when. */
  outcome: string
  /** Who was reminded, and who is asked besides, a sentence each. */
  asked: string[]
  /** Why it asks these people, a sentence each. */
  why: string[]
  comments: string[]
}

/** The steps of the plan or of the request. `own`: the approval of the reader, who is told elsewhere why they are asked. */
export function stepLines(view: ExpenseView, own: string | null = null): StepLine[] {
  return view.steps.slice(0, 10).map((step) => ({
    status: step.status,
    title: `${quote(step.description, 100)}${step.required ? '' : ' (optional)'}`,
    outcome: stepOutcome(step, view),
    asked: askSentences(step, view),
    why: step.status === 'skipped' ? [] : reasonsOf(step, own),
    comments: step.approvers.flatMap(({ decided }) => (decided?.comment ? [decided.comment] : [])),
  }))
}

function stepOutcome(step: Step, view: ExpenseView): string {
  const { timeZone, locale } = view.company
  const people = staying(step)
  const parts = people.flatMap((approver) => {
    const { decided } = approver
    if (!decided) return []
    const when = formatInstant(decided.at, timeZone, locale)
    const by = deciderText(decided)
    return isObjection(step, approver)
      ? [`${by} objected (this holds nothing up), ${when}`]
      : [`${verdictWord(approver.status)} by ${by}, ${when}`]
  })
  const asked = people.filter(({ status }) => status === 'asked')
  if (step.status === 'open' && asked.length > 0) {
    parts.push(`waiting for ${quorum(asked.map(askedNow), stillNeeded(step))}${since(asked, view)}`)
  }
  if (parts.length > 0) return parts.join('; ')
  if (step.status === 'skipped')
    return view.requestStatus === 'approved' ? 'approved without it' : 'nobody is asked any more'
  return `${quorum(people, step.needed)}${step.status === 'waiting' ? ', after that' : ''}`
}

/** `Bob Smith`, and `Bob Smith for Alice Chen` where it was not his own to decide. */
export function deciderText(
  { by, onBehalfOf }: { by: string; onBehalfOf: string | null },
  name = (text: string) => quote(text, 60),
): string {
  return onBehalfOf === null ? name(by) : `${name(by)} for ${name(onBehalfOf)}`
}

/** That one person is asked about an approval, since when and why; null when they are not. */
export function askOf(
  { steps }: ExpenseView,
  approvalId: string | null,
  personId: string | null,
): Ask | null {
  const approver = steps
    .flatMap(({ approvers }) => approvers)
    .find((one) => approvalId !== null && one.approvalId === approvalId)
  return approver?.asks.find((ask) => ask.personId === personId) ?? null
}

/** The approval whose reason its reader is told elsewhere; whoever is asked besides its approver is told another one. */
export function ownReason(approvalId: string, ask: Ask | null): string | null {
  return ask?.role === 'escalated' ? null : approvalId
}

/** Who answers for an approver now: they themselves, or `Bob Smith (for Alice Chen)`. */
function askedNow(approver: Approver): { name: string } {
  const { name } = approver
  const delegate = delegateOf(approver)
  return { name: delegate ? `${quote(delegate.name, 60)} (for ${quote(name, 60)})` : name }
}

function since(asked: Approver[], { company }: ExpenseView): string {
  const [first] = asked.flatMap(({ askedAt }) => askedAt ?? []).sort((a, b) => a.getTime() - b.getTime())
  return first ? ` since ${formatDay(first, company.timeZone, company.locale)}` : ''
}

function askSentences({ status, approvers }: Step, { company }: ExpenseView): string[] {
  if (status !== 'open') return []
  const day = (at: Date) => formatDay(at, company.timeZone, company.locale)
  return approvers
    .filter((approver) => approver.status === 'asked')
    .flatMap(({ name, asks }) =>
      asks.flatMap((ask) => {
        const who = quote(ask.name, 60)
        const reminded = ask.remindedAt ? [`${who} was reminded on ${day(ask.remindedAt)}.`] : []
        if (ask.role === 'escalated') {
          return [
            `${who}, the next one up, is asked besides ${quote(name, 60)} since ${day(ask.askedAt)}.`,
            ...reminded,
          ]
        }
        if (ask.role === 'delegate' && ask.onBehalfOf !== null && ask.onBehalfOf !== name) {
          return [`${who} is asked for ${quote(ask.onBehalfOf, 60)} since ${day(ask.askedAt)}.`, ...reminded]
        }
        return reminded
      }),
    )
    .slice(0, 6)
}

/** `any of A or B`, `all of A and B`, `2 of A, B and C`. */
function quorum(people: { name: string }[], needed: number): string {
  if (people.length < 2) return listed(people, 'and')
  if (needed <= 1) return `any of ${listed(people, 'or')}`
  return `${needed < people.length ? needed : 'all'} of ${listed(people, 'and')}`
}

function reasonsOf(step: Step, own: string | null): string[] {
  const people = staying(step)
  const others = people.filter(({ approvalId }) => own === null || approvalId !== own)
  const reasons = [...Map.groupBy(others, ({ because }) => quote(because, 200))].slice(0, 5)
  const isShared = reasons.length === 1 && others.length === people.length
  return reasons.map(([because, same]) => `Why${isShared ? '' : ` ${listed(same, 'and')}`}: ${because}.`)
}

const verdicts = new Map([
  ['approved', 'approved'],
  ['rejected', 'rejected'],
  ['sent_back', 'sent back'],
])

/** `sent back` for `sent_back`. */
export function verdictWord(status: string): string {
  return verdicts.get(status) ?? 'decided'
}

/** The entry of the history that made an expense what it is: rejected, sent back or approved. */
export function lastDecision({ history, status }: ExpenseView): ExpenseView['history'][number] | undefined {
  return history.findLast(({ what }) => what === verdictWord(status))
}

/** `A, B and C`; of more than five the first five, and how many others. */
function listed(people: { name: string }[], word: 'and' | 'or'): string {
  const names = people.slice(0, 5).map(({ name }) => quote(name, 130))
  const others = people.length - names.length
  if (others > 0) names.push(others === 1 ? 'one other' : `${others} others`)
  return joined(names, word)
}

/**
 * Whom an expense is waiting for now: `Frank Miller or Eve Davis`, with the next ones up who may answer as well. Those
 * whose answer holds nothing up come last.
 */
export function waitingFor({ steps }: ExpenseView): string {
  const open = steps.filter(({ status }) => status === 'open')
  const step = open.find(({ required }) => required) ?? open[0]
  const asked = step?.approvers.filter(({ status }) => status === 'asked') ?? []
  if (!step || asked.length === 0) return 'approval'
  const needed = stillNeeded(step)
  if (needed <= 1) {
    return listed([...asked.map(askedNow), ...asked.flatMap(nextUpOf)], 'or')
  }
  return `${needed < asked.length ? `${needed} of ` : ''}${listed(asked.map(askedNow), 'and')}`
}
