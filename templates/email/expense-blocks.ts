import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { type Fact, pleaseCheck, type Remark, stepLines } from '../expense-words.ts'
import type { Block, FactRow } from './blocks.ts'

/** Facts as rows; what was read without certainty says so. */
export function factRows(facts: Fact[]): FactRow[] {
  return facts.map(({ label, lines, check }) => [label, ...lines.map((line) => checked(line, check))])
}

/** The words, with a request to check them where they are not certain. */
export function checked(text: string, check: boolean): string {
  return check ? `${text} (${pleaseCheck})` : text
}

/** A list of remarks, or nothing where there are none. */
export function remarksBlock(remarks: Remark[]): Block[] {
  if (remarks.length === 0) return []
  return [
    {
      kind: 'list',
      title: null,
      numbered: false,
      items: remarks.map(({ severity, text }) => ({ mark: severity, text })),
    },
  ]
}

/** The approval steps with who is asked, and who decided what. */
export function stepsBlock(view: ExpenseView, title: string): Block[] {
  const items = stepLines(view).map(({ title: step, outcome }) => ({
    mark: 'info' as const,
    text: `${step}: ${outcome}`,
  }))
  return items.length > 0 ? [{ kind: 'list', title, numbered: items.length > 1, items }] : []
}
