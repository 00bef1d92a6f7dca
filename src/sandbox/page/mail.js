import { api, attempt, avatar, el, icon, instantOf, onChanges, setPlace, sizeOf, soon } from './common.js'
import { compose } from './mail-compose.js'
import { popup } from './widgets.js'

const $ = (id) => document.getElementById(id)
const address = new URLSearchParams(location.search)

/** Whose mail is shown (`''`: everybody's), and which. */
const page = { workspace: undefined, to: '', mails: [], addresses: [], open: undefined, tab: 'html' }

async function start() {
  const as = address.get('as') ?? address.get('to')
  page.workspace = await api('GET', 'workspace', as ? { as } : undefined)
  page.to = address.get('to') ?? personOf(address.get('as'))?.email ?? ''
  await readList()
  if (address.get('mail')) await openMail(address.get('mail'))
  else drawNothing()
  onChanges((change) => {
    if (change.kind === 'mails' || change.kind === 'reconnected') refresh()
  })
}

const refresh = soon(() => readList())

function personOf(who) {
  return page.workspace.people.find((person) => person.email === who || person.id === who)
}

async function readList() {
  // Everybody's mail together is read where this browser stands.
  setPlace(personOf(page.to) ?? {})
  const { mails, addresses } = await api('GET', 'mails', page.to === '' ? undefined : { to: page.to })
  page.mails = mails
  page.addresses = addresses
  drawBar()
  drawList()
}

function remember() {
  const query = new URLSearchParams({ to: page.to })
  if (page.open) query.set('mail', page.open.id)
  history.replaceState(null, '', `/sandbox/mail?${query}`)
}

function choosePerson(to) {
  document.querySelector('.popup')?.closePopup?.()
  page.to = to
  page.open = undefined
  document.body.classList.remove('mail-open')
  remember()
  drawNothing()
  attempt(readList)
}

function drawBar() {
  const person = personOf(page.to)
  const label = page.to === '' ? 'Everybody’s mail' : (person?.name ?? page.to)
  const face = el(
    'button',
    { type: 'button', class: 'mail-who', 'aria-haspopup': 'listbox' },
    person ? avatar(person.name) : icon('mail'),
    el('span', {}, el('b', {}, label), person && el('small', {}, person.email)),
    icon('down'),
  )
  face.addEventListener('click', () => openSwitcher(face))
  const back = `/sandbox${person ? `?${new URLSearchParams({ as: person.email })}` : ''}`
  $('bar').replaceChildren(
    el(
      'button',
      {
        type: 'button',
        class: 'icon-button back-button',
        'aria-label': 'Back to the list',
        onclick: closeMail,
      },
      icon('back'),
    ),
    el('h1', {}, 'Mailbox'),
    face,
    el('span', { class: 'spring' }),
    page.workspace.intake
      ? el(
          'button',
          {
            type: 'button',
            class: 'btn',
            'aria-label': 'Write a mail',
            onclick: () => compose(page.workspace, personOf(page.to)),
          },
          icon('edit'),
          el('span', { class: 'wide-only' }, 'Write a mail'),
        )
      : '',
    el('a', { class: 'btn', href: back }, 'Chat'),
  )
}

function openSwitcher(face) {
  const search = el('input', {
    type: 'search',
    placeholder: 'Find a person or address',
    'aria-label': 'Find a person or address',
    autocomplete: 'off',
  })
  const list = el('div', { class: 'people' })
  const counts = new Map(page.addresses.map(({ address: one, count }) => [one, count]))
  const named = page.workspace.people.map((person) => ({
    to: person.email,
    name: person.name,
    note: person.email,
    face: avatar(person.name),
  }))
  const known = new Set(named.map((one) => one.to.toLowerCase()))
  const others = [...new Set([...page.workspace.addresses, ...counts.keys()])].filter(
    (one) => !known.has(one.toLowerCase()),
  )
  const all = [
    { to: '', name: 'Everybody’s mail', note: 'all addresses', face: icon('mail') },
    ...named,
    ...others.map((to) => ({ to, name: to, note: 'address', face: icon('mail') })),
  ]
  const paint = () => {
    const wanted = search.value.toLowerCase()
    list.replaceChildren(
      ...all
        .filter((one) => `${one.name} ${one.to}`.toLowerCase().includes(wanted))
        .map((one) => {
          const count = counts.get(one.to.toLowerCase())
          return el(
            'button',
            {
              type: 'button',
              class: `person person-link ${one.to === page.to ? 'current' : ''}`,
              onclick: () => choosePerson(one.to),
            },
            one.face,
            el('span', {}, el('b', {}, one.name), el('small', {}, one.note)),
            count && el('span', { class: 'mail-count' }, count),
          )
        }),
    )
  }
  search.addEventListener('input', paint)
  search.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') list.querySelector('.person-link')?.click()
  })
  paint()
  popup(face, [search, list], { class: 'switch-popup', role: 'dialog' })
  search.focus()
}

/** One line a conversation: the newest mail of a thread stands for it. */
function drawList() {
  const threads = new Map()
  for (const mail of page.mails) threads.set(mail.thread, [...(threads.get(mail.thread) ?? []), mail])
  const rows = [...threads.values()].map((thread) => {
    const [newest] = thread
    const isOpen = thread.some((mail) => mail.id === page.open?.id)
    return el(
      'button',
      {
        type: 'button',
        class: `mail-row ${isOpen ? 'current' : ''}`,
        'aria-current': isOpen ? 'true' : undefined,
        onclick: () => attempt(() => openMail(newest.id)),
      },
      avatar(newest.fromName || newest.from),
      el(
        'span',
        { class: 'mail-words' },
        el(
          'span',
          { class: 'mail-head' },
          el('b', {}, newest.fromName || newest.from),
          thread.length > 1 && el('span', { class: 'mail-count' }, thread.length),
          el('span', { class: 'spring' }),
          thread.some((mail) => mail.attachments > 0) && icon('clip'),
          el('time', {}, when(newest.receivedAt)),
        ),
        el('span', { class: 'mail-subject' }, newest.subject || '(no subject)'),
        el(
          'span',
          { class: 'mail-preview' },
          page.to === '' ? `To ${newest.envelope.to.join(', ')}` : newest.preview,
        ),
      ),
    )
  })
  const nobody = el(
    'div',
    { class: 'empty' },
    icon('mail'),
    el('h3', {}, 'No mail yet'),
    el(
      'p',
      {},
      page.to === ''
        ? 'Everything that Outlay mails lands here; nothing leaves this machine.'
        : 'What Outlay mails to this address will appear here at once.',
    ),
  )
  $('list').replaceChildren(...(rows.length > 0 ? rows : [nobody]))
}

function when(iso) {
  const dayOf = (date) => instantOf(date, { dateStyle: 'short' })
  const isToday = dayOf(new Date(iso)) === dayOf(new Date())
  return instantOf(iso, isToday ? { timeStyle: 'short' } : { dateStyle: 'medium' })
}

function drawNothing() {
  $('reading').replaceChildren(el('div', { class: 'empty' }, el('p', {}, 'Choose a mail to read it.')))
}

function closeMail() {
  page.open = undefined
  document.body.classList.remove('mail-open')
  remember()
  drawNothing()
  drawList()
}

async function openMail(id) {
  page.open = await api('GET', `mails/${id}`)
  page.tab = page.open.html === '' ? 'text' : 'html'
  document.body.classList.add('mail-open')
  remember()
  drawMail()
  drawList()
}

function drawMail() {
  const mail = page.open
  const thread = page.mails.filter((other) => other.thread === mail.thread).toReversed()
  const tabs = [
    ['html', 'Message', mail.html !== ''],
    ['text', 'Text', mail.text !== ''],
    ['headers', 'Headers', true],
    ['raw', 'Raw', true],
  ].filter(([, , there]) => there)
  const shownParts = mail.attachments.filter((part) => !part.inline)
  $('reading').replaceChildren(
    thread.length > 1
      ? el(
          'nav',
          { class: 'mail-thread', 'aria-label': 'Mails of this conversation' },
          thread.map((other) =>
            el(
              'button',
              {
                type: 'button',
                class: `tab-chip ${other.id === mail.id ? 'current' : ''}`,
                onclick: () => attempt(() => openMail(other.id)),
              },
              `${other.fromName || other.from} · ${when(other.receivedAt)}`,
            ),
          ),
        )
      : '',
    el(
      'header',
      { class: 'mail-header' },
      el('h2', {}, mail.subject || '(no subject)'),
      el(
        'div',
        { class: 'mail-people' },
        avatar(mail.fromName || mail.from),
        el(
          'span',
          {},
          el('b', {}, mail.fromName || mail.from),
          ' ',
          el('span', { class: 'soft' }, `<${mail.from}>`),
          el('small', {}, `To ${mail.to.join(', ') || mail.envelope.to.join(', ')}`),
        ),
        el('span', { class: 'spring' }),
        el(
          'time',
          { class: 'soft' },
          instantOf(mail.receivedAt, { dateStyle: 'medium', timeStyle: 'short' }),
        ),
      ),
      shownParts.length > 0 &&
        el(
          'div',
          { class: 'mail-parts' },
          shownParts.map((part) =>
            el(
              'a',
              {
                class: `file file-${part.mediaType === 'application/pdf' ? 'pdf' : 'other'}`,
                href: part.url,
                target: '_blank',
                rel: 'noopener',
              },
              el('span', { class: 'file-kind' }, kindOf(part)),
              el('span', {}, el('b', {}, part.name), el('small', {}, sizeOf(part.size))),
            ),
          ),
        ),
      el(
        'div',
        { class: 'mail-tabs' },
        el(
          'div',
          { role: 'tablist' },
          tabs.map(([tab, label]) =>
            el(
              'button',
              {
                type: 'button',
                role: 'tab',
                class: 'tab',
                'aria-selected': String(page.tab === tab),
                onclick: () => {
                  page.tab = tab
                  drawMail()
                },
              },
              label,
            ),
          ),
        ),
        page.workspace.intake &&
          el(
            'button',
            {
              type: 'button',
              class: 'btn reply',
              'aria-label': 'Reply',
              onclick: () => compose(page.workspace, personOf(page.to), mail),
            },
            icon('reply'),
            el('span', { class: 'wide-only' }, 'Reply'),
          ),
      ),
    ),
    el('div', { class: 'mail-body' }, bodyOf(mail)),
  )
}

function kindOf(part) {
  return (part.name.split('.').at(-1) || 'file').slice(0, 4).toUpperCase()
}

function bodyOf(mail) {
  if (page.tab === 'text') return el('pre', { class: 'mail-text' }, mail.text)
  if (page.tab === 'headers')
    return el(
      'dl',
      { class: 'mail-headers' },
      Object.entries(mail.headers).map(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]),
    )
  if (page.tab === 'raw')
    return el('iframe', {
      class: 'mail-frame',
      title: 'The mail as it came',
      sandbox: '',
      src: `/sandbox/api/mails/${mail.id}/raw`,
    })
  // No scripts, nothing from the network (the answer's own policy says so too); links open in a new tab.
  return el('iframe', {
    class: 'mail-frame',
    title: 'The mail',
    sandbox: 'allow-popups allow-popups-to-escape-sandbox',
    src: `/sandbox/api/mails/${mail.id}/html`,
  })
}

attempt(start)
