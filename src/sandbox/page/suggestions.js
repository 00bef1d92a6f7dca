import { avatar, el, icon } from './common.js'

const most = 8

/**
 * What hangs over the box while one types: commands after `/`, people after `@`, channels after `#`. `keydown` says
 * whether it took the key.
 */
export function suggestions(area, place, typed) {
  const node = el('div', { class: 'hints', role: 'listbox', 'aria-label': 'Suggestions', hidden: true })
  let items = []
  let active = 0
  const mark = () => {
    for (const [i, line] of [...node.children].entries()) {
      line.classList.toggle('active', i === active)
      line.setAttribute('aria-selected', String(i === active))
    }
  }
  const take = (item) => {
    area.setRangeText(`${item.text} `, item.from, area.selectionStart, 'end')
    area.focus()
    typed()
  }
  const refresh = () => {
    items = found(area, place)
    active = 0
    node.hidden = items.length === 0
    node.replaceChildren(
      ...items.map((item) =>
        el(
          'button',
          { type: 'button', role: 'option', class: 'hint-line', tabindex: '-1', onclick: () => take(item) },
          item.face,
          el('b', {}, item.label),
          el('span', {}, item.note),
        ),
      ),
    )
    mark()
  }
  const keydown = (event) => {
    if (items.length === 0) return false
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const item = items[active]
    if (step !== undefined) {
      active = (active + step + items.length) % items.length
      mark()
    } else if (event.key === 'Escape') {
      items = []
      node.hidden = true
    } else if (event.key === 'Tab' || (event.key === 'Enter' && !event.shiftKey && !isWhole(item, area)))
      take(item)
    else return false
    event.preventDefault()
    event.stopPropagation()
    return true
  }
  return { node, refresh, keydown }
}

/** A command that is typed in full is sent by Enter. */
function isWhole(item, area) {
  return item.text === area.value.slice(item.from)
}

function found(area, { commands, workspace }) {
  const before = area.value.slice(0, area.selectionStart)
  const command = /^\/\S*$/.exec(before)?.[0]
  if (command !== undefined) return commandsLike(command, commands)
  const [, sign, words = ''] = /(?:^|[\s(])([@#])([^@#\n]{0,30})$/.exec(before) ?? []
  if (sign === undefined) return []
  const from = before.length - words.length - 1
  const named = sign === '@' ? people(workspace) : channels(workspace)
  return named
    .filter(
      ({ label }) => label.toLowerCase().startsWith(words.toLowerCase()) && !before.endsWith(`${label} `),
    )
    .slice(0, most)
    .map((item) => ({ ...item, from, text: `${sign}${item.label}` }))
}

function commandsLike(typed, commands) {
  return commands
    .filter(({ command }) => command.startsWith(typed))
    .map(({ command, hint }) => ({ label: command, note: hint, text: command, from: 0 }))
}

function people({ bot, installed, people: all }) {
  const app = { label: bot.name, note: 'App', face: avatar(bot.name, { small: true, bot: true }) }
  const others = all
    .filter((person) => !person.deleted)
    .map(({ name, title }) => ({ label: name, note: title, face: avatar(name, { small: true }) }))
  return installed ? [app, ...others] : others
}

function channels({ channels: all }) {
  return all.map(({ name }) => ({ label: name, note: '', face: icon('hash') }))
}
