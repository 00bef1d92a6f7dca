import type { WaitingExpense } from '../../src/features/expenses/index.ts'
import { formatMoney } from '../../src/kernel/money.ts'
import { plainSpaces, quote } from '../expense-words.ts'
import type { Block } from './blocks.ts'
import { type Mail, renderMail } from './layout.ts'

export interface DigestMailView {
  company: { name: string; locale: string }
  /** What waits longest comes first; `link` is the reader's page of it. */
  waiting: (WaitingExpense & { link: string })[]
  /** How many more wait than those. */
  more: number
}

/** All that waits for an approver, with a way to each, where a mail about each would be too many. */
export function renderDigestMail({ company, waiting, more }: DigestMailView): Mail {
  const count = waiting.length + more
  const title = count === 1 ? 'One request waits for you' : `${count} requests wait for you`
  const items = waiting.map((one) => ({ label: lineOf(one, company.locale), url: one.link }))
  return renderMail({
    subject: title,
    preview: plainSpaces(items[0]?.label ?? ''),
    company: company.name,
    title,
    blocks: [
      { kind: 'paragraph', text: 'Open each to decide. What has waited longest comes first.' },
      { kind: 'links', title: null, items },
      ...moreBlocks(more),
    ],
    reason: `You get this mail because you are asked to approve these at ${quote(company.name)}. Its links work in your name, so please do not pass it on.`,
  })
}

function lineOf(waiting: WaitingExpense, locale: string): string {
  const { amount, companyAmount, merchant, submitter, number, onBehalfOf, warnings, needsCode } = waiting
  const own = companyAmount ? ` (${formatMoney(companyAmount, locale)})` : ''
  const notes = [
    ...(onBehalfOf === null ? [] : [`for ${quote(onBehalfOf, 60)}`]),
    ...(warnings === 0 ? [] : [warnings === 1 ? 'one remark' : `${warnings} remarks`]),
    ...(needsCode ? ['needs a code'] : []),
  ]
  const what = `${formatMoney(amount, locale)}${own}, ${quote(merchant, 60)}, from ${quote(submitter, 60)}`
  return `${what} (${[number, ...notes].join(', ')})`
}

function moreBlocks(more: number): Block[] {
  if (more === 0) return []
  const text = `And ${more} more. A mail on your next working day lists what is left then; in Slack you see them all.`
  return [{ kind: 'paragraph', text }]
}
