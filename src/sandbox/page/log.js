import { api, attempt, el, icon, onChanges, soon } from './common.js'

const $ = (id) => document.getElementById(id)
const ways = { in: 'app → Slack', out: 'Slack → app', mail: 'mail' }
const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
})

let lines = []
let open

async function read() {
  const answer = await api('GET', 'log')
  lines = answer.lines
  const { waiting, mode, sockets } = answer
  const way = mode === 'http' ? 'by signed HTTP' : `by Socket Mode, ${many(sockets, 'connection')} open`
  $('way').textContent = waiting === 0 ? way : `${way} · ${many(waiting, 'event')} waiting for the app`
  paint()
}

function many(count, noun) {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function paint() {
  const wanted = $('filter').value.toLowerCase()
  const shown = lines.filter(
    (line) =>
      `${line.name} ${line.note}`.toLowerCase().includes(wanted) && (!$('failed').checked || !line.ok),
  )
  const nothing = el('tr', {}, el('td', { colspan: 5, class: 'soft' }, 'No calls yet.'))
  $('lines').replaceChildren(...(shown.length > 0 ? shown.map(row) : [nothing]))
}

function row(line) {
  const show = () => attempt(() => showLine(line.id))
  return el(
    'tr',
    { class: line.id === open ? 'current' : '', 'data-id': line.id },
    el('td', {}, clock.format(line.at)),
    el('td', {}, ways[line.way]),
    el('td', {}, el('button', { type: 'button', class: 'log-name', onclick: show }, line.name)),
    el('td', { class: 'number' }, line.ms),
    el('td', { class: line.ok ? '' : 'failed' }, line.ok ? 'ok' : line.note),
  )
}

/** What was said and answered, beside the list. */
async function showLine(id) {
  const line = await api('GET', 'log/line', { id })
  open = id
  paint()
  const part = (heading, said) => [el('h3', {}, heading), el('pre', {}, said === '' ? 'Nothing.' : said)]
  $('detail').replaceChildren(
    el(
      'header',
      {},
      el('h2', {}, line.name),
      el(
        'button',
        { type: 'button', class: 'icon-button', 'aria-label': 'Close', onclick: close },
        icon('close'),
      ),
    ),
    el(
      'p',
      { class: 'soft' },
      `${ways[line.way]} · ${clock.format(line.at)} · ${line.ms} ms · ${line.note || 'ok'}`,
    ),
    ...(line.way === 'mail'
      ? []
      : part(line.way === 'in' ? 'What the app asked' : 'What the app was told', line.request)),
    ...(line.way === 'mail' ? [] : part('Answer', line.answer)),
  )
  document.body.classList.add('detail-open')
}

function close() {
  open = undefined
  document.body.classList.remove('detail-open')
  $('detail').replaceChildren()
  paint()
}

$('filter').addEventListener('input', paint)
$('failed').addEventListener('change', paint)
document.addEventListener('keydown', (event) => event.key === 'Escape' && close())
attempt(read)
onChanges(soon(() => attempt(read), 150))
