import {
  type AdminScreen,
  type AdminSection,
  policyGroups,
} from '../../../../templates/slack/admin-fields.ts'
import {
  type AdminGroup,
  type AdminLine,
  type AdminListView,
  linesOnPage,
} from '../../../../templates/slack/admin-list.ts'
import { type Words, wordsOf } from '../../../../templates/slack/words/index.ts'
import type { Tx } from '../../../database/index.ts'
import {
  type ChangeableSection,
  type Entry,
  entriesOf,
  meaningOf,
  type Organisation,
  organisationInForce,
  testPolicies,
  titleOf,
} from '../../../features/organisation/index.ts'
import {
  countPeople,
  type DelegationView,
  findPeople,
  listDelegations,
  listStrangers,
  type Reader,
  requireAdmin,
} from '../../../features/people/index.ts'
import { formatDate } from '../../../kernel/calendar-date.ts'
import { formatMoney } from '../../../kernel/money.ts'
import { handleOf } from './admin-entries.ts'

/**
 * One list of what admins can change.
 * @throws userError `admin_required`
 */
export async function adminList(
  tx: Tx,
  { locale }: Reader,
  { screen, page }: { screen: Exclude<AdminScreen, 'company'>; page: number },
): Promise<AdminListView> {
  await requireAdmin(tx)
  const words = wordsOf(locale)
  const stamp = tx.newId().slice(-12)
  const view = { screen, locale, page, pages: null, stamp, strangers: [], people: null }
  switch (screen) {
    case 'people':
      return { ...view, ...(await peopleList(tx, locale, page)) }
    case 'delegations':
      return { ...view, groups: [await delegationGroup(tx, locale)] }
    default: {
      const organisation = await organisationInForce(tx)
      return { ...view, groups: groupsOf(organisation, screen, words) }
    }
  }
}

/** A page of people at a time, with whoever asked for access above. */
async function peopleList(
  tx: Tx,
  locale: string,
  page: number,
): Promise<Pick<AdminListView, 'groups' | 'strangers' | 'people' | 'pages'>> {
  const { admin } = wordsOf(locale)
  const { active, all } = await countPeople(tx)
  const number = new Intl.NumberFormat(locale)
  const offset = Math.max(0, page) * linesOnPage
  const lines = (await findPeople(tx, '', { limit: linesOnPage, offset })).map((person): AdminLine => {
    const roles = person.roles.filter((role) => role !== 'employee').map((role) => admin.roles[role])
    return {
      section: 'people',
      id: person.id,
      title: person.name,
      text: [person.email, ...(roles.length > 0 ? [roles.join(', ')] : [])].join('  ·  '),
      isActive: person.active,
      button: 'change',
    }
  })
  return {
    groups: [{ section: 'people', isTitled: false, lines }],
    pages: Math.max(1, Math.ceil(all / linesOnPage)),
    strangers: page > 0 ? [] : await listStrangers(tx, { limit: 20 }),
    people: { active: number.format(active), all: number.format(all) },
  }
}

async function delegationGroup(tx: Tx, locale: string): Promise<AdminGroup> {
  const { lines: texts } = wordsOf(locale).admin
  const lines = (await listDelegations(tx)).map((delegation): AdminLine => {
    const { id, principal, delegate, upTo } = delegation
    const cap = upTo ? [texts.upTo(formatMoney(upTo, locale))] : []
    return {
      section: 'delegations',
      id,
      title: texts.delegation(delegate.name, principal.name),
      text: [daysOf(delegation, locale), ...cap].join(', '),
      isActive: true,
      button: 'end',
      ending: { delegate: delegate.name, principal: principal.name },
    }
  })
  return { section: 'delegations', isTitled: false, lines }
}

/** `Dec 1, 2026 to Dec 14, 2026` */
export function daysOf({ from, to }: DelegationView, locale: string): string {
  return wordsOf(locale).admin.lines.days(formatDate(from, locale), formatDate(to, locale))
}

/** The groups of a list, each with its entries. */
export function groupsOf(
  organisation: Organisation,
  screen: Exclude<AdminScreen, 'company' | 'people' | 'delegations'>,
  words: Words,
): AdminGroup[] {
  if (screen !== 'policies') {
    return [{ section: screen, isTitled: false, lines: linesOf(organisation, screen, words) }]
  }
  return policyGroups.map((section) => ({
    section,
    isTitled: true,
    lines: section === 'tests' ? exampleLines(organisation, words) : linesOf(organisation, section, words),
  }))
}

function linesOf(
  organisation: Organisation,
  section: Exclude<AdminSection, 'delegations'>,
  words: Words,
): AdminLine[] {
  return entriesOf(organisation, section).map((entry) => ({
    ...lineOf(organisation, section, entry),
    ...detailsOf(organisation, { section, entry }, words),
  }))
}

function lineOf(
  organisation: Organisation,
  section: Exclude<AdminSection, 'delegations'>,
  entry: Entry,
): AdminLine {
  return {
    section,
    id: handleOf(section, entry),
    title: titleOf(organisation, section, entry),
    isActive: entry.active !== false,
    button: 'change',
  }
}

function exampleLines(organisation: Organisation, { admin }: Words): AdminLine[] {
  const problems = new Map(testPolicies(organisation).map((tested) => [tested.name, tested.problems]))
  return entriesOf(organisation, 'tests').map((entry) => {
    const wrong = problems.get(String(entry.name)) ?? []
    const text = wrong.length > 0 ? `✗ ${wrong.join('; ')}` : `✓ ${admin.lines.exampleHolds}`
    return { ...lineOf(organisation, 'tests', entry), text }
  })
}

function detailsOf(
  organisation: Organisation,
  { section, entry }: { section: ChangeableSection; entry: Entry },
  { admin, language }: Words,
): Pick<AdminLine, 'aside' | 'text'> & Partial<Pick<AdminLine, 'isActive'>> {
  const { lines } = admin
  switch (section) {
    case 'categories': {
      const keywords = Array.isArray(entry.keywords) ? entry.keywords : []
      return { text: lines.keywords(keywords.length, keywords.slice(0, 12).join(', ')) }
    }
    case 'teams': {
      const count = organisation.people.filter(
        ({ active, team, also_in }) =>
          active && (team === entry.name || also_in.some((one) => one === entry.name)),
      ).length
      return {
        text: lines.people(count),
        ...(entry.company_wide === true ? { aside: lines.companyWide } : {}),
      }
    }
    case 'levels': {
      const count = organisation.people.filter(
        ({ active, level, team }) =>
          active && level === entry.rank && (entry.team === undefined || team === entry.team),
      ).length
      return { text: lines.people(count) }
    }
    case 'assignments':
      return entry.team === undefined ? {} : { text: lines.ofTeam(String(entry.team)) }
    case 'policies':
    case 'rules':
    case 'limits':
    case 'mileage':
    case 'per_diem': {
      const meaning = meaningOf(organisation, section, entry, language)
      return {
        // The sentence begins with it where it is not active.
        ...(meaning === null ? {} : { text: meaning, isActive: true }),
        ...(entry.clause === undefined ? {} : { aside: lines.clause(String(entry.clause)) }),
      }
    }
    default:
      return {}
  }
}

/** Which page an entry stands on is of no matter to those who look for it: what they find is opened. */
export function matchingLines(groups: AdminGroup[], words: string): AdminLine[] {
  const wanted = words.trim().toLowerCase()
  return groups
    .flatMap(({ lines }) => lines)
    .filter(({ title, text = '' }) => `${title} ${text}`.toLowerCase().includes(wanted))
    .slice(0, 100)
}
