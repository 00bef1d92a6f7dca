import type { ExpenseView, StepView } from '../../src/features/expenses/index.ts'
import { isObjection } from '../expense-words.ts'
import { instantText, quote } from './text.ts'

type Approver = StepView['approvers'][number]

const stepMarks: Record<string, string> = {
  planned: ':white_circle:',
  waiting: ':white_circle:',
  open: ':hourglass_flowing_sand:',
  approved: ':white_check_mark:',
  rejected: ':x:',
  sent_back: ':leftwards_arrow_with_hook:',
  skipped: ':heavy_minus_sign:',
}

const verdictWords: Record<string, string> = {
  approved: 'approved',
  rejected: 'rejected',
  sent_back: 'sent back',
}

/** `sent back` for `sent_back`. */
export function verdictWord(status: string): string {
  return verdictWords[status] ?? 'decided'
}

/** The approval steps, a line each: who is asked and how many must agree, or who decided what and when. */
export function stepLines(view: ExpenseView): string[] {
  return view.steps.slice(0, 10).map((step, index) => {
    const optional = step.required ? '' : ' (optional)'
    return `${stepMarks[step.status] ?? ''} ${index + 1}. ${quote(step.description, 100)}${optional}: ${stepOutcome(step, view)}`
  })
}

/** The same with a line under each step that says why these people are asked. */
export function explainedStepLines(view: ExpenseView): string[] {
  const lines = stepLines(view)
  return view.steps.slice(0, 10).flatMap((step, index) => [lines[index] ?? '', ...whyLine(step)])
}

function whyLine({ approvers, status }: StepView): string[] {
  if (status === 'skipped') return []
  const groups = [...Map.groupBy(staying(approvers), ({ because }) => because)]
  const reasons = groups
    .slice(0, 5)
    .map(([because, people]) =>
      groups.length === 1
        ? `because ${quote(because, 200)}`
        : `${list(people, 'and')}: ${quote(because, 200)}`,
    )
  return reasons.length > 0 ? [`_${reasons.join('; ')}_`] : []
}

function stepOutcome(step: StepView, { company }: ExpenseView): string {
  const parts = step.approvers.flatMap((approver) => {
    const { decided, status } = approver
    if (!decided) return []
    const verdict = isObjection(step, approver) ? 'objected to' : verdictWord(status)
    const why = decided.comment ? ` (“${quote(decided.comment, 200)}”)` : ''
    return [
      `${verdict} by ${quote(decided.by, 60)}, ${instantText(decided.at, company.timeZone, company.locale)}${why}`,
    ]
  })
  const { asked, left } = stillAsked(step)
  if (asked.length > 0) parts.push(`${parts.length > 0 ? 'still to come: ' : ''}${agreement(asked, left)}`)
  if (parts.length > 0) return parts.join('; ')
  if (step.status === 'skipped') return 'not needed any more'
  return agreement(staying(step.approvers), step.needed)
}

/** Who may decide an open step now, and how many of them still must agree. */
function stillAsked({ status, needed, approvers }: StepView): { asked: Approver[]; left: number } {
  const asked = status === 'open' ? approvers.filter((approver) => approver.status === 'asked') : []
  const approved = approvers.filter((approver) => approver.status === 'approved').length
  return { asked, left: Math.max(needed - approved, 1) }
}

/** Those who were not replaced by somebody else. */
const staying = (approvers: Approver[]) => approvers.filter(({ status }) => status !== 'moved')

/** `any of A or B`, `all of A and B`, `2 of A, B and C`; a name where there is only one. */
function agreement(people: Approver[], needed: number): string {
  if (people.length <= 1) return list(people, 'or')
  if (needed <= 1) return `any of ${list(people, 'or')}`
  return needed >= people.length ? `all of ${list(people, 'and')}` : `${needed} of ${list(people, 'and')}`
}

function list(people: Approver[], word: 'or' | 'and'): string {
  const names = people.map(({ name }) => quote(name, 60))
  const shown = names.length > 6 ? [...names.slice(0, 5), `${names.length - 5} others`] : names
  const last = shown.pop() ?? 'nobody'
  return shown.length > 0 ? `${shown.join(', ')} ${word} ${last}` : last
}

/** Whom an expense is waiting for now: `Frank Miller or Eve Davis`. */
export function waitingFor({ steps }: ExpenseView): string {
  const open = steps.map((step) => ({ ...stillAsked(step), ...step })).filter(({ asked }) => asked.length > 0)
  // An optional step never holds it up.
  const binding = open.some(({ required }) => required) ? open.filter(({ required }) => required) : open
  return (
    binding.map(({ asked, left }) => list(asked, left < asked.length ? 'or' : 'and')).join(' and ') ||
    'approval'
  )
}
