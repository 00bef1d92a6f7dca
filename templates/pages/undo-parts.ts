import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { formatInstant } from '../../src/kernel/calendar-date.ts'
import { quote } from '../expense-words.ts'
import { type Html, html } from '../html.ts'
import { decisionNoun, type Rollback, undoConsequencesOf, undoUntil } from '../undone-words.ts'
import { quotation } from './page-parts.ts'

interface Decided {
  expense: ExpenseView
  approvalId: string
  viewer: { id: string }
}

/** Takes back the reader's decision, as long as that is possible. */
export function undoForm({ expense, approvalId, viewer, action }: Decided & { action: string }): Html {
  const until = undoUntil(expense, approvalId, viewer.id)
  if (until === null) return html``
  const { timeZone, locale } = expense.company
  return html`<section aria-labelledby="undo">
<h2 id="undo">Changed your mind?</h2>
<p class="muted because">You can undo this until ${formatInstant(until, timeZone, locale)}. ${undoConsequencesOf(expense, approvalId)}</p>
<form method="post" action="${action}">
<div class="buttons"><button name="decision" value="undo">Undo</button></div>
</form>
</section>
`
}

const whatNow = new Map([
  ['asked', 'You are asked again.'],
  ['waiting', 'You are asked again when it is your turn.'],
])

/** Heads the page of an approval that counts no more: whose doing that is, and the way to where they are asked anew. */
export function undoneHead(
  { expense, approvalId, viewer, anewUrl }: Decided & { anewUrl: string | null },
  { own, later }: Rollback,
): { title: string; more: Html; reason: null } {
  const { company, steps } = expense
  const fallen = later.find((undone) => undone.approvalId === approvalId)
  const when = formatInstant(own.at, company.timeZone, company.locale)
  const because = fallen ? `${quote(own.by, 60)} took back an earlier decision, ${when}.` : `${when}.`
  const { freshId } = fallen ?? own
  const anew = steps
    .flatMap(({ approvers }) => approvers)
    .find((approver) => freshId !== null && approver.approvalId === freshId)
  return {
    title: fallen ? fallenTitle(fallen, viewer) : ownTitle(own, viewer),
    more: html`<p>${because} ${whatNow.get(anew?.status ?? '') ?? ''}</p>
${own.comment ? quotation(own.comment) : ''}${wayOn(anewUrl, anew?.status)}`,
    reason: null,
  }
}

/** Who decided may have done it in the reader's place. */
function ownTitle(own: Rollback['own'], viewer: { id: string }): string {
  return own.byId === viewer.id
    ? `You took back your ${decisionNoun(own)}`
    : `${quote(own.by, 60)} took back the ${decisionNoun(own)}`
}

function fallenTitle({ what, decided }: Rollback['own'], viewer: { id: string }): string {
  if (what === null || decided === null) return 'This is not waiting for you any more'
  const whose = decided.byId === viewer.id ? 'Your' : `${quote(decided.by, 60)}’s`
  return `${whose} ${decisionNoun({ what })} does not count any more`
}

function wayOn(url: string | null, status: string | undefined): Html {
  if (url === null) return html``
  const label = status === 'asked' ? 'Look at it and decide' : 'See what became of it'
  return html`<p class="buttons"><a class="button" href="${url}">${label}</a></p>
`
}
