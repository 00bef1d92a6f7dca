import type { ActionsBlockElement, Button, KnownBlock } from '@slack/types'
import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { amountText, dateText, plain, quote, sections, sectionWith } from './text.ts'
import { wordsOf } from './words/index.ts'

/** Every button of Outlay: what it does when pressed. Values are ids. */
export const actions = {
  submit: 'expense.submit',
  edit: 'expense.edit',
  /** Opens the form, because something is still missing. */
  complete: 'expense.complete',
  discard: 'expense.discard',
  /** Confirms what was read without certainty. The value is a `Confirmation`; several stand in one block. */
  confirm: 'expense.confirm',
  confirmOther: 'expense.confirm_other',
  confirmThird: 'expense.confirm_third',
  confirmAll: 'expense.confirm_all',
  /** The category that was chosen in the message itself. */
  chooseCategory: 'expense.choose_category',
  takeBack: 'expense.take_back',
  answer: 'expense.answer',
  /** Shows the other expense that this one looks like. The value is a `twinValue`. */
  twin: 'expense.twin',
  /** About files that were posted: what to make of them. The value is the question's id. */
  oneEach: 'question.one_each',
  together: 'question.together',
  /** Adds them to an expense; several stand in one block. The value is `question expense`, by ids. */
  addToExpense: 'question.add',
  addToOther: 'question.add_other',
  addToThird: 'question.add_third',
  /** Of a request to spend: gives back what is left of it. */
  close: 'request.close',
  /** In the form of an expense: splits it, adds a part, or puts it together again. */
  split: 'split.begin',
  addPart: 'split.add',
  endSplit: 'split.end',
  startRequest: 'start.request',
  startMileage: 'start.mileage',
  startPerDiem: 'start.per_diem',
  /** The form of a new expense. */
  startReceipt: 'start.receipt',
  /** Everything about an expense of one's own. The value is its id. */
  ownDetails: 'expense.details',
  /** In App Home: the next page of a list (`list id`), or the one before (`list`). */
  homeMore: 'home.more',
  homeBack: 'home.back',
  settings: 'settings.open',
  financeMonth: 'finance.month',
  financeUnpaid: 'finance.unpaid',
  financeExport: 'finance.export',
  /** In the forms of finance: closes the month that is shown, turns to another page. */
  closeMonth: 'finance.close_month',
  chooseMonth: 'finance.choose_month',
  unpaidMore: 'finance.unpaid_more',
  unpaidBack: 'finance.unpaid_back',
  approve: 'approval.approve',
  /** The same where it takes a code: opens the form that asks for it. */
  approveByCode: 'approval.approve_by_code',
  /** In a form that asks for a code: sends another one. */
  newCode: 'approval.new_code',
  reject: 'approval.reject',
  sendBack: 'approval.send_back',
  ask: 'approval.ask',
  /** Takes back one's own decision. */
  undo: 'approval.undo',
  details: 'approval.details',
  several: 'approval.several',
  /** A link to App Home: Slack opens it by itself. */
  openHome: 'home.open',
  /** A link to a message of ours. */
  openMessage: 'message.open',
  /** Opens the form by which somebody lets somebody else decide. */
  delegate: 'delegation.open',
  endDelegation: 'delegation.end',
  /**
   * Each opens a list of what admins can change: `admin.` and the name of the list. Where the value of `adminPeople` is the
   * id of a request for access, it opens the form that adds whoever asked.
   */
  adminPeople: 'admin.people',
  adminPolicies: 'admin.policies',
  adminCategories: 'admin.categories',
  adminAssignments: 'admin.assignments',
  adminDelegations: 'admin.delegations',
  adminCompany: 'admin.company',
  /** In App Home: the menu with the lists that have no button there. */
  adminMore: 'admin.more',
  /** In the forms of admins. */
  adminShow: 'admin.show',
  adminBack: 'admin.back',
  adminEarlier: 'admin.earlier',
  adminLater: 'admin.later',
  adminAdd: 'admin.add',
  adminAddStranger: 'admin.add_stranger',
  adminChange: 'admin.change',
  adminRemove: 'admin.remove',
  adminEnd: 'admin.end',
} as const

export function button(
  actionId: string,
  text: string,
  value: string,
  more: Pick<Button, 'style' | 'confirm' | 'accessibility_label'> = {},
): Button {
  return { type: 'button', action_id: actionId, text: plain(text), value, ...more }
}

/** A button that Slack follows by itself. */
export function linkButton(actionId: string, text: string, url: string): Button {
  return { ...button(actionId, text, 'link'), url }
}

export function actionsBlock(blockId: string, elements: ActionsBlockElement[]): KnownBlock {
  return { type: 'actions', block_id: blockId, elements }
}

const severityMarks = { info: '•', warning: ':warning:', blocking: ':no_entry:' } as const
const weight = { blocking: 0, warning: 1, info: 2 } as const

export function gravestFirst(findings: ExpenseView['findings']): ExpenseView['findings'] {
  return findings.toSorted((a, b) => weight[a.severity] - weight[b.severity])
}

/** What policy says, a sentence each, the gravest first. */
export function findingLines(findings: ExpenseView['findings']): string[] {
  return gravestFirst(findings).map(
    ({ severity, message }) => `${severityMarks[severity]} ${quote(message, 600)}`,
  )
}

/** The gravest of what policy says. What names another expense has a button that shows it. */
export function findingsBlocks(
  view: ExpenseView,
  findings = view.findings,
  blockId = 'findings',
): KnownBlock[] {
  const { common, cards } = wordsOf(view.company.locale)
  const differs = cards.twin.differs(quote(view.submitter.name, 60))
  const shown = gravestFirst(findings).slice(0, 8)
  const others = shown.filter(({ relatedExpenseId }) => !relatedExpenseId)
  const twins = shown.flatMap((finding) => {
    const [line = ''] = findingLines([finding])
    const { relatedExpenseId } = finding
    if (!relatedExpenseId) return []
    const said = view.differsFrom.includes(relatedExpenseId) ? `\n${differs}` : ''
    return [{ line: `${line}${said}`, value: twinValue(view.id, relatedExpenseId) }]
  })
  return [
    ...sections(blockId, findingLines(others.filter(isGrave))),
    ...twins.map(({ line, value }, index) =>
      sectionWith(`${blockId}_twin_${index + 1}`, line, button(actions.twin, common.show, value)),
    ),
    ...sections(`${blockId}_info`, findingLines(others.filter((finding) => !isGrave(finding)))),
  ]
}

/** Which expense is shown beside which: the reader may see the other one because of the first. */
const twinValue = (expenseId: string, relatedExpenseId: string) => `${expenseId} ${relatedExpenseId}`

/** Warns or blocks: somebody should look at it. */
export function isGrave({ severity }: ExpenseView['findings'][number]): boolean {
  return severity !== 'info'
}

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
