import { api, el, icon, sizeOf, toast, upload } from './common.js'

/** What was typed and not sent, by place. */
const drafts = new Map()

/**
 * The box to write in: text, files by button, drop or paste, and slash commands. `place` is
 * `{ me, channel, threadTs?, placeholder, commands, dropOn }`.
 */
export function composer(place) {
  const key = `${place.me.id}/${place.channel.id}/${place.threadTs ?? ''}`
  const files = []
  const chips = el('div', { class: 'chips' })
  const hints = el('div', { class: 'hints', role: 'listbox', hidden: true })
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
  const box = el(
    'div',
    { class: 'composer' },
    hints,
    chips,
    area,
    el(
      'div',
      { class: 'composer-row' },
      el(
        'button',
        {
          type: 'button',
          class: 'icon-button',
          title: 'Attach files',
          'aria-label': 'Attach files',
          onclick: () => chooser.click(),
        },
        icon('clip'),
      ),
      chooser,
      el('span', { class: 'enter-hint' }, 'Enter sends, Shift + Enter starts a new line'),
      sendButton,
    ),
  )

  const refresh = () => {
    area.style.height = 'auto'
    area.style.height = `${Math.min(area.scrollHeight, 220)}px`
    sendButton.disabled = area.value.trim() === '' && files.length === 0
    drafts.set(key, area.value)
    const matching = /^\/\S*$/.test(area.value)
      ? place.commands.filter(({ command }) => command.startsWith(area.value))
      : []
    hints.hidden = matching.length === 0
    hints.replaceChildren(
      ...matching.map(({ command, hint }) =>
        el(
          'button',
          { type: 'button', role: 'option', class: 'hint-line', onclick: () => take(command) },
          el('b', {}, command),
          el('span', {}, hint),
        ),
      ),
    )
  }
  const take = (command) => {
    area.value = `${command} `
    area.focus()
    refresh()
  }
  const paintFiles = () => {
    chips.replaceChildren(
      ...files.map((file) => {
        const remove = () => {
          files.splice(files.indexOf(file), 1)
          paintFiles()
        }
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
      }),
    )
    refresh()
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
    if (event.isComposing) return
    const first = hints.querySelector('.hint-line b')?.textContent
    if ((event.key === 'Tab' || event.key === 'Enter') && first && first !== area.value) {
      event.preventDefault()
      take(first)
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      send()
    }
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
