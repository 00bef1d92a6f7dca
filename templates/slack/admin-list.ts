import type { KnownBlock, ModalView } from '@slack/types'
import { type AdminScreen, type AdminSection, adminScreens } from './admin-fields.ts'
import { adminOption } from './admin-inputs.ts'
import { actions, actionsBlock, button } from './expense-parts.ts'
import { context, plain, quote, section, sectionWith, shorten } from './text.ts'
import { type Words, wordsOf } from './words/index.ts'

/** What an entry of a list says, in the words that people wrote. */
export interface AdminLine {
  section: AdminSection
  /** Of the entry; short, and nothing personal. */
  id: string
  title: string
  /** Beside the title, such as a clause. */
  aside?: string | undefined
  text?: string | undefined
  /** false: it is marked so. */
  isActive: boolean
  /** Which of the buttons stands beside it. */
  button: 'change' | 'end'
  /** For the question that is asked before it ends. */
  ending?: { delegate: string; principal: string }
}

export interface AdminGroup {
  /** With what is added to it; null: nothing can be. */
  section: AdminSection
  /** A title of its own where a list has several groups. */
  isTitled: boolean
  lines: AdminLine[]
}

/** Somebody who asked for access. */
export interface AdminStranger {
  id: string
  name: string | null
  email: string | null
}

export interface AdminListView {
  screen: AdminScreen
  locale: string
  groups: AdminGroup[]
  /** The page that is shown, from 0. */
  page: number
  /** How many there are where the groups hold only what stands on this one; null: they hold everything. */
  pages: number | null
  /** Another one each time: Slack keeps what was chosen in a menu of the same name. */
  stamp: string
  strangers: AdminStranger[]
  /** How many people there are, in the list of people. */
  people: { active: string; all: string } | null
}

/** With buttons and titles around them, these keep a form below a hundred blocks. */
export const linesOnPage = 40
const mostStrangers = 20

/** One list of what admins can change, a page at a time. */
export function adminListModal(view: AdminListView): ModalView {
  const words = wordsOf(view.locale)
  const { screen, groups } = view
  const all = groups.flatMap(({ lines }) => lines)
  const pages = view.pages ?? Math.max(1, Math.ceil(all.length / linesOnPage))
  const page = Math.min(Math.max(view.page, 0), pages - 1)
  const start = view.pages === null ? page * linesOnPage : 0
  const shown = new Set(all.slice(start, start + linesOnPage))
  const isSearched = screen !== 'delegations' && (screen === 'people' || pages > 1)
  return {
    type: 'modal',
    title: plain(words.admin.screens[screen], 24),
    close: plain(words.common.close, 24),
    blocks: [
      goToBlock(view, words, addable(view)),
      ...(isSearched ? [finder(view, words)] : []),
      context('intro', introOf(view, words)),
      ...strangerBlocks(view, words),
      ...groups.flatMap((group) => groupBlocks(group, shown, words)),
      ...(all.length === 0 && screen !== 'people' ? [context('empty', words.admin.empty)] : []),
      ...(pages > 1 ? pager({ screen, page, pages }, words) : []),
    ],
  }
}

/** The menu of the lists names itself so; a stamp follows. */
export const goPrefix = 'admin.go.'

/** Where to go from here, and what to add. */
export function goToBlock(
  { screen, stamp }: Pick<AdminListView, 'screen' | 'stamp'>,
  { admin }: Words,
  added: AdminSection | null = null,
): KnownBlock {
  return actionsBlock(`${goPrefix}${stamp}`, [
    {
      type: 'static_select',
      action_id: actions.adminShow,
      placeholder: plain(admin.goTo),
      options: adminScreens.map((id) => adminOption({ id, name: admin.screens[id] })),
      initial_option: adminOption({ id: screen, name: admin.screens[screen] }),
    },
    ...(added === null ? [] : [button(actions.adminAdd, admin.add, added)]),
  ])
}

/** What the whole list is of; where it has groups, each has a button of its own. */
function addable({ groups }: AdminListView): AdminSection | null {
  const [first] = groups
  return first && !first.isTitled ? first.section : null
}

/** The menu that finds an entry of a list names the list; a stamp follows. */
export const findPrefix = 'admin.find.'

function finder({ screen, stamp }: AdminListView, { admin }: Words): KnownBlock {
  return actionsBlock(`${findPrefix}${screen}.${stamp}`, [
    {
      type: 'external_select',
      action_id: 'value',
      min_query_length: 0,
      placeholder: plain(screen === 'people' ? admin.findSomebody : admin.find),
    },
  ])
}

function introOf({ screen, people }: AdminListView, { admin }: Words): string {
  switch (screen) {
    case 'people':
      return admin.intro.people(people?.active ?? '0', people?.all ?? '0')
    case 'company':
      return admin.screens.company
    default:
      return admin.intro[screen]
  }
}

function strangerBlocks({ strangers }: AdminListView, { admin }: Words): KnownBlock[] {
  if (strangers.length === 0) return []
  return [
    section('strangers', `*${admin.strangers.title}*`),
    ...strangers.slice(0, mostStrangers).map(({ id, name, email }) =>
      sectionWith(
        `stranger_${id}`,
        admin.strangers.line(
          quote(name ?? admin.strangers.unknown, 80),
          quote(email ?? admin.strangers.noEmail, 100),
        ),
        button(actions.adminAddStranger, admin.strangers.add, id, {
          accessibility_label: shorten(`${admin.strangers.add} ${name ?? ''}`, 75),
        }),
      ),
    ),
  ]
}

function groupBlocks(
  { section: kind, isTitled, lines }: AdminGroup,
  shown: ReadonlySet<AdminLine>,
  words: Words,
): KnownBlock[] {
  const here = lines.filter((line) => shown.has(line))
  const blocks = here.map((line) => lineBlock(line, words))
  const isContinued = lines.length > 0 && here.length === 0
  if (!isTitled || isContinued || kind === 'delegations') return blocks
  const { groups, add } = words.admin
  const title = kind in groups ? groups[toGroup(kind)] : ''
  return [sectionWith(`group_${kind}`, `*${title}*`, button(actions.adminAdd, add, kind)), ...blocks]
}

function toGroup(kind: AdminSection): keyof Words['admin']['groups'] {
  switch (kind) {
    case 'rules':
    case 'limits':
    case 'mileage':
    case 'per_diem':
    case 'tests':
      return kind
    default:
      return 'policies'
  }
}

function lineBlock(line: AdminLine, words: Words): KnownBlock {
  const { id, section: kind, title, aside, text, isActive } = line
  const marks = [aside ? quote(aside, 100) : '', isActive ? '' : `_${words.admin.inactive}_`]
  const head = [`*${quote(title, 150)}*`, ...marks].filter((part) => part !== '').join('  ')
  return sectionWith(
    `${kind}_${id}`,
    text ? `${head}\n${quote(text, 500)}` : head,
    line.button === 'end' ? endButton(line, words) : changeButton(line, words),
  )
}

function changeButton({ section: kind, id, title }: AdminLine, { admin }: Words) {
  return button(actions.adminChange, admin.change, `${kind} ${id}`, {
    accessibility_label: shorten(admin.changeWhat(title), 75),
  })
}

function endButton({ id, title, ending }: AdminLine, { admin, common }: Words) {
  const text = admin.endText(shorten(ending?.delegate ?? '', 60), shorten(ending?.principal ?? '', 60))
  return button(actions.adminEnd, admin.end, id, {
    accessibility_label: shorten(admin.endWhat(title), 75),
    confirm: {
      title: plain(admin.endTitle, 100),
      text: plain(text, 300),
      confirm: plain(admin.end, 30),
      deny: plain(common.keep, 30),
    },
  })
}

function pager(
  { screen, page, pages }: { screen: AdminScreen; page: number; pages: number },
  { admin }: Words,
): KnownBlock[] {
  const turns = [
    ...(page > 0 ? [button(actions.adminEarlier, admin.earlier, `${screen} ${page - 1}`)] : []),
    ...(page < pages - 1 ? [button(actions.adminLater, admin.later, `${screen} ${page + 1}`)] : []),
  ]
  return [context('page', admin.page(page + 1, pages)), actionsBlock('pager', turns)]
}
