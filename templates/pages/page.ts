import { type Html, html, oneLine } from '../html.ts'

/** What just happened, above the page. */
export interface Notice {
  kind: 'success' | 'error' | 'info'
  text: string
}

export interface PageContent {
  title: string
  /** Who the page speaks for, at its head. */
  company: string
  notice: Notice | null
  /** Mistakes in the form, each with the id of its field. */
  mistakes: { field: string; text: string }[]
  body: Html
  /** Who the page is for, at its foot. */
  foot: string
}

/**
 * A complete document that needs no script and nothing from elsewhere: it works under
 * `default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'`.
 */
export function renderPage({ title, company, notice, mistakes, body, foot }: PageContent): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no">
<title>${mistakes.length > 0 ? 'Error: ' : ''}${oneLine(title, 150)}</title>
<link rel="stylesheet" href="/pages.css">
</head>
<body>
<header class="head"><p>${oneLine(company, 120)}</p></header>
<main>
${notice ? noticeBox(notice) : ''}${mistakes.length > 0 ? summary(mistakes) : ''}${body}
</main>
<footer class="foot"><p>${oneLine(foot, 300)}</p></footer>
</body>
</html>
`.toString()
}

function noticeBox({ kind, text }: Notice): Html {
  return html`<p class="notice ${kind}" role="${kind === 'error' ? 'alert' : 'status'}">${oneLine(text, 600)}</p>
`
}

function summary(mistakes: PageContent['mistakes']): Html {
  const items = mistakes.map(
    ({ field, text }) => html`<li><a href="#${field}">${oneLine(text, 300)}</a></li>`,
  )
  return html`<div class="notice error" role="alert" aria-labelledby="mistakes">
<h2 id="mistakes">Please look at ${mistakes.length === 1 ? 'this' : 'these'} again</h2>
<ul>${items}</ul>
</div>
`
}
