import { renderBlocks } from './blocks.js'
import { api, attempt, avatar, el, icon, onChanges, soon } from './common.js'
import { composer } from './composer.js'
import { showMessages } from './messages.js'
import { Modal } from './modal.js'
import { sidebar } from './sidebar.js'

const $ = (id) => document.getElementById(id)
const address = new URLSearchParams(location.search)

/** What this tab shows. Another tab may be another person: the person is in the address. */
const page = {
  me: undefined,
  workspace: undefined,
  conversations: [],
  channel: undefined,
  tab: 'messages',
  thread: undefined,
  names: (kind, id) => {
    if (kind === 'channel') return page.workspace.channels.find((channel) => channel.id === id)?.name
    if (id === page.workspace.bot.userId) return page.workspace.bot.name
    return page.workspace.people.find((person) => person.id === id)?.name
  },
  open: (id) => openConversation(id),
  openThread: (ts) => openThread(ts),
}
let modal
const homeMemory = { entered: {}, labels: new Map(), fileNames: new Map() }

async function start() {
  page.workspace = await api('GET', 'workspace')
  const { people, defaultPerson } = page.workspace
  const wanted = address.get('as') ?? sessionStorage.getItem('as') ?? defaultPerson
  page.me = people.find((person) => person.email === wanted || person.id === wanted) ?? people[0]
  if (page.me === undefined) return waitForPeople()
  sessionStorage.setItem('as', page.me.email)
  modal = new Modal(page)
  await readConversations()
  const first =
    page.conversations.find((one) => one.id === address.get('channel')) ??
    page.conversations.find((one) => one.isBot)
  await openConversation(first.id, address.get('tab') ?? 'messages')
  if (address.get('thread')) await openThread(address.get('thread'))
  if (address.get('ts')) pointAt(address.get('ts'))
  await modal.read()
  onChanges(changed)
  addEventListener('focus', () => markRead())
}

/** A permalink's message is brought into view and marked. */
function pointAt(ts) {
  const node = document.querySelector(`.message[data-ts="${CSS.escape(ts)}"]`)
  node?.classList.add('wanted')
  node?.scrollIntoView({ block: 'center' })
}

function waitForPeople() {
  $('content').replaceChildren(
    el(
      'div',
      { class: 'empty' },
      el('h3', {}, 'Nobody is here yet'),
      el('p', {}, 'People appear as soon as Outlay has started and said who works at the company.'),
    ),
  )
  onChanges((change) => {
    if (change.kind === 'workspace' || change.kind === 'reconnected') location.reload()
  })
}

const readers = {
  workspace: soon(() => readWorkspace()),
  conversations: soon(() => readConversations()),
  messages: soon(() => readMessages()),
  thread: soon(() => readThread()),
  modal: soon(() => modal.read(), 10),
  home: soon(() => readHome()),
}

function changed(change) {
  const all = change.kind === 'reconnected'
  if (all || change.kind === 'messages') {
    readers.conversations()
    if (all || change.channel === page.channel.id) {
      readers.messages()
      if (page.thread) readers.thread()
    }
  }
  if (all || (change.kind === 'views' && change.user === page.me.id)) readers.modal()
  if ((all || (change.kind === 'home' && change.user === page.me.id)) && page.tab === 'home') readers.home()
  if (change.kind === 'workspace') readers.workspace()
}

async function readWorkspace() {
  page.workspace = await api('GET', 'workspace')
  await readConversations()
}

async function readConversations() {
  const { conversations } = await api('GET', 'conversations', { as: page.me.id })
  page.conversations = conversations
  page.channel = conversations.find((one) => one.id === page.channel?.id) ?? page.channel
  $('sidebar').replaceChildren(...sidebar(page, conversations, page.channel?.id))
  const unread = conversations.reduce((sum, one) => sum + one.unread, 0)
  document.title = `${unread > 0 ? `(${unread}) ` : ''}${page.me.name} · ${page.workspace.team.name}`
}

async function openConversation(id, tab = 'messages') {
  page.channel = page.conversations.find((one) => one.id === id) ?? page.conversations[0]
  page.tab = page.channel.isBot ? tab : 'messages'
  closeThread()
  document.body.classList.remove('sidebar-open')
  remember()
  drawTop()
  $('content').replaceChildren()
  $('sidebar').replaceChildren(...sidebar(page, page.conversations, page.channel.id))
  if (page.channel.isBot) attempt(() => api('POST', 'home', { as: page.me.id, tab: page.tab }))
  if (page.tab === 'home') {
    $('composer').replaceChildren()
    return readHome()
  }
  drawComposer()
  await readMessages(true)
}

function remember() {
  const query = new URLSearchParams({ as: page.me.email, channel: page.channel.id })
  if (page.tab === 'home') query.set('tab', 'home')
  if (page.thread) query.set('thread', page.thread.ts)
  history.replaceState(null, '', `/sandbox?${query}`)
}

function title() {
  if (page.channel.isBot) return page.workspace.bot.name
  return page.channel.kind === 'channel' ? `#${page.channel.name}` : page.names('user', page.channel.with)
}

function drawTop() {
  const tabs = (page.workspace.homeTab ? ['home', 'messages'] : ['messages']).map((tab) =>
    el(
      'button',
      {
        type: 'button',
        role: 'tab',
        class: 'tab',
        'aria-selected': String(page.tab === tab),
        onclick: () => openConversation(page.channel.id, tab),
      },
      tab === 'home' ? 'Home' : 'Messages',
    ),
  )
  $('top').replaceChildren(
    el(
      'div',
      { class: 'top-row' },
      el(
        'button',
        {
          type: 'button',
          class: 'icon-button menu-button',
          'aria-label': 'Open the sidebar',
          onclick: () => document.body.classList.add('sidebar-open'),
        },
        icon('menu'),
      ),
      page.channel.isBot && avatar(title(), { small: true, bot: true }),
      el('h1', {}, title()),
      page.channel.isBot && el('span', { class: 'tag' }, 'APP'),
      page.channel.topic && el('span', { class: 'topic' }, page.channel.topic),
      page.channel.kind === 'channel' && el('span', { class: 'members' }, `${page.channel.members} members`),
    ),
    ...(page.channel.isBot ? [el('div', { class: 'tabs', role: 'tablist' }, tabs)] : []),
  )
}

function drawComposer() {
  const place = {
    me: page.me,
    channel: page.channel,
    placeholder: `Message ${title()}`,
    commands: page.workspace.commands,
    dropOn: $('main'),
  }
  const box = composer(place)
  $('composer').replaceChildren(box.node)
  if (matchMedia('(hover: hover)').matches) box.focus()
}

async function readMessages(toEnd = false) {
  const { channel } = page
  if (page.tab !== 'messages') return
  const { messages } = await api('GET', 'messages', { as: page.me.id, channel: channel.id })
  if (channel !== page.channel && channel.id !== page.channel.id) return
  const content = $('content')
  const atEnd = toEnd || content.scrollHeight - content.scrollTop - content.clientHeight < 120
  let list = content.querySelector('.messages')
  if (list === null) {
    list = el('div', { class: 'messages', role: 'log', 'aria-label': `Messages in ${title()}` })
    content.replaceChildren(intro(), list)
    // Pictures arrive later and push the end down.
    list.addEventListener('load', () => list.dataset.stick === 'yes' && scrollToEnd(content), true)
  }
  content.classList.toggle('is-empty', messages.length === 0)
  showMessages(list, messages, page)
  list.dataset.stick = atEnd ? 'yes' : 'no'
  if (atEnd) scrollToEnd(content)
  await markRead()
}

function scrollToEnd(node) {
  node.scrollTop = node.scrollHeight
}

/** What stands above the first message. */
function intro() {
  if (page.channel.isBot) {
    return el(
      'div',
      { class: 'intro' },
      avatar(page.workspace.bot.name, { bot: true }),
      el('h3', {}, page.workspace.bot.name),
      el(
        'p',
        { class: 'intro-words' },
        page.workspace.bot.description ||
          `This is the very beginning of your direct message history with ${page.workspace.bot.name}.`,
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
  return el(
    'div',
    { class: 'intro' },
    el('span', { class: 'intro-hash' }, icon('hash')),
    el('h3', {}, title()),
    el('p', { class: 'intro-words' }, page.channel.topic || 'Nothing has been said here yet. Be the first.'),
  )
}

async function markRead() {
  if (document.visibilityState !== 'visible' || !(page.channel?.unread > 0)) return
  page.channel.unread = 0
  await attempt(() => api('POST', 'read', { as: page.me.id, channel: page.channel.id }))
  $('sidebar').replaceChildren(...sidebar(page, page.conversations, page.channel.id))
}

async function openThread(ts) {
  page.thread = { ts }
  remember()
  const panel = $('thread')
  panel.hidden = false
  document.body.classList.add('thread-open')
  const box = composer({
    me: page.me,
    channel: page.channel,
    threadTs: ts,
    placeholder: 'Reply…',
    commands: [],
    dropOn: panel,
  })
  panel.replaceChildren(
    el(
      'header',
      { class: 'top-row' },
      el('h2', {}, 'Thread'),
      el('span', { class: 'topic' }, title()),
      el(
        'button',
        { type: 'button', class: 'icon-button', 'aria-label': 'Close the thread', onclick: closeThread },
        icon('close'),
      ),
    ),
    el('div', { class: 'content' }, el('div', { class: 'messages', role: 'log' })),
    el('footer', { class: 'composer-place' }, box.node),
  )
  await readThread()
  if (matchMedia('(hover: hover)').matches) box.focus()
}

function closeThread() {
  page.thread = undefined
  document.body.classList.remove('thread-open')
  $('thread').hidden = true
  if (page.channel) remember()
}

async function readThread() {
  const { thread, channel } = page
  if (thread === undefined) return
  const { messages } = await api('GET', 'messages', {
    as: page.me.id,
    channel: channel.id,
    thread: thread.ts,
  })
  if (page.thread !== thread) return
  const list = $('thread').querySelector('.messages')
  const many = messages.length > (thread.count ?? 0)
  thread.count = messages.length
  showMessages(list, messages, { ...page, inThread: true })
  if (many) scrollToEnd(list.parentElement)
}

async function readHome() {
  const { view } = await api('GET', 'home', { as: page.me.id })
  if (page.tab !== 'home') return
  const surface = {
    as: page.me.id,
    workspace: page.workspace,
    names: page.names,
    target: { on: 'home' },
    ...homeMemory,
  }
  const nodes =
    view === null
      ? el(
          'div',
          { class: 'empty' },
          el('h3', {}, 'Nothing here yet'),
          el('p', {}, `${page.workspace.bot.name} will fill this page in a moment.`),
        )
      : renderBlocks(view.blocks, surface)
  $('content').replaceChildren(el('div', { class: 'home' }, nodes))
}

$('scrim').addEventListener('click', () => document.body.classList.remove('sidebar-open'))
attempt(start)
