import type { ExpenseView } from '../src/features/expenses/index.ts'

/** What cards, mails and pages all take from the steps of an approval; each has words of its own for it. */
export type Step = ExpenseView['steps'][number]
export type Approver = Step['approvers'][number]
export type Ask = Approver['asks'][number]

/** Who is in a step now: not those in whose place somebody else was asked. */
export function staying({ approvers }: Pick<Step, 'approvers'>): Approver[] {
  return approvers.filter(({ status }) => status !== 'moved')
}

/** How many of those who are asked in an open step still must agree. */
export function stillNeeded({ needed, approvers }: Step): number {
  return needed - approvers.filter(({ status }) => status === 'approved').length
}

/** Somebody in an optional step who does not agree: others see it, and it ends nothing. */
export function isObjection({ required }: Step, { status }: Pick<Approver, 'status'>): boolean {
  return !required && (status === 'rejected' || status === 'sent_back')
}

/** The delegate who is asked in the approver's own place; undefined where they are asked themselves. */
export function delegateOf({ asks, name }: Approver): Ask | undefined {
  return asks.find(({ role, onBehalfOf }) => role === 'delegate' && onBehalfOf === name)
}

/** Who is asked besides an approver who has not answered. */
export function nextUpOf({ asks }: Approver): Ask[] {
  return asks.filter(({ role }) => role === 'escalated')
}
