import type { ExpenseView } from '../../src/features/expenses/index.ts'
import {
  amountText,
  type Fact,
  isUncertain,
  linesOf,
  merchantText,
  pleaseCheck,
  quote,
  type Remark,
  stepLines,
} from '../expense-words.ts'
import { type Html, html } from '../html.ts'

const checkMark = html` <span class="check">${pleaseCheck}</span>`

/** The amount and the merchant, large. */
export function figure(view: ExpenseView): Html {
  return html`<p class="amount">${amountText(view)}${isUncertain(view, 'amount', 'currency') ? checkMark : ''}</p>
<p class="merchant">${merchantText(view)}${isUncertain(view, 'merchant') ? checkMark : ''}</p>
`
}

export function factList(facts: Fact[]): Html {
  const rows = facts.map(
    ({ label, lines, check }) =>
      html`<div><dt>${label}</dt><dd>${brokenLines(lines)}${check ? checkMark : ''}</dd></div>
`,
  )
  return html`<dl class="facts">
${rows}</dl>
`
}

function brokenLines(lines: string[]): Html[] {
  return lines.map((line, index) => html`${index > 0 ? html`<br>` : ''}${line}`)
}

/** What a person said, in their lines. */
export function quotation(text: string): Html {
  return html`<blockquote>${brokenLines(linesOf(text, 2000))}</blockquote>
`
}

const spoken = { info: '', warning: 'Warning: ', blocking: 'Not possible: ' }

export function remarkList(remarks: Remark[]): Html {
  if (remarks.length === 0) return html``
  const items = remarks.map(
    ({ severity, text }) =>
      html`<li class="${severity}"><span class="unseen">${spoken[severity]}</span>${text}</li>
`,
  )
  return html`<ul class="remarks">
${items}</ul>
`
}

/** The approval steps with who is asked, and who decided what, when and why, but for the reason that is `said` already. */
export function stepList(view: ExpenseView, heading: string, said: string | null): Html {
  const steps = stepLines(view)
  if (steps.length === 0) return html``
  const items = steps.map(
    ({ status, title, outcome, comments }) =>
      html`<li class="${status}"><p>${title}</p><p class="muted">${outcome}</p>${comments.filter((comment) => comment !== said).map(quotation)}</li>
`,
  )
  return html`<section aria-labelledby="steps">
<h2 id="steps">${heading}</h2>
<ol class="steps">
${items}</ol>
</section>
`
}

/** The pictures, each a link to itself in full size; what is no picture is named. */
export function receiptPictures(view: ExpenseView, receiptUrl: (receiptId: string) => string): Html {
  const pictures = view.receipts.slice(0, 20).map((receipt, index) => {
    const name = quote(receipt.fileName, 80)
    if (!receipt.rendition) {
      const state = receipt.status === 'waiting' ? 'is still being read' : 'cannot be shown'
      return html`<p class="muted">${name} ${state}.</p>
`
    }
    const { width, height } = receipt.rendition
    const which = view.receipts.length > 1 ? ` ${index + 1} of ${view.receipts.length}` : ''
    const size = width > 0 && height > 0 ? html` width="${String(width)}" height="${String(height)}"` : ''
    return html`<figure><a href="${receiptUrl(receipt.id)}" target="_blank" rel="noopener"><img src="${receiptUrl(receipt.id)}"${size} alt="Receipt${which}, ${name}"><span>Receipt${which}: open in full size</span></a></figure>
`
  })
  return html`<section class="receipts" aria-label="Receipts">
${
  pictures.length > 0
    ? pictures
    : html`<p class="muted">There is no receipt.</p>
`
}</section>
`
}
