import { userError } from '../kernel/errors.ts'
import type { Block, Element, Entered, Option } from './shapes.ts'
import { elementsOf, textOf } from './shown.ts'

/** What a person has entered on one surface, and what external selects offered there. */
export interface Inputs {
  entered: Entered
  offered: Record<string, Option[]>
}

export interface StateSource extends Inputs {
  fileObject: (id: string) => Record<string, unknown> | undefined
}

type Raw = string | string[] | null

/** What an element holds: as entered, else as the app set it at first. */
function rawValue(element: Element, entered: Raw | undefined): Raw {
  if (entered !== undefined) return entered
  const many =
    element.initial_options?.map((option) => option.value ?? '') ??
    element.initial_users ??
    element.initial_channels ??
    element.initial_conversations
  if (many !== undefined) return many
  return (
    element.initial_value ??
    element.initial_option?.value ??
    element.initial_date ??
    element.initial_time ??
    element.initial_date_time?.toString() ??
    element.initial_user ??
    element.initial_channel ??
    element.initial_conversation ??
    null
  )
}

/** The options that may be chosen in an element now. */
function optionsOf(element: Element, source: Inputs): Option[] {
  const own = [...(element.options ?? []), ...(element.option_groups ?? []).flatMap((group) => group.options)]
  const initial = [element.initial_option, ...(element.initial_options ?? [])].filter((o) => o !== undefined)
  return [...own, ...initial, ...(source.offered[element.action_id ?? ''] ?? [])]
}

function option(element: Element, value: string, source: Inputs): Option {
  const found = optionsOf(element, source).find((o) => o.value === value || o.text.text === value)
  if (found === undefined) throw userError('no_such_option', `There is no option ${value} here.`)
  return found
}

const single: Record<string, string> = {
  datepicker: 'selected_date',
  timepicker: 'selected_time',
  users_select: 'selected_user',
  conversations_select: 'selected_conversation',
  channels_select: 'selected_channel',
}
const several: Record<string, string> = {
  multi_users_select: 'selected_users',
  multi_conversations_select: 'selected_conversations',
  multi_channels_select: 'selected_channels',
}
const oneOption = ['static_select', 'external_select', 'radio_buttons']
const manyOptions = ['multi_static_select', 'multi_external_select', 'checkboxes']
const typedTypes = ['plain_text_input', 'number_input', 'email_text_input', 'url_text_input']

function list(raw: Raw): string[] {
  return Array.isArray(raw) ? raw : raw === null || raw === '' ? [] : [raw]
}

/**
 * One entry of `state.values` as Slack shapes it, or undefined for an element without state (a button).
 * @throws AppError `no_such_option`
 */
export function elementState(
  element: Element,
  source: StateSource,
  raw: Raw,
): Record<string, unknown> | undefined {
  const { type } = element
  const first = Array.isArray(raw) ? (raw[0] ?? null) : raw === '' ? null : raw
  if (typedTypes.includes(type)) return { type, value: first }
  if (oneOption.includes(type))
    return { type, selected_option: first === null ? null : option(element, first, source) }
  if (manyOptions.includes(type))
    return { type, selected_options: list(raw).map((value) => option(element, value, source)) }
  if (type === 'datetimepicker') return { type, selected_date_time: first === null ? null : Number(first) }
  if (type === 'file_input')
    return {
      type,
      files: list(raw)
        .map(source.fileObject)
        .filter((file) => file !== undefined),
    }
  if (single[type] !== undefined) return { type, [single[type]]: first }
  if (several[type] !== undefined) return { type, [several[type]]: list(raw) }
  return undefined
}

/** `state.values` of a surface: block id → action id → what is entered or preset there. */
export function stateValues(blocks: Block[], source: StateSource): Record<string, Record<string, unknown>> {
  const values: Record<string, Record<string, unknown>> = {}
  for (const block of blocks) {
    for (const element of elementsOf(block)) {
      const blockId = block.block_id ?? ''
      const actionId = element.action_id ?? ''
      const state = elementState(element, source, rawValue(element, source.entered[blockId]?.[actionId]))
      if (state !== undefined) values[blockId] = { ...values[blockId], [actionId]: state }
    }
  }
  return values
}

/**
 * What Slack's own client refuses before it sends a submission: empty required inputs, lengths, malformed numbers
 * and addresses. By block id, in Slack's words.
 */
export function inputErrors(blocks: Block[], source: StateSource): Record<string, string> {
  const errors: Record<string, string> = {}
  for (const block of blocks) {
    if (block.type !== 'input' || block.element === undefined) continue
    const blockId = block.block_id ?? ''
    const raw = rawValue(block.element, source.entered[blockId]?.[block.element.action_id ?? ''])
    const values = list(raw)
    const error =
      block.element.type === 'file_input'
        ? filesError(block.element, values.map(source.fileObject), block.optional === true)
        : inputError(block.element, values, block.optional === true)
    if (error !== undefined) errors[blockId] = error
  }
  return errors
}

function inputError(element: Element, values: string[], optional: boolean): string | undefined {
  const value = values[0] ?? ''
  if (value === '') return optional ? undefined : 'Please complete this required field.'
  if (element.max_selected_items !== undefined && values.length > element.max_selected_items)
    return `Please select ${element.max_selected_items} or fewer.`
  switch (element.type) {
    case 'plain_text_input':
      if (value.length > (element.max_length ?? 3000))
        return `Please use ${element.max_length ?? 3000} characters or fewer.`
      return value.length < (element.min_length ?? 0)
        ? `Please use ${element.min_length} characters or more.`
        : undefined
    case 'number_input':
      return numberError(element, value)
    case 'email_text_input':
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) ? undefined : 'Please enter a valid email address.'
    case 'url_text_input':
      return URL.canParse(value) ? undefined : 'Please enter a valid URL.'
    default:
      return undefined
  }
}

/** Slack takes ten files of 10 MB at most, and only those endings that the element names. */
const mostFileBytes = 10 * 1024 * 1024

function filesError(
  element: Element,
  files: (Record<string, unknown> | undefined)[],
  optional: boolean,
): string | undefined {
  if (files.length === 0) return optional ? undefined : 'Please complete this required field.'
  const most = element.max_files ?? 10
  if (files.length > most) return `Please add ${most} ${most === 1 ? 'file' : 'files'} or fewer.`
  const large = files.find((file) => Number(file?.size) > mostFileBytes)
  if (large !== undefined) return `${large.name} is larger than 10 MB.`
  const allowed = element.filetypes
  const other = files.find((file) => allowed !== undefined && !isOfType(file, allowed))
  return other && `${other.name} is not of a type that is accepted here: ${allowed?.join(', ')}.`
}

function isOfType(file: Record<string, unknown> | undefined, allowed: string[]): boolean {
  const ending = /\.([^.]+)$/.exec(String(file?.name))?.[1]?.toLowerCase() ?? ''
  const same = (type: string) => [type.toLowerCase(), type.toLowerCase() === 'jpg' ? 'jpeg' : type]
  return allowed.some((type) => [...same(type)].includes(ending) || type.toLowerCase() === file?.filetype)
}

function numberError(element: Element, value: string): string | undefined {
  const pattern = element.is_decimal_allowed === true ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/
  if (!pattern.test(value))
    return element.is_decimal_allowed === true ? 'Please enter a number.' : 'Please enter a whole number.'
  if (element.min_value !== undefined && Number(value) < Number(element.min_value))
    return `Please enter ${element.min_value} or more.`
  if (element.max_value !== undefined && Number(value) > Number(element.max_value))
    return `Please enter ${element.max_value} or less.`
  return undefined
}

/** The files that a person put into the file inputs of these blocks. */
export function enteredFiles(blocks: Block[], entered: Entered): string[] {
  return blocks.flatMap((block) =>
    elementsOf(block)
      .filter((element) => element.type === 'file_input')
      .flatMap((element) => list(entered[block.block_id ?? '']?.[element.action_id ?? ''] ?? null)),
  )
}

/** The action object of a `block_actions` payload for what a person just did. */
export function actionOf(
  block: Block,
  element: Element,
  source: StateSource,
  raw: Raw,
): Record<string, unknown> {
  const common = {
    type: element.type,
    action_id: element.action_id,
    block_id: block.block_id,
    action_ts: `${Date.now() / 1000}`,
    ...(element.placeholder === undefined ? {} : { placeholder: element.placeholder }),
  }
  if (element.type === 'button') {
    return { ...common, text: element.text, value: element.value, style: element.style, url: element.url }
  }
  if (element.type === 'overflow')
    return { ...common, selected_option: option(element, textOf(list(raw)[0]), source) }
  return { ...common, ...elementState(element, source, raw) }
}
