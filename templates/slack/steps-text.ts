import type { ExpenseView, StepView } from '../../src/features/expenses/index.ts'
import { formatDay } from '../../src/kernel/calendar-date.ts'
import { type Approver, type Ask, delegateOf, isObjection, nextUpOf, staying, stillNeeded } from '../steps.ts'
import { instantText, joined, quote } from './text.ts'
import { type Words, wordsOf } from './words/index.ts'

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

/** Of more steps the first are shown, and how many more there are. */
const mostSteps = 10

/** `Bob Smith`, or `Bob Smith for Alice Chen` where it was in her place. */
export function deciderText(
  { by, onBehalfOf }: Pick<Decided, 'by' | 'onBehalfOf'>,
  { cards }: Words,
): string {
  return onBehalfOf === null ? quote(by, 60) : cards.steps.inPlaceOf(quote(by, 60), quote(onBehalfOf, 60))
}

/** When somebody did something, and where: `today at 10:05 AM, in Slack`. */
export function whenAndWhere(
  { at, channel }: Pick<Decided, 'at' | 'channel'>,
  { company }: Pick<ExpenseView, 'company'>,
): string {
  const places: Record<string, string> = wordsOf(company.locale).common.channels
  const where = places[channel]
  return `${instantText(at, company)}${where ? `, ${where}` : ''}`
}

/**
 * The approval steps, a line each: who is asked and how many must agree, or who decided what, when and where. Of a request
 * that somebody ended only what was decided, and without their reason: it stands above.
 */
export function stepLines(view: ExpenseView): string[] {
  const ended = endedAgainst(view)
  return [
    ...shownSteps(view).flatMap((step, index) =>
      ended && step.status === 'skipped' ? [] : [stepLine(view, step, { index, unsaid: ended })],
    ),
    ...moreLine(view),
  ]
}

/** The decision that ended a request against the submitter; null: none did. */
function endedAgainst({ requestStatus }: ExpenseView): 'rejected' | 'sent_back' | null {
  return requestStatus === 'rejected' || requestStatus === 'sent_back' ? requestStatus : null
}

/** The same with a line under each step that says why these people are asked. */
export function explainedStepLines(view: ExpenseView): string[] {
  const lines = shownSteps(view).flatMap((step, index) => [
    stepLine(view, step, { index, unsaid: null }),
    ...whyLine(step, view.company.locale),
  ])
  return [...lines, ...moreLine(view)]
}

const shownSteps = ({ steps }: ExpenseView): StepView[] => steps.slice(0, mostSteps)

function moreLine({ steps, company }: ExpenseView): string[] {
  const more = steps.length - mostSteps
  return more > 0 ? [wordsOf(company.locale).common.andMore(more)] : []
}

/** `unsaid`: decisions of this kind without their reason. */
function stepLine(
  view: ExpenseView,
  step: StepView,
  { index, unsaid }: { index: number; unsaid: Approver['status'] | null },
): string {
  const { optional } = wordsOf(view.company.locale).cards.steps
  const description = quote(step.description, 100)
  const title = step.required ? description : optional(description)
  return `${stepMarks[step.status] ?? ''} ${index + 1}. ${title}: ${stepOutcome(step, view, unsaid)}`
}

function whyLine(step: StepView, locale: string): string[] {
  if (step.status === 'skipped') return []
  const { because, becauseOf } = wordsOf(locale).cards.steps
  const people = staying(step)
  const groups = [...Map.groupBy(people, (approver) => approver.because)]
  const reasons = groups.slice(0, 5).map(([reason, same]) => {
    const who = list(
      same.map(({ name }) => name),
      'and',
      locale,
    )
    return groups.length === 1 ? because(quote(reason, 200)) : becauseOf(who, quote(reason, 200))
  })
  // Whom somebody stands in for is said above.
  const others = people
    .flatMap(nextUpOf)
    .slice(0, 5)
    .map((ask) => becauseOf(quote(ask.name, 60), quote(ask.because, 200)))
  return reasons.length > 0 ? [`_${[...reasons, ...others].join('; ')}_`] : []
}

function stepOutcome(step: StepView, view: ExpenseView, unsaid: Approver['status'] | null): string {
  const { locale } = view.company
  const words = wordsOf(locale)
  const texts = words.cards.steps
  const parts = step.approvers.flatMap((approver) => {
    const { decided, status } = approver
    if (!decided) return []
    const said = texts.decided[isObjection(step, approver) ? 'objected' : verdictOf(status)]
    const why =
      decided.comment && status !== unsaid ? ` (${words.common.quoted(quote(decided.comment, 200))})` : ''
    return [`${said(deciderText(decided, words))}, ${whenAndWhere(decided, view)}${why}`]
  })
  const { asked, left } = stillAsked(step)
  if (asked.length > 0) {
    const names = asked.map((approver) => askedName(approver, words))
    const people = `${agreement(names, left, locale)}${askedSince(asked, view)}`
    parts.push(parts.length > 0 ? texts.stillToCome(people) : people)
  }
  if (parts.length > 0) return parts.join('; ')
  if (step.status === 'skipped') return view.requestStatus === 'approved' ? texts.without : texts.notAsked
  return agreement(
    staying(step).map(({ name }) => name),
    step.needed,
    locale,
  )
}

/** Which words there are for what somebody decided. */
export function verdictOf(status: string): 'approved' | 'rejected' | 'sent_back' {
  return status === 'rejected' || status === 'sent_back' ? status : 'approved'
}

/** Who may decide an open step now, and how many of them still must agree. */
function stillAsked(step: StepView): { asked: Approver[]; left: number } {
  const asked = step.status === 'open' ? step.approvers.filter(({ status }) => status === 'asked') : []
  return { asked, left: Math.max(stillNeeded(step), 1) }
}

/** The approver, or the delegate who is asked in their place. */
function ownAsk(approver: Approver): Ask | undefined {
  return delegateOf(approver) ?? approver.asks.find(({ role }) => role === 'approver')
}

/** `Bob Smith (for Alice Chen)` where a delegate is asked. */
function askedName(approver: Approver, { cards }: Words): string {
  const delegate = delegateOf(approver)
  return delegate ? cards.steps.standsInFor(delegate.name, approver.name) : approver.name
}

/** Since when they are asked, who was reminded, and who is asked besides because they have not answered. */
function askedSince(asked: Approver[], { company }: ExpenseView): string {
  const texts = wordsOf(company.locale).cards.steps
  const day = (at: Date) => formatDay(at, company.timeZone, company.locale)
  const own = asked.flatMap((approver) => ownAsk(approver) ?? [])
  const days = new Set(own.map(({ askedAt }) => day(askedAt)))
  const since = days.size === 1 ? [`, ${texts.askedSince([...days].join())}`] : []
  const reminded = own
    .flatMap(({ name, remindedAt }) => (remindedAt ? [{ name, on: day(remindedAt) }] : []))
    .slice(0, 5)
    .map(({ name, on }) =>
      own.length === 1 ? `, ${texts.reminded(on)}` : `, ${texts.remindedWho(quote(name, 60), on)}`,
    )
  const besides = asked
    .flatMap((approver) => approver.asks.filter((ask) => ask !== ownAsk(approver)))
    .slice(0, 5)
    .map(({ name, role, onBehalfOf, askedAt }) => {
      const who =
        role === 'delegate'
          ? texts.standsInFor(quote(name, 60), quote(onBehalfOf ?? '', 60))
          : texts.nextUp(quote(name, 60))
      return `; ${texts.besides(who, day(askedAt))}`
    })
  return [...since, ...reminded, ...besides].join('')
}

/** `any of A or B`, `all of A and B`, `2 of A, B and C`; a name where there is only one. */
function agreement(names: string[], needed: number, locale: string): string {
  const { anyOf, allOf, someOf } = wordsOf(locale).cards.steps
  if (names.length <= 1) return list(names, 'or', locale)
  if (needed <= 1) return anyOf(list(names, 'or', locale))
  const all = list(names, 'and', locale)
  return needed >= names.length ? allOf(all) : someOf(needed, all)
}

function list(people: string[], word: 'or' | 'and', locale: string): string {
  const { nobody, others } = wordsOf(locale).common
  const names = people.map((name) => quote(name, 140))
  const shown = names.length > 6 ? [...names.slice(0, 5), others(names.length - 5)] : names
  return joined(shown, word, locale) || nobody
}

/** Whom an expense is waiting for now: `Frank Miller or Eve Davis`. */
export function waitingFor({ steps, company: { locale } }: ExpenseView): string {
  const words = wordsOf(locale)
  const open = steps.map((step) => ({ ...stillAsked(step), ...step })).filter(({ asked }) => asked.length > 0)
  // An optional step never holds it up.
  const binding = open.some(({ required }) => required) ? open.filter(({ required }) => required) : open
  const people = binding.slice(0, 5).map(({ asked, left }) => {
    const besides = asked.flatMap(nextUpOf)
    const names = [...asked.map((approver) => askedName(approver, words)), ...besides.map(({ name }) => name)]
    return list(names, besides.length > 0 || left < asked.length ? 'or' : 'and', locale)
  })
  return people.join(` ${words.common.and} `) || words.cards.steps.approval
}
