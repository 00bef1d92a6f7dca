import type { ExpenseFormField, FormChoices } from '../../../../templates/pages/expense-page.ts'
import { mostShares, type ShareField, shareFields } from '../../../../templates/pages/share-rows.ts'
import type { Tx } from '../../../database/index.ts'
import {
  type ExpenseChanges,
  type ExpenseView,
  listRates,
  listSpendRequests,
  type ShareChanges,
} from '../../../features/expenses/index.ts'
import { listCategories, listCostCentres, listReasons } from '../../../features/people/index.ts'
import { currentPolicies } from '../../../features/policy/index.ts'
import { formatMoney, type Money, toDecimal } from '../../../kernel/money.ts'

/** What the form shows or was posted with, by field. */
export type FormValues = Partial<Record<ExpenseFormField, string>>

/** What can be chosen for an expense of this kind. */
export async function choicesFor(tx: Tx, expense: ExpenseView): Promise<FormChoices> {
  const { kind, submitter, request, company } = expense
  const centres = await listCostCentres(tx)
  const open = kind === 'request' ? [] : await listSpendRequests(tx, submitter.id)
  const rates = kind === 'mileage' || kind === 'per_diem' ? await listRates(tx) : null
  const policies = rates && (await currentPolicies(tx))?.document
  const hasCategory = (key: string) =>
    [...(policies?.mileage ?? []), ...(policies?.per_diem ?? [])]
      .filter((rate) => rate.key === key)
      .every(({ category }) => category !== undefined)
  const money = (amount: Money) => formatMoney(amount, company.locale)
  return {
    categories: await listCategories(tx),
    reasons: await listReasons(tx),
    costCentres: [
      ...closedCentres(expense, centres).map(({ code, name }) => ({
        id: code,
        name: `${code} ${name} (closed)`,
      })),
      ...centres.map(({ code, name }) => ({ id: code, name: `${code} ${name}` })),
    ],
    // The one that it draws on stays in the list, also when it is closed by now.
    requests: request && !open.some(({ id }) => id === request.id) ? [request, ...open] : open,
    rates:
      kind === 'mileage'
        ? (rates?.mileage ?? []).map(({ key, name, unit, rate }) => ({
            id: key,
            name: `${name}: ${company.currency} ${rate} a ${unit === 'km' ? 'kilometre' : 'mile'}`,
            unit,
            hasCategory: hasCategory(key),
          }))
        : (rates?.perDiem ?? []).map(({ key, name, fullDay, travelDay }) => ({
            id: key,
            name: `${name}: ${money(fullDay)} a day, ${money(travelDay)} for the first and the last`,
            unit: null,
            hasCategory: hasCategory(key),
          })),
  }
}

/** Those that it is booked on and that cannot be chosen anew. */
function closedCentres(
  { costCentre, shares }: ExpenseView,
  open: { code: string }[],
): { code: string; name: string }[] {
  const booked = [costCentre, ...shares.map((share) => share.costCentre)].filter((centre) => centre !== null)
  const closed = booked.filter(({ code }) => !open.some((centre) => centre.code === code))
  return [...new Map(closed.map((centre) => [centre.code, centre])).values()]
}

/** The form as the expense is now. */
export function valuesOf(expense: ExpenseView): FormValues {
  const { calculation, shares, amount } = expense
  const rows = shares.flatMap(({ category, costCentre, amount: part }, row): [ShareField, string][] => [
    [`shares.${row}.categoryId`, category.id],
    [`shares.${row}.costCentre`, costCentre?.code ?? ''],
    [`shares.${row}.amount`, toDecimal(part)],
  ])
  return {
    merchant: expense.merchant ?? '',
    amount: amount ? toDecimal(amount) : '',
    currency: amount?.currency ?? expense.company.currency,
    date: expense.date ?? '',
    category: expense.category?.id ?? '',
    costCentre: expense.costCentre?.code ?? '',
    requestId: expense.request?.id ?? '',
    reason: expense.reason?.id ?? '',
    attendees: expense.attendees.join(', '),
    note: expense.note ?? '',
    ...(calculation ? calculationValues(calculation) : {}),
    ...Object.fromEntries(rows),
  }
}

function calculationValues(calculation: NonNullable<ExpenseView['calculation']>): FormValues {
  if (calculation.kind === 'mileage') {
    const { rateKey, from, to, distance } = calculation
    return { rateKey, from, to, distance }
  }
  const { rateKey, firstDay, lastDay, provided } = calculation
  const count = (meals: number) => (meals === 0 ? '' : String(meals))
  return {
    rateKey,
    firstDay,
    lastDay,
    breakfasts: count(provided.breakfast),
    lunches: count(provided.lunch),
    dinners: count(provided.dinner),
  }
}

const required = {
  receipt: ['merchant', 'amount', 'currency', 'date'],
  request: ['merchant', 'amount', 'currency', 'date'],
  mileage: ['date'],
  per_diem: [],
} as const

const calculated = {
  receipt: [],
  request: [],
  mileage: ['rateKey', 'from', 'to', 'distance'],
  per_diem: ['rateKey', 'firstDay', 'lastDay', 'breakfasts', 'lunches', 'dinners'],
} as const

/**
 * What was typed, as changes. Saved for later, the form may have gaps: what is empty is left as it is. What an amount is
 * worked out from is taken together, so that nothing of it is lost.
 */
export function changesOf(
  kind: ExpenseView['kind'],
  values: FormValues,
  { mayHaveGaps }: { mayHaveGaps: boolean },
): ExpenseChanges {
  const typed = (field: ExpenseFormField) => values[field] ?? ''
  const isGiven = (field: ExpenseFormField) => !mayHaveGaps || typed(field) !== ''
  const parts = partsOf(values)
  const hasRows = shareFields.some((field) => values[field] !== undefined)
  const isWorkedOut = calculated[kind].some((field) => field !== 'rateKey' && typed(field) !== '')
  const together = isWorkedOut || !mayHaveGaps ? calculated[kind] : []
  return {
    ...Object.fromEntries(required[kind].filter(isGiven).map((field) => [field, typed(field)])),
    ...Object.fromEntries(together.map((field) => [field, typed(field)])),
    ...(parts.length === 0 && isGiven('category') ? { categoryId: typed('category') } : {}),
    ...(parts.length === 0 && values.costCentre !== undefined ? { costCentre: typed('costCentre') } : {}),
    ...(kind !== 'request' && values.requestId !== undefined ? { requestId: typed('requestId') } : {}),
    ...(values.differsFrom ? { differsFrom: values.differsFrom.split(' ') } : {}),
    reasonId: typed('reason'),
    attendees: typed('attendees'),
    note: typed('note'),
    ...(hasRows ? { shares: parts } : {}),
  }
}

/** The rows of the split that hold something. */
function partsOf(values: FormValues): ShareChanges[] {
  return Array.from({ length: mostShares }, (_, row): ShareChanges => {
    const typed = (column: keyof ShareChanges) => values[`shares.${row}.${column}`] ?? ''
    return { categoryId: typed('categoryId'), costCentre: typed('costCentre'), amount: typed('amount') }
  }).filter(({ categoryId, costCentre, amount }) => `${categoryId}${costCentre}${amount.trim()}` !== '')
}

/** What was typed, its rows moved up over empty ones: a mistake in a part is counted without these. */
export function withoutGaps(values: FormValues): FormValues {
  const cleared = shareFields.map((field) => [field, undefined])
  const parts = partsOf(values).flatMap((part, row) =>
    Object.entries(part).map(([column, text]) => [`shares.${row}.${column}`, text]),
  )
  return { ...values, ...Object.fromEntries([...cleared, ...parts]) }
}
