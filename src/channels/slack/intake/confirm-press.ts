import { z } from 'zod'
import { actions } from '../../../../templates/slack/expense-parts.ts'
import type { Tx } from '../../../database/index.ts'
import { type ConfirmedValues, confirmFields, type ExpenseField } from '../../../features/expenses/index.ts'
import { userError } from '../../../kernel/errors.ts'
import { type ActionDelivery, idOf } from '../payloads.ts'

/** What the buttons of `confirm.ts` carry. Values come back from outside. */
const confirmationSchema = z.object({
  expenseId: z.uuid(),
  values: z.object({
    merchant: z.string().optional(),
    amount: z.string().optional(),
    currency: z.string().optional(),
    date: z.string().optional(),
    categoryId: z.uuid().optional(),
  }),
})

const presses: readonly string[] = [
  actions.confirm,
  actions.confirmOther,
  actions.confirmThird,
  actions.confirmAll,
  actions.chooseCategory,
]

/** Whether a press confirms what was read, or chooses what was in doubt. */
export const isConfirmation = ({ actionId }: ActionDelivery): boolean => presses.includes(actionId)

/** The expense that is confirmed. @throws userError `button_unknown` */
export const confirmedExpense = (action: ActionDelivery): string => confirmationOf(action).expenseId

/** @throws as `confirmFields` */
export async function confirmByPress(tx: Tx, action: ActionDelivery): Promise<void> {
  const { expenseId, values } = confirmationOf(action)
  await confirmFields(tx, expenseId, fieldsOf(values), values)
}

function confirmationOf({ actionId, value }: ActionDelivery): { expenseId: string; values: ConfirmedValues } {
  if (actionId === actions.chooseCategory) {
    const [expenseId = '', categoryId = ''] = value.split(' ').map(idOf)
    return { expenseId, values: { categoryId } }
  }
  const { expenseId, values } = parsed(value)
  return {
    expenseId,
    values: Object.fromEntries(Object.entries(values).filter(([, one]) => one !== undefined)),
  }
}

function parsed(value: string): z.infer<typeof confirmationSchema> {
  try {
    return confirmationSchema.parse(JSON.parse(value))
  } catch (cause) {
    const message = 'This button no longer works. Please use the newest message.'
    throw userError('button_unknown', message, { cause })
  }
}

function fieldsOf({ merchant, amount, currency, date, categoryId }: ConfirmedValues): ExpenseField[] {
  return [
    ...(merchant === undefined ? [] : ['merchant' as const]),
    ...(amount === undefined && currency === undefined ? [] : ['amount' as const, 'currency' as const]),
    ...(date === undefined ? [] : ['date' as const]),
    ...(categoryId === undefined ? [] : ['category' as const]),
  ]
}
