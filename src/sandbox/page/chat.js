import { api, attempt, avatar, el, onChanges, setPlace, setTeam, soon } from './common.js'
import { composer } from './composer.js'
import { drawTop, intro, title } from './conversation-top.js'
import { Home } from './home.js'
import { showMessages } from './messages.js'
import { Modal } from './modal.js'
import { rail } from './profile.js'
import { openSwitcher, sidebar } from './sidebar.js'
import { Thread } from './thread.js'

const $ = (id) => document.getElementById(id)
const address = new URLSearchParams(location.search)

/** What this tab shows. Another tab may be another person: the person is in the address. */
const page = {
  me: undefined,
  workspace: undefined,
  conversations: [],
  channel: undefined,
  tab: 'messages',
  /** Up to where this person had read when they opened the conversation: the line “New” stands there. */
  newAfter: undefined,
  names: (kind, id) => nameOf(kind, id),
  face: (person) => avatar(person.name),
  open: (id, how) => openConversation(id, how),
  openTab: (tab) => openConversation(page.channel.id, { tab }),
  openThread: (ts) => thread.open(ts),
  goTo: (place) => attempt(() => goTo(place)),
  become: (person) => attempt(() => become(person)),
  remember: () => remember(),
}
const thread = new Thread(page, $('thread'))
const home = new Home(page, $('content'))
let modal

function nameOf(kind, id) {
  if (kind === 'channel') return page.workspace.channels.find((channel) => channel.id === id)?.name
  if (id === 'USLACKBOT') return 'Slackbot'
  if (id === page.workspace.bot.userId) return page.workspace.bot.name
  return [...page.workspace.people, ...page.workspace.bots].find((person) => person.id === id)?.name
}

async function start() {
  const as =
    address.get('as') ?? (address.get('team') ? undefined : (sessionStorage.getItem('as') ?? undefined))
  const wantedTeam = address.get('team') ?? undefined
  page.workspace = await readWorkspaceOf({ as, team: wantedTeam })
  setTeam(page.workspace.team.id)
  const { people, defaultPerson } = page.workspace
  const living = people.filter((person) => !person.deleted)
  const person =
    living.find(({ email, id }) => email === as || id === as) ??
    living.find(({ email }) => email === defaultPerson) ??
    living[0]
  if (person === undefined) return waitForPeople()
  onChanges(changed)
  addEventListener('focus', () => markRead())
  await become(person, address.get('channel'), address.get('tab') ?? 'messages')
  if (address.get('thread')) await thread.open(address.get('thread'))
  if (address.get('ts')) pointAt(address.get('ts'))
}

function readWorkspaceOf(who) {
  const known = Object.fromEntries(Object.entries(who).filter(([, value]) => value !== undefined))
  return api('GET', 'workspace', known)
}

/** Shows everything as this person sees it. */
async function become(person, channelId, tab) {
  page.me = person
  setPlace(person)
  sessionStorage.setItem('as', person.email)
  const lately = JSON.parse(localStorage.getItem('people') ?? '[]').filter((email) => email !== person.email)
  localStorage.setItem('people', JSON.stringify([person.email, ...lately].slice(0, 8)))
  modal?.hide()
  modal = new Modal(page)
  thread.close()
  page.channel = undefined
  await readConversations()
  const first =
    page.conversations.find((one) => one.id === channelId) ??
    page.conversations.find((one) => one.isBot) ??
    page.conversations[0]
  if (first === undefined) return showNothing('No conversation yet', 'Nobody has made a channel here.')
  await openConversation(first.id, { tab })
  await modal.read()
}

/** Follows a link to a message, or to the app and its tab. */
async function goTo({ channel, ts, thread: root, tab }) {
  modal.hide()
  const id = channel ?? page.conversations.find(({ isBot }) => isBot)?.id
  await openConversation(id, { tab: tab ?? 'messages' })
  if (root) await thread.open(root)
  if (ts) pointAt(ts)
}

/** A permalink's message is brought into view and marked. */
function pointAt(ts) {
  const node = document.querySelector(`.message[data-ts="${CSS.escape(ts)}"]`)
  node?.classList.add('wanted')
  node?.scrollIntoView({ block: 'center' })
}

function waitForPeople() {
  showNothing(
    'Nobody is here yet',
    'People appear as soon as Outlay has started and said who works at the company.',
  )
  onChanges((change) => {
    if (change.kind === 'workspace' || change.kind === 'reconnected') location.reload()
  })
}

function showNothing(heading, words) {
  $('content').replaceChildren(el('div', { class: 'empty' }, el('h3', {}, heading), el('p', {}, words)))
}

const readers = {
  workspace: soon(() => readWorkspace()),
  conversations: soon(() => readConversations()),
  messages: soon(() => readMessages()),
  thread: soon(() => thread.read()),
  modal: soon(() => modal.read(), 10),
  home: soon(() => home.read()),
}

function changed(change) {
  const all = change.kind === 'reconnected'
  if (!all && change.team !== undefined && change.team !== page.workspace.team.id) return
  if (all || change.kind === 'messages') {
    readers.conversations()
    if (all || change.channel === page.channel?.id) {
      readers.messages()
      readers.thread()
    }
  }
  if (all || (change.kind === 'views' && change.user === page.me.id)) readers.modal()
  if ((all || (change.kind === 'home' && change.user === page.me.id)) && page.tab === 'home') readers.home()
  if (change.kind === 'workspace') readers.workspace()
}

async function readWorkspace() {
  page.workspace = await readWorkspaceOf({ team: page.workspace.team.id })
  page.me = page.workspace.people.find(({ id }) => id === page.me.id) ?? page.me
  setPlace(page.me)
  await readConversations()
}

async function readConversations() {
  const { conversations } = await api('GET', 'conversations', { as: page.me.id })
  page.conversations = conversations
  page.channel = conversations.find((one) => one.id === page.channel?.id) ?? page.channel
  drawSidebar()
}

function drawSidebar() {
  $('rail').replaceChildren(...rail(page))
  $('sidebar').replaceChildren(...sidebar(page, page.conversations, page.channel?.id))
  const unread = page.conversations
    .filter(({ kind }) => kind === 'im')
    .reduce((sum, one) => sum + one.unread, 0)
  document.title = `${unread > 0 ? `(${unread}) ` : ''}${page.me.name} · ${page.workspace.team.name}`
}

async function openConversation(id, { tab = 'messages', fresh = false } = {}) {
  if (fresh) await readConversations()
  page.channel = page.conversations.find((one) => one.id === id) ?? page.conversations[0]
  page.tab = page.channel.isBot ? tab : 'messages'
  page.newAfter = page.channel.unread > 0 ? page.channel.lastRead : undefined
  thread.close()
  document.body.classList.remove('sidebar-open')
  remember()
  drawTop(page, $('top'))
  $('content').replaceChildren()
  drawSidebar()
  if (page.channel.isBot) attempt(() => api('POST', 'home', { as: page.me.id, tab: page.tab }))
  if (page.tab === 'home') {
    $('composer').replaceChildren()
    return home.read()
  }
  drawComposer()
  await readMessages(true)
}

function remember() {
  const query = new URLSearchParams({ as: page.me.email, team: page.workspace.team.id })
  if (page.channel) query.set('channel', page.channel.id)
  if (page.tab === 'home') query.set('tab', 'home')
  if (thread.ts) query.set('thread', thread.ts)
  history.replaceState(null, '', `/sandbox?${query}`)
}

function drawComposer() {
  const box = composer({
    me: page.me,
    channel: page.channel,
    placeholder: `Message ${title(page)}`,
    commands: page.workspace.commands,
    workspace: page.workspace,
    dropOn: $('main'),
  })
  $('composer').replaceChildren(box.node)
  if (matchMedia('(hover: hover)').matches) box.focus()
}

async function readMessages(toEnd = false) {
  const { channel } = page
  if (page.tab !== 'messages' || channel === undefined) return
  const { messages } = await api('GET', 'messages', { as: page.me.id, channel: channel.id })
  if (channel.id !== page.channel.id || page.tab !== 'messages') return
  const content = $('content')
  const atEnd = toEnd || content.scrollHeight - content.scrollTop - content.clientHeight < 120
  let list = content.querySelector('.messages')
  if (list === null) {
    list = el('div', { class: 'messages', role: 'log', 'aria-label': `Messages in ${title(page)}` })
    content.replaceChildren(intro(page), list)
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

async function markRead() {
  if (document.visibilityState !== 'visible' || !(page.channel?.unread > 0)) return
  page.channel.unread = 0
  await attempt(() => api('POST', 'read', { as: page.me.id, channel: page.channel.id }))
  drawSidebar()
}

$('scrim').addEventListener('click', () => document.body.classList.remove('sidebar-open'))
document.addEventListener('keydown', (event) => {
  const free = document.querySelector('dialog[open], .popup') === null
  if (event.key === 'Escape' && free && thread.ts !== undefined) thread.close()
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'j' && page.me !== undefined && free) {
    event.preventDefault()
    document.body.classList.add('sidebar-open')
    openSwitcher($('sidebar').querySelector('.switcher'), page)
  }
})
attempt(start)
