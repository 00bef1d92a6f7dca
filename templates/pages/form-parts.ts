import { pleaseCheck, quote } from '../expense-words.ts'
import { type Html, html } from '../html.ts'

/** A field of a form, by its name in the posted body. */
export interface Field {
  name: string
  label: string
  /** How it is to be filled in. */
  help?: string | undefined
  /** Its value was read without certainty. */
  check?: boolean
  error?: string | undefined
}

export interface Choice {
  id: string
  name: string
}

/** A control with its label, help and error. */
export function fieldBlock(field: Field, control: Html): Html {
  const help =
    field.help === undefined
      ? ''
      : html`<p class="hint" id="${field.name}-help">${field.help}</p>
`
  return labelled(field, html`${help}${errorOf(field)}${control}`)
}

/** A control with its label alone: help and error stand elsewhere. */
export function labelled({ name, label, check = false }: Field, control: Html): Html {
  const hint = check ? html`<span class="check" id="${name}-hint">${pleaseCheck}</span>` : ''
  return html`<div class="field${check ? ' unsure' : ''}">
<div class="label"><label for="${name}">${label}</label>${hint}</div>
${control}
</div>
`
}

export function errorOf({ name, error }: Field): Html {
  return error === undefined
    ? html``
    : html`<p class="error" id="${name}-error">${quote(error, 300)}</p>
`
}

/** Two controls side by side, of which the second needs little room; their errors stand above both. */
export function pair(one: [Field, Html], other: [Field, Html]): Html {
  return html`<div class="pair">
${errorOf(one[0])}${errorOf(other[0])}${labelled(...one)}${labelled(...other)}</div>
`
}

/** Two controls of the same width; where it is narrow, one below the other, each with its own error. */
export function evenPair(one: [Field, Html], other: [Field, Html]): Html {
  return html`<div class="pair even">
${fieldBlock(...one)}${fieldBlock(...other)}</div>
`
}

/** Name and id, and what a screen reader says beside the label. */
export function attributes({ name, help, check = false, error }: Field): Html {
  const described = [
    check ? `${name}-hint` : '',
    help === undefined ? '' : `${name}-help`,
    error === undefined ? '' : `${name}-error`,
  ].filter(Boolean)
  const by = described.length > 0 ? html` aria-describedby="${described.join(' ')}"` : ''
  return html`id="${name}" name="${name}"${by}${error === undefined ? '' : html` aria-invalid="true"`}`
}

export function input(field: Field, value: string, more: Html): Html {
  return html`<input ${attributes(field)} value="${value}" ${more}>`
}

export const textInput = html`maxlength="200" autocomplete="off"`
export const figureInput = html`inputmode="decimal" maxlength="20" autocomplete="off"`
export const dateInput = html`type="date"`

/** `blank`: what stands for no choice, offered as long as it may be left out or nothing is chosen. */
export function select(
  field: Field,
  { choices, value, blank, more = html`` }: { choices: Choice[]; value: string; blank?: string; more?: Html },
): Html {
  const all = blank === undefined ? choices : [{ id: '', name: blank }, ...choices]
  const chosen = all.find(({ id }) => id === value) ?? all[0]
  const options = all.map(
    (choice) =>
      html`<option value="${choice.id}"${choice === chosen ? html` selected` : ''}>${quote(choice.name, 75)}</option>
`,
  )
  return html`<select ${attributes(field)}${more}>
${options}</select>`
}
