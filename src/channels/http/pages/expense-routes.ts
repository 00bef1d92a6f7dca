import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { thing } from '../../../../templates/expense-words.ts'
import { expenseFormFields, expensePage } from '../../../../templates/pages/expense-page.ts'
import type { Notice } from '../../../../templates/pages/page.ts'
import type { Tx } from '../../../database/index.ts'
import {
  closeSpendRequest,
  commentOnExpense,
  discardExpense,
  type ExpenseView,
  editExpense,
  previewChanges,
  submitExpense,
  viewExpense,
  withdrawExpense,
} from '../../../features/expenses/index.ts'
import type { LinkClaims } from '../../../features/notifications/index.ts'
import { AppError, userError } from '../../../kernel/errors.ts'
import { changesOf, choicesFor, valuesOf, withoutGaps } from './expense-values.ts'
import { addLinkPage, type Done } from './link-page.ts'
import type { PageSite } from './page-site.ts'

const fields = z.object(Object.fromEntries(expenseFormFields.map((field) => [field, z.string().optional()])))
const form = z
  .object({
    action: z.enum(['save', 'submit', 'discard', 'take_back', 'answer', 'close']),
    answer: z.string().default(''),
  })
  .and(fields)
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
        expense: form && errors?.differsFrom ? await asTyped(tx, expense, form) : expense,
        choices: await choicesFor(tx, expense),
        values: { ...(isEdited ? withoutGaps(form) : valuesOf(expense)), answer: form?.answer ?? '' },
        errors: errors ?? {},
        notice: notice ?? noticeOf(done, expense),
      })
    },
    perform: async ({ inTx }, claims, form) => ({
      done: await inTx((tx) => perform(tx, site, claims, form)),
    }),
  })
}

/** With what it looks like by what was typed: that was refused for it, and is not saved. */
async function asTyped(tx: Tx, expense: ExpenseView, form: Form): Promise<ExpenseView> {
  const changes = changesOf(expense.kind, form, { mayHaveGaps: false })
  const { looksLike } = await previewChanges(tx, { expenseId: expense.id }, changes)
  return { ...expense, looksLike }
}

function noticeOf(done: Done | undefined, expense: ExpenseView): Notice | null {
  if (done === 'saved') return { kind: 'success', text: 'Saved.' }
  if (done !== 'answered') return null
  return expense.status === 'awaiting_approval'
    ? { kind: 'success', text: 'Your message was sent.' }
    : { kind: 'info', text: `Your message is kept. Nobody is asked about this ${thing(expense)} any more.` }
}

async function perform(
  tx: Tx,
  site: PageSite,
  claims: LinkClaims<'expense'>,
  form: Form,
): Promise<Done | undefined> {
  const { expense: expenseId } = claims
  switch (form.action) {
    case 'discard':
      await discardExpense(tx, expenseId)
      return
    case 'take_back':
      await withdrawExpense(tx, expenseId)
      return
    case 'close':
      await closeSpendRequest(tx, expenseId)
      return
    case 'answer':
      await answer(tx, site, expenseId, form.answer)
      return 'answered'
    case 'submit':
      await editAll(tx, claims, form, { mayHaveGaps: false })
      await submitExpense(tx, expenseId)
      return
    case 'save':
      await editAll(tx, claims, form, { mayHaveGaps: true })
      return 'saved'
  }
}

async function editAll(
  tx: Tx,
  claims: LinkClaims<'expense'>,
  form: Form,
  options: { mayHaveGaps: boolean },
): Promise<void> {
  const expense = await ownExpense(tx, claims)
  if (expense) await editExpense(tx, expense.id, changesOf(expense.kind, form, options))
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
