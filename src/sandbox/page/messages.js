import { renderBlocks } from './blocks.js'
import { avatar, dayOf, el, fullTimeOf, icon, sizeOf, timeOf } from './common.js'
import { reactions, tools } from './message-tools.js'
import { mrkdwn } from './mrkdwn.js'

const groupSeconds = 300

/** Remembered across renders, so that half-filled inputs in a message survive a new reading. */
const memory = new Map()

/**
 * Brings `list` to these messages: unchanged ones keep their nodes, so that nothing flickers and no focus is lost.
 * `page` is `{ me, workspace, names, channel, openThread, inThread }`.
 */
export function showMessages(list, messages, page) {
  const old = new Map([...list.children].map((node) => [node.dataset.key, node]))
  const nodes = []
  let before
  let isNew = page.inThread || page.newAfter === undefined
  for (const message of messages) {
    if (before === undefined || dayOf(before.ts) !== dayOf(message.ts)) {
      if (!page.inThread)
        nodes.push(reuse(old, `day-${dayOf(message.ts)}`, dayOf(message.ts), () => dayLine(message.ts)))
      before = undefined
    }
    if (!isNew && message.ts > page.newAfter && message.user !== page.me.id) {
      nodes.push(
        reuse(old, 'new', 'new', () =>
          el('div', { class: 'new-line', role: 'separator' }, el('span', {}, 'New')),
        ),
      )
      isNew = true
      before = undefined
    }
    const follows =
      before !== undefined &&
      before.user === message.user &&
      !page.inThread &&
      message.subtype === before.subtype &&
      Number(message.ts) - Number(before.ts) < groupSeconds &&
      (before.visible_to === undefined) === (message.visible_to === undefined)
    const state = JSON.stringify([message, follows])
    nodes.push(reuse(old, message.ts, state, () => messageNode(message, follows, page)))
    before = message
    if (page.inThread && message === messages[0] && messages.length > 1) {
      const words = `${messages.length - 1} ${messages.length === 2 ? 'reply' : 'replies'}`
      nodes.push(reuse(old, 'replies', words, () => el('div', { class: 'reply-line' }, words)))
    }
  }
  const same = nodes.length === list.children.length && nodes.every((node, i) => node === list.children[i])
  if (!same) list.replaceChildren(...nodes)
}

function reuse(old, key, state, make) {
  const known = old.get(key)
  if (known?.shownState === state) return known
  const node = make()
  node.dataset.key = key
  node.shownState = state
  return node
}

function dayLine(ts) {
  return el('div', { class: 'day' }, el('span', {}, dayOf(ts)))
}

function messageNode(message, follows, page) {
  if (message.subtype === 'tombstone') return tombstone(message, page)
  const isBot = message.bot_id !== undefined || message.user === 'USLACKBOT'
  const name = page.names('user', message.user) ?? message.user
  const time = el('time', { title: fullTimeOf(message.ts) }, timeOf(message.ts))
  const only = message.visible_to !== undefined
  return el(
    'article',
    {
      class: `message ${follows ? 'follows' : ''} ${only ? 'ephemeral' : ''}`,
      'data-ts': message.ts,
      'aria-label': `${name}, ${timeOf(message.ts)}`,
    },
    el('div', { class: 'gutter' }, follows ? time.cloneNode(true) : face(message, name, page)),
    el(
      'div',
      { class: 'body' },
      only && el('p', { class: 'only-you' }, icon('eye'), 'Only visible to you'),
      !follows &&
        el(
          'header',
          {},
          el('b', { class: 'name' }, name),
          isBot && el('span', { class: 'tag' }, 'APP'),
          time,
        ),
      content(message, page),
      files(message),
      reactions(message, page),
      threadLink(message, page),
    ),
    !only && tools(message, page),
  )
}

function face(message, name, page) {
  return avatar(name, { bot: message.user === page.workspace.bot.userId })
}

/** The first message of a thread was deleted; its replies stay. */
function tombstone(message, page) {
  return el(
    'article',
    { class: 'message tombstone', 'data-ts': message.ts },
    el('div', { class: 'gutter' }, el('span', { class: 'avatar none' }, icon('trash'))),
    el('div', { class: 'body' }, el('div', { class: 'text' }, message.text), threadLink(message, page)),
  )
}

function content(message, page) {
  const key = `${page.me.id}/${page.channel.id}/${message.ts}`
  const kept = memory.get(key) ?? { entered: {}, labels: new Map(), fileNames: new Map() }
  memory.set(key, kept)
  for (const [block, values] of Object.entries(message.entered ?? {}))
    kept.entered[block] = { ...values, ...kept.entered[block] }
  const surface = {
    as: page.me.id,
    workspace: page.workspace,
    names: page.names,
    target: { channel: page.channel.id, ts: message.ts },
    goTo: page.goTo,
    ...kept,
  }
  const attachments = (message.attachments ?? []).map((attachment) =>
    el(
      'div',
      { class: 'attachment' },
      attachment.blocks
        ? renderBlocks(attachment.blocks, surface)
        : mrkdwn(attachment.text ?? attachment.fallback ?? '', page.names),
    ),
  )
  const blocks = message.blocks?.length ? renderBlocks(message.blocks, surface) : []
  const words =
    blocks.length === 0 && message.text !== ''
      ? el('div', { class: 'text' }, mrkdwn(message.text, page.names), edited(message))
      : undefined
  return [words, ...blocks, ...attachments]
}

function edited(message) {
  return message.edited && message.bot_id === undefined
    ? el('span', { class: 'edited' }, ' (edited)')
    : undefined
}

function files(message) {
  return (message.files ?? []).map((file) => {
    const href = `/sandbox/files/${file.id}/${encodeURIComponent(file.name ?? '')}`
    if (file.mode === 'tombstone') return el('div', { class: 'file gone' }, 'This file was deleted.')
    if (file.thumb_360 !== undefined) {
      const ratio =
        file.original_w && file.original_h ? { width: file.original_w, height: file.original_h } : {}
      return el(
        'div',
        { class: 'picture' },
        el('span', { class: 'file-name' }, file.name),
        el(
          'a',
          { href, target: '_blank', rel: 'noopener' },
          el('img', { src: `/sandbox/files/${file.id}?thumb`, alt: file.name, loading: 'lazy', ...ratio }),
        ),
      )
    }
    return el(
      'a',
      { class: `file file-${file.filetype}`, href, target: '_blank', rel: 'noopener' },
      el('span', { class: 'file-kind' }, (file.filetype ?? 'file').slice(0, 4).toUpperCase()),
      el('span', {}, el('b', {}, file.name), el('small', {}, `${file.pretty_type} · ${sizeOf(file.size)}`)),
    )
  })
}

function threadLink(message, page) {
  if (!message.reply_count || page.inThread) return undefined
  const faces = (message.reply_users ?? [])
    .slice(0, 3)
    .map((id) => avatar(page.names('user', id) ?? id, { small: true, bot: id === page.workspace.bot.userId }))
  return el(
    'button',
    { type: 'button', class: 'thread-link', onclick: () => page.openThread(message.ts) },
    faces,
    el('b', {}, `${message.reply_count} ${message.reply_count === 1 ? 'reply' : 'replies'}`),
    el(
      'span',
      {},
      `Last reply ${dayOf(message.latest_reply).toLowerCase()} at ${timeOf(message.latest_reply)}`,
    ),
  )
}
