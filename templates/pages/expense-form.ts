import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { pleaseCheck, quote } from '../expense-words.ts'
import { type Html, html } from '../html.ts'

/** The fields of the form, by their names in the posted body. */
export const expenseFormFields = [
  'merchant',
  'amount',
  'currency',
  'date',
  'category',
  'reason',
  'attendees',
  'note',
] as const
export type ExpenseFormField = (typeof expenseFormFields)[number]

export interface ExpenseFormView {
  expense: ExpenseView
  categories: Choice[]
  reasons: Choice[]
  values: Record<ExpenseFormField, string>
  errors: Partial<Record<ExpenseFormField, string>>
}

export interface Choice {
  id: string
  name: string
}

/** The fields of an expense, filled in; what is unsure or wrong says so. */
export function expenseFields(view: ExpenseFormView): Html {
  const name = html`maxlength="200" autocomplete="off"`
  const figure = html`inputmode="decimal" maxlength="20" autocomplete="off"`
  const code = html`maxlength="3" autocapitalize="characters" autocomplete="off" spellcheck="false"`
  const names = html`maxlength="2000" autocomplete="off"`
  return html`${field(view, 'merchant', input(view, 'merchant', name))}<div class="pair">
${errorOf(view, 'amount')}${errorOf(view, 'currency')}${labelled(view, 'amount', input(view, 'amount', figure))}${labelled(view, 'currency', input(view, 'currency', code))}</div>
${field(view, 'date', input(view, 'date', html`type="date"`))}${field(view, 'category', categorySelect(view))}${view.reasons.length > 0 ? field(view, 'reason', reasonSelect(view)) : ''}${field(view, 'attendees', input(view, 'attendees', names))}${field(view, 'note', noteArea(view))}`
}

const labels: Record<ExpenseFormField, string> = {
  merchant: 'Merchant',
  amount: 'Amount',
  currency: 'Currency',
  date: 'Date on the receipt',
  category: 'Category',
  reason: 'Reason',
  attendees: 'Who else was there',
  note: 'Note',
}

const hints: Partial<Record<ExpenseFormField, string>> = { attendees: 'Names, with commas between them' }

/** What policy may ask for and the form alone does not. */
const isExtra = (name: ExpenseFormField) => name === 'reason' || name === 'attendees' || name === 'note'

/** While something is refused, nothing is called optional: it may be just what policy asks for. */
function labelOf({ expense }: ExpenseFormView, name: ExpenseFormField): string {
  const isRefused = expense.findings.some(({ severity }) => severity === 'blocking')
  return isExtra(name) && !isRefused ? `${labels[name]} (optional)` : labels[name]
}

function isUnsure({ expense }: ExpenseFormView, name: ExpenseFormField): boolean {
  return expense.uncertain.some((field) => field === name)
}

function field(view: ExpenseFormView, name: ExpenseFormField, control: Html): Html {
  const hint = hints[name]
  const help =
    hint === undefined
      ? ''
      : html`<p class="hint" id="${name}-help">${hint}</p>
`
  return labelled(view, name, html`${help}${errorOf(view, name)}${control}`)
}

function errorOf({ errors }: ExpenseFormView, name: ExpenseFormField): Html {
  const error = errors[name]
  return error === undefined
    ? html``
    : html`<p class="error" id="${name}-error">${quote(error, 300)}</p>
`
}

function labelled(view: ExpenseFormView, name: ExpenseFormField, control: Html): Html {
  const unsure = isUnsure(view, name)
  const hint = unsure ? html`<span class="check" id="${name}-hint">${pleaseCheck}</span>` : ''
  return html`<div class="field${unsure ? ' unsure' : ''}">
<div class="label"><label for="${name}">${labelOf(view, name)}</label>${hint}</div>
${control}
</div>
`
}

/** Name and id, and what a screen reader says beside the label. */
function attributes(view: ExpenseFormView, name: ExpenseFormField): Html {
  const error = view.errors[name] !== undefined
  const described = [
    isUnsure(view, name) ? `${name}-hint` : '',
    hints[name] === undefined ? '' : `${name}-help`,
    error ? `${name}-error` : '',
  ].filter(Boolean)
  const by = described.length > 0 ? html` aria-describedby="${described.join(' ')}"` : ''
  return html`id="${name}" name="${name}"${by}${error ? html` aria-invalid="true"` : ''}`
}

function input(view: ExpenseFormView, name: ExpenseFormField, more: Html): Html {
  return html`<input ${attributes(view, name)} value="${view.values[name]}" ${more}>`
}

function noteArea(view: ExpenseFormView): Html {
  // A text area drops its first line break: the one before the value is not part of it.
  return html`<textarea rows="3" maxlength="2000" ${attributes(view, 'note')}>
${view.values.note}</textarea>`
}

function categorySelect(view: ExpenseFormView): Html {
  const isKnown = view.categories.some(({ id }) => id === view.values.category)
  return select(
    view,
    'category',
    isKnown ? view.categories : [{ id: '', name: 'Choose one' }, ...view.categories],
  )
}

function reasonSelect(view: ExpenseFormView): Html {
  return select(view, 'reason', [{ id: '', name: 'None' }, ...view.reasons])
}

function select(view: ExpenseFormView, name: 'category' | 'reason', choices: Choice[]): Html {
  const chosen = choices.find(({ id }) => id === view.values[name]) ?? choices[0]
  const options = choices.map(
    (choice) =>
      html`<option value="${choice.id}"${choice === chosen ? html` selected` : ''}>${quote(choice.name, 75)}</option>
`,
  )
  return html`<select ${attributes(view, name)}>
${options}</select>`
}
