import { api, attempt, avatar, el, icon } from './common.js'
import { openProfile } from './profile.js'
import { popup } from './widgets.js'

/** The left column: who one is, channels, direct messages, apps, and the ways to mailbox and log. */
export function sidebar(page, conversations, current) {
  const { workspace, me } = page
  const line = lineMaker(page, current)
  const channels = conversations
    .filter((conversation) => conversation.kind === 'channel')
    .sort((a, b) => a.name.localeCompare(b.name))
  const bot = conversations.find((conversation) => conversation.isBot)
  const direct = conversations
    .filter((conversation) => conversation.kind === 'im' && !conversation.isBot)
    .map((conversation) => ({
      conversation,
      name: page.names('user', conversation.with) ?? conversation.with,
    }))
    .sort((a, b) => a.name.localeCompare(b.name))
  return [
    el(
      'div',
      { class: 'workspace-name' },
      el('span', {}, workspace.team.name),
      el('small', {}, 'Sandbox workspace'),
    ),
    switcher(page),
    el(
      'div',
      { class: 'lines' },
      el('h2', {}, 'Channels'),
      channels.map((channel) => line(channel, channel.name, icon('hash'))),
      el('h2', {}, 'Direct messages'),
      direct.map(({ conversation, name }) => line(conversation, name, avatar(name, { small: true }))),
      newMessage(page),
      el('h2', {}, 'Apps'),
      bot
        ? line(
            bot,
            workspace.bot.name,
            avatar(workspace.bot.name, { small: true, bot: true }),
            el('span', { class: 'tag' }, 'APP'),
          )
        : addApp(workspace),
      el(
        'div',
        { class: 'elsewhere' },
        el('h2', {}, 'Elsewhere'),
        elsewhere('mail', 'Mailbox', `/sandbox/mail?${new URLSearchParams({ as: me.email })}`),
        elsewhere('list', 'Log of calls', '/sandbox/log', { target: '_blank' }),
        preferences(page),
        workspace.workspaces
          .filter((one) => one.team !== workspace.team.id)
          .map((one) => elsewhere('open', one.name, `/sandbox?${new URLSearchParams({ team: one.team })}`)),
      ),
    ),
  ]
}

/** One conversation; a channel with news is bold, a direct message counts them. */
function lineMaker(page, current) {
  return (conversation, label, face, extra) => {
    const isCurrent = conversation.id === current
    const isNew = conversation.unread > 0 && !isCurrent
    const query = { as: page.me.email, team: page.workspace.team.id, channel: conversation.id }
    const onclick = (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return
      event.preventDefault()
      page.open(conversation.id)
    }
    return el(
      'a',
      {
        class: `line ${isCurrent ? 'current' : ''} ${isNew ? 'unread' : ''}`,
        href: `/sandbox?${new URLSearchParams(query)}`,
        'aria-current': isCurrent ? 'page' : undefined,
        onclick,
      },
      face,
      el('span', { class: 'line-name' }, label),
      extra,
      isNew &&
        conversation.kind === 'im' &&
        el(
          'span',
          { class: 'badge', 'aria-label': `${conversation.unread} unread` },
          conversation.unread > 99 ? '99+' : conversation.unread,
        ),
    )
  }
}

function elsewhere(name, label, href, more = {}) {
  return el('a', { class: 'line', href, ...more }, icon(name), el('span', { class: 'line-name' }, label))
}

function preferences(page) {
  const face = el(
    'button',
    { type: 'button', class: 'line', 'aria-haspopup': 'dialog' },
    icon('user'),
    el('span', { class: 'line-name' }, 'Language and appearance'),
  )
  face.addEventListener('click', () => openProfile(face, page.me))
  return face
}

function addApp(workspace) {
  if (workspace.installUrl === null) return el('p', { class: 'no-app' }, 'No app is installed here.')
  const label = el('span', { class: 'line-name' }, `Add ${workspace.bot.name}`)
  return el('a', { class: 'line', href: workspace.installUrl }, icon('plus'), label)
}

/** A direct message with a colleague, begun by name. */
function newMessage(page) {
  const face = el(
    'button',
    { type: 'button', class: 'line', 'aria-haspopup': 'dialog' },
    icon('plus'),
    el('span', { class: 'line-name' }, 'New message'),
  )
  face.addEventListener('click', () => {
    const others = page.workspace.people.filter((person) => !person.deleted && person.id !== page.me.id)
    choosePerson(face, others, {
      title: 'Write to a colleague.',
      choose: (person) =>
        attempt(async () => {
          const { id } = await api('POST', 'conversations', { as: page.me.id, with: person.id })
          await page.open(id, { fresh: true })
        }),
    })
  })
  return face
}

/** “You are Grace Taylor”: a searchable list of everybody. */
export function switcher(page) {
  const { me } = page
  const face = el(
    'button',
    { type: 'button', class: 'switcher', 'aria-haspopup': 'dialog', title: 'Be somebody else (Ctrl + J)' },
    avatar(me.name),
    el('span', {}, el('small', {}, 'You are'), el('b', {}, me.name)),
    icon('down'),
  )
  face.addEventListener('click', () => openSwitcher(face, page))
  return face
}

/** Who was shown lately on this machine comes first. */
export function openSwitcher(face, page) {
  const people = page.workspace.people.filter((person) => !person.deleted)
  const lately = JSON.parse(localStorage.getItem('people') ?? '[]')
  const place = (person) => (lately.includes(person.email) ? lately.indexOf(person.email) : lately.length)
  choosePerson(
    face,
    people.toSorted((a, b) => place(a) - place(b)),
    {
      title: 'Be somebody else in this tab, or open them in a new one.',
      current: page.me,
      choose: (person) => page.become(person),
      link: (person) => `/sandbox?${new URLSearchParams({ as: person.email, team: page.workspace.team.id })}`,
    },
  )
}

/** A popup to find a person by name, title or address. */
function choosePerson(face, people, { title, current, choose, link }) {
  const search = el('input', {
    type: 'search',
    placeholder: 'Find a person',
    'aria-label': 'Find a person',
    autocomplete: 'off',
  })
  const list = el('div', { class: 'people', role: 'listbox', 'aria-label': 'People' })
  let active = 0
  let found = []
  const take = (person) => {
    close()
    choose(person)
  }
  const mark = () => {
    for (const [i, row] of [...list.querySelectorAll('.person')].entries()) {
      row.classList.toggle('active', i === active)
      if (i === active) row.scrollIntoView({ block: 'nearest' })
    }
  }
  const paint = () => {
    const wanted = search.value.toLowerCase()
    found = people
      .filter((person) => `${person.name} ${person.title} ${person.email}`.toLowerCase().includes(wanted))
      .slice(0, 100)
    active = 0
    list.replaceChildren(
      ...found.map((person) => personRow(person, { isCurrent: person.id === current?.id, take, link })),
      ...(found.length === 0 ? [el('p', { class: 'combo-empty' }, 'Nobody of that name')] : []),
    )
    mark()
  }
  search.addEventListener('input', paint)
  search.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (event.key === 'Enter' && found[active]) take(found[active])
    if (step === undefined) return
    event.preventDefault()
    active = Math.max(0, Math.min(found.length - 1, active + step))
    mark()
  })
  const close = popup(face, [el('p', { class: 'popup-title' }, title), search, list], {
    class: 'switch-popup',
    role: 'dialog',
    label: title,
  })
  paint()
  search.focus()
}

function personRow(person, { isCurrent, take, link }) {
  const kind = person.isStranger ? 'another company' : person.isGuest ? 'guest' : ''
  const words = [person.title || person.email, kind].filter(Boolean).join(' · ')
  return el(
    'div',
    { class: `person ${isCurrent ? 'current' : ''}` },
    el(
      'button',
      {
        type: 'button',
        class: 'person-link',
        role: 'option',
        'aria-selected': String(isCurrent),
        onclick: () => take(person),
      },
      avatar(person.name),
      el('span', {}, el('b', {}, person.name), el('small', {}, words)),
    ),
    link &&
      el(
        'a',
        {
          class: 'icon-button',
          href: link(person),
          target: '_blank',
          title: `Open as ${person.name} in a new tab`,
          'aria-label': `Open as ${person.name} in a new tab`,
        },
        icon('open'),
      ),
  )
}
