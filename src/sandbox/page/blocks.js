import { api, attempt, el, icon } from './common.js'
import { holdsValue, initialValue, inputFor } from './inputs.js'
import { mrkdwn, plainText } from './mrkdwn.js'
import { confirmDialog, menuItem, popup } from './widgets.js'

/**
 * Block Kit as DOM. `surface` says where the blocks are:
 * `{ as, workspace, names, target, entered, errors, inModal }`; `entered` (block → action → value) is kept up to date
 * as the person fills things in, and goes along with every action.
 */
export function renderBlocks(blocks, surface) {
  return blocks.map((block) => {
    const make = makers[block.type]
    const node =
      make === undefined ? el('div', { class: 'unknown' }, `[${block.type}]`) : make(block, surface)
    node.classList.add('block', `block-${block.type}`)
    node.dataset.block = block.block_id ?? ''
    return node
  })
}

const makers = {
  divider: () => el('hr'),
  header: (block) => el('h3', {}, text(block.text)),
  section: (block, surface) =>
    el(
      'div',
      {},
      el(
        'div',
        { class: 'section-body' },
        block.text && el('div', { class: 'section-text' }, text(block.text, surface)),
        block.fields &&
          el(
            'div',
            { class: 'fields' },
            block.fields.map((field) => el('div', {}, text(field, surface))),
          ),
      ),
      block.accessory && el('div', { class: 'accessory' }, element(block.accessory, block, surface)),
    ),
  context: (block, surface) =>
    el(
      'div',
      {},
      (block.elements ?? []).map((item) =>
        item.type === 'image' ? picture(item, 'context-image') : el('span', {}, text(item, surface)),
      ),
    ),
  actions: (block, surface) =>
    el(
      'div',
      {},
      (block.elements ?? []).map((item) => element(item, block, surface)),
    ),
  image: (block) =>
    el('figure', {}, block.title && el('figcaption', {}, text(block.title)), picture(block, 'block-picture')),
  input,
  rich_text: (block, surface) =>
    el(
      'div',
      {},
      (block.elements ?? []).map((part) => richText(part, surface)),
    ),
  markdown: (block, surface) => el('div', {}, mrkdwn(String(block.text ?? ''), surface.names)),
  video: (block) =>
    el(
      'div',
      {},
      el(
        'a',
        { href: safeUrl(block.video_url), target: '_blank', rel: 'noopener noreferrer' },
        text(block.title),
      ),
    ),
}

/** A text object as nodes. */
export function text(object, surface) {
  if (object === undefined) return []
  if (typeof object === 'string') return [object]
  if (object.type === 'mrkdwn') return mrkdwn(object.text, surface?.names ?? (() => undefined))
  return plainText(object.text, object.emoji !== false)
}

function plainWords(object) {
  return plainText(typeof object === 'string' ? object : object.text).join('')
}

function safeUrl(url) {
  return /^https?:/i.test(url ?? '') ? url : undefined
}

/** A link to Slack itself, such as to a message or to the app, shows that here; any other opens a tab. */
function follow(url, surface) {
  if (!URL.canParse(url ?? '')) return
  const { protocol, host, pathname, searchParams } = new URL(url)
  const isApp = protocol === 'slack:' && host === 'app'
  const isMessage = pathname === '/sandbox' && searchParams.has('channel')
  if (isApp || isMessage) surface.goTo?.(Object.fromEntries(searchParams))
  else if (safeUrl(url)) window.open(url, '_blank', 'noopener')
}

function picture(image, className) {
  const id =
    image.slack_file?.id ??
    /\/(?:files-pri|files-tmb|files)\/(?:\w+-)?(F\w+)/.exec(image.slack_file?.url ?? '')?.[1]
  // Pictures from elsewhere are not loaded: the page asks nobody but the sandbox.
  if (id === undefined)
    return el(
      'a',
      {
        class: 'outside-picture',
        href: safeUrl(image.image_url),
        target: '_blank',
        rel: 'noopener noreferrer',
      },
      icon('open'),
      image.alt_text || 'Picture',
    )
  const img = el('img', {
    class: className,
    src: `/sandbox/files/${id}?thumb`,
    alt: image.alt_text ?? '',
    loading: 'lazy',
  })
  return el('a', { href: `/sandbox/files/${id}`, target: '_blank', rel: 'noopener' }, img)
}

let fields = 0

function input(block, surface) {
  const id = `field-${++fields}`
  const error = surface.errors?.[block.block_id]
  const describedBy = `${id}-note`
  return el(
    'div',
    { class: error ? 'has-error' : '' },
    el(
      'label',
      { for: id },
      text(block.label),
      block.optional && el('span', { class: 'optional' }, ' (optional)'),
    ),
    element(block.element, block, surface, { id, describedBy }),
    el(
      'div',
      { id: describedBy },
      error && el('p', { class: 'field-error', role: 'alert' }, error),
      block.hint && el('p', { class: 'hint' }, text(block.hint)),
    ),
  )
}

/** One interactive element: a button, a menu, or an input with its value. */
function element(item, block, surface, ids = {}) {
  if (item.type === 'image') return picture(item, 'accessory-image')
  if (item.type === 'button') return button(item, block, surface)
  if (item.type === 'overflow') return overflow(item, block, surface)
  if (!holdsValue(item)) return el('em', { class: 'unknown' }, `[${item.type}]`)
  // A value that was taken away (null) stays away; only what nobody touched shows what the app set.
  const own = surface.entered[block.block_id] ?? {}
  const value = Object.hasOwn(own, item.action_id) ? own[item.action_id] : initialValue(item)
  const set = async (next, complete) => {
    surface.entered[block.block_id] = { ...surface.entered[block.block_id], [item.action_id]: next }
    surface.onentered?.(block.block_id)
    if (complete && context.dispatches && (await confirmed(item))) await act(item, block, surface, next)
  }
  const context = {
    ...ids,
    optional: block.optional === true,
    dispatches: block.type !== 'input' || block.dispatch_action === true,
    typed: () => afterPause(item, block, surface),
    as: surface.as,
    workspace: surface.workspace,
    target: surface.target,
    blockId: block.block_id,
    labels: surface.labels,
    fileNames: surface.fileNames,
    text: (object) => text(object, surface),
    plain: plainWords,
  }
  const node = inputFor(item, value, context, set)
  node.dataset.action = item.action_id
  return node
}

/** How long somebody pauses before the app hears what they typed. Slack waits, too, and does not say how long. */
const pauseMs = 400

/** Tells what stands there then: the input itself may have been drawn anew by that time. */
function afterPause(item, block, surface) {
  surface.typing ??= new Map()
  const key = `${block.block_id}/${item.action_id}`
  const tell = () => act(item, block, surface, surface.entered[block.block_id]?.[item.action_id] ?? null)
  clearTimeout(surface.typing.get(key))
  surface.typing.set(key, setTimeout(tell, pauseMs))
}

function button(item, block, surface) {
  const style = item.style === 'primary' || item.style === 'danger' ? item.style : ''
  const node = el(
    'button',
    {
      type: 'button',
      class: `btn ${style}`,
      'data-action': item.action_id,
      'aria-label': item.accessibility_label,
    },
    text(item.text),
  )
  node.addEventListener('click', async () => {
    if (!(await confirmed(item))) return
    follow(item.url, surface)
    node.classList.add('busy')
    node.disabled = true
    await act(item, block, surface, item.value ?? null)
    node.classList.remove('busy')
    node.disabled = false
  })
  return node
}

function overflow(item, block, surface) {
  const node = el(
    'button',
    {
      type: 'button',
      class: 'btn overflow',
      'aria-label': 'More actions',
      'aria-haspopup': 'menu',
      'data-action': item.action_id,
    },
    icon('more'),
  )
  node.addEventListener('click', () => {
    const choose = async (option) => {
      follow(option.url, surface)
      if (await confirmed(item)) await act(item, block, surface, option.value)
    }
    popup(
      node,
      (item.options ?? []).map((option) => menuItem(plainWords(option.text), () => choose(option))),
      { right: true },
    )
  })
  return node
}

function confirmed(item) {
  const { confirm } = item
  if (confirm === undefined) return true
  return confirmDialog({
    title: plainWords(confirm.title),
    text: text(confirm.text),
    yes: confirm.confirm && plainWords(confirm.confirm),
    no: confirm.deny && plainWords(confirm.deny),
    danger: confirm.style === 'danger',
  })
}

function act(item, block, surface, value) {
  return attempt(() =>
    api('POST', 'actions', {
      ...surface.target,
      as: surface.as,
      actionId: item.action_id,
      blockId: block.block_id,
      value,
      entered: surface.entered,
    }),
  )
}

function richText(part, surface) {
  const children = () => (part.elements ?? []).map((item) => richItem(item, surface))
  if (part.type === 'rich_text_list')
    return el(
      part.style === 'ordered' ? 'ol' : 'ul',
      {},
      (part.elements ?? []).map((item) => el('li', {}, richText(item, surface))),
    )
  if (part.type === 'rich_text_quote') return el('blockquote', {}, children())
  if (part.type === 'rich_text_preformatted') return el('pre', {}, children())
  return el('span', {}, children())
}

function richItem(item, surface) {
  const names = surface.names
  if (item.type === 'emoji') return plainText(`:${item.name}:`)[0]
  if (item.type === 'user')
    return el('span', { class: 'mention' }, `@${names('user', item.user_id) ?? item.user_id}`)
  if (item.type === 'channel')
    return el('span', { class: 'mention' }, `#${names('channel', item.channel_id) ?? item.channel_id}`)
  if (item.type === 'link')
    return el(
      'a',
      { href: safeUrl(item.url), target: '_blank', rel: 'noopener noreferrer' },
      item.text ?? item.url,
    )
  let node = document.createTextNode(String(item.text ?? ''))
  for (const [style, tag] of [
    ['bold', 'b'],
    ['italic', 'i'],
    ['strike', 's'],
    ['code', 'code'],
  ])
    if (item.style?.[style]) node = el(tag, {}, node)
  return node
}
