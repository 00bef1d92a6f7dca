import type { ExpenseView } from '../src/features/expenses/index.ts'
import { formatInstant } from '../src/kernel/calendar-date.ts'
import { joined, quote } from './expense-words.ts'
import { en } from './slack/words/en/index.ts'
import type { Words } from './slack/words/index.ts'

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
export function decisionNoun({ what }: Pick<Undone, 'what'>, { cards }: Words = en): string {
  return cards.undo.nouns[what ?? 'open']
}

/**
 * What follows from taking back a decision, for whoever is about to. Where it was in the place of somebody else, that one
 * is asked, or whoever decides for them by then.
 */
export function undoConsequencesOf(
  { steps }: ExpenseView,
  approvalId: string,
  { cards }: Words = en,
): string {
  const decided = steps
    .flatMap(({ approvers }) => approvers)
    .find((approver) => approver.approvalId === approvalId)?.decided
  const principal = decided?.onBehalfOf ?? null
  return cards.undo.consequences(principal === null ? null : quote(principal, 60))
}

/** How a surface writes names and instants, and in whose words: mails and pages are in English. */
export interface Writing {
  name: (text: string) => string
  instant: (at: Date) => string
  words: Words
}

/** `Approval by Frank Miller taken back, Nov 20, 2026, 10:05 AM EST; with it the approval by Eve Davis`, a line each. */
export function takenBackLines(expense: ExpenseView, writing: Writing = plainWriting(expense)): string[] {
  const { words } = writing
  return rollbacks(expense)
    .slice(-3)
    .map(({ own, later }) => {
      const noun = decisionNoun(own, words)
      const line = words.cards.undo.line(noun, decidedBy(own, writing), writing.instant(own.at))
      return `${line}${withIt(later, writing)}`
    })
}

/** Who had decided, also where it was in the place of somebody else. */
function decidedBy({ decided, name }: Undone, { name: nameOf, words }: Writing): string {
  if (!decided) return nameOf(name)
  const { by, onBehalfOf } = decided
  return onBehalfOf === null ? nameOf(by) : words.cards.steps.inPlaceOf(nameOf(by), nameOf(onBehalfOf))
}

function withIt(later: Undone[], writing: Writing): string {
  const { cards, common } = writing.words
  const decided = later.filter(({ what }) => what !== null)
  const shown = decided
    .slice(0, 3)
    .map((undone) => cards.undo.nounBy(decisionNoun(undone, writing.words), decidedBy(undone, writing)))
  if (decided.length > 3) shown.push(cards.undo.more(decided.length - 3))
  return shown.length > 0 ? `; ${cards.undo.withIt(joined(shown, common.and))}` : ''
}

function plainWriting({ company }: ExpenseView): Writing {
  return {
    name: (text) => quote(text, 60),
    instant: (at) => formatInstant(at, company.timeZone, company.locale),
    words: en,
  }
}
