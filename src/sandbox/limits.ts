import { z } from 'zod'
import { type Block, blockSchema, type Element, type Option, viewPayloadSchema } from './shapes.ts'

/**
 * Slack's limits on blocks and views (https://docs.slack.dev/reference/block-kit), as pure functions that return
 * what Slack would complain about. An empty list means that Slack would accept it.
 */
export interface Problem {
  message: string
  /** JSON pointer into what was checked, for example `/blocks/2/text`. */
  pointer: string
}

export type Surface = 'message' | 'modal' | 'home'

export interface LimitOptions {
  surface: Surface
  /** What an id given as `slack_file` is for the app; absent: file references are not checked. */
  file?: (id: string) => 'picture' | 'other' | undefined
}

type Report = (pointer: string, message: string) => undefined

const blockTypes = [
  'section',
  'divider',
  'header',
  'context',
  'actions',
  'image',
  'input',
  'rich_text',
  'video',
  'file',
  'markdown',
  'table',
  'context_actions',
  'card',
  'alert',
]
const pickers = [
  'static_select',
  'external_select',
  'users_select',
  'conversations_select',
  'channels_select',
  'datepicker',
  'timepicker',
  'datetimepicker',
]
const multiPickers = [
  'multi_static_select',
  'multi_external_select',
  'multi_users_select',
  'multi_conversations_select',
  'multi_channels_select',
]
const choices = ['radio_buttons', 'checkboxes']
const typed = [
  'plain_text_input',
  'number_input',
  'email_text_input',
  'url_text_input',
  'rich_text_input',
  'file_input',
]
const inActions = ['button', 'overflow', 'workflow_button', ...pickers, ...multiPickers, ...choices]
const inInput = [...typed, ...pickers, ...multiPickers, ...choices]
const inAccessory = [
  'button',
  'overflow',
  'image',
  'workflow_button',
  ...pickers,
  ...multiPickers,
  ...choices,
]

/** What Slack would refuse about these blocks of a message, a modal or a home. */
export function blockProblems(blocks: unknown, options: LimitOptions, base = '/blocks'): Problem[] {
  const problems: Problem[] = []
  const report: Report = (pointer, message) => void problems.push({ pointer, message })
  const parsed = z.array(blockSchema).safeParse(blocks)
  if (!parsed.success) {
    return parsed.error.issues.map((issue) => ({
      pointer: [base, ...issue.path].join('/'),
      message: issue.message,
    }))
  }
  const most = options.surface === 'message' ? 50 : 100
  if (parsed.data.length > most) report(base, `no more than ${most} items allowed`)
  const blockIds = new Set<string>()
  for (const [i, block] of parsed.data.entries()) {
    const at = `${base}/${i}`
    if (block.block_id !== undefined) {
      if (block.block_id.length > 255) report(`${at}/block_id`, 'must be less than 256 characters')
      if (blockIds.has(block.block_id))
        report(`${at}/block_id`, `\`block_id\` \`${block.block_id}\` already exists`)
      blockIds.add(block.block_id)
    }
    checkBlock(block, at, { ...options, report })
  }
  return problems
}

/** What Slack would refuse about a view (its blocks included). */
export function viewProblems(view: unknown, options: Pick<LimitOptions, 'file'> = {}): Problem[] {
  const parsed = viewPayloadSchema.safeParse(view)
  if (!parsed.success) {
    return parsed.error.issues.map((issue) => ({
      pointer: ['/view', ...issue.path].join('/'),
      message: issue.message,
    }))
  }
  const problems: Problem[] = []
  const report: Report = (pointer, message) => void problems.push({ pointer, message })
  const payload = parsed.data
  if (payload.type === 'modal') {
    if (payload.title === undefined) report('/view/title', 'missing required field: title')
    plain(payload.title, '/view/title', 24, report)
    plain(payload.submit ?? undefined, '/view/submit', 24, report)
    plain(payload.close ?? undefined, '/view/close', 24, report)
    const needsSubmit = payload.blocks.some((block) => block.type === 'input')
    if (needsSubmit && !payload.submit)
      report('/view/submit', '`submit` is required when an input block is in use')
  }
  limit(payload.private_metadata, '/view/private_metadata', 3000, report)
  limit(payload.callback_id, '/view/callback_id', 255, report)
  limit(payload.external_id, '/view/external_id', 255, report)
  return [
    ...problems,
    ...blockProblems(payload.blocks, { ...options, surface: payload.type }, '/view/blocks'),
  ]
}

/** Slack refuses a view of more than 250 KB, however many blocks it has (`view_too_large`). */
export function isTooLarge(view: unknown): boolean {
  return Buffer.byteLength(JSON.stringify(view)) > 250_000
}

interface Context extends LimitOptions {
  report: Report
}

function checkBlock(block: Block, at: string, context: Context): undefined {
  const { report } = context
  if (!blockTypes.includes(block.type)) return report(`${at}/type`, `unsupported type: ${block.type}`)
  switch (block.type) {
    case 'section':
      if (block.text === undefined && block.fields === undefined)
        report(at, 'must define either `fields` or `text`')
      words(block.text, `${at}/text`, 3000, report)
      if ((block.fields?.length ?? 0) > 10) report(`${at}/fields`, 'no more than 10 items allowed')
      for (const [i, field] of (block.fields ?? []).entries()) words(field, `${at}/fields/${i}`, 2000, report)
      if (block.accessory !== undefined) one(block.accessory, `${at}/accessory`, inAccessory, context)
      return
    case 'header':
      if (block.text === undefined) report(`${at}/text`, 'missing required field: text')
      return plain(block.text, `${at}/text`, 150, report)
    case 'context':
      return checkContext(block, at, context)
    case 'actions':
      return checkActions(block, at, context)
    case 'image':
      return checkImage(block, at, context)
    case 'input':
      return checkInput(block, at, context)
    case 'markdown':
      return limit(typeof block.text === 'string' ? block.text : '', `${at}/text`, 12_000, report)
    default:
      return
  }
}

function checkContext(block: Block, at: string, context: Context): undefined {
  const elements = block.elements ?? []
  if (elements.length === 0) context.report(`${at}/elements`, 'must provide at least 1 item')
  if (elements.length > 10) context.report(`${at}/elements`, 'no more than 10 items allowed')
  for (const [i, element] of elements.entries()) {
    const place = `${at}/elements/${i}`
    if (element.type === 'image') checkImage(element, place, context)
    else if (element.type !== 'mrkdwn' && element.type !== 'plain_text')
      context.report(`${place}/type`, `unsupported type: ${element.type}`)
    else
      words(
        { text: typeof element.text === 'string' ? element.text : '' },
        `${place}/text`,
        2000,
        context.report,
      )
  }
}

function checkActions(block: Block, at: string, context: Context): undefined {
  const elements = block.elements ?? []
  if (elements.length === 0) context.report(`${at}/elements`, 'must provide at least 1 item')
  if (elements.length > 25) context.report(`${at}/elements`, 'no more than 25 items allowed')
  const ids = new Set<string>()
  for (const [i, element] of elements.entries()) {
    const place = `${at}/elements/${i}`
    one(element, place, inActions, context)
    if (element.action_id === undefined) continue
    if (ids.has(element.action_id))
      context.report(
        `${place}/action_id`,
        `\`action_id\` \`${element.action_id}\` already exists for another action in this block`,
      )
    ids.add(element.action_id)
  }
}

function checkInput(block: Block, at: string, context: Context): undefined {
  if (block.label === undefined) context.report(`${at}/label`, 'missing required field: label')
  plain(block.label, `${at}/label`, 2000, context.report)
  plain(block.hint, `${at}/hint`, 2000, context.report)
  if (block.element === undefined) return context.report(`${at}/element`, 'missing required field: element')
  const allowed = context.surface === 'modal' ? inInput : inInput.filter((type) => type !== 'file_input')
  one(block.element, `${at}/element`, allowed, context)
}

function checkImage(image: Block | Element, at: string, context: Context): undefined {
  const { report } = context
  if (image.alt_text === undefined) report(`${at}/alt_text`, 'missing required field: alt_text')
  limit(image.alt_text, `${at}/alt_text`, 2000, report)
  limit(image.image_url, `${at}/image_url`, 3000, report)
  if ((image.image_url === undefined) === (image.slack_file === undefined)) {
    return report(at, 'must provide exactly one of `image_url` or `slack_file`')
  }
  if (image.image_url !== undefined && !/^https?:\/\//.test(image.image_url))
    report(`${at}/image_url`, 'must be a valid URL')
  const id = image.slack_file?.id
  if (id === undefined || context.file === undefined) return
  if (context.file(id) !== 'picture') report(`${at}/slack_file`, 'invalid slack file')
}

function one(element: Element, at: string, allowed: string[], context: Context): undefined {
  const { report } = context
  if (!allowed.includes(element.type)) return report(`${at}/type`, `unsupported type: ${element.type}`)
  if (element.type === 'image') return checkImage(element, at, context)
  if (element.action_id?.length === 0) report(`${at}/action_id`, 'must be more than 0 characters')
  limit(element.action_id, `${at}/action_id`, 255, report)
  plain(element.placeholder, `${at}/placeholder`, 150, report)
  checkConfirm(element, at, report)
  if (element.type === 'button') checkButton(element, at, report)
  if (element.type === 'overflow') checkOptions(element.options ?? [], `${at}/options`, { most: 5, report })
  if (choices.includes(element.type))
    checkOptions(element.options ?? [], `${at}/options`, { most: 10, report })
  if (element.type.endsWith('static_select')) checkSelect(element, at, report)
  if (element.type === 'plain_text_input') {
    if ((element.min_length ?? 0) > 3000 || (element.max_length ?? 1) > 3000)
      report(at, 'length must be at most 3000')
    limit(element.initial_value, `${at}/initial_value`, 3000, report)
  }
  if (element.type === 'file_input' && ((element.max_files ?? 10) > 10 || (element.max_files ?? 1) < 1)) {
    report(`${at}/max_files`, 'must be between 1 and 10')
  }
  if (element.initial_date !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(element.initial_date)) {
    report(`${at}/initial_date`, 'must be a date of the form YYYY-MM-DD')
  }
}

function checkButton(button: Element, at: string, report: Report): undefined {
  if (button.text === undefined) report(`${at}/text`, 'missing required field: text')
  plain(button.text, `${at}/text`, 75, report)
  limit(button.value, `${at}/value`, 2000, report)
  limit(button.url, `${at}/url`, 3000, report)
  if (button.style !== undefined && button.style !== 'primary' && button.style !== 'danger') {
    report(`${at}/style`, 'must be one of `primary`, `danger`')
  }
}

function checkSelect(select: Element, at: string, report: Report): undefined {
  if ((select.options === undefined) === (select.option_groups === undefined)) {
    return report(at, 'must provide exactly one of `options` or `option_groups`')
  }
  if (select.options !== undefined) checkOptions(select.options, `${at}/options`, { most: 100, report })
  if ((select.option_groups?.length ?? 0) > 100)
    report(`${at}/option_groups`, 'no more than 100 items allowed')
  for (const [i, group] of (select.option_groups ?? []).entries()) {
    plain(group.label, `${at}/option_groups/${i}/label`, 75, report)
    checkOptions(group.options, `${at}/option_groups/${i}/options`, { most: 100, report })
  }
  const all = [...(select.options ?? []), ...(select.option_groups ?? []).flatMap((group) => group.options)]
  const offered = new Set(all.map((option) => option.value))
  const initial = [select.initial_option, ...(select.initial_options ?? [])].filter(
    (option) => option !== undefined,
  )
  if (initial.some((option) => !offered.has(option.value)))
    report(at, 'initial option must be one of the options')
}

/** Checks options; also used for what an app answers to an option look-up. */
export function checkOptions(
  options: Option[],
  at: string,
  { most, report }: { most: number; report: Report },
): undefined {
  if (options.length === 0) report(at, 'must provide at least 1 item')
  if (options.length > most) report(at, `no more than ${most} items allowed`)
  for (const [i, option] of options.entries()) {
    words(option.text, `${at}/${i}/text`, 75, report)
    limit(option.value, `${at}/${i}/value`, 150, report)
    plain(option.description, `${at}/${i}/description`, 75, report)
  }
}

function checkConfirm(element: Element, at: string, report: Report): undefined {
  if (element.confirm === undefined) return
  plain(element.confirm.title, `${at}/confirm/title`, 100, report)
  words(element.confirm.text, `${at}/confirm/text`, 300, report)
  plain(element.confirm.confirm, `${at}/confirm/confirm`, 30, report)
  plain(element.confirm.deny, `${at}/confirm/deny`, 30, report)
}

type Words = string | { text: string; type?: string } | undefined

function words(text: Words, at: string, most: number, report: Report): undefined {
  if (text === undefined) return
  const content = typeof text === 'string' ? text : text.text
  if (content.length === 0) report(at, 'must be more than 0 characters')
  limit(content, at, most, report)
}

function plain(text: Words, at: string, most: number, report: Report): undefined {
  if (text === undefined) return
  if (typeof text === 'string' || text.type !== 'plain_text') report(at, 'must be a plain_text object')
  words(text, at, most, report)
}

function limit(text: string | undefined, at: string, most: number, report: Report): undefined {
  if (text !== undefined && text.length > most) report(at, `must be less than ${most + 1} characters`)
}
