import { api, el, icon, sizeOf, toast, upload } from './common.js'
import { chooseEmoji } from './emoji-picker.js'
import { suggestions } from './suggestions.js'

/** What was typed and not sent, by place. */
const drafts = new Map()

/**
 * The box to write in: text, files by button, drop or paste, mentions, and slash commands. `place` is
 * `{ me, channel, threadTs?, placeholder, commands, workspace, dropOn }`.
 */
export function composer(place) {
  const key = `${place.me.id}/${place.channel.id}/${place.threadTs ?? ''}`
  const files = []
  const chips = el('div', { class: 'chips' })
  const area = el('textarea', {
    rows: 1,
    placeholder: place.placeholder,
    'aria-label': place.placeholder,
    value: drafts.get(key) ?? '',
  })
  const chooser = el('input', {
    type: 'file',
    multiple: true,
    class: 'visually-hidden',
    tabindex: '-1',
    'aria-hidden': 'true',
  })
  const sendButton = el(
    'button',
    { type: 'button', class: 'send', title: 'Send', 'aria-label': 'Send' },
    icon('send'),
  )
  const refresh = () => {
    area.style.height = 'auto'
    area.style.height = `${Math.min(area.scrollHeight, 220)}px`
    sendButton.disabled = area.value.trim() === '' && files.length === 0
    drafts.set(key, area.value)
    hints.refresh()
  }
  const hints = suggestions(area, place, refresh)
  const write = (text) => {
    area.setRangeText(text, area.selectionStart, area.selectionEnd, 'end')
    area.focus()
    refresh()
  }
  const emojiButton = tool('smile', 'Emoji', () => chooseEmoji(emojiButton, (name) => write(`:${name}: `)))
  const box = el(
    'div',
    { class: 'composer' },
    hints.node,
    area,
    chips,
    el(
      'div',
      { class: 'composer-row' },
      tool('plus', 'Attach files', () => chooser.click()),
      chooser,
      emojiButton,
      tool('at', 'Mention somebody', () => write('@')),
      el('span', { class: 'enter-hint' }, el('b', {}, 'Shift + Enter'), ' for a new line'),
      sendButton,
    ),
  )
  const paintFiles = () => {
    chips.replaceChildren(...files.map((file) => fileChip(file, () => take(file))))
    refresh()
  }
  const take = (file) => {
    files.splice(files.indexOf(file), 1)
    paintFiles()
    area.focus()
  }
  const add = (more) => {
    files.push(...more)
    paintFiles()
    area.focus()
  }
  const send = async () => {
    const text = area.value
    if (sendButton.disabled) return
    sendButton.disabled = true
    box.classList.add('sending')
    try {
      if (text.startsWith('/') && files.length === 0)
        await api('POST', 'commands', { as: place.me.id, channel: place.channel.id, text })
      else await post(place, text, files)
      area.value = ''
      files.length = 0
      paintFiles()
    } catch (error) {
      toast(error.message)
    }
    box.classList.remove('sending')
    refresh()
    area.focus()
  }

  area.addEventListener('input', refresh)
  area.addEventListener('keydown', (event) => {
    if (event.isComposing || hints.keydown(event)) return
    if (event.key !== 'Enter' || event.shiftKey) return
    event.preventDefault()
    send()
  })
  area.addEventListener('paste', (event) => {
    const pasted = [...(event.clipboardData?.files ?? [])]
    if (pasted.length === 0) return
    event.preventDefault()
    add(pasted)
  })
  sendButton.addEventListener('click', send)
  chooser.addEventListener('change', () => {
    add([...chooser.files])
    chooser.value = ''
  })
  acceptDrops(place.dropOn, add)
  queueMicrotask(refresh)
  return { node: box, focus: () => area.focus() }
}

function tool(name, label, onclick) {
  return el(
    'button',
    { type: 'button', class: 'icon-button', title: label, 'aria-label': label, onclick },
    icon(name),
  )
}

function fileChip(file, remove) {
  const isPicture = /^image\/(png|jpeg|gif|webp)$/.test(file.type)
  const face = isPicture ? el('img', { src: URL.createObjectURL(file), alt: '' }) : icon('file')
  return el(
    'div',
    { class: 'file-chip' },
    face,
    el('span', {}, el('b', {}, file.name), el('small', {}, sizeOf(file.size))),
    el(
      'button',
      { type: 'button', class: 'icon-button', 'aria-label': `Remove ${file.name}`, onclick: remove },
      icon('close'),
    ),
  )
}

async function post(place, text, files) {
  const fileIds = []
  for (const file of files) fileIds.push((await upload(place.me.id, file)).id)
  await api('POST', 'messages', {
    as: place.me.id,
    channel: place.channel.id,
    text,
    fileIds,
    threadTs: place.threadTs,
  })
}

/** Files dropped anywhere on `zone` go into its composer; a later composer takes the zone over. */
function acceptDrops(zone, add) {
  let depth = 0
  const leave = () => {
    depth = 0
    zone.classList.remove('dropping')
  }
  zone.ondragenter = (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return
    depth++
    zone.classList.add('dropping')
  }
  zone.ondragleave = () => {
    if (--depth <= 0) leave()
  }
  zone.ondragover = (event) => event.preventDefault()
  zone.ondrop = (event) => {
    event.preventDefault()
    leave()
    const dropped = [...(event.dataTransfer?.files ?? [])]
    if (dropped.length > 0) add(dropped)
  }
}
