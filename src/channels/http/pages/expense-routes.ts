import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import { type ExpenseFormField, expensePage } from '../../../../templates/pages/expense-page.ts'
import type { Notice } from '../../../../templates/pages/page.ts'
import { inCompany, type Tx } from '../../../database/index.ts'
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
import { AppError } from '../../../kernel/errors.ts'
import { toDecimal } from '../../../kernel/money.ts'
import { enter, type PageSite, sendMissing, sendPage } from './page-site.ts'
import { sendReceipt } from './receipt-picture.ts'

type Claims = LinkClaims<'expense'>
type Request = { Params: { token: string }; Querystring: { saved?: string } }

const text = z.string().max(4000).default('')
const formSchema = z.object({
  action: z.enum(['save', 'submit', 'discard', 'take_back']),
  merchant: text,
  amount: text,
  currency: text,
  date: text,
  category: text,
  note: text,
})
type Form = z.infer<typeof formSchema>
type Values = Record<ExpenseFormField, string>

/** `/e/<token>`: the page on which a submitter completes, submits, discards or takes back an expense. */
export function addExpenseRoutes(server: FastifyInstance, site: PageSite): void {
  server.get<Request>('/e/:token', async (request, reply) => {
    const claims = await enter(site, 'expense', request.params.token, reply)
    const notice = request.query.saved === '1' ? { kind: 'success' as const, text: 'Saved.' } : undefined
    if (claims) await show(site, claims, request.params.token, reply, { ...(notice ? { notice } : {}) })
    return reply
  })

  server.post<Request>('/e/:token', async (request, reply) => {
    const { token } = request.params
    const claims = await enter(site, 'expense', token, reply)
    if (!claims) return reply
    const form = formSchema.safeParse(request.body)
    if (!form.success) {
      const notice = { kind: 'error' as const, text: 'Please use one of the buttons.' }
      return show(site, claims, token, reply, { status: 400, notice })
    }
    try {
      await inTx(site, claims, (tx) => perform(tx, claims.expense, form.data))
      const saved = form.data.action === 'save' ? '?saved=1' : ''
      return reply
        .code(303)
        .header('location', `/e/${token}${saved}`)
        .header('referrer-policy', 'no-referrer')
        .send()
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return show(site, claims, token, reply, { ...explain(error), values: form.data })
    }
  })

  server.get<{ Params: { token: string; receipt: string } }>(
    '/e/:token/receipts/:receipt',
    async (request, reply) => {
      const claims = await enter(site, 'expense', request.params.token, reply)
      if (!claims) return reply
      return inTx(site, claims, async (tx) => {
        const expense = await ownExpense(tx, claims)
        return sendReceipt(tx, reply, expense?.id ?? null, request.params.receipt)
      })
    },
  )
}

async function perform(tx: Tx, expenseId: string, form: Form): Promise<void> {
  if (form.action === 'discard') return discardExpense(tx, expenseId)
  if (form.action === 'take_back') return withdrawExpense(tx, expenseId)
  const { merchant, amount, currency, date, category: categoryId, note } = form
  const typed = { merchant, amount, currency, date, categoryId, note }
  if (form.action === 'submit') {
    await editExpense(tx, expenseId, typed)
    await submitExpense(tx, expenseId)
    return
  }
  // Saved for later, the form may have gaps; what is filled in must be right all the same.
  const filled = Object.fromEntries(
    Object.entries(typed).filter(([field, value]) => field === 'note' || value !== ''),
  )
  await editExpense(tx, expenseId, filled)
}

interface Shown {
  status?: number
  notice?: Notice
  values?: Values
  errors?: Partial<Values>
}

async function show(
  site: PageSite,
  claims: Claims,
  token: string,
  reply: FastifyReply,
  shown: Shown = {},
): Promise<FastifyReply> {
  const page = await inTx(site, claims, async (tx) => {
    const expense = await ownExpense(tx, claims)
    if (!expense) return null
    return expensePage({
      expense,
      action: `/e/${token}`,
      receiptUrl: (id) => `/e/${token}/receipts/${id}`,
      categories: await listCategories(tx),
      values: shown.values ?? valuesOf(expense),
      errors: shown.errors ?? {},
      notice: shown.notice ?? null,
    })
  })
  return page === null ? sendMissing(reply) : sendPage(reply, shown.status ?? 200, page)
}

async function ownExpense(tx: Tx, claims: Claims): Promise<ExpenseView | null> {
  const expense = await viewExpense(tx, claims.expense)
  return expense?.submitter.id === claims.person ? expense : null
}

function valuesOf(expense: ExpenseView): Values {
  return {
    merchant: expense.merchant ?? '',
    amount: expense.amount ? toDecimal(expense.amount) : '',
    currency: expense.amount?.currency ?? expense.company.currency,
    date: expense.date ?? '',
    category: expense.category?.id ?? '',
    note: expense.note ?? '',
  }
}

const fields: readonly ExpenseFormField[] = ['merchant', 'amount', 'currency', 'date', 'category', 'note']

function explain(error: AppError): Shown {
  const field = fields.find((name) => name === error.field)
  if (field) return { status: 422, errors: { [field]: error.message } }
  const status = error.kind === 'transient' ? 503 : error.code === 'not_yours' ? 403 : 409
  return { status, notice: { kind: 'error', text: error.message } }
}

function inTx<T>(site: PageSite, claims: Claims, work: (tx: Tx) => Promise<T>): Promise<T> {
  const actor = { personId: claims.person, channel: 'email' as const }
  return inCompany(site.database, { companyId: claims.company, actor }, work)
}
