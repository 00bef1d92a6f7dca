import { api, attempt, el, icon, setTheme, theme } from './common.js'
import { popup } from './widgets.js'

/** Languages that Slack itself offers, by their own names. */
const languages = [
  ['en-US', 'English (US)'],
  ['en-GB', 'English (UK)'],
  ['de-DE', 'Deutsch (Deutschland)'],
  ['es-ES', 'Español (España)'],
  ['fr-FR', 'Français (France)'],
  ['it-IT', 'Italiano (Italia)'],
  ['ja-JP', '日本語 (日本)'],
  ['ko-KR', '한국어 (대한민국)'],
  ['pt-BR', 'Português (Brasil)'],
]
const themes = [
  ['system', 'Like this computer'],
  ['light', 'Light'],
  ['dark', 'Dark'],
]

/** Language and appearance of whoever one is now, hung on `face`. */
export function openProfile(face, me) {
  const known = languages.some(([locale]) => locale === me.locale)
  const language = choice('Language', known ? languages : [[me.locale, me.locale], ...languages], me.locale)
  language.input.addEventListener('change', () =>
    attempt(() => api('POST', 'locale', { as: me.id, locale: language.input.value })),
  )
  const look = choice('Appearance', themes, theme())
  look.input.addEventListener('change', () => setTheme(look.input.value))
  popup(
    face,
    [
      el(
        'p',
        { class: 'profile-name' },
        el('b', {}, me.name),
        el('small', {}, [me.title, me.email].filter(Boolean).join(' · ')),
      ),
      language.node,
      el('p', { class: 'profile-note' }, `Apps are told the language. Times are shown for ${me.tz}.`),
      look.node,
    ],
    { class: 'profile-popup', role: 'dialog', label: `Preferences of ${me.name}` },
  )
  language.input.focus()
}

function choice(label, options, value) {
  const input = el(
    'select',
    {},
    options.map(([key, words]) => el('option', { value: key, selected: key === value }, words)),
  )
  input.value = value
  return { input, node: el('label', { class: 'profile-choice' }, el('span', {}, label), input) }
}

/** The narrow bar at the edge: workspaces, chat, mailbox, log, and oneself. */
export function rail(page) {
  const { workspace, me } = page
  const tiles = workspace.workspaces.map((one) =>
    el(
      'a',
      {
        class: `tile ${one.team === workspace.team.id ? 'current' : ''}`,
        href: `/sandbox?${new URLSearchParams({ team: one.team })}`,
        title: one.name,
        'aria-label': `Workspace ${one.name}`,
        'aria-current': one.team === workspace.team.id ? 'true' : undefined,
      },
      one.name.slice(0, 1).toUpperCase(),
    ),
  )
  const stop = (name, label, href, more = {}) =>
    el(
      'a',
      { class: `stop ${more.current ? 'current' : ''}`, href, ...more.link },
      el('span', {}, icon(name)),
      label,
    )
  const face = el(
    'button',
    {
      type: 'button',
      class: 'stop me',
      'aria-haspopup': 'dialog',
      'aria-label': `Preferences of ${me.name}`,
    },
    page.face(me),
    'You',
  )
  face.addEventListener('click', () => openProfile(face, page.me))
  return [
    el('div', { class: 'tiles' }, tiles),
    stop('home', 'Chat', '/sandbox', { current: true }),
    stop('mail', 'Mail', `/sandbox/mail?${new URLSearchParams({ as: me.email })}`),
    stop('list', 'Log', '/sandbox/log', { link: { target: '_blank' } }),
    el('span', { class: 'spring' }),
    face,
  ]
}
