import { el, icon } from './common.js'

/** A menu or list that hangs on a button and goes away by Escape or a click elsewhere. */
export function popup(anchor, content, options = {}) {
  document.querySelector('.popup')?.closePopup?.()
  const box = el(
    'div',
    { class: `popup ${options.class ?? ''}`, role: options.role ?? 'menu', 'aria-label': options.label },
    content,
  )
  const host = anchor.closest('dialog') ?? document.body
  const close = () => {
    box.remove()
    document.removeEventListener('pointerdown', outside, true)
    document.removeEventListener('keydown', onEscape, true)
    host.dispatchEvent(new Event('released'))
  }
  const outside = (event) => {
    if (!box.contains(event.target) && !anchor.contains(event.target)) close()
  }
  const onEscape = (event) => {
    if (box.contains(event.target)) moveInMenu(box, event)
    if (event.key !== 'Escape') return
    event.preventDefault()
    event.stopPropagation()
    close()
    anchor.focus()
  }
  box.closePopup = close
  host.append(box)
  const at = anchor.getBoundingClientRect()
  if (options.wide) {
    box.style.width = `${Math.max(at.width, 180)}px`
    box.style.maxWidth = 'none'
  }
  const { width, height } = box.getBoundingClientRect()
  const left = Math.max(8, Math.min(options.right ? at.right - width : at.left, innerWidth - width - 8))
  const below = innerHeight - at.bottom
  const top = below > height + 8 || below > at.top ? at.bottom + 4 : at.top - height - 4
  box.style.left = `${left}px`
  box.style.top = `${Math.max(8, Math.min(top, innerHeight - height - 8))}px`
  document.addEventListener('pointerdown', outside, true)
  document.addEventListener('keydown', onEscape, true)
  if (options.role === undefined) box.querySelector('[role=menuitem]')?.focus()
  return close
}

/** Arrow keys go up and down in a menu. */
function moveInMenu(box, event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  const items = [...box.querySelectorAll('[role=menuitem]')]
  const at = items.indexOf(document.activeElement)
  if (step === undefined || at === -1) return
  event.preventDefault()
  items[(at + step + items.length) % items.length].focus()
}

/** One line of a menu. */
export function menuItem(label, work, options = {}) {
  const onclick = () => {
    document.querySelector('.popup')?.closePopup?.()
    work()
  }
  return el(
    'button',
    { type: 'button', class: `menu-item ${options.danger ? 'danger' : ''}`, role: 'menuitem', onclick },
    options.icon && icon(options.icon),
    el('span', {}, label),
  )
}

/** Asks before something is done; resolves with true or false. */
export function confirmDialog({ title, text, yes, no, danger }) {
  return new Promise((resolve) => {
    const dialog = el(
      'dialog',
      {
        class: 'confirm',
        onclose: () => {
          dialog.remove()
          resolve(dialog.returnValue === 'yes')
        },
      },
      el('h2', {}, title),
      el('p', {}, text),
      el(
        'div',
        { class: 'confirm-buttons' },
        el('button', { type: 'button', class: 'btn', onclick: () => dialog.close('no') }, no ?? 'Cancel'),
        el(
          'button',
          {
            type: 'button',
            class: `btn ${danger ? 'danger' : 'primary'}`,
            onclick: () => dialog.close('yes'),
          },
          yes ?? 'Yes',
        ),
      ),
    )
    document.body.append(dialog)
    dialog.showModal()
    dialog.querySelector('.confirm-buttons .btn:last-child').focus()
  })
}

/**
 * A select with search, for one or several values. `load(query)` resolves with `[{value, label, note?, group?}]`.
 * `onchange(values)` gets the chosen values.
 */
export function combobox({
  placeholder,
  values,
  labels,
  multiple,
  load,
  onchange,
  id,
  describedBy,
  minQuery = 0,
  most = Number.POSITIVE_INFINITY,
  clearable = false,
}) {
  const chosen = new Map(values.map((value) => [value, labels.get(value) ?? value]))
  const face = el('button', {
    type: 'button',
    class: 'combo',
    id,
    'aria-haspopup': 'listbox',
    'aria-describedby': describedBy,
  })
  const paint = () => {
    const texts = [...chosen.values()]
    const shown = multiple
      ? texts.map((text) => el('span', { class: 'chip' }, text))
      : texts.map((text) => el('span', { class: 'combo-text' }, text))
    const clear = clearable && !multiple && texts.length > 0
    face.replaceChildren(
      ...(texts.length > 0 ? shown : [el('span', { class: 'placeholder' }, placeholder)]),
      clear
        ? el('span', { class: 'combo-clear', title: 'Clear', onclick: forget }, icon('close'))
        : icon('down'),
    )
  }
  const forget = (event) => {
    event?.stopPropagation()
    chosen.clear()
    paint()
    onchange([])
  }
  const choose = (item, close) => {
    if (!multiple) chosen.clear()
    if (multiple && chosen.has(item.value)) chosen.delete(item.value)
    else if (chosen.size < most) chosen.set(item.value, item.label)
    paint()
    onchange([...chosen.keys()])
    if (!multiple) {
      close()
      face.focus()
    }
  }
  face.addEventListener('click', () => openList(face, { load, minQuery, chosen, choose, multiple }))
  face.addEventListener('keydown', (event) => {
    if (clearable && chosen.size > 0 && ['Delete', 'Backspace'].includes(event.key)) forget()
    if (event.key !== 'ArrowDown') return
    event.preventDefault()
    face.click()
  })
  paint()
  return face
}

function openList(face, { load, minQuery, chosen, choose, multiple }) {
  const search = el('input', {
    type: 'text',
    class: 'combo-search',
    placeholder: 'Search…',
    'aria-label': 'Search',
    autocomplete: 'off',
  })
  const list = el('div', {
    class: 'combo-list',
    role: 'listbox',
    'aria-multiselectable': multiple ? 'true' : undefined,
  })
  const close = popup(face, [search, list], { class: 'combo-popup', role: 'dialog', wide: true })
  let active = 0
  let items = []
  let round = 0
  /** What the list shows the answer to. */
  let shownFor
  const mark = () => {
    for (const [i, option] of [...list.querySelectorAll('[role=option]')].entries()) {
      option.classList.toggle('active', i === active)
      if (i === active) option.scrollIntoView({ block: 'nearest' })
    }
  }
  const paint = () => {
    const nodes = []
    let group
    for (const [i, item] of items.entries()) {
      if (item.group !== undefined && item.group !== group)
        nodes.push(el('div', { class: 'combo-group' }, item.group))
      group = item.group
      const onclick = () => {
        active = i
        choose(item, close)
        if (multiple) paint()
      }
      nodes.push(
        el(
          'div',
          { role: 'option', class: 'combo-option', 'aria-selected': String(chosen.has(item.value)), onclick },
          el('span', {}, item.label),
          item.note && el('small', {}, item.note),
        ),
      )
    }
    list.replaceChildren(...(nodes.length > 0 ? nodes : [el('div', { class: 'combo-empty' }, 'No results')]))
    mark()
  }
  /** Resolves with whether the list shows it: something else may be wanted by then. */
  const read = async () => {
    const mine = ++round
    const query = search.value
    if (query.length < minQuery) {
      list.replaceChildren(
        el('div', { class: 'combo-empty' }, `Type ${minQuery} letter${minQuery > 1 ? 's' : ''} to search`),
      )
      items = []
      shownFor = query
      return true
    }
    list.setAttribute('aria-busy', 'true')
    const found = await load(query).catch((error) => error)
    if (mine !== round) return false
    list.removeAttribute('aria-busy')
    if (found instanceof Error) {
      items = []
      shownFor = query
      list.replaceChildren(el('div', { class: 'combo-empty error' }, found.message))
      return true
    }
    items = found
    shownFor = query
    // What is chosen is where one starts; whoever searches means the first that is found.
    const isSearch = query.trim() !== ''
    active = Math.max(0, multiple || isSearch ? 0 : items.findIndex((item) => chosen.has(item.value)))
    paint()
    return true
  }
  const take = () => {
    if (!items[active]) return
    choose(items[active], close)
    if (multiple) paint()
  }
  let timer
  search.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(read, 150)
  })
  search.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) active = Math.max(0, Math.min(items.length - 1, active + step))
    else if (event.key === 'Enter') {
      event.preventDefault()
      clearTimeout(timer)
      // Faster than the answer: what the list still shows was not asked for.
      if (shownFor === search.value) take()
      else read().then((isShown) => isShown && list.isConnected && take())
      return
    } else return
    event.preventDefault()
    mark()
  })
  read()
  search.focus()
}
