import type { Tx } from '../../database/index.ts'
import { toDecimal, tryAmount } from '../../kernel/money.ts'
import { getCompany, listCategories } from '../people/index.ts'
import type { ExpenseView } from './expense-view.ts'
import { categoriesUsedFor, recentCurrencies } from './often-used.ts'
import { editable } from './transitions.ts'

/** What the actor may choose from where something about their draft is in doubt, the likeliest first. */
export interface LikelyAnswers {
  /** In which currencies the digits that were read make sense, that of the draft first; one where it is certain. */
  currencies: string[]
  /** How many of the categories are likelier than the rest. */
  likely: number
  categories: { id: string; name: string }[]
}

export const noAnswers: LikelyAnswers = { currencies: [], likely: 0, categories: [] }

/** More than that is a guess as well. */
const mostCurrencies = 3

/** The answers to what is in doubt about a draft of the actor; none where nothing is. */
export async function likelyAnswers(tx: Tx, expense: ExpenseView): Promise<LikelyAnswers> {
  const { status, uncertain, missing } = expense
  if (!editable.includes(status) || expense.shares.length > 0) return noAnswers
  const asksCategory = uncertain.includes('category') || missing.includes('category')
  return {
    currencies: await currenciesFor(tx, expense),
    ...(asksCategory ? await categoriesFor(tx, expense) : { likely: 0, categories: [] }),
  }
}

async function currenciesFor(tx: Tx, { amount, uncertain }: ExpenseView): Promise<string[]> {
  if (!amount) return []
  if (!uncertain.includes('currency')) return [amount.currency]
  const digits = toDecimal(amount)
  const { currency } = await getCompany(tx)
  const all = [...new Set([amount.currency, currency, ...(await recentCurrencies(tx))])]
  return all.filter((one) => tryAmount(digits, one) !== null).slice(0, mostCurrencies)
}

async function categoriesFor(
  tx: Tx,
  { category, merchant }: ExpenseView,
): Promise<Pick<LikelyAnswers, 'likely' | 'categories'>> {
  const open = await listCategories(tx)
  const used = merchant === null ? [] : await categoriesUsedFor(tx, merchant)
  const likely = [...new Set([...(category ? [category.id] : []), ...used])]
    .flatMap((id) => open.find((one) => one.id === id) ?? [])
    .slice(0, 5)
  const rest = open.filter((one) => !likely.includes(one))
  const categories = [...likely, ...rest].map(({ id, name }) => ({ id, name }))
  return { likely: likely.length, categories }
}
