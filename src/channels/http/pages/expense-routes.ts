import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import {
  type ExpenseFormField,
  expenseFormFields,
  expensePage,
} from '../../../../templates/pages/expense-page.ts'
import type { Notice } from '../../../../templates/pages/page.ts'
import type { Tx } from '../../../database/index.ts'
import {
  commentOnExpense,
  discardExpense,
  type ExpenseView,
  editExpense,
  submitExpense,
  viewExpense,
  withdrawExpense,
} from '../../../features/expenses/index.ts'
import type { LinkClaims } from '../../../features/notifications/index.ts'
import { listCategories, listReasons } from '../../../features/people/index.ts'
import { AppError, userError } from '../../../kernel/errors.ts'
import { toDecimal } from '../../../kernel/money.ts'
import { addLinkPage, type Done } from './link-page.ts'
import type { PageSite } from './page-site.ts'

const text = z.string().default('')
const form = z.object({
  action: z.enum(['save', 'submit', 'discard', 'take_back', 'answer']),
  merchant: text,
  amount: text,
  currency: text,
  date: text,
  category: text,
  reason: text,
  attendees: text,
  note: text,
  answer: text,
})
type Form = z.infer<typeof form>

/** `/e/<token>`: the page on which a submitter completes, submits, discards or takes back an expense, and answers. */
export function addExpenseRoutes(server: FastifyInstance, site: PageSite): void {
  addLinkPage(server, site, {
    path: 'e',
    purpose: 'expense',
    form,
    fields: [...expenseFormFields, 'answer'],
    expenseOf: async (tx, claims) => (await ownExpense(tx, claims))?.id ?? null,
    show: async (tx, claims, address, { notice, form, errors, done }) => {
      const expense = await ownExpense(tx, claims)
      if (!expense) return null
      const isEdited = form !== undefined && form.action !== 'answer'
      return expensePage({
        ...address,
        expense,
        categories: await listCategories(tx),
        reasons: await listReasons(tx),
        values: { ...(isEdited ? form : valuesOf(expense)), answer: form?.answer ?? '' },
        errors: errors ?? {},
        notice: notice ?? noticeOf(done, expense),
      })
    },
    perform: (tx, claims, form) => perform(tx, site, claims.expense, form),
  })
}

function noticeOf(done: Done | undefined, { status }: ExpenseView): Notice | null {
  if (done === 'saved') return { kind: 'success', text: 'Saved.' }
  if (done !== 'answered') return null
  return status === 'awaiting_approval'
    ? { kind: 'success', text: 'Your message was sent.' }
    : { kind: 'info', text: 'Your message is kept. Nobody is asked about this expense any more.' }
}

async function perform(tx: Tx, site: PageSite, expenseId: string, form: Form): Promise<Done | undefined> {
  const { merchant, amount, currency, date, category: categoryId, reason: reasonId, attendees, note } = form
  const required = { merchant, amount, currency, date, categoryId }
  const extra = { reasonId, attendees, note }
  switch (form.action) {
    case 'discard':
      await discardExpense(tx, expenseId)
      return
    case 'take_back':
      await withdrawExpense(tx, expenseId)
      return
    case 'answer':
      await answer(tx, site, expenseId, form.answer)
      return 'answered'
    case 'submit':
      await editExpense(tx, expenseId, { ...required, ...extra })
      await submitExpense(tx, expenseId)
      return
    case 'save': {
      // Saved for later, the form may have gaps; what is filled in must be right all the same.
      const filled = Object.entries(required).filter(([, value]) => value !== '')
      await editExpense(tx, expenseId, { ...Object.fromEntries(filled), ...extra })
      return 'saved'
    }
  }
}

/** What is wrong with the answer is said at its own box. */
async function answer(tx: Tx, site: PageSite, expenseId: string, text: string): Promise<void> {
  try {
    await commentOnExpense(tx, site.subjects, expenseId, text)
  } catch (error) {
    if (!(error instanceof AppError) || error.field !== 'comment') throw error
    throw userError(error.code, error.message, { field: 'answer' })
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
    reason: expense.reason?.id ?? '',
    attendees: expense.attendees.join(', '),
    note: expense.note ?? '',
  }
}
