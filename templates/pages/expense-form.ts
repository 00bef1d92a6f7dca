import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { isUncertain, pleaseCheck, quote } from '../expense-words.ts'
import { type Html, html } from '../html.ts'

/** The fields of the form, by their names in the posted body. */
export type ExpenseFormField = 'merchant' | 'amount' | 'currency' | 'date' | 'category' | 'note'

export interface ExpenseFormView {
  expense: ExpenseView
  categories: { id: string; name: string }[]
  values: Record<ExpenseFormField, string>
  errors: Partial<Record<ExpenseFormField, string>>
}

/** The fields of an expense, filled in; what is unsure or wrong says so. */
export function expenseFields(view: ExpenseFormView): Html {
  const name = html`maxlength="200" autocomplete="off"`
  const figure = html`inputmode="decimal" maxlength="20" autocomplete="off"`
  const code = html`maxlength="3" autocapitalize="characters" autocomplete="off" spellcheck="false"`
  return html`${field(view, 'merchant', input(view, 'merchant', name))}<div class="pair">
${errorOf(view, 'amount')}${errorOf(view, 'currency')}${labelled(view, 'amount', input(view, 'amount', figure))}${labelled(view, 'currency', input(view, 'currency', code))}</div>
${field(view, 'date', input(view, 'date', html`type="date"`))}${field(view, 'category', categorySelect(view))}${field(view, 'note', noteArea(view))}`
}

const labels: Record<ExpenseFormField, string> = {
  merchant: 'Merchant',
  amount: 'Amount',
  currency: 'Currency',
  date: 'Date on the receipt',
  category: 'Category',
  note: 'Note (optional)',
}

function isUnsure({ expense }: ExpenseFormView, name: ExpenseFormField): boolean {
  return name !== 'note' && isUncertain(expense, name)
}

function field(view: ExpenseFormView, name: ExpenseFormField, control: Html): Html {
  return labelled(view, name, html`${errorOf(view, name)}${control}`)
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
<div class="label"><label for="${name}">${labels[name]}</label>${hint}</div>
${control}
</div>
`
}

/** Name and id, and what a screen reader says beside the label. */
function attributes(view: ExpenseFormView, name: ExpenseFormField): Html {
  const error = view.errors[name] !== undefined
  const described = [isUnsure(view, name) ? `${name}-hint` : '', error ? `${name}-error` : ''].filter(Boolean)
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
  const chosen = view.values.category
  const isKnown = view.categories.some(({ id }) => id === chosen)
  const options = view.categories.map(
    ({ id, name }) =>
      html`<option value="${id}"${id === chosen ? html` selected` : ''}>${quote(name, 75)}</option>
`,
  )
  return html`<select ${attributes(view, 'category')}>
${
  isKnown
    ? ''
    : html`<option value="" selected>Choose one</option>
`
}${options}</select>`
}
