import { avatar, el, icon } from './common.js'
import { popup } from './widgets.js'

/** The left column: who one is, channels, direct messages, and the ways to mailbox and log. */
export function sidebar(page, conversations, current) {
  const { workspace, me } = page
  const channels = conversations
    .filter((conversation) => conversation.kind === 'channel')
    .sort((a, b) => a.name.localeCompare(b.name))
  const bot = conversations.find((conversation) => conversation.isBot)
  const line = (conversation, label, face, extra) =>
    el(
      'a',
      {
        class: `line ${conversation.id === current ? 'current' : ''} ${conversation.unread > 0 ? 'unread' : ''}`,
        href: `/sandbox?${new URLSearchParams({ as: me.email, channel: conversation.id })}`,
        'aria-current': conversation.id === current ? 'page' : undefined,
        onclick: (event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return
          event.preventDefault()
          page.open(conversation.id)
        },
      },
      face,
      el('span', { class: 'line-name' }, label),
      extra,
      conversation.unread > 0 &&
        conversation.id !== current &&
        el(
          'span',
          { class: 'badge', 'aria-label': `${conversation.unread} unread` },
          conversation.unread > 99 ? '99+' : conversation.unread,
        ),
    )
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
      el('h2', {}, 'Apps'),
      bot &&
        line(
          bot,
          workspace.bot.name,
          avatar(workspace.bot.name, { small: true, bot: true }),
          el('span', { class: 'tag' }, 'APP'),
        ),
      el('h2', {}, 'Channels'),
      channels.map((channel) => line(channel, channel.name, icon('hash'))),
      el('h2', {}, 'Elsewhere'),
      el(
        'a',
        { class: 'line', href: `/sandbox/mail?${new URLSearchParams({ as: me.email })}` },
        icon('mail'),
        el('span', { class: 'line-name' }, 'Mailbox'),
      ),
      el(
        'a',
        { class: 'line', href: '/sandbox/log', target: '_blank' },
        icon('list'),
        el('span', { class: 'line-name' }, 'Log of calls'),
      ),
    ),
  ]
}

/** "You are Grace Taylor": a searchable list of everybody. */
export function switcher(page) {
  const { me, workspace } = page
  const face = el(
    'button',
    { type: 'button', class: 'switcher', 'aria-haspopup': 'listbox' },
    avatar(me.name),
    el('span', {}, el('small', {}, 'You are'), el('b', {}, me.name)),
    icon('down'),
  )
  face.addEventListener('click', () => {
    const search = el('input', {
      type: 'search',
      placeholder: 'Find a person',
      'aria-label': 'Find a person',
      autocomplete: 'off',
    })
    const list = el('div', { class: 'people' })
    const paint = () => {
      const wanted = search.value.toLowerCase()
      const found = workspace.people.filter(
        (person) =>
          !person.deleted && `${person.name} ${person.title} ${person.email}`.toLowerCase().includes(wanted),
      )
      list.replaceChildren(
        ...found.slice(0, 100).map((person) => {
          const href = `${location.pathname}?${new URLSearchParams({ as: person.email })}`
          return el(
            'div',
            { class: `person ${person.id === me.id ? 'current' : ''}` },
            el(
              'a',
              { class: 'person-link', href },
              avatar(person.name),
              el('span', {}, el('b', {}, person.name), el('small', {}, person.title || person.email)),
            ),
            el(
              'a',
              {
                class: 'icon-button',
                href,
                target: '_blank',
                title: `Open as ${person.name} in a new tab`,
                'aria-label': `Open as ${person.name} in a new tab`,
              },
              icon('open'),
            ),
          )
        }),
        ...(found.length === 0 ? [el('p', { class: 'combo-empty' }, 'Nobody of that name')] : []),
      )
    }
    search.addEventListener('input', paint)
    search.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') list.querySelector('.person-link')?.click()
    })
    paint()
    popup(
      face,
      [
        el('p', { class: 'popup-title' }, 'Be somebody else in this tab, or open them in a new one.'),
        search,
        list,
      ],
      { class: 'switch-popup', role: 'dialog' },
    )
    search.focus()
  })
  return face
}
