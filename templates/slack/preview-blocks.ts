import type { KnownBlock } from '@slack/types'
import type { ChangePreview, ExpenseKind, StepView } from '../../src/features/expenses/index.ts'
import { formatMoney } from '../../src/kernel/money.ts'
import { findingLines, isGrave } from './expense-parts.ts'
import { context, quote, sections } from './text.ts'
import { wordsOf } from './words/index.ts'

/** What is said about an expense as it stands in a form. */
export interface FormPreview extends Omit<ChangePreview, 'problems'> {
  /** What is wrong with what is typed, by input block. */
  problems: Record<string, string>
  /** Files are attached that were not read yet: they say what is left empty. */
  hasUnread: boolean
  /** It was sent like this, and not taken. */
  isRefused?: boolean | undefined
}

interface About {
  kind: ExpenseKind
  company: { locale: string }
}

/** The head of a form: what policy says, how much it is, and who will approve it. */
export function previewBlocks(preview: FormPreview, about: About): KnownBlock[] {
  const told = preview.findings.filter((finding) => isGrave(finding) || tellsOfRequest.has(finding.code))
  const line = planLine(preview, about)
  return [
    ...sections('findings', findingLines(told).slice(0, 8)),
    ...(line === '' ? [] : [context('plan', line)]),
  ]
}

/** That a request pays for it is why somebody chooses one. */
const tellsOfRequest = new Set(['request_covers', 'request_automatic'])

function planLine(preview: FormPreview, about: About): string {
  const { plan } = wordsOf(about.company.locale).forms
  if (preview.isRefused) return `:warning: ${plan.refused}`
  if (Object.keys(preview.problems).length > 0) return `:pencil2: ${plan.toMend}`
  if (preview.isHalfSplit) return `:pencil2: ${plan.partsFirst}`
  if (preview.hasUnread && preview.missing.length > 0) return plan.readFromReceipt
  const missing = missingText(preview, about)
  if (missing) return `:pencil2: ${plan.missing(missing)}`
  const isBlocked = preview.findings.some(({ severity }) => severity === 'blocking')
  const who = isBlocked ? '' : whoApproves(preview, about)
  const mark = preview.automatic === null ? ':bust_in_silhouette:' : ':white_check_mark:'
  const told = [who === '' ? '' : mark, amountText(preview, about), who]
  return told.filter((text) => text !== '').join(' ')
}

function missingText({ missing }: FormPreview, { kind, company }: About): string {
  const { common, forms } = wordsOf(company.locale)
  const names = { ...common.theFields, ...(kind === 'request' ? { merchant: forms.plan.whatFor } : {}) }
  // A form always has a currency chosen: what is missing is the amount in it.
  const asked = new Set(missing.map((field) => (field === 'currency' ? 'amount' : field)))
  return listed(
    [...asked].map((field) => names[field]),
    { locale: company.locale, type: 'conjunction' },
  )
}

/** Where nobody typed it: worked out, or in the company's currency. */
function amountText({ amount, companyAmount }: FormPreview, { kind, company }: About): string {
  const { plan } = wordsOf(company.locale).forms
  const isWorkedOut = kind === 'mileage' || kind === 'per_diem'
  const shown = companyAmount ?? (isWorkedOut ? amount : null)
  return shown ? plan.amount(formatMoney(shown, company.locale)) : ''
}

/** `Frank Miller or Bob Smith, then Eve Davis will approve.` */
function whoApproves({ steps, automatic }: FormPreview, { company }: About): string {
  const { plan } = wordsOf(company.locale).forms
  if (automatic !== null) return plan.nobody(quote(automatic, 200))
  if (steps.length === 0) return ''
  const shown = steps.slice(0, 8).map((step) => approversText(step, company.locale))
  return plan.willApprove(shown)
}

function approversText({ approvers, needed, required }: StepView, locale: string): string {
  const words = wordsOf(locale)
  const people = approvers.slice(0, 5).map(({ name }) => quote(name, 60))
  if (approvers.length > 5) people.push(words.common.others(approvers.length - 5))
  const type = needed < approvers.length && needed === 1 ? 'disjunction' : 'conjunction'
  const names = listed(people, { locale, type })
  const text = needed > 1 && needed < approvers.length ? words.forms.plan.some(needed, names) : names
  return required ? text : words.forms.plan.ifTheyLike(text)
}

function listed(texts: string[], { locale, type }: { locale: string; type: 'conjunction' | 'disjunction' }) {
  return new Intl.ListFormat([locale, 'en'], { type }).format(texts)
}

/** What tells what is wrong with an input, below it. */
export const problemBlock = (block: string): string => `problem_${block}`

/** The same blocks with what is wrong below each input. A form holds a hundred blocks. */
export function withProblems(blocks: KnownBlock[], { problems }: FormPreview): KnownBlock[] {
  let room = mostBlocks - blocks.length
  return blocks.flatMap((block) => {
    const problem = problems[block.block_id ?? '']
    if (problem === undefined || room <= 0) return [block]
    room -= 1
    return [block, context(problemBlock(block.block_id ?? ''), `:warning: ${quote(problem, 300)}`)]
  })
}

const mostBlocks = 100
