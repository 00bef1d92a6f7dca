import type { DelegationView } from '../../src/features/people/index.ts'
import { formatDate } from '../../src/kernel/calendar-date.ts'
import { formatMoney } from '../../src/kernel/money.ts'
import { capHint } from '../delegation-words.ts'
import { quote } from '../expense-words.ts'
import { type Html, html } from '../html.ts'
import { attributes, dateInput, evenPair, type Field, fieldBlock, figureInput, input } from './form-parts.ts'
import { type Notice, renderPage } from './page.ts'

/** The fields of the form, by their names in the posted body. */
export const delegateFields = ['delegate', 'from', 'to', 'up_to'] as const
export type DelegateField = (typeof delegateFields)[number]

export interface DelegatePageView {
  company: { name: string; locale: string; currency: string; stepUpOverMinor: number | null }
  viewer: { id: string; name: string }
  /** Where the forms post their fields and `action` (add; end, with `id`). */
  action: string
  /** Who can be chosen. */
  colleagues: { name: string; email: string }[]
  /** Those of the viewer that are not over, as principal or delegate. */
  delegations: DelegationView[]
  values: Record<DelegateField, string>
  errors: Partial<Record<DelegateField, string>>
  notice: Notice | null
}

/** The page on which somebody lets a colleague decide for them while they are away. */
export function delegatePage(view: DelegatePageView): string {
  const { company, viewer, notice, errors } = view
  const title = 'Let somebody decide for you'
  return renderPage({
    title,
    company: company.name,
    notice,
    mistakes: delegateFields.flatMap((field) => {
      const text = errors[field]
      return text === undefined ? [] : [{ field, text }]
    }),
    foot: `This page is for you, ${quote(viewer.name, 60)}. Its address works in your name, so please do not pass it on.`,
    body: html`<article class="sheet single">
<div class="first">
<h1>${title}</h1>
<p>While you are away, what you are asked to approve goes to them. You can still decide yourself; the first decision counts. Nobody decides about their own expenses.</p>
</div>
<div class="then">
${currentList(view)}${addForm(view)}</div>
</article>`,
  })
}

function currentList(view: DelegatePageView): Html {
  if (view.delegations.length === 0) return html``
  return html`<section aria-labelledby="current">
<h2 id="current">As it is now</h2>
<ul class="delegations">
${view.delegations.map((delegation) => currentItem(view, delegation))}</ul>
</section>
`
}

function currentItem({ company, viewer, action }: DelegatePageView, delegation: DelegationView): Html {
  const { id, principal, delegate, from, to, upTo, state } = delegation
  const isOwn = principal.id === viewer.id
  const who = isOwn
    ? `${quote(delegate.name, 60)} ${state === 'coming' ? 'will decide' : 'decides'} for you`
    : `You ${state === 'coming' ? 'will decide' : 'decide'} for ${quote(principal.name, 60)}`
  const cap = upTo ? `, up to ${formatMoney(upTo, company.locale)}` : ''
  const days =
    from === to
      ? formatDate(from, company.locale)
      : `${formatDate(from, company.locale)} to ${formatDate(to, company.locale)}`
  const end = isOwn
    ? html`<form method="post" action="${action}"><input type="hidden" name="id" value="${id}"><button name="action" value="end" aria-label="End: ${who}">${state === 'coming' ? 'Cancel' : 'End now'}</button></form>`
    : ''
  return html`<li><div><p class="step">${who}</p><p class="muted">${days}${cap}</p></div>${end}</li>
`
}

function addForm(view: DelegatePageView): Html {
  const { company, action, colleagues, values, errors } = view
  const field = (name: DelegateField, label: string, help?: string): Field => ({
    name,
    label,
    help,
    error: errors[name],
  })
  const who = field('delegate', 'Who decides for you', 'A name or an e-mail address')
  const [from, to] = [field('from', 'From'), field('to', 'Until, that day included')]
  const upTo = field('up_to', `Only up to, in ${company.currency} (optional)`, capHint(company))
  const people = colleagues.map(
    ({ name, email }) => html`<option value="${quote(name, 100)} &lt;${quote(email, 200)}&gt;"></option>
`,
  )
  return html`<section aria-labelledby="add">
<h2 id="add">${view.delegations.some(({ principal }) => principal.id === view.viewer.id) ? 'Other days' : 'Who and when'}</h2>
<form method="post" action="${action}" novalidate>
${fieldBlock(who, html`<input ${attributes(who)} value="${values.delegate}" list="colleagues" maxlength="320" autocomplete="off">`)}<datalist id="colleagues">
${people}</datalist>
${evenPair([from, input(from, values.from, dateInput)], [to, input(to, values.to, dateInput)])}${fieldBlock(upTo, input(upTo, values.up_to, figureInput))}<div class="buttons"><button class="main" name="action" value="add">Let them decide</button></div>
</form>
</section>
`
}
