import type { ActionsBlockElement, Button, KnownBlock } from '@slack/types'
import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { amountText, dateText, instantText, plain, quote, section } from './text.ts'

/** Every button of Outlay: what it does when pressed. Values are ids. */
export const actions = {
  submit: 'expense.submit',
  edit: 'expense.edit',
  /** Opens the form, because something is still missing. */
  complete: 'expense.complete',
  discard: 'expense.discard',
  takeBack: 'expense.take_back',
  approve: 'approval.approve',
  reject: 'approval.reject',
  sendBack: 'approval.send_back',
  details: 'approval.details',
} as const

export function button(
  actionId: string,
  text: string,
  value: string,
  more: Pick<Button, 'style' | 'confirm' | 'accessibility_label'> = {},
): Button {
  return { type: 'button', action_id: actionId, text: plain(text), value, ...more }
}

export function actionsBlock(blockId: string, elements: ActionsBlockElement[]): KnownBlock {
  return { type: 'actions', block_id: blockId, elements }
}

/** The facts of an expense, with a mark at what was read without certainty. */
export function factPairs(view: ExpenseView): [string, string][] {
  const { locale } = view.company
  const check = (uncertain: boolean, text: string) => (uncertain ? `${text} :warning: _please check_` : text)
  const is = (field: ExpenseView['uncertain'][number]) => view.uncertain.includes(field)
  return [
    ['Merchant', check(is('merchant'), view.merchant ? quote(view.merchant) : '—')],
    ['Amount', check(is('amount') || is('currency'), amountText(view.amount, view.companyAmount, locale))],
    ['Date', check(is('date'), dateText(view.date, locale))],
    ['Category', check(is('category'), view.category ? quote(view.category.name) : '—')],
  ]
}

const severityMarks = { info: '•', warning: ':warning:', blocking: ':no_entry:' } as const

/** What policy says, a sentence a line. */
export function findingsBlock(view: ExpenseView): KnownBlock[] {
  if (view.findings.length === 0) return []
  const lines = view.findings
    .slice(0, 8)
    .map(({ severity, message }) => `${severityMarks[severity]} ${quote(message, 300)}`)
  return [section('findings', lines.join('\n'))]
}

const stepMarks: Record<string, string> = {
  planned: ':white_circle:',
  waiting: ':white_circle:',
  open: ':hourglass_flowing_sand:',
  approved: ':white_check_mark:',
  rejected: ':x:',
  sent_back: ':leftwards_arrow_with_hook:',
  skipped: ':heavy_minus_sign:',
}

/** The approval steps with who is asked, and who decided what. */
export function stepsText(view: ExpenseView): string {
  return view.steps
    .slice(0, 10)
    .map((step, index) => {
      const who = step.approvers
        .map(({ name }) => quote(name, 60))
        .slice(0, 5)
        .join(' or ')
      const decided = step.approvers.flatMap(({ decided, status }) =>
        decided
          ? [
              `${words[status] ?? status} by ${quote(decided.by, 60)}, ${instantText(decided.at, view.company.timeZone, view.company.locale)}`,
            ]
          : [],
      )
      const outcome = decided.length > 0 ? decided.join('; ') : who
      return `${stepMarks[step.status] ?? ''} ${index + 1}. ${quote(step.description, 100)}${step.required ? '' : ' (optional)'}: ${outcome}`
    })
    .join('\n')
}

const words: Record<string, string> = { approved: 'approved', rejected: 'rejected', sent_back: 'sent back' }

/** One line that says what this expense is: for notifications and screen readers. */
export function headline(view: ExpenseView): string {
  const parts = [
    view.number,
    view.merchant ? quote(view.merchant, 80) : null,
    view.amount ? amountText(view.amount, view.companyAmount, view.company.locale) : null,
    view.date ? dateText(view.date, view.company.locale) : null,
  ]
  return parts.filter((part) => part !== null).join(', ')
}
