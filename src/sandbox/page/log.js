import { api, attempt, el, onChanges, soon } from './common.js'

const ways = { in: 'app → Slack', out: 'Slack → app', mail: 'mail' }
const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
})

async function read() {
  const { lines, waiting } = await api('GET', 'log')
  document.getElementById('waiting').textContent =
    waiting === 0 ? '' : `${waiting} event${waiting === 1 ? '' : 's'} waiting for the app`
  const rows = lines.map((line) =>
    el(
      'tr',
      {},
      el('td', {}, clock.format(line.at)),
      el('td', {}, ways[line.way]),
      el('td', {}, line.name),
      el('td', {}, line.ms),
      el('td', { class: line.ok ? '' : 'failed' }, line.ok ? 'ok' : line.note),
    ),
  )
  document
    .getElementById('lines')
    .replaceChildren(...(rows.length > 0 ? rows : [el('tr', {}, el('td', { colspan: 5 }, 'No calls yet.'))]))
}

attempt(read)
onChanges(soon(() => attempt(read), 150))
