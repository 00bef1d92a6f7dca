import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { isUncertain, quote } from '../email/expense-words.ts'
import { type Html, html } from '../html.ts'
import { checkMark } from './page-parts.ts'

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
  const { values } = view
  const merchant = input(view, 'merchant', html`maxlength="200" autocomplete="off"`)
  const amount = input(view, 'amount', html`inputmode="decimal" autocomplete="off" maxlength="20"`)
  const currency = input(
    view,
    'currency',
    html`maxlength="3" autocapitalize="characters" autocomplete="off" spellcheck="false"`,
  )
  return html`${field(view, 'merchant', merchant)}<div class="pair">
${field(view, 'amount', amount)}${field(view, 'currency', currency)}</div>
${field(view, 'date', input(view, 'date', html`type="date"`))}${field(view, 'category', categorySelect(view))}${field(
  view,
  'note',
  // A text area drops its first line break: the one before the value is not part of it.
  html`<textarea rows="3" maxlength="2000" ${attributes(view, 'note')}>
${values.note}</textarea>`,
)}`
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
  const error = view.errors[name]
  return html`<div class="field${isUnsure(view, name) ? ' unsure' : ''}">
<label for="${name}">${labels[name]}</label>
${
  isUnsure(view, name)
    ? html`<p class="hint" id="${name}-hint">${checkMark}</p>
`
    : ''
}${
  error
    ? html`<p class="error" id="${name}-error">${quote(error, 300)}</p>
`
    : ''
}${control}
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
