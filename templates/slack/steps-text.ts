import type { ExpenseView, StepView } from '../../src/features/expenses/index.ts'
import { formatDay } from '../../src/kernel/calendar-date.ts'
import { isObjection } from '../step-words.ts'
import { instantText, quote } from './text.ts'

type Approver = StepView['approvers'][number]
type Ask = Approver['asks'][number]
type Decided = NonNullable<Approver['decided']>

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

/** `Bob Smith`, or `Bob Smith for Alice Chen` where it was in her place. */
export function deciderText({ by, onBehalfOf }: Pick<Decided, 'by' | 'onBehalfOf'>): string {
  return onBehalfOf === null ? quote(by, 60) : `${quote(by, 60)} for ${quote(onBehalfOf, 60)}`
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
  const reasons = groups.slice(0, 5).map(([because, people]) => {
    const who = list(
      people.map(({ name }) => name),
      'and',
    )
    return groups.length === 1 ? `because ${quote(because, 200)}` : `${who}: ${quote(because, 200)}`
  })
  // Whom somebody stands in for is said above.
  const others = staying(approvers)
    .flatMap(({ asks }) => asks.filter(({ role }) => role === 'escalated'))
    .slice(0, 5)
    .map(({ name, because }) => `${quote(name, 60)}: ${quote(because, 200)}`)
  return reasons.length > 0 ? [`_${[...reasons, ...others].join('; ')}_`] : []
}

function stepOutcome(step: StepView, view: ExpenseView): string {
  const { company } = view
  const parts = step.approvers.flatMap((approver) => {
    const { decided, status } = approver
    if (!decided) return []
    const verdict = isObjection(step, approver) ? 'objected to' : verdictWord(status)
    const why = decided.comment ? ` (“${quote(decided.comment, 200)}”)` : ''
    return [
      `${verdict} by ${deciderText(decided)}, ${instantText(decided.at, company.timeZone, company.locale)}${why}`,
    ]
  })
  const { asked, left } = stillAsked(step)
  if (asked.length > 0) {
    const people = `${agreement(asked.map(askedName), left)}${askedSince(asked, view)}`
    parts.push(`${parts.length > 0 ? 'still to come: ' : ''}${people}`)
  }
  if (parts.length > 0) return parts.join('; ')
  if (step.status === 'skipped') return 'not needed any more'
  return agreement(
    staying(step.approvers).map(({ name }) => name),
    step.needed,
  )
}

/** Who may decide an open step now, and how many of them still must agree. */
function stillAsked({ status, needed, approvers }: StepView): { asked: Approver[]; left: number } {
  const asked = status === 'open' ? approvers.filter((approver) => approver.status === 'asked') : []
  const approved = approvers.filter((approver) => approver.status === 'approved').length
  return { asked, left: Math.max(needed - approved, 1) }
}

/** Those who were not replaced by somebody else. */
const staying = (approvers: Approver[]) => approvers.filter(({ status }) => status !== 'moved')

/** The approver, or the delegate who is asked in their place. */
function ownAsk({ asks, name }: Approver): Ask | undefined {
  return asks.find(
    ({ role, onBehalfOf }) => role === 'approver' || (role === 'delegate' && onBehalfOf === name),
  )
}

/** `Bob Smith (for Alice Chen)` where a delegate is asked. */
function askedName(approver: Approver): string {
  const ask = ownAsk(approver)
  return ask?.role === 'delegate' ? `${ask.name} (for ${approver.name})` : approver.name
}

/** Since when they are asked, who was reminded, and who is asked besides because they have not answered. */
function askedSince(asked: Approver[], { company }: ExpenseView): string {
  const day = (at: Date) => formatDay(at, company.timeZone, company.locale)
  const own = asked.flatMap((approver) => ownAsk(approver) ?? [])
  const days = new Set(own.map(({ askedAt }) => day(askedAt)))
  const since = days.size === 1 ? `, asked since ${[...days].join()}` : ''
  const reminded = own
    .filter(({ remindedAt }) => remindedAt !== null)
    .slice(0, 5)
    .map(({ name, remindedAt }) => {
      const who = own.length === 1 ? '' : `${quote(name, 60)} `
      return `, ${who}reminded ${remindedAt ? day(remindedAt) : ''}`
    })
  const besides = asked
    .flatMap((approver) => approver.asks.filter((ask) => ask !== ownAsk(approver)))
    .slice(0, 5)
    .map(({ name, role, onBehalfOf, askedAt }) => {
      const who = role === 'delegate' ? `${name} (for ${onBehalfOf ?? ''})` : `${name}, the next one up`
      return `; and ${quote(who, 140)}, since ${day(askedAt)}`
    })
  return [since, ...reminded, ...besides].join('')
}

/** `any of A or B`, `all of A and B`, `2 of A, B and C`; a name where there is only one. */
function agreement(names: string[], needed: number): string {
  if (names.length <= 1) return list(names, 'or')
  if (needed <= 1) return `any of ${list(names, 'or')}`
  return needed >= names.length ? `all of ${list(names, 'and')}` : `${needed} of ${list(names, 'and')}`
}

function list(people: string[], word: 'or' | 'and'): string {
  const names = people.map((name) => quote(name, 140))
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
    binding
      .map(({ asked, left }) => {
        const besides = asked.flatMap(({ asks }) => asks.filter(({ role }) => role === 'escalated'))
        const names = [...asked.map(askedName), ...besides.map(({ name }) => name)]
        return list(names, besides.length > 0 || left < asked.length ? 'or' : 'and')
      })
      .join(' and ') || 'approval'
  )
}
