import type { ExpenseView } from '../src/features/expenses/index.ts'
import { formatInstant } from '../src/kernel/calendar-date.ts'
import { quote } from './expense-words.ts'
import { deciderText } from './step-words.ts'

type Undone = ExpenseView['undone'][number]

/** One decision that somebody took back, and what was undone with it. */
export interface Rollback {
  own: Undone
  later: Undone[]
}

/** What was taken back, oldest first. */
export function rollbacks({ undone }: ExpenseView): Rollback[] {
  const moments = [...Map.groupBy(undone, ({ at, byId }) => `${at.getTime()} ${byId}`).values()]
  return moments
    .flatMap((fallen) => {
      const own = fallen.find(({ decided, byId }) => decided?.byId === byId)
      return own ? [{ own, later: fallen.filter((undone) => undone !== own) }] : []
    })
    .sort((one, other) => one.own.at.getTime() - other.own.at.getTime())
}

/** The rollback in which an approval was undone. */
export function rollbackOf(expense: ExpenseView, approvalId: string | null): Rollback | undefined {
  return rollbacks(expense).find(({ own, later }) =>
    [own, ...later].some((undone) => undone.approvalId === approvalId),
  )
}

/** Until when this person can take back the decision of this approval; null when they cannot. */
export function undoUntil({ canUndo }: ExpenseView, approvalId: string, personId: string): Date | null {
  return canUndo.find((one) => one.approvalId === approvalId && one.personId === personId)?.until ?? null
}

/** `approval` for `approved`. */
export function decisionNoun({ what }: Pick<Undone, 'what'>): string {
  switch (what) {
    case 'approved':
      return 'approval'
    case 'rejected':
      return 'rejection'
    case 'sent_back':
      return 'send-back'
    case null:
      return 'decision'
  }
}

/** What follows from taking back a decision, for whoever is about to. */
const undoConsequences =
  'It goes back to you for a decision. Later decisions are undone, too, and everybody concerned is told.'

/** The same, where it was in the place of somebody else: that one is asked, or whoever decides for them by then. */
export function undoConsequencesOf({ steps }: ExpenseView, approvalId: string): string {
  const decided = steps
    .flatMap(({ approvers }) => approvers)
    .find((approver) => approver.approvalId === approvalId)?.decided
  const principal = decided?.onBehalfOf
  return principal
    ? undoConsequences.replace('to you', `to ${quote(principal, 60)}, or whoever decides for them then,`)
    : undoConsequences
}

/** How a surface writes names and instants. */
export interface Writing {
  name: (text: string) => string
  instant: (at: Date) => string
}

/** `Approval by Frank Miller taken back, Nov 20, 2026, 10:05 AM EST; with it the approval by Eve Davis`, a line each. */
export function takenBackLines(expense: ExpenseView, writing: Writing = plainWriting(expense)): string[] {
  return rollbacks(expense)
    .slice(-3)
    .map(({ own, later }) => {
      const noun = decisionNoun(own)
      const head = `${noun.charAt(0).toUpperCase()}${noun.slice(1)} by ${decidedBy(own, writing)} taken back`
      return `${head}, ${writing.instant(own.at)}${withIt(later, writing)}`
    })
}

/** Who had decided, also where it was in the place of somebody else. */
function decidedBy({ decided, name }: Undone, writing: Writing): string {
  return decided ? deciderText(decided, writing.name) : writing.name(name)
}

function withIt(later: Undone[], writing: Writing): string {
  const decided = later.filter(({ what }) => what !== null)
  const shown = decided
    .slice(0, 3)
    .map((undone) => `the ${decisionNoun(undone)} by ${decidedBy(undone, writing)}`)
  if (decided.length > 3) shown.push(`${decided.length - 3} more`)
  const last = shown.pop()
  if (last === undefined) return ''
  return `; with it ${shown.length > 0 ? `${shown.join(', ')} and ` : ''}${last}`
}

function plainWriting({ company }: ExpenseView): Writing {
  return {
    name: (text) => quote(text, 60),
    instant: (at) => formatInstant(at, company.timeZone, company.locale),
  }
}
