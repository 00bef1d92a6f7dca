import type { ExpenseLine } from '../../src/features/expenses/index.ts'
import { formatMoney } from '../../src/kernel/money.ts'
import { plainSpaces, quote } from '../expense-words.ts'
import type { Block } from './blocks.ts'
import { type Mail, renderMail } from './layout.ts'

export interface PaidMailView {
  company: { name: string; currency: string; locale: string }
  /** With an amount each. */
  expenses: ExpenseLine[]
}

/** So many are named; more would be no mail any more. */
const mostNamed = 50

/** Tells a submitter which of their expenses finance has reimbursed. */
export function renderPaidMail({ company, expenses }: PaidMailView): Mail {
  const total = formatMoney({ minor: sum(expenses), currency: company.currency }, company.locale)
  const [only] = expenses
  const title =
    only && expenses.length === 1
      ? `${only.number} is paid: ${total}`
      : `${expenses.length} of your expenses are paid: ${total}`
  const named = expenses.slice(0, mostNamed).map((one) => lineOf(one, company.locale))
  const rest = expenses.length - named.length
  const list: Block = {
    kind: 'list',
    title: null,
    numbered: false,
    items: [...named, ...(rest > 0 ? [`and ${rest} more`] : [])].map((text) => ({ mark: 'info', text })),
  }
  return renderMail({
    subject: plainSpaces(title),
    preview: named[0] ?? '',
    company: company.name,
    title,
    blocks: [
      { kind: 'paragraph', text: 'Finance marked this as paid. You do not have to do anything.' },
      list,
    ],
    reason: `You get this mail because you submitted this at ${quote(company.name)}.`,
  })
}

function lineOf({ amount, companyAmount, merchant, number }: ExpenseLine, locale: string): string {
  const own = companyAmount ? ` (${formatMoney(companyAmount, locale)})` : ''
  const amounts = amount ? `${formatMoney(amount, locale)}${own}` : ''
  return `${amounts}, ${quote(merchant ?? '', 60)} (${number})`
}

/** In the company's currency. */
const sum = (expenses: ExpenseLine[]) =>
  expenses.reduce(
    (all, { amount, companyAmount }) => all + (companyAmount ?? amount ?? { minor: 0 }).minor,
    0,
  )
