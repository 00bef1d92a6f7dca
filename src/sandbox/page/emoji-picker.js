import { el } from './common.js'
import { emoji } from './emoji.js'
import { popup } from './widgets.js'

/** A small table of emoji to choose from, by name or by sight. */
export function chooseEmoji(face, choose) {
  const search = el('input', {
    type: 'search',
    placeholder: 'Find an emoji',
    'aria-label': 'Find an emoji',
    autocomplete: 'off',
  })
  const table = el('div', { class: 'emoji-table' })
  const take = (name) => {
    close()
    choose(name)
  }
  const paint = () => {
    const wanted = search.value.toLowerCase()
    const seen = new Set()
    const found = Object.entries(emoji).filter(([name, sign]) => {
      if (!name.includes(wanted) || seen.has(sign)) return false
      seen.add(sign)
      return true
    })
    table.replaceChildren(
      ...found.map(([name, sign]) =>
        el(
          'button',
          { type: 'button', title: `:${name}:`, 'aria-label': name, onclick: () => take(name) },
          sign,
        ),
      ),
    )
  }
  search.addEventListener('input', paint)
  search.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return
    event.preventDefault()
    table.querySelector('button')?.click()
  })
  paint()
  const close = popup(face, [search, table], {
    class: 'emoji-popup',
    role: 'dialog',
    label: 'Emoji',
    right: true,
  })
  search.focus()
}
