import type { ExpenseView } from '../../src/features/expenses/index.ts'
import { amountText, merchantText } from '../expense-words.ts'
import { type Html, html } from '../html.ts'
import { fieldBlock, input } from './form-parts.ts'
import { quotation } from './page-parts.ts'

/** A decision that waits for the code of the one who made it. */
export interface CodeStep {
  verdict: 'approve' | 'reject' | 'send_back'
  /** Which way the code went; `app`: it comes from their authenticator. */
  via: 'email' | 'slack' | 'app'
  /** What is wrong with the code that was typed. */
  error: string | null
}

const labels = { approve: 'Approve', reject: 'Reject', send_back: 'Send back' }

const told = {
  slack: 'We sent a code to you in Slack. It is good for 10 minutes.',
  email: 'We sent a code to you by mail. It is good for 10 minutes.',
  app: 'Your authenticator app shows the code.',
}

/** Asks for the code; verdict and comment wait in the form. Nothing is decided and nothing kept until it is right. */
export function codeForm(
  { expense, action, comment }: { expense: ExpenseView; action: string; comment: string },
  { verdict, via, error }: CodeStep,
): Html {
  const kept = html`<input type="hidden" name="decision" value="${verdict}"><input type="hidden" name="comment" value="${comment}">`
  const field = { name: 'code', label: 'Code', error: error ?? undefined }
  const digits = html`inputmode="numeric" autocomplete="one-time-code" maxlength="12" spellcheck="false" class="code"`
  const what = `${labels[verdict]} ${amountText(expense)}, ${merchantText(expense)}?`
  const again =
    via === 'app'
      ? ''
      : html`<form method="post" action="${action}">
${kept}<button>Send another code</button>
</form>
`
  return html`<div class="proof">
<p>${what} Because of the amount, please prove first that it is you. ${told[via]}</p>
${comment.trim() === '' ? '' : quotation(comment)}<form method="post" action="${action}" novalidate>
${kept}<input type="hidden" name="via" value="${via}">
${fieldBlock(field, input(field, '', digits))}<div class="buttons"><button class="main${verdict === 'reject' ? ' grave' : ''}">${labels[verdict]}</button></div>
</form>
<div class="buttons">${again}<a class="way" href="${action}">Decide nothing yet</a></div>
</div>
`
}

export function codeMistakes({ error }: CodeStep): { field: string; text: string }[] {
  return error === null ? [] : [{ field: 'code', text: error }]
}
