import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { automaticSentence, conversation, pleaseCheck, quote, type Remark } from '../expense-words.ts'
import type { Fact } from '../fact-words.ts'
import { stepLines } from '../step-words.ts'
import { takenBackLines } from '../undone-words.ts'
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

/** The approval steps: who is asked and why, how many must agree, who decided what; or why nobody is asked. */
export function stepsBlock(view: ExpenseView, title: string, own: string | null = null): Block[] {
  const automatic = automaticSentence(view)
  const items = stepLines(view, own).map(({ title: step, outcome, asked, why }) => {
    const more = [...asked, ...why]
    return info(`${step}: ${outcome}${more.length > 0 ? `. ${more.join(' ')}` : ''}`)
  })
  if (items.length > 0) {
    return [{ kind: 'list', title, numbered: items.length > 1, items }, ...takenBackBlock(view)]
  }
  return automatic === null ? [] : [{ kind: 'list', title, numbered: false, items: [info(automatic)] }]
}

function takenBackBlock(view: ExpenseView): Block[] {
  const items = takenBackLines(view).map(info)
  return items.length > 0 ? [{ kind: 'list', title: null, numbered: false, items }] : []
}

/** What was asked and said, the newest ten; in a mail about one comment, what was said before it. */
export function conversationBlock(view: ExpenseView, about: string | null = null): Block[] {
  const all = conversation(view)
  const end = all.findIndex(({ id }) => id === about)
  const sayings = end < 0 ? all : all.slice(0, end)
  if (sayings.length === 0) return []
  const title = about === null ? 'Questions and answers' : 'What was said before'
  const items = sayings.slice(-10).map(({ head, text }) => info(`${head}: “${quote(text, 600)}”`))
  return [{ kind: 'list', title, numbered: false, items }]
}

/** The way to the page on which an approver lets somebody decide for them. */
export function awayLink(url: string): Block {
  return { kind: 'links', title: null, items: [{ label: 'Away? Let somebody decide for you', url }] }
}

function info(text: string): { mark: 'info'; text: string } {
  return { mark: 'info', text }
}
