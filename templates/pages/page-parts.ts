import type { ExpenseView } from '../../src/features/expenses/index.ts'
import {
  amountText,
  automaticSentence,
  conversation,
  isUncertain,
  linesOf,
  merchantText,
  pleaseCheck,
  quote,
  type Remark,
} from '../expense-words.ts'
import type { Fact } from '../fact-words.ts'
import { type Html, html } from '../html.ts'
import { type StepLine, stepLines } from '../step-words.ts'
import { takenBackLines } from '../undone-words.ts'

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
      html`<div><dt>${label}</dt><dd>${factLines(lines)}${check ? checkMark : ''}</dd></div>
`,
  )
  return html`<dl class="facts">
${rows}</dl>
`
}

/** Each line apart from the next one, as on a phone all of them wrap. */
function factLines(lines: string[]): Html[] {
  return lines.map((line) => (lines.length > 1 ? html`<div>${line}</div>` : html`${line}`))
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

export interface StepListOptions {
  heading: string
  /** A reason that stands on the page already. */
  said?: string | null
  /** The approval of the reader, who is told elsewhere why they are asked. */
  own?: string | null
}

/** The approval steps: who is asked and why, how many must agree, who decided what and when; or why nobody is asked. */
export function stepList(view: ExpenseView, { heading, said = null, own }: StepListOptions): Html {
  const steps = stepLines(view, own)
  const automatic = automaticSentence(view)
  if (steps.length === 0 && automatic === null) return html``
  return html`<section aria-labelledby="steps">
<h2 id="steps">${heading}</h2>
${
  steps.length > 0
    ? html`<ol class="steps">
${steps.map((step) => stepItem(step, said))}</ol>
`
    : html`<p>${automatic ?? ''}</p>
`
}${takenBackList(view)}</section>
`
}

function takenBackList(view: ExpenseView): Html {
  const items = takenBackLines(view).map(
    (line) => html`<li class="undone"><p class="muted">${line}</p></li>
`,
  )
  return items.length === 0
    ? html``
    : html`<ul class="steps">
${items}</ul>
`
}

function stepItem({ status, title, outcome, asked, why, comments }: StepLine, said: string | null): Html {
  const reasons = [...asked, ...why].map((reason) => html`<p class="muted">${reason}</p>`)
  return html`<li class="${status}"><p class="step">${title}</p><p class="outcome">${outcome}</p>${reasons}${comments.filter((comment) => comment !== said).map(quotation)}</li>
`
}

/** What was asked and said; without the one that stands elsewhere on the page. */
export function conversationList(view: ExpenseView, shown: string | null = null): Html {
  const sayings = conversation(view).filter(({ id }) => id !== shown)
  if (sayings.length === 0) return html``
  const items = sayings.map(
    ({ head, text }) => html`<li><p class="muted">${head}</p>${quotation(text)}</li>
`,
  )
  return html`<section aria-labelledby="talk">
<h2 id="talk">Questions and answers</h2>
<ol class="talk">
${items}</ol>
</section>
`
}

/** A text area, with its label, hint and error. */
export interface WritingBox {
  name: string
  label: string
  hint: string | null
  value: string
  error: string | null
}

export function writingBox({ name, label, hint, value, error }: WritingBox): Html {
  const described = [hint === null ? '' : `${name}-hint`, error === null ? '' : `${name}-error`].filter(
    Boolean,
  )
  const by = described.length > 0 ? html` aria-describedby="${described.join(' ')}"` : ''
  const below =
    hint === null
      ? ''
      : html`<p class="hint" id="${name}-hint">${hint}</p>
`
  const mistake =
    error === null
      ? ''
      : html`<p class="error" id="${name}-error">${quote(error, 300)}</p>
`
  // A text area drops its first line break: the one before the value is not part of it.
  return html`<div class="field">
<label for="${name}">${label}</label>
${below}${mistake}<textarea id="${name}" name="${name}" rows="3" maxlength="2000"${by}${error === null ? '' : html` aria-invalid="true"`}>
${value}</textarea>
</div>
`
}

/** Whether there are receipts, or one is missed; the kinds that need none have a page without a place for them. */
function hasReceipts({ kind, receipts }: ExpenseView): boolean {
  return kind === 'receipt' || receipts.length > 0
}

export function sheetClass(view: ExpenseView): string {
  return hasReceipts(view) ? 'sheet' : 'sheet single'
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
  if (!hasReceipts(view)) return html``
  return html`<section class="receipts" aria-label="Receipts">
${
  pictures.length > 0
    ? pictures
    : html`<p class="muted">There is no receipt.</p>
`
}</section>
`
}
