import { el, icon, sizeOf, upload } from './common.js'

/** Slack takes no larger files in a modal. */
const mostBytes = 10 * 1024 * 1024

/** The element `file_input`: files are uploaded as they are chosen, and shown as chips. */
export function fileInput(element, value, context, set) {
  const files = new Map((value ?? []).map((id) => [id, context.fileNames.get(id) ?? 'file']))
  const most = element.max_files ?? 10
  const list = el('ul', { class: 'file-list' })
  const refuse = (name, why) => list.append(el('li', { class: 'error' }, `${name}: ${why}`))
  const add = async (chosen) => {
    paint()
    for (const file of chosen) {
      const why = objection(file, element, files.size, most)
      if (why !== undefined) {
        refuse(file.name, why)
        continue
      }
      const line = el('li', { class: 'uploading' }, `${file.name} · ${sizeOf(file.size)} …`)
      list.append(line)
      try {
        const stored = await upload(context.as, file)
        files.set(stored.id, file.name)
        context.fileNames.set(stored.id, file.name)
        set([...files.keys()], true)
        line.replaceWith(chip(stored.id, file.name))
      } catch (error) {
        line.remove()
        refuse(file.name, error.message)
      }
    }
    zone.classList.toggle('full', files.size >= most)
    list.dispatchEvent(new Event('released', { bubbles: true }))
  }
  const chip = (id, name) => {
    const remove = () => {
      files.delete(id)
      set([...files.keys()], true)
      paint()
      chooser.focus()
    }
    return el(
      'li',
      {},
      icon('file'),
      el('span', {}, name),
      el(
        'button',
        { type: 'button', class: 'icon-button', 'aria-label': `Remove ${name}`, onclick: remove },
        icon('close'),
      ),
    )
  }
  const chooser = el('input', {
    type: 'file',
    id: context.id,
    class: 'visually-hidden',
    multiple: most > 1,
    'aria-describedby': context.describedBy,
    accept: element.filetypes?.map((type) => `.${type}`).join(','),
  })
  const zone = el(
    'label',
    { class: 'drop-zone', for: context.id },
    icon('clip'),
    el('span', {}, el('b', {}, most > 1 ? 'Add files' : 'Add a file'), ' or drop them here'),
  )
  const paint = () => {
    list.replaceChildren(...[...files].map(([id, name]) => chip(id, name)))
    zone.classList.toggle('full', files.size >= most)
  }
  chooser.addEventListener('change', () => {
    add([...chooser.files])
    chooser.value = ''
  })
  zone.addEventListener('dragover', (event) => event.preventDefault())
  zone.addEventListener('drop', (event) => {
    event.preventDefault()
    event.stopPropagation()
    add([...event.dataTransfer.files])
  })
  paint()
  return el('div', { class: 'file-input' }, chooser, zone, list)
}

/** Why a file may not go in here, or undefined. */
function objection(file, element, have, most) {
  if (have >= most) return `only ${most} ${most === 1 ? 'file' : 'files'} here`
  if (file.size > mostBytes) return 'larger than 10 MB'
  const ending = file.name.split('.').at(-1).toLowerCase()
  const types = element.filetypes?.map((type) => type.toLowerCase())
  if (types === undefined || types.includes(ending) || (ending === 'jpeg' && types.includes('jpg')))
    return undefined
  return `not one of ${types.join(', ')}`
}
