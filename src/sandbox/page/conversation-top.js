import { avatar, el, icon } from './common.js'

/** What a conversation is called, as one writes to it. */
export function title(page) {
  if (page.channel.isBot) return page.workspace.bot.name
  if (page.channel.kind === 'channel') return `#${page.channel.name}`
  return page.names('user', page.channel.with) ?? page.channel.with
}

/** The head of a conversation: its name, and Home and Messages for the app. */
export function drawTop(page, place) {
  const { channel } = page
  const name = title(page)
  place.replaceChildren(
    el(
      'div',
      { class: 'top-row' },
      menuButton(),
      channel.isBot && avatar(name, { small: true, bot: true }),
      channel.kind === 'im' && !channel.isBot && avatar(name, { small: true }),
      el('h1', {}, name),
      channel.isBot && el('span', { class: 'tag' }, 'APP'),
      channel.topic && el('span', { class: 'topic' }, channel.topic),
      channel.kind === 'channel' && el('span', { class: 'members' }, icon('user'), String(channel.members)),
    ),
    ...(channel.isBot ? [tabs(page)] : []),
  )
}

function menuButton() {
  return el(
    'button',
    {
      type: 'button',
      class: 'icon-button menu-button',
      'aria-label': 'Open the sidebar',
      onclick: () => document.body.classList.add('sidebar-open'),
    },
    icon('menu'),
  )
}

function tabs(page) {
  const names = page.workspace.homeTab ? ['home', 'messages'] : ['messages']
  return el(
    'div',
    { class: 'tabs', role: 'tablist' },
    names.map((tab) =>
      el(
        'button',
        {
          type: 'button',
          role: 'tab',
          class: 'tab',
          'aria-selected': String(page.tab === tab),
          onclick: () => page.openTab(tab),
        },
        tab === 'home' ? 'Home' : 'Messages',
      ),
    ),
  )
}

/** What stands above the first message. */
export function intro(page) {
  const { channel, workspace } = page
  if (channel.isBot) return appIntro(workspace)
  const isChannel = channel.kind === 'channel'
  const beginning = `This is the very beginning of ${isChannel ? 'the' : 'your direct message history with'} ${title(page)}${isChannel ? ' channel' : ''}.`
  return el(
    'div',
    { class: 'intro' },
    isChannel ? el('span', { class: 'intro-hash' }, icon('hash')) : avatar(title(page)),
    el('h3', {}, title(page)),
    el('p', { class: 'intro-words' }, beginning, channel.topic && ` ${channel.topic}.`),
  )
}

function appIntro({ bot }) {
  return el(
    'div',
    { class: 'intro' },
    avatar(bot.name, { bot: true }),
    el('h3', {}, bot.name),
    el(
      'p',
      { class: 'intro-words' },
      bot.description || `This is the very beginning of your direct message history with ${bot.name}.`,
    ),
    el(
      'div',
      { class: 'drop-here' },
      icon('clip'),
      el('b', {}, 'Drop a photo of a receipt here'),
      el('span', {}, 'or attach one below. A PDF works too.'),
    ),
  )
}
