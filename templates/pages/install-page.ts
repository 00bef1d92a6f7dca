import { html, oneLine } from '../html.ts'
import { attributes, fieldBlock } from './form-parts.ts'
import { renderPage } from './page.ts'

const around = { company: 'Outlay', notice: null, mistakes: [], foot: '' }

/** Where an admin asks for the link by which they add Outlay to a workspace. `error`: what is wrong with the address. */
export function askForLinkPage(error: string | null): string {
  const field = {
    name: 'email',
    label: 'Your e-mail address',
    help: 'The one that Outlay knows you by',
    error: error ?? undefined,
  }
  return renderPage({
    ...around,
    title: 'Add Outlay to Slack',
    mistakes: error === null ? [] : [{ field: field.name, text: error }],
    body: html`<article class="sheet message">
<h1>Add Outlay to Slack</h1>
<p>An admin of your company in Outlay can do this. We mail you a link, so that nobody else can do it in your name.</p>
<form method="post" action="/slack/install" novalidate>
${fieldBlock(field, html`<input ${attributes(field)} type="email" maxlength="320" autocomplete="email">`)}<div class="buttons"><button class="main">Mail me the link</button></div>
</form>
</article>`,
  })
}

/** The same for every address: it does not say who is an admin. */
export function linkOnItsWayPage(): string {
  return renderPage({
    ...around,
    title: 'Check your mail',
    body: html`<article class="sheet message">
<h1>Check your mail</h1>
<p>If you are an admin, a link is on its way to you. It is good for 15 minutes. Open it in the browser where you use Slack.</p>
<p>Nothing after a few minutes? Make sure that it is the address Outlay knows. We send five links an hour at most.</p>
<p><a class="way" href="/slack/install">Ask for another link</a></p>
</article>`,
  })
}

/** Behind the link. `slackUrl` leads to Slack's own page, which asks what Outlay may do. */
export function installPage(slackUrl: string): string {
  return renderPage({
    ...around,
    title: 'Add Outlay to Slack',
    body: html`<article class="sheet message">
<h1>Add Outlay to Slack</h1>
<p>Your people then post receipts in Slack, and approvers decide there.</p>
<p>Slack shows you next what Outlay may do there. Choose a workspace that your company runs: Outlay trusts it to say who its members are, and works in it for your company only.</p>
<p class="buttons"><a class="button" href="${slackUrl}">Add to Slack</a></p>
<p class="muted">The button is good for ten minutes. After that, ask for a new link.</p>
</article>`,
  })
}

/** It worked. */
export function installedPage({ team, slackUrl }: { team: string; slackUrl: string }): string {
  const name = oneLine(team, 100)
  return renderPage({
    ...around,
    title: `Outlay is in ${team} now`,
    body: html`<article class="sheet message">
<h1>Outlay is in ${name} now</h1>
<p>Find it in Slack under Apps and drop a receipt there, or open its Home tab. Everybody of your company who is in Outlay with the e-mail address of their Slack account can do the same.</p>
<p class="buttons"><a class="button" href="${slackUrl}">Open Slack</a></p>
</article>`,
  })
}

/** It did not, and why. */
export function notInstalledPage({ title, text }: { title: string; text: string }): string {
  return renderPage({
    ...around,
    title,
    body: html`<article class="sheet message">
<h1>${oneLine(title, 150)}</h1>
<p>${oneLine(text, 600)}</p>
<p class="buttons"><a class="button" href="/slack/install">Start again</a></p>
</article>`,
  })
}
