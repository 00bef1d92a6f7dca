import { api, attempt, avatar, el } from './common.js'

const query = Object.fromEntries(new URLSearchParams(location.search))

/** What a scope lets the app do, as its installer reads it. */
const meanings = {
  'app_mentions:read': 'View messages that mention it',
  'channels:history': 'View messages in channels that it has been added to',
  'channels:read': 'View basic information about public channels',
  'chat:write': 'Send messages',
  commands: 'Add slash commands and shortcuts',
  'files:read': 'View files shared in conversations that it has been added to',
  'files:write': 'Upload, edit and delete files',
  'groups:history': 'View messages in private channels that it has been added to',
  'groups:read': 'View basic information about private channels that it has been added to',
  'im:history': 'View messages in direct messages with it',
  'im:read': 'View basic information about direct messages with it',
  'im:write': 'Start direct messages with people',
  'mpim:history': 'View messages in group direct messages that it has been added to',
  'reactions:write': 'Add and edit emoji reactions',
  'team:read': 'View the name and domain of the workspace',
  'users:read': 'View people in the workspace',
  'users:read.email': 'View email addresses of people in the workspace',
}

async function ask() {
  const { app, scopes, workspaces, leadsTo } = await api('GET', 'oauth', query)
  const team = choice('Workspace', workspaces, ({ team: id, name, installed }) => [
    id,
    installed ? `${name} (installed)` : name,
  ])
  const who = el('div')
  const people = () => workspaces.find((one) => one.team === team.input.value).people
  const drawPeople = () => {
    const list = choice('You are', people(), ({ email, name, title }) => [
      email,
      title ? `${name}, ${title}` : name,
    ])
    who.replaceChildren(list.node)
    who.input = list.input
  }
  team.input.addEventListener('change', drawPeople)
  drawPeople()
  const go = (verdict) =>
    attempt(async () => {
      const answer = { ...query, as: who.input.value, team: team.input.value }
      const { location: next } = await api('POST', `oauth/${verdict}`, answer)
      location.assign(next)
    })
  document.getElementById('ask').replaceChildren(
    avatar(app.name, { bot: true }),
    el('h1', {}, `${app.name} asks for access to a workspace`),
    team.node,
    who,
    el('h2', {}, `What will ${app.name} be able to do?`),
    el(
      'ul',
      { class: 'scopes' },
      scopes.map((scope) => el('li', {}, meanings[scope] ?? scope, el('small', {}, scope))),
    ),
    el('p', { class: 'soft' }, `Afterwards this browser goes to ${leadsTo}.`),
    el(
      'div',
      { class: 'confirm-buttons' },
      el('button', { type: 'button', class: 'btn', onclick: () => go('deny') }, 'Cancel'),
      el('button', { type: 'button', class: 'btn primary', onclick: () => go('allow') }, 'Allow'),
    ),
  )
}

function choice(label, items, words) {
  const input = el(
    'select',
    {},
    items.map((item) => {
      const [value, text] = words(item)
      return el('option', { value }, text)
    }),
  )
  return { input, node: el('label', { class: 'profile-choice' }, el('span', {}, label), input) }
}

ask().catch((error) => {
  document
    .getElementById('ask')
    .replaceChildren(
      el('h1', {}, 'Something went wrong'),
      el('p', {}, `The app asked for something that Slack does not allow. ${error.message}`),
    )
})
