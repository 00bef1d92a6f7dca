import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { type ExpenseFormField, expensePage } from '../../../../templates/pages/expense-page.ts'
import type { Tx } from '../../../database/index.ts'
import {
  discardExpense,
  type ExpenseView,
  editExpense,
  submitExpense,
  viewExpense,
  withdrawExpense,
} from '../../../features/expenses/index.ts'
import type { LinkClaims } from '../../../features/notifications/index.ts'
import { listCategories } from '../../../features/people/index.ts'
import type { AppError } from '../../../kernel/errors.ts'
import { toDecimal } from '../../../kernel/money.ts'
import { addLinkPage } from './link-page.ts'
import type { PageSite } from './page-site.ts'

const text = z.string().default('')
const form = z.object({
  action: z.enum(['save', 'submit', 'discard', 'take_back']),
  merchant: text,
  amount: text,
  currency: text,
  date: text,
  category: text,
  note: text,
})
type Form = z.infer<typeof form>
const fields: readonly ExpenseFormField[] = ['merchant', 'amount', 'currency', 'date', 'category', 'note']

/** `/e/<token>`: the page on which a submitter completes, submits, discards or takes back an expense. */
export function addExpenseRoutes(server: FastifyInstance, site: PageSite): void {
  addLinkPage(server, site, {
    path: 'e',
    purpose: 'expense',
    form,
    expenseOf: async (tx, claims) => (await ownExpense(tx, claims))?.id ?? null,
    show: async (tx, claims, address, { notice, form, error }) => {
      const expense = await ownExpense(tx, claims)
      if (!expense) return null
      return expensePage({
        ...address,
        expense,
        categories: await listCategories(tx),
        values: form ?? valuesOf(expense),
        errors: errorsOf(error),
        notice: notice ?? null,
      })
    },
    perform: (tx, claims, form) => perform(tx, claims.expense, form),
  })
}

async function perform(tx: Tx, expenseId: string, form: Form): Promise<'saved' | undefined> {
  const { merchant, amount, currency, date, category: categoryId, note } = form
  const typed = { merchant, amount, currency, date, categoryId, note }
  switch (form.action) {
    case 'discard':
      await discardExpense(tx, expenseId)
      return
    case 'take_back':
      await withdrawExpense(tx, expenseId)
      return
    case 'submit':
      await editExpense(tx, expenseId, typed)
      await submitExpense(tx, expenseId)
      return
    case 'save': {
      // Saved for later, the form may have gaps; what is filled in must be right all the same.
      const entries = Object.entries(typed)
      await editExpense(
        tx,
        expenseId,
        Object.fromEntries(entries.filter(([field, value]) => field === 'note' || value !== '')),
      )
      return 'saved'
    }
  }
}

async function ownExpense(tx: Tx, claims: LinkClaims<'expense'>): Promise<ExpenseView | null> {
  const expense = await viewExpense(tx, claims.expense)
  return expense?.submitter.id === claims.person ? expense : null
}

function valuesOf(expense: ExpenseView): Record<ExpenseFormField, string> {
  return {
    merchant: expense.merchant ?? '',
    amount: expense.amount ? toDecimal(expense.amount) : '',
    currency: expense.amount?.currency ?? expense.company.currency,
    date: expense.date ?? '',
    category: expense.category?.id ?? '',
    note: expense.note ?? '',
  }
}

function errorsOf(error: AppError | undefined): Partial<Record<ExpenseFormField, string>> {
  const field = fields.find((name) => name === error?.field)
  return field && error ? { [field]: error.message } : {}
}
