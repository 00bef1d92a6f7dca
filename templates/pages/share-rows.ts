import { quote } from '../expense-words.ts'
import { type Html, html } from '../html.ts'
import { type Choice, errorOf, figureInput, input, select } from './form-parts.ts'

const shareColumns = ['categoryId', 'costCentre', 'amount'] as const
export const mostShares = 20

/** A field of one row, counted from 0. */
export type ShareField = `shares.${number}.${(typeof shareColumns)[number]}`

/** Every field that a row can have. */
export const shareFields: ShareField[] = Array.from({ length: mostShares }, (_, row) => row).flatMap((row) =>
  shareColumns.map((column): ShareField => `shares.${row}.${column}`),
)

export interface ShareRowsView {
  categories: Choice[]
  costCentres: Choice[]
  /** What is typed, by field. */
  values: Partial<Record<ShareField, string>>
  errors: Partial<Record<ShareField | 'shares', string>>
}

/** How many rows hold something. */
export function filledRows({ values }: Pick<ShareRowsView, 'values'>): number {
  return shareFields.reduce(
    (most, name, index) => (values[name] ? Math.floor(index / shareColumns.length) + 1 : most),
    0,
  )
}

/** The parts of a split, a row each: five, and three more than are filled in. Hidden until it is wanted. */
export function shareRows(view: ShareRowsView): Html {
  const { costCentres, errors } = view
  const filled = filledRows(view)
  const isOpen = filled > 0 || errors.shares !== undefined
  const count = Math.min(mostShares, Math.max(5, filled + 3))
  const over = costCentres.length > 0 ? 'categories or cost centres' : 'categories'
  const rows = Array.from({ length: count }, (_, row) => shareRow(view, row))
  return html`<details class="split" id="shares"${isOpen ? html` open` : ''}>
<summary>Split over several ${over}</summary>
<p class="hint">The parts add up to the amount. Clear a row to leave it out. More rows come when you save.</p>
${errorOf({ name: 'shares', label: '', error: errors.shares })}<div class="parts${costCentres.length > 0 ? ' three' : ''}">
${rows}</div>
</details>
`
}

function shareRow(view: ShareRowsView, row: number): Html {
  const { categories, costCentres, values, errors } = view
  const cell = (column: (typeof shareColumns)[number]) => {
    const name: ShareField = `shares.${row}.${column}`
    return { field: { name, label: '', error: errors[name] }, value: values[name] ?? '' }
  }
  const [category, centre, amount] = [cell('categoryId'), cell('costCentre'), cell('amount')]
  const called = (what: string) => html` aria-label="Part ${String(row + 1)}, ${what}"`
  const mistakes = [category, centre, amount].map(({ field }) => errorOf(field))
  const centreChoice =
    costCentres.length > 0
      ? select(centre.field, {
          choices: costCentres,
          value: centre.value,
          blank: 'No cost centre',
          more: called('cost centre'),
        })
      : ''
  return html`<div class="part">
${mistakes}${select(category.field, { choices: categories, value: category.value, blank: 'Category', more: called('category') })}
${centreChoice}
${input(amount.field, quote(amount.value, 40), html`placeholder="Amount"${called('amount')} ${figureInput}`)}
</div>
`
}
