import type { InputBlock } from '@slack/types'
import { type AdminField, type AdminSection, adminBlock, noChoice } from './admin-fields.ts'
import { beginning, plain } from './text.ts'
import type { Words } from './words/index.ts'

/** An option of a menu. */
export interface AdminChoice {
  id: string
  name: string
  description?: string
}

/** What stands in an input when it is shown. */
export type AdminValue = string | boolean | AdminChoice | AdminChoice[] | string[] | null

export interface AdminInput {
  section: AdminSection
  stamp: string
  value: AdminValue
  /** What a menu offers; null: it is looked up while somebody types, as there is more than a menu holds. */
  choices: AdminChoice[] | null
  hint?: string | undefined
}

/** A menu of Slack holds so many options. */
export const mostChoices = 100

export function adminOption({ id, name, description }: AdminChoice) {
  return {
    text: plain(name),
    value: id,
    ...(description ? { description: plain(description) } : {}),
  }
}

/** One input of a form, by its field. */
export function adminInput(field: AdminField, input: AdminInput, words: Words): InputBlock {
  const { section, stamp } = input
  const { fields, hints } = words.admin
  const hint = input.hint ?? hints[`${section}.${field.name}`] ?? hints[field.name]
  return {
    type: 'input',
    block_id: adminBlock(field.name, stamp),
    label: plain(fields[field.name] ?? field.name),
    ...(hint === undefined ? {} : { hint: plain(hint, 150) }),
    optional: field.optional === true,
    element: elementOf(field, input, words),
  }
}

function elementOf(field: AdminField, { value, choices }: AdminInput, words: Words): InputBlock['element'] {
  const typed = typeof value === 'string' && value !== '' ? value : null
  switch (field.kind) {
    case 'text':
      return {
        type: 'plain_text_input',
        action_id: 'value',
        max_length: field.most,
        multiline: field.multiline === true,
        ...(typed === null ? {} : { initial_value: beginning(typed, field.most) }),
      }
    case 'lines':
      return {
        type: 'plain_text_input',
        action_id: 'value',
        multiline: true,
        ...(Array.isArray(value) && value.length > 0 ? { initial_value: linesIn(value) } : {}),
      }
    case 'email':
      return {
        type: 'email_text_input',
        action_id: 'value',
        ...(typed === null ? {} : { initial_value: beginning(typed, mostInEmail) }),
      }
    case 'number':
      return {
        type: 'number_input',
        action_id: 'value',
        is_decimal_allowed: field.decimal === true,
        min_value: '0',
        ...(typed === null ? {} : { initial_value: typed }),
      }
    case 'date':
      return {
        type: 'datepicker',
        action_id: 'value',
        ...(typed === null ? {} : { initial_date: typed }),
      }
    case 'choice':
      return choiceElement(isChoice(value) ? value : null, choices && withNone(choices, field, words), words)
    case 'choices':
      return choicesElement(Array.isArray(value) ? value.filter(isChoice) : [], choices, words)
    case 'ticks':
      return checkboxes(
        field.options.map((id) => tick(field.texts, id, words)),
        Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [],
      )
    case 'switch':
      return twoButtons(words.admin.switches[field.text], value === true)
  }
}

/** RFC 5321 allows no longer address. */
const mostInEmail = 254

function linesIn(value: (string | AdminChoice)[]): string {
  const lines = value.filter((line) => typeof line === 'string')
  return beginning(lines.join('\n'), 3000)
}

/** Whether the lines fit an input: what does not would be lost by saving. */
export const fitsInput = (lines: string[]) => lines.join('\n').length <= 3000

function tick(texts: 'roles' | 'weekdays', id: string, { admin }: Words): AdminChoice {
  const names: Record<string, string> = admin[texts]
  const hints: Record<string, string> = texts === 'roles' ? admin.roleHints : {}
  const description = hints[id]
  return { id, name: names[id] ?? id, ...(description ? { description } : {}) }
}

/** A choice that was made cannot be taken away again in Slack's menu. */
function withNone(choices: AdminChoice[], { optional }: AdminField, { admin }: Words): AdminChoice[] {
  return optional ? [{ id: noChoice, name: admin.none }, ...choices] : choices
}

function choiceElement(
  initial: AdminChoice | null,
  choices: AdminChoice[] | null,
  { admin }: Words,
): InputBlock['element'] {
  const shared = {
    action_id: 'value',
    placeholder: plain(admin.chooseOne),
    ...(initial ? { initial_option: adminOption(initial) } : {}),
  }
  if (!isOffered(initial ? [initial] : [], choices)) {
    return { type: 'external_select', min_query_length: 0, ...shared }
  }
  return { type: 'static_select', ...shared, options: choices.map(adminOption) }
}

function choicesElement(
  initial: AdminChoice[],
  choices: AdminChoice[] | null,
  { admin }: Words,
): InputBlock['element'] {
  const shared = {
    action_id: 'value',
    placeholder: plain(admin.chooseSeveral),
    ...(initial.length > 0 ? { initial_options: initial.slice(0, mostChoices).map(adminOption) } : {}),
  }
  if (!isOffered(initial, choices)) {
    return { type: 'multi_external_select', min_query_length: 0, ...shared }
  }
  return { type: 'multi_static_select', ...shared, options: choices.map(adminOption) }
}

/** Whether a menu holds all that can be chosen, and what was chosen is among it. */
function isOffered(initial: AdminChoice[], choices: AdminChoice[] | null): choices is AdminChoice[] {
  return (
    choices !== null &&
    choices.length > 0 &&
    choices.length <= mostChoices &&
    initial.every(({ id }) => choices.some((one) => one.id === id))
  )
}

function checkboxes(choices: AdminChoice[], ticked: string[]): InputBlock['element'] {
  const initial = choices.filter(({ id }) => ticked.includes(id))
  return {
    type: 'checkboxes',
    action_id: 'value',
    options: choices.map(adminOption),
    ...(initial.length > 0 ? { initial_options: initial.map(adminOption) } : {}),
  }
}

/** One of both is always chosen: Slack would call a single box optional. */
function twoButtons(names: { on: string; off: string }, isOn: boolean): InputBlock['element'] {
  const [on, off] = [adminOption({ id: 'on', name: names.on }), adminOption({ id: 'off', name: names.off })]
  return { type: 'radio_buttons', action_id: 'value', options: [on, off], initial_option: isOn ? on : off }
}

const isChoice = (value: unknown): value is AdminChoice =>
  typeof value === 'object' && value !== null && 'id' in value && 'name' in value
