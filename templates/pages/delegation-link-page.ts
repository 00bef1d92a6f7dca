import { quote } from '../expense-words.ts'
import { html } from '../html.ts'
import { type Notice, renderPage } from './page.ts'

export interface DelegationLinkPageView {
  company: { name: string }
  viewer: { name: string }
  /** Where the form posts `action` (mail). */
  action: string
  /** The approval from which they came. */
  backUrl: string
  notice: Notice | null
}

/** Behind the link of an approval: offers to mail its person the way to let somebody decide for them. */
export function delegationLinkPage({
  company,
  viewer,
  action,
  backUrl,
  notice,
}: DelegationLinkPageView): string {
  const title = 'Let somebody decide for you'
  return renderPage({
    title,
    company: company.name,
    notice,
    mistakes: [],
    foot: `This page is for you, ${quote(viewer.name, 60)}. Its address works in your name, so please do not pass it on.`,
    body: html`<article class="sheet single">
<div class="first">
<h1>${title}</h1>
<p>While you are away, a colleague can decide what you are asked to approve. You choose who and when on a page of your own.</p>
<p>The link to that page goes to your own mailbox, so that nobody can choose for you.</p>
</div>
<div class="then">
<form method="post" action="${action}">
<div class="buttons"><button class="main" name="action" value="mail">Mail me a link</button></div>
</form>
<p><a class="way" href="${backUrl}">Back to the approval</a></p>
</div>
</article>`,
  })
}
