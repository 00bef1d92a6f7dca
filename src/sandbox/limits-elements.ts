import { address, type Context, known, limit, plain, type Report, words } from './limits-text.ts'
import type { Block, Element, Option } from './shapes.ts'

/*
 * The elements of Block Kit: https://docs.slack.dev/reference/block-kit/block-elements, option and confirmation
 * objects: https://docs.slack.dev/reference/block-kit/composition-objects.
 */

const pickers = [
  'static_select',
  'external_select',
  'users_select',
  'conversations_select',
  'channels_select',
]
const times = ['datepicker', 'timepicker', 'datetimepicker']
const multiPickers = pickers.map((type) => `multi_${type}`)
const choices = ['radio_buttons', 'checkboxes']
const typed = ['plain_text_input', 'number_input', 'email_text_input', 'url_text_input', 'rich_text_input']
const buttons = ['button', 'overflow', 'workflow_button']

export const inActions = [...buttons, ...pickers, ...times, ...multiPickers, ...choices]
export const inInput = [...typed, 'file_input', ...pickers, ...times, ...multiPickers, ...choices]
export const inAccessory = [...inActions, 'image']

const named = ['type', 'action_id']
const focusable = [...named, 'focus_on_load']
const asked = [...focusable, 'confirm', 'placeholder']
const many = [...asked, 'max_selected_items']
const typing = [...focusable, 'placeholder', 'initial_value', 'dispatch_action_config']
const conversationFilter = ['default_to_current_conversation', 'filter']

/** What may stand in each element; the others are not checked for more. */
const properties: Record<string, string[]> = {
  button: [...named, 'text', 'url', 'value', 'style', 'confirm', 'accessibility_label'],
  overflow: [...named, 'options', 'confirm'],
  image: ['type', 'image_url', 'slack_file', 'alt_text', 'title', 'block_id'],
  static_select: [...asked, 'options', 'option_groups', 'initial_option'],
  multi_static_select: [...many, 'options', 'option_groups', 'initial_options'],
  external_select: [...asked, 'initial_option', 'min_query_length'],
  multi_external_select: [...many, 'initial_options', 'min_query_length'],
  users_select: [...asked, 'initial_user'],
  multi_users_select: [...many, 'initial_users'],
  conversations_select: [...asked, 'initial_conversation', 'response_url_enabled', ...conversationFilter],
  multi_conversations_select: [...many, 'initial_conversations', ...conversationFilter],
  channels_select: [...asked, 'initial_channel', 'response_url_enabled'],
  multi_channels_select: [...many, 'initial_channels'],
  datepicker: [...asked, 'initial_date'],
  timepicker: [...asked, 'initial_time', 'timezone'],
  datetimepicker: [...focusable, 'confirm', 'initial_date_time'],
  radio_buttons: [...focusable, 'confirm', 'options', 'initial_option'],
  checkboxes: [...focusable, 'confirm', 'options', 'initial_options'],
  plain_text_input: [...typing, 'multiline', 'min_length', 'max_length'],
  number_input: [...typing, 'is_decimal_allowed', 'min_value', 'max_value'],
  email_text_input: typing,
  url_text_input: typing,
  file_input: [...named, 'filetypes', 'max_files'],
}

/** One element, where only these types may stand. */
export function checkElement(element: Element, at: string, allowed: string[], context: Context): undefined {
  const { report } = context
  const { type } = element
  if (!allowed.includes(type)) return report(`${at}/type`, `unsupported type: ${type}`)
  if (type === 'image') return checkImage(element, at, context)
  const names = properties[type]
  if (names !== undefined) known(element, names, at, report)
  if (element.action_id?.length === 0) report(`${at}/action_id`, 'must be more than 0 characters')
  limit(element.action_id, `${at}/action_id`, 255, report)
  plain(element.placeholder, `${at}/placeholder`, 150, report)
  checkConfirm(element, at, report)
  if (type === 'button') checkButton(element, at, report)
  if (type === 'overflow') checkPlainOptions(element.options ?? [], `${at}/options`, { most: 5, report })
  if (choices.includes(type)) checkChoices(element, at, report)
  if (type.endsWith('static_select')) checkSelect(element, at, report)
  if (typed.includes(type)) checkTyped(element, at, report)
  if (type.startsWith('multi_')) checkMany(element, at, report)
  checkTimes(element, at, report)
  const files = element.max_files ?? 10
  if (type === 'file_input' && (files < 1 || files > 10))
    report(`${at}/max_files`, 'must be between 1 and 10')
}

export function checkImage(image: Block | Element, at: string, context: Context): undefined {
  const { report } = context
  known(image, properties.image ?? [], at, report)
  if (image.alt_text === undefined) report(`${at}/alt_text`, 'missing required field: alt_text')
  limit(image.alt_text, `${at}/alt_text`, 2000, report)
  if ('title' in image && image.title !== undefined)
    plain(typeof image.title === 'object' ? textIn(image.title) : '', `${at}/title`, 2000, report)
  if ((image.image_url === undefined) === (image.slack_file === undefined))
    return report(at, 'must provide exactly one of `image_url` or `slack_file`')
  address(image.image_url, `${at}/image_url`, report)
  const id = image.slack_file?.id
  if (id === undefined || context.file === undefined) return
  if (context.file(id) !== 'picture') report(`${at}/slack_file`, 'invalid slack file')
}

function textIn(title: object | null): { text: string; type?: string } | string {
  if (title === null || !('text' in title) || typeof title.text !== 'string') return ''
  return { ...title, text: title.text }
}

function checkButton(button: Element, at: string, report: Report): undefined {
  if (button.text === undefined) report(`${at}/text`, 'missing required field: text')
  plain(button.text, `${at}/text`, 75, report)
  limit(button.value, `${at}/value`, 2000, report)
  limit(button.accessibility_label, `${at}/accessibility_label`, 75, report)
  address(button.url, `${at}/url`, report)
  if (button.style !== undefined && button.style !== 'primary' && button.style !== 'danger')
    report(`${at}/style`, 'must be one of `primary`, `danger`')
}

function checkSelect(select: Element, at: string, report: Report): undefined {
  if ((select.options === undefined) === (select.option_groups === undefined))
    return report(at, 'must provide exactly one of `options` or `option_groups`')
  const most = 100
  if (select.options !== undefined) checkPlainOptions(select.options, `${at}/options`, { most, report })
  const groups = select.option_groups ?? []
  if (groups.length > most) report(`${at}/option_groups`, 'no more than 100 items allowed')
  for (const [i, group] of groups.entries()) {
    plain(group.label, `${at}/option_groups/${i}/label`, 75, report)
    checkPlainOptions(group.options, `${at}/option_groups/${i}/options`, { most, report })
  }
  checkInitial(select, [...(select.options ?? []), ...groups.flatMap((group) => group.options)], at, report)
}

function checkChoices(element: Element, at: string, report: Report): undefined {
  const options = element.options ?? []
  checkOptions(options, `${at}/options`, { most: 10, report })
  checkInitial(element, options, at, report)
}

/** What is chosen at first has to be one of the options, to the letter. */
function checkInitial(element: Element, offered: Option[], at: string, report: Report): undefined {
  const initial = [element.initial_option, ...(element.initial_options ?? [])].filter((o) => o !== undefined)
  const isOffered = (wanted: Option) =>
    offered.some(({ value, text }) => value === wanted.value && text.text === wanted.text.text)
  if (!initial.every(isOffered)) report(at, 'initial option must be one of the options')
}

function checkMany(element: Element, at: string, report: Report): undefined {
  const most = element.max_selected_items
  if (most !== undefined && most < 1) report(`${at}/max_selected_items`, 'must be at least 1')
  if (most !== undefined && (element.initial_options?.length ?? 0) > most)
    report(`${at}/initial_options`, `no more than ${most} items allowed`)
}

function checkTyped(element: Element, at: string, report: Report): undefined {
  const { min_length: least, max_length: most } = element
  if ((least ?? 0) > 3000 || (most ?? 1) > 3000) report(at, 'length must be at most 3000')
  if (least !== undefined && most !== undefined && least > most)
    report(`${at}/min_length`, 'must not be greater than `max_length`')
  if (element.type === 'number_input') checkNumber(element, at, report)
  limit(element.initial_value, `${at}/initial_value`, most ?? 3000, report)
  const when = element.dispatch_action_config?.trigger_actions_on ?? []
  if (!when.every((one) => one === 'on_enter_pressed' || one === 'on_character_entered'))
    report(`${at}/dispatch_action_config`, 'must be one of `on_enter_pressed`, `on_character_entered`')
}

function checkNumber(element: Element, at: string, report: Report): undefined {
  if (element.is_decimal_allowed === undefined)
    report(`${at}/is_decimal_allowed`, 'missing required field: is_decimal_allowed')
  for (const name of ['initial_value', 'min_value', 'max_value'] as const)
    if (element[name] !== undefined && !/^-?\d+(\.\d+)?$/.test(element[name]))
      report(`${at}/${name}`, 'must be a number')
  if (Number(element.min_value ?? '-Infinity') > Number(element.max_value ?? 'Infinity'))
    report(`${at}/min_value`, 'must not be greater than `max_value`')
}

function checkTimes(element: Element, at: string, report: Report): undefined {
  const { initial_date: date, initial_time: time, initial_date_time: instant } = element
  if (date !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(date))
    report(`${at}/initial_date`, 'must be a date of the form YYYY-MM-DD')
  if (time !== undefined && !/^([01]\d|2[0-3]):[0-5]\d$/.test(time))
    report(`${at}/initial_time`, 'must be a time of the form HH:mm')
  if (instant !== undefined && !/^\d{10}$/.test(String(instant)))
    report(`${at}/initial_date_time`, 'must be a UNIX timestamp of 10 digits')
}

interface Options {
  most: number
  report: Report
}

/** Options of radio buttons and checkboxes; their words may be mrkdwn. */
export function checkOptions(options: Option[], at: string, { most, report }: Options): undefined {
  if (options.length === 0) report(at, 'must provide at least 1 item')
  if (options.length > most) report(at, `no more than ${most} items allowed`)
  for (const [i, option] of options.entries()) {
    known(option, ['text', 'value', 'description', 'url'], `${at}/${i}`, report)
    words(option.text, `${at}/${i}/text`, 75, report)
    if (option.value === undefined) report(`${at}/${i}/value`, 'missing required field: value')
    limit(option.value, `${at}/${i}/value`, 150, report)
    words(option.description, `${at}/${i}/description`, 75, report)
    address(option.url, `${at}/${i}/url`, report)
  }
}

/** Options of menus; also used for what an app answers to an option look-up. */
export function checkPlainOptions(options: Option[], at: string, how: Options): undefined {
  checkOptions(options, at, how)
  for (const [i, option] of options.entries()) {
    if (option.text.type !== 'plain_text') how.report(`${at}/${i}/text`, 'must be a plain_text object')
    if (option.description !== undefined && option.description.type !== 'plain_text')
      how.report(`${at}/${i}/description`, 'must be a plain_text object')
  }
}

function checkConfirm({ confirm }: Element, at: string, report: Report): undefined {
  if (confirm === undefined) return
  if (confirm.title === undefined) report(`${at}/confirm/title`, 'missing required field: title')
  if (confirm.text === undefined) report(`${at}/confirm/text`, 'missing required field: text')
  plain(confirm.title, `${at}/confirm/title`, 100, report)
  words(confirm.text, `${at}/confirm/text`, 300, report)
  plain(confirm.confirm, `${at}/confirm/confirm`, 30, report)
  plain(confirm.deny, `${at}/confirm/deny`, 30, report)
}
