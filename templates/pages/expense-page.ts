import type { ExpenseView } from '../../src/features/expenses/index.ts'
import {
  canTakeBack,
  isReading,
  numberAndKind,
  openPoints,
  policyRemarks,
  quote,
  type Remark,
  thing,
} from '../expense-words.ts'
import { calculationLines, furtherFacts } from '../fact-words.ts'
import { type Html, html } from '../html.ts'
import { lastDecision, verdictWord, waitingFor } from '../step-words.ts'
import {
  type ExpenseFormField,
  expenseFields,
  expenseFormFields,
  type FormChoices,
  hasUsualCategory,
} from './expense-form.ts'
import { type Notice, renderPage } from './page.ts'
import {
  conversationList,
  factList,
  figure,
  quotation,
  receiptPictures,
  remarkList,
  sheetClass,
  stepList,
  writingBox,
} from './page-parts.ts'

export { type ExpenseFormField, expenseFormFields, type FormChoices }

export interface ExpensePageView {
  expense: ExpenseView
  /** Where the forms post their fields and `action` (submit, save, discard, take_back, answer, close). */
  action: string
  receiptUrl: (receiptId: string) => string
  choices: FormChoices
  /** What the forms show: the expense's values, or what was typed when it comes back with errors. */
  values: Partial<Record<ExpenseFormField | 'answer', string>>
  errors: Partial<Record<ExpenseFormField | 'answer', string>>
  notice: Notice | null
}

/** The submitter's page of one expense: the form while it can be changed, after that where it stands. */
export function expensePage(view: ExpensePageView): string {
  const { expense, notice, errors } = view
  const isOpen = ['draft', 'sent_back', 'blocked'].includes(expense.status)
  const { title, more } = headOf(view)
  const fields = isOpen
    ? expenseFormFields
    : expense.status === 'awaiting_approval'
      ? ['answer' as const]
      : []
  const mistakes = fields.flatMap((field) => {
    const text = errors[field]
    return text === undefined ? [] : [{ field, text }]
  })
  return renderPage({
    title: `${title} (${expense.number})`,
    company: expense.company.name,
    notice,
    mistakes,
    foot: `This page is for you, ${quote(expense.submitter.name, 60)}. Its address works in your name, so please do not pass it on.`,
    body: html`<article class="${sheetClass(expense)}">
<div class="first">
<p class="number">${numberAndKind(expense)}</p>
<h1>${title}</h1>
${more}${isOpen ? workedOut(expense) : html`${figure(expense)}${remarkList(policyRemarks(expense))}${factList(furtherFacts(expense, 'submitter'))}`}</div>
${receiptPictures(expense, view.receiptUrl)}<div class="then">
${isOpen ? html`${conversationList(expense)}${editForm(view)}` : stateParts(view)}</div>
</article>`,
  })
}

/** What an open form gives so far, where nobody types the amount. */
function workedOut(expense: ExpenseView): Html {
  if (!expense.calculation) return html``
  return html`${figure(expense)}<p class="muted">${calculationLines(expense).join('; ')}</p>
`
}

interface Head {
  title: string
  more: Html
}

function headOf(view: ExpensePageView): Head {
  const { expense } = view
  const said = (text: string) => html`<p>${text}</p>
`
  switch (expense.status) {
    case 'draft':
      return draftHead(expense)
    case 'submitted':
      return { title: 'Submitted', more: said('It goes to the approvers when the receipt is read.') }
    case 'awaiting_approval':
      return questionHead(view) ?? { title: `Waiting for ${waitingFor(expense)}`, more: html`` }
    case 'approved':
      return expense.kind === 'request'
        ? {
            title: 'Approved: you may spend it',
            more: said(`When you hand in a receipt, choose ${expense.number} on its expense.`),
          }
        : { title: 'Approved', more: said('The statement is mailed to you and finance.') }
    case 'rejected':
      return { title: decidedTitle(expense), more: reasonOf(expense) }
    case 'sent_back':
      return {
        title: decidedTitle(expense),
        more: html`${reasonOf(expense)}${said('Change it and submit it again.')}`,
      }
    case 'blocked':
      return { title: 'It cannot go on as it is', more: html`` }
    case 'settled':
      return { title: 'Settled', more: html`` }
    case 'cancelled':
      return expense.round > 0
        ? {
            title: 'Closed',
            more: said('What was left is given back. Expenses that draw on it stay as they are.'),
          }
        : { title: 'Discarded', more: said('Nothing was submitted.') }
  }
}

/** An open question comes before everything else, with the box for its answer. */
function questionHead(view: ExpensePageView): Head | null {
  const { question } = view.expense
  if (!question) return null
  return {
    title: `${quote(question.who, 60)} has a question`,
    more: html`${quotation(question.text)}${answerForm(view, 'Your answer')}`,
  }
}

function draftHead(expense: ExpenseView): Head {
  if (isReading(expense)) {
    return {
      title: 'Reading your receipt…',
      more: html`<p>Please load this page again in a few seconds, or fill it in yourself.</p>
`,
    }
  }
  if (expense.missing.length > 0 && expense.kind !== 'receipt')
    return { title: blankTitles[expense.kind], more: html`` }
  if (expense.missing.length > 0) return { title: 'A few things are missing', more: html`` }
  const isBlocked = expense.findings.some(({ severity }) => severity === 'blocking')
  const next = isBlocked
    ? 'Something has to change before it can be submitted.'
    : expense.kind === 'receipt'
      ? 'Please check it against the receipt, then submit it.'
      : 'Please check it, then submit it.'
  return {
    title:
      expense.kind === 'receipt'
        ? 'Here is what I read'
        : isBlocked
          ? 'It cannot go on as it is'
          : 'Ready to submit',
    more: html`<p>${next}</p>
`,
  }
}

const blankTitles = {
  mileage: 'Which trip was it?',
  per_diem: 'Which days were you away?',
  request: 'What would you like to spend?',
}

function decidedTitle(expense: ExpenseView): string {
  const verdict = verdictWord(expense.status)
  const last = lastDecision(expense)
  return `${verdict.charAt(0).toUpperCase()}${verdict.slice(1)}${last ? ` by ${quote(last.who, 130)}` : ''}`
}

function reasonOf(expense: ExpenseView): Html {
  const comment = lastDecision(expense)?.comment
  return comment ? quotation(comment) : html``
}

function editForm(view: ExpensePageView): Html {
  const { expense, action } = view
  const policy = policyRemarks(expense)
  const graver = policy.filter(({ severity }) => severity !== 'info')
  const info = policy.filter(({ severity }) => severity === 'info')
  const plan = stepList(expense, { heading: 'Who will approve' })
  return html`${remarkList([...(isReading(expense) ? [] : pointsOf(view)), ...graver])}<form method="post" action="${action}" novalidate>
${expenseFields(view)}${remarkList(info)}${plan}<div class="buttons">
<button class="main" name="action" value="submit">${expense.status === 'draft' ? 'Submit' : 'Submit again'}</button>
<button name="action" value="save">${expense.kind === 'mileage' || expense.kind === 'per_diem' ? 'Work it out and save' : 'Save for later'}</button>
</div>
<details>
<summary>Discard this ${thing(expense)}</summary>
<p>It is not submitted, and it cannot be brought back.</p>
<button class="grave" name="action" value="discard">Discard ${expense.number}</button>
</details>
</form>
`
}

/** What has to be looked at. A form that was refused says itself what is missing in it. */
function pointsOf(view: ExpensePageView): Remark[] {
  const { expense, errors } = view
  const isRefused = Object.keys(errors).length > 0
  const missing = expense.missing.filter((field) => field !== 'category' || !hasUsualCategory(view))
  return openPoints(isRefused ? { ...expense, missing: [], uncertain: [] } : { ...expense, missing })
}

/** Where it stands, what was said, and what the submitter can still do. */
function stateParts(view: ExpensePageView): Html {
  const { expense } = view
  const said = expense.status === 'rejected' ? (lastDecision(expense)?.comment ?? null) : null
  const steps = stepList(expense, { heading: 'Approval', said })
  const isWaiting = expense.status === 'awaiting_approval'
  const talk = conversationList(expense, isWaiting ? (expense.question?.id ?? null) : null)
  return html`${steps}${talk}${isWaiting && !expense.question ? furtherWords(view) : ''}${canTakeBack(expense) ? takeBackForm(view) : ''}${closeForm(view)}`
}

/** An approved request that is not needed any more. */
function closeForm({ expense, action }: ExpensePageView): Html {
  if (expense.kind !== 'request' || expense.status !== 'approved') return html``
  return html`<details>
<summary>Not needed any more, or something left?</summary>
<p>Nothing more can be spent on it then. It cannot be opened again.</p>
<form method="post" action="${action}">
<div class="buttons"><button class="grave" name="action" value="close">Give back what is left</button></div>
</form>
</details>
`
}

function furtherWords(view: ExpensePageView): Html {
  const isOpen = view.errors.answer !== undefined
  return html`<details${isOpen ? html` open` : ''}>
<summary>Write to whoever is asked</summary>
${answerForm(view, 'Your message')}</details>
`
}

function answerForm({ expense, action, values, errors }: ExpensePageView, label: string): Html {
  const box = writingBox({
    name: 'answer',
    label,
    hint: `Goes to ${expense.question ? quote(expense.question.who, 60) : 'whoever is asked to approve'}.`,
    value: values.answer ?? '',
    error: errors.answer ?? null,
  })
  return html`<form method="post" action="${action}" novalidate>
${box}<div class="buttons"><button class="main" name="action" value="answer">Send</button></div>
</form>
`
}

function takeBackForm({ action }: ExpensePageView): Html {
  return html`<form method="post" action="${action}">
<p class="muted">Not right? As long as nobody has decided, you can take it back and change it.</p>
<div class="buttons"><button name="action" value="take_back">Take back</button></div>
</form>
`
}
