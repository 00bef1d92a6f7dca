import type { ExpenseView } from './expense-view.ts'

/** Which of a person's decisions about an expense can still be taken back, and until when (UTC), as the view was made. */
export function undoable(view: ExpenseView, personId: string): { approvalId: string; until: Date }[] {
  return view.canUndo
    .filter((one) => one.personId === personId)
    .map(({ approvalId, until }) => ({ approvalId, until }))
}
