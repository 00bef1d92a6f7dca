/** The page is plain DOM. Everything that people or apps wrote goes in as text nodes; nothing is ever parsed as HTML. */

/** Makes an element: `el('a', { class: 'x', href, onclick }, 'text', child, …)`. Empty children are left out. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value)
    else if (name === 'value' || name === 'checked') node[name] = value
    else node.setAttribute(name, value === true ? '' : String(value))
  }
  for (const child of children.flat(2))
    if (child !== undefined && child !== null && child !== false) node.append(child)
  return node
}

const paths = {
  hash: 'M6 2 4 14M12 2l-2 12M2 5.5h12M2 10.5h12',
  clip: 'M13 7.5 7.8 12.6a3 3 0 0 1-4.3-4.2l5.6-5.5a2 2 0 0 1 2.9 2.8L6.6 11a1 1 0 0 1-1.4-1.4L10 4.9',
  send: 'M2.5 2.5 14 8 2.5 13.5 4 8zM4 8h5',
  reply: 'M2.5 3h11v8h-6L4.5 13.5V11h-2z',
  more: 'M8 3.5v.01M8 8v.01M8 12.5v.01',
  close: 'm3.5 3.5 9 9m0-9-9 9',
  menu: 'M2 4h12M2 8h12M2 12h12',
  down: 'm4 6 4 4 4-4',
  mail: 'M2 3.5h12v9H2zM2 4l6 5 6-5',
  list: 'M5.5 4H14M5.5 8H14M5.5 12H14M2 4h.01M2 8h.01M2 12h.01',
  file: 'M4 1.8h5L12.5 5v9.2H4zM9 1.8V5h3.5',
  back: 'M9.5 3.5 5 8l4.5 4.5',
  bolt: 'M9 1.5 3.5 9H8l-1 5.5L12.5 7H8z',
  edit: 'm3 13 .7-3L10.5 3.2l2.3 2.3L6 12.3z',
  trash: 'M3 4.5h10M6.5 4V2.5h3V4M4.5 4.5l.6 9h5.8l.6-9',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zm3.3-1.2L14 14',
  open: 'M9 3h4v4M13 3 7.5 8.5M11 9.5V13H3V5h3.5',
  home: 'M2.5 7.5 8 2.5l5.5 5v6h-4v-4h-3v4h-4z',
  plus: 'M8 3v10M3 8h10',
  at: 'M10.5 8a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0zm0 0v1a1.75 1.75 0 0 0 3.5 0V8a6 6 0 1 0-2.4 4.8',
  smile: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM5.5 9.5a3 3 0 0 0 5 0M6 6.4v.01M10 6.4v.01',
  user: 'M8 8a2.8 2.8 0 1 0 0-5.6A2.8 2.8 0 0 0 8 8zm-5.5 6a5.5 5.5 0 0 1 11 0',
  chevron: 'm6 4 4 4-4 4',
  eye: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
}

/** A small line icon. */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('viewBox', '0 0 16 16')
  svg.setAttribute('class', `icon icon-${name}`)
  svg.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  path.setAttribute('d', paths[name])
  svg.append(path)
  return svg
}

const themeKey = 'theme'

/** `system`, `light` or `dark`, as chosen on this machine. */
export function theme() {
  return localStorage.getItem(themeKey) ?? 'system'
}

export function setTheme(chosen) {
  localStorage.setItem(themeKey, chosen)
  applyTheme()
}

function applyTheme() {
  document.documentElement.dataset.theme = theme()
}
applyTheme()

/** The workspace that this page shows; goes along with every call. */
let team

export function setTeam(id) {
  team = id
}

/** Calls the page's API. Errors carry the server's message for people. */
export async function api(method, path, body) {
  const get = method === 'GET'
  const said = team === undefined ? body : { team, ...body }
  const query = get && said ? `?${new URLSearchParams(said)}` : ''
  const response = await fetch(`/sandbox/api/${path}${query}`, {
    method,
    headers: get ? {} : { 'content-type': 'application/json' },
    body: get ? undefined : JSON.stringify(said ?? {}),
  }).catch(() => undefined)
  if (response === undefined)
    throw Object.assign(new Error('The sandbox cannot be reached.'), { code: 'unreachable' })
  const answer = await response.json().catch(() => ({}))
  if (!response.ok)
    throw Object.assign(new Error(answer.message ?? 'This did not work.'), { code: answer.error })
  return answer
}

/** Uploads a file as a person; resolves with Slack's file object. */
export async function upload(as, file) {
  const query = new URLSearchParams({ as, name: file.name, ...(team === undefined ? {} : { team }) })
  const response = await fetch(`/sandbox/api/files?${query}`, { method: 'POST', body: file })
  const answer = await response.json().catch(() => ({}))
  if (!response.ok) throw new Error(answer.message ?? 'The file could not be uploaded.')
  return answer
}

/** Calls `listener` for every change, and once more with `{kind: 'reconnected'}` after a gap. */
export function onChanges(listener) {
  const source = new EventSource('/sandbox/events')
  let broken = false
  source.onmessage = (event) => listener(JSON.parse(event.data))
  source.onerror = () => {
    broken = true
    document.body.classList.add('offline')
  }
  source.onopen = () => {
    document.body.classList.remove('offline')
    if (broken) listener({ kind: 'reconnected' })
    broken = false
  }
}

/** Runs the latest call after a pause, so that a burst of changes reads once. */
export function soon(work, ms = 40) {
  let timer
  return () => {
    clearTimeout(timer)
    timer = setTimeout(work, ms)
  }
}

export function toast(message, kind = 'error') {
  const note = el('div', { class: `toast ${kind}` }, message)
  document.getElementById('toasts')?.append(note)
  setTimeout(() => note.remove(), 6000)
}

/** Shows what went wrong to the person instead of only to the console. */
export async function attempt(work) {
  try {
    return await work()
  } catch (error) {
    toast(error.message)
    return undefined
  }
}

export function initials(name) {
  const words = name.trim().split(/\s+/)
  return `${words[0]?.[0] ?? '?'}${words.length > 1 ? words.at(-1)[0] : ''}`.toUpperCase()
}

/** A person's picture: initials on a colour that stays theirs. */
export function avatar(name, options = {}) {
  let sum = 0
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 997
  const kind = options.bot ? 'bot' : `tone-${sum % 8}`
  const face = el('span', { class: `avatar ${kind} ${options.small ? 'small' : ''}`, 'aria-hidden': 'true' })
  if (options.bot) face.append(el('img', { src: '/sandbox/page/icon.svg', alt: '' }))
  else face.append(initials(name))
  return face
}

/** Dates and times are those of the person, in their language, wherever this browser stands. */
let place = { locale: undefined, timeZone: undefined }

export function setPlace(person) {
  place = { locale: person.locale, timeZone: person.tz }
}

/** A moment (a Slack time stamp, or seconds) as this person writes it. */
export function momentOf(ts, form) {
  return instantOf(Number(ts) * 1000, form)
}

/** The same of an instant: milliseconds, or as ISO 8601 writes it. */
export function instantOf(at, form) {
  return new Intl.DateTimeFormat(place.locale, { timeZone: place.timeZone, ...form }).format(new Date(at))
}

export function timeOf(ts) {
  return momentOf(ts, { hour: 'numeric', minute: '2-digit' })
}

export function fullTimeOf(ts) {
  return momentOf(ts, { dateStyle: 'full', timeStyle: 'medium' })
}

/** `Today`, `Yesterday`, `Tomorrow`, or undefined: how Slack writes near days. */
export function nearDay(ts) {
  const dayNumber = (seconds) => {
    const parts = new Intl.DateTimeFormat('en-CA', { timeZone: place.timeZone }).format(
      new Date(seconds * 1000),
    )
    return Date.parse(parts) / 86_400_000
  }
  const distance = dayNumber(Number(ts)) - dayNumber(Date.now() / 1000)
  return { '-1': 'Yesterday', 0: 'Today', 1: 'Tomorrow' }[distance]
}

export function dayOf(ts) {
  return nearDay(ts) ?? momentOf(ts, { weekday: 'long', month: 'long', day: 'numeric' })
}

export function sizeOf(bytes) {
  if (bytes < 1000) return `${bytes} B`
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
