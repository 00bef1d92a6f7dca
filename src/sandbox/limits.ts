import { z } from 'zod'
import { checkElement, checkImage, inAccessory, inActions, inInput } from './limits-elements.ts'
import {
  type Context,
  known,
  type LimitOptions,
  limit,
  type Problem,
  plain,
  type Report,
  words,
} from './limits-text.ts'
import { type Block, blockSchema, type Element, viewPayloadSchema } from './shapes.ts'
import { elementsOf } from './shown.ts'

export { checkPlainOptions } from './limits-elements.ts'
export type { LimitOptions, Problem } from './limits-text.ts'

/*
 * Slack's limits on blocks and views (https://docs.slack.dev/reference/block-kit/blocks,
 * https://docs.slack.dev/reference/views), as pure functions that return what Slack would complain about. An empty
 * list means that Slack would accept it. Letters are counted as JavaScript counts them.
 */

/** What may stand in each block beside `type` and `block_id`. */
const properties: Record<string, string[]> = {
  section: ['text', 'fields', 'accessory', 'expand'],
  divider: [],
  header: ['text'],
  context: ['elements'],
  actions: ['elements'],
  image: ['image_url', 'slack_file', 'alt_text', 'title'],
  input: ['label', 'element', 'hint', 'optional', 'dispatch_action'],
  markdown: ['text'],
}
/** Known, but not looked into. */
const others = ['rich_text', 'video', 'file', 'table', 'context_actions', 'card', 'alert']

/** What Slack would refuse about these blocks of a message, a modal or a home. */
export function blockProblems(blocks: unknown, options: LimitOptions, base = '/blocks'): Problem[] {
  const problems: Problem[] = []
  const report: Report = (pointer, message) => void problems.push({ pointer, message })
  const parsed = z.array(blockSchema).safeParse(blocks)
  if (!parsed.success) return issues(parsed.error, base)
  const most = options.surface === 'message' ? 50 : 100
  if (parsed.data.length > most) report(base, `no more than ${most} items allowed`)
  const blockIds = new Set<string>()
  for (const [i, block] of parsed.data.entries()) {
    checkId(block, `${base}/${i}`, blockIds, report)
    checkBlock(block, `${base}/${i}`, { ...options, report })
  }
  const focused = parsed.data.flatMap(elementsOf).filter((element) => element.focus_on_load === true)
  if (focused.length > 1) report(base, 'only one element can have `focus_on_load`')
  return problems
}

/** What Slack would refuse about a view (its blocks included). */
export function viewProblems(view: unknown, options: Pick<LimitOptions, 'file'> = {}): Problem[] {
  const parsed = viewPayloadSchema.safeParse(view)
  if (!parsed.success) return issues(parsed.error, '/view')
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

/**
 * Whether all blocks of a message together are too long (`msg_blocks_too_long`), although each fits. Slack documents
 * no number; what people measured is about 13,200 letters, of which each block takes some for itself
 * (https://github.com/slackapi/bolt-js/issues/2509, https://github.com/slackapi/bolt-js/issues/2867).
 */
export function areBlocksTooLong(blocks: unknown[]): boolean {
  return lettersIn(blocks) + blocks.length * 50 > 13_200
}

function lettersIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + lettersIn(item), 0)
  if (typeof value !== 'object' || value === null) return 0
  return Object.entries(value).reduce(
    (sum, [name, inner]) =>
      sum + (name === 'text' && typeof inner === 'string' ? inner.length : lettersIn(inner)),
    0,
  )
}

function issues(error: z.ZodError, base: string): Problem[] {
  return error.issues.map(({ path, message }) => ({ pointer: [base, ...path].join('/'), message }))
}

function checkId({ block_id: id }: Block, at: string, seen: Set<string>, report: Report): undefined {
  if (id === undefined) return
  if (id.length > 255) report(`${at}/block_id`, 'must be less than 256 characters')
  if (seen.has(id)) report(`${at}/block_id`, `\`block_id\` \`${id}\` already exists`)
  seen.add(id)
}

function checkBlock(block: Block, at: string, context: Context): undefined {
  const { report } = context
  const names = properties[block.type]
  if (names === undefined)
    return others.includes(block.type) ? undefined : report(`${at}/type`, `unsupported type: ${block.type}`)
  known(block, ['type', 'block_id', ...names], at, report)
  switch (block.type) {
    case 'section':
      return checkSection(block, at, context)
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

function checkSection(block: Block, at: string, context: Context): undefined {
  const { report } = context
  const fields = block.fields ?? []
  if (block.text === undefined && block.fields === undefined)
    report(at, 'must define either `fields` or `text`')
  words(block.text, `${at}/text`, 3000, report)
  if (block.fields?.length === 0) report(`${at}/fields`, 'must provide at least 1 item')
  if (fields.length > 10) report(`${at}/fields`, 'no more than 10 items allowed')
  for (const [i, field] of fields.entries()) words(field, `${at}/fields/${i}`, 2000, report)
  if (block.accessory !== undefined) checkElement(block.accessory, `${at}/accessory`, inAccessory, context)
}

function checkContext(block: Block, at: string, context: Context): undefined {
  const elements = block.elements ?? []
  if (elements.length === 0) context.report(`${at}/elements`, 'must provide at least 1 item')
  if (elements.length > 10) context.report(`${at}/elements`, 'no more than 10 items allowed')
  for (const [i, element] of elements.entries()) checkContextPart(element, `${at}/elements/${i}`, context)
}

function checkContextPart(element: Element, at: string, context: Context): undefined {
  if (element.type === 'image') return checkImage(element, at, context)
  if (element.type !== 'mrkdwn' && element.type !== 'plain_text')
    return context.report(`${at}/type`, `unsupported type: ${element.type}`)
  const text = typeof element.text === 'string' ? element.text : ''
  words({ ...element, text }, `${at}/text`, 2000, context.report)
}

function checkActions(block: Block, at: string, context: Context): undefined {
  const elements = block.elements ?? []
  if (elements.length === 0) context.report(`${at}/elements`, 'must provide at least 1 item')
  if (elements.length > 25) context.report(`${at}/elements`, 'no more than 25 items allowed')
  const ids = new Set<string>()
  for (const [i, element] of elements.entries()) {
    const place = `${at}/elements/${i}`
    checkElement(element, place, inActions, context)
    const { action_id: id } = element
    if (id !== undefined && ids.has(id))
      context.report(
        `${place}/action_id`,
        `\`action_id\` \`${id}\` already exists for another action in this block`,
      )
    if (id !== undefined) ids.add(id)
  }
}

function checkInput(block: Block, at: string, context: Context): undefined {
  if (block.label === undefined) context.report(`${at}/label`, 'missing required field: label')
  plain(block.label, `${at}/label`, 2000, context.report)
  plain(block.hint, `${at}/hint`, 2000, context.report)
  if (block.element === undefined) return context.report(`${at}/element`, 'missing required field: element')
  const allowed = context.surface === 'modal' ? inInput : inInput.filter((type) => type !== 'file_input')
  checkElement(block.element, `${at}/element`, allowed, context)
}
