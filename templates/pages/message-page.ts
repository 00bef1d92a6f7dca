import { linesOf } from '../expense-words.ts'
import { html, oneLine } from '../html.ts'
import { renderPage } from './page.ts'

/** A page that only says something: a link that has expired, or an error. */
export function messagePage({ title, text }: { title: string; text: string }): string {
  return renderPage({
    title,
    company: 'Outlay',
    notice: null,
    mistakes: [],
    foot: '',
    body: html`<article class="sheet message">
<h1>${oneLine(title, 150)}</h1>
${linesOf(text, 2000).map(
  (line) => html`<p>${line}</p>
`,
)}</article>`,
  })
}
