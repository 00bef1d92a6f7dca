import type { InputBlock } from '@slack/types'
import type { CalendarDate } from '../../src/kernel/calendar-date.ts'
import { exponentOf, type Money, toDecimal } from '../../src/kernel/money.ts'
import { beginning, plain } from './text.ts'
import type { Words } from './words/index.ts'

/** The inputs of all our forms: the block is named after what it asks for, and its element always `value`. */

interface Asking {
  hint?: string | undefined
  optional?: boolean | undefined
  /** We are told at once what is chosen, and of a text as it is typed: Slack waits for a pause. */
  tellsUs?: boolean
}

const asking = (blockId: string, label: string, { hint, optional, tellsUs }: Asking) => ({
  type: 'input' as const,
  block_id: blockId,
  label: plain(label),
  ...(hint === undefined ? {} : { hint: plain(hint, 150) }),
  optional: optional ?? false,
  ...(tellsUs ? { dispatch_action: true } : {}),
})

interface TextField extends Asking {
  initial?: string | null | undefined
  placeholder?: string
  multiline?: boolean
  /** How many characters it takes; 3,000 is Slack's own limit. */
  most?: number
}

export function textInput(blockId: string, label: string, field: TextField = {}): InputBlock {
  const { initial, placeholder, multiline, tellsUs, most = 3000 } = field
  return {
    ...asking(blockId, label, field),
    element: {
      type: 'plain_text_input',
      action_id: 'value',
      max_length: most,
      ...(placeholder ? { placeholder: plain(placeholder) } : {}),
      ...(initial ? { initial_value: beginning(initial, most) } : {}),
      ...(multiline ? { multiline } : {}),
      // Of all elements only a text has this:
      // https://docs.slack.dev/reference/block-kit/composition-objects/dispatch-action-configuration-object
      ...(tellsUs ? { dispatch_action_config: { trigger_actions_on: ['on_character_entered'] } } : {}),
    },
  }
}

export function dateInput(
  blockId: string,
  label: string,
  field: Asking & { initial?: CalendarDate | null | undefined } = {},
): InputBlock {
  return {
    ...asking(blockId, label, field),
    element: {
      type: 'datepicker',
      action_id: 'value',
      ...(field.initial ? { initial_date: field.initial } : {}),
    },
  }
}

/** The endings of the pictures and documents that we read. Their content is looked at when they are here. */
const receiptFiles = ['jpg', 'jpeg', 'png', 'webp', 'heic', 'heif', 'gif', 'tif', 'tiff', 'pdf']

/** Files of up to 10 MB: https://docs.slack.dev/reference/block-kit/block-elements/file-input-element */
export function fileInput(blockId: string, label: string, field: Asking & { most: number }): InputBlock {
  return {
    ...asking(blockId, label, field),
    element: { type: 'file_input', action_id: 'value', filetypes: receiptFiles, max_files: field.most },
  }
}

export interface Choice {
  id: string
  name: string
}

/**
 * The option that takes a choice away again, which Slack's menu does not do by itself. It is never chosen beforehand:
 * an empty menu shows its placeholder. A cost centre stands there by its code, which has forty characters at most.
 */
export const noneId = 'none-'.repeat(10)
export const none = (words: Words): Choice => ({ id: noneId, name: words.forms.none })

/** Slack's menus hold a hundred options; of more only those are offered that match what is typed. */
const mostOptions = 100

interface ChoiceField extends Asking {
  options: Choice[]
  chosen?: string | undefined
  /** We answer what is typed into it. */
  isLookedUp?: boolean
  placeholder?: string | undefined
}

export function choiceInput(blockId: string, label: string, field: ChoiceField): InputBlock {
  const { options, chosen, isLookedUp = false, placeholder } = field
  const initial = options.find(({ id }) => id === chosen)
  const shared = {
    action_id: 'value',
    ...(placeholder ? { placeholder: plain(placeholder) } : {}),
    ...(initial ? { initial_option: option(initial) } : {}),
  }
  if (isLookedUp || options.length === 0) {
    return {
      ...asking(blockId, label, field),
      element: { type: 'external_select', min_query_length: 0, ...shared },
    }
  }
  const offered = options.slice(0, mostOptions)
  // One that was chosen long ago may stand further down.
  if (initial && !offered.includes(initial)) offered.splice(-1, 1, initial)
  return {
    ...asking(blockId, label, field),
    element: { type: 'static_select', ...shared, options: offered.map(option) },
  }
}

/** A choice with what is told about it. */
export interface DescribedChoice extends Choice {
  description?: string
}

/** How many characters Slack shows of an option. */
export const mostInOption = 75

export function option({ id, name, description }: DescribedChoice) {
  return {
    text: plain(name, mostInOption),
    value: id,
    ...(description ? { description: plain(description) } : {}),
  }
}

/** Options under a heading. */
export function optionGroup(label: string, options: Choice[]) {
  return { label: plain(label, mostInOption), options: options.map(option) }
}

/**
 * Whether there are more options than a menu holds, or than fit a form in which that menu stands so often: Slack takes
 * 250 KB, and repeats nothing.
 */
export function isTooMany(options: Choice[], times = 1): boolean {
  return (
    options.length > mostOptions || Buffer.byteLength(JSON.stringify(options.map(option))) * times > 60_000
  )
}

/** An amount as somebody types it, without its currency: `12.50`, in German `12,50`. */
export function typedAmount(amount: Money, locale: string): string {
  const decimal = toDecimal(amount)
  // With three decimals a comma may be taken for the one between thousands.
  return exponentOf(amount.currency) <= 2 ? typedDecimal(decimal, locale) : decimal
}

/** A plain decimal with the point or comma of whoever types. */
export function typedDecimal(decimal: string, locale: string): string {
  return (1.5).toLocaleString(locale) === '1,5' ? decimal.replace('.', ',') : decimal
}

/** `EUR  ·  Euro` */
export function currencyChoice(code: string, locale: string): Choice {
  const name = new Intl.DisplayNames([locale, 'en'], { type: 'currency' }).of(code)
  return { id: code, name: name && name !== code ? `${code}  ·  ${name}` : code }
}
