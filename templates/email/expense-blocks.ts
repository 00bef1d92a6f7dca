import type { ExpenseView } from '../../src/features/expenses/index.ts'
import type { Block, FactRow } from './blocks.ts'
import { type Fact, pleaseCheck, policyRemarks, type Remark, stepLines } from './expense-words.ts'

/** Facts as rows; what was read without certainty says so. */
export function factRows(facts: Fact[]): FactRow[] {
  return facts.map(({ label, lines, check }) => [label, ...lines.map((line) => checked(line, check))])
}

/** The words, with a request to check them where they are not certain. */
export function checked(text: string, check: boolean): string {
  return check ? `${text} (${pleaseCheck})` : text
}

/** A list of remarks, or nothing where there are none. */
export function remarksBlock(remarks: Remark[], title: string | null = null): Block[] {
  if (remarks.length === 0) return []
  return [{ kind: 'list', title, items: remarks.map(({ severity, text }) => ({ mark: severity, text })) }]
}

/** What policy says. */
export function policyBlock(view: ExpenseView): Block[] {
  return remarksBlock(policyRemarks(view))
}

/** The approval steps with who is asked, and who decided what. */
export function stepsBlock(view: ExpenseView, title: string): Block[] {
  const items = stepLines(view).map(({ title: step, outcome }, index) => ({
    mark: 'info' as const,
    text: view.steps.length > 1 ? `${index + 1}. ${step}: ${outcome}` : `${step}: ${outcome}`,
  }))
  return items.length > 0 ? [{ kind: 'list', title, items }] : []
}
