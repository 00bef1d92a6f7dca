import { api, attempt, el, icon } from './common.js'
import { emoji } from './emoji.js'
import { chooseEmoji } from './emoji-picker.js'
import { confirmDialog, menuItem, popup } from './widgets.js'

/** The reactions below a message; pressing one joins it, or takes one's own back. */
export function reactions(message, page) {
  if (!message.reactions?.length) return undefined
  return el(
    'div',
    { class: 'reactions' },
    message.reactions.map((one) => {
      const who = one.users.map((id) => page.names('user', id) ?? id).join(', ')
      const mine = one.users.includes(page.me.id)
      return el(
        'button',
        {
          type: 'button',
          class: `reaction ${mine ? 'mine' : ''}`,
          title: `${who} reacted with :${one.name}:`,
          'aria-label': `${one.name}, ${one.count}`,
          'aria-pressed': String(mine),
          onclick: () => react(message, page, one.name),
        },
        emoji[one.name] ?? `:${one.name}:`,
        el('span', {}, one.count),
      )
    }),
    reactButton(message, page, 'reaction'),
  )
}

function react(message, page, name) {
  return attempt(() =>
    api('POST', 'reactions', { as: page.me.id, channel: page.channel.id, ts: message.ts, name }),
  )
}

function reactButton(message, page, className) {
  const face = el(
    'button',
    {
      type: 'button',
      class: className,
      title: 'Add a reaction',
      'aria-label': 'Add a reaction',
      'aria-haspopup': 'dialog',
    },
    icon('smile'),
  )
  face.addEventListener('click', () => chooseEmoji(face, (name) => react(message, page, name)))
  return face
}

/** What one can do with a message: react, reply, shortcuts, edit, delete. */
export function tools(message, page) {
  const shortcuts = page.workspace.shortcuts.filter((shortcut) => shortcut.type === 'message')
  const target = { as: page.me.id, channel: page.channel.id, ts: message.ts }
  const mine = message.user === page.me.id
  const more = el(
    'button',
    {
      type: 'button',
      class: 'icon-button',
      title: 'More actions',
      'aria-label': 'More actions',
      'aria-haspopup': 'menu',
    },
    icon('more'),
  )
  more.addEventListener('click', () => {
    const items = shortcuts.map((shortcut) =>
      menuItem(
        shortcut.name,
        () => attempt(() => api('POST', 'shortcuts', { ...target, callbackId: shortcut.callbackId })),
        { icon: 'bolt' },
      ),
    )
    if (!page.inThread)
      items.push(menuItem('Reply in thread', () => page.openThread(message.ts), { icon: 'reply' }))
    if (mine) items.push(menuItem('Edit message', () => edit(message, page), { icon: 'edit' }))
    if (mine) items.push(menuItem('Delete message…', () => remove(target), { icon: 'trash', danger: true }))
    popup(more, items, { right: true })
  })
  const quick = shortcuts[0]
  return el(
    'div',
    { class: 'tools', role: 'toolbar', 'aria-label': 'Message actions' },
    reactButton(message, page, 'icon-button quick'),
    quick &&
      el(
        'button',
        {
          type: 'button',
          class: 'icon-button quick',
          title: quick.name,
          'aria-label': quick.name,
          onclick: () => attempt(() => api('POST', 'shortcuts', { ...target, callbackId: quick.callbackId })),
        },
        icon('bolt'),
      ),
    !page.inThread &&
      el(
        'button',
        {
          type: 'button',
          class: 'icon-button quick',
          title: 'Reply in thread',
          'aria-label': 'Reply in thread',
          onclick: () => page.openThread(message.ts),
        },
        icon('reply'),
      ),
    more,
  )
}

/** What the person typed, from what Slack made of it: references become names again. */
function typedOf(text, page) {
  return text
    .replace(/<@(\w+)>/g, (_, id) => `@${page.names('user', id) ?? id}`)
    .replace(/<#(\w+)\|([^>]*)>/g, (_, _id, name) => `#${name}`)
    .replace(/<((?:https?|mailto):[^>|]+)(?:\|[^>]*)?>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

async function remove(target) {
  const sure = await confirmDialog({
    title: 'Delete message',
    text: 'Are you sure you want to delete this message? This cannot be undone.',
    yes: 'Delete',
    danger: true,
  })
  if (sure) await attempt(() => api('POST', 'messages/delete', target))
}

function edit(message, page) {
  const body = document.querySelector(`.message[data-ts="${CSS.escape(message.ts)}"] .body`)
  if (body === null) return
  const node = body.querySelector('.text') ?? el('div', { class: 'text' })
  // A message of files alone has no words yet.
  if (!node.isConnected) body.insertBefore(node, body.querySelector('.picture, .file'))
  const before = [...node.childNodes]
  const area = el('textarea', { rows: 2, 'aria-label': 'Edit message', value: typedOf(message.text, page) })
  const cancel = () => node.replaceChildren(...before)
  const save = async () => {
    await attempt(() =>
      api('POST', 'messages/edit', {
        as: page.me.id,
        channel: page.channel.id,
        ts: message.ts,
        text: area.value,
      }),
    )
  }
  area.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      event.stopPropagation()
      cancel()
    }
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      save()
    }
  })
  node.replaceChildren(
    el(
      'div',
      { class: 'editing' },
      area,
      el(
        'div',
        { class: 'confirm-buttons' },
        el('button', { type: 'button', class: 'btn', onclick: cancel }, 'Cancel'),
        el('button', { type: 'button', class: 'btn primary', onclick: save }, 'Save'),
      ),
    ),
  )
  area.focus()
}
