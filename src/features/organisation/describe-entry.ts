import {
  describeLimit,
  describeMileage,
  describePerDiem,
  describePolicy,
  describeRule,
  type PolicyLanguage,
  type PolicySetting,
  settingOf,
} from '../policy/index.ts'
import { type ChangeableSection, type Entry, keyOf } from './organisation-change.ts'
import type { Organisation } from './organisation-schema.ts'
import { vocabularyOfFile } from './vocabulary-of-file.ts'

/** What an entry is called in a list: `Small Equipment`, `Travel › Eve Davis`. */
export function titleOf(organisation: Organisation, section: ChangeableSection, entry: Entry): string {
  const { category, approver, name } = inNames(organisation, section, entry)
  switch (section) {
    case 'assignments':
      return `${String(category)} › ${String(approver)}`
    case 'levels':
      return `${String(entry.rank)} ${String(name)}${entry.team === undefined ? '' : ` (${String(entry.team)})`}`
    case 'cost_centres':
      return `${keyOf(section, entry)} ${String(name)}`
    case 'mileage':
    case 'per_diem':
      return `${String(name)} from ${String(entry.from)}`
    default:
      return String(name)
  }
}

/** The same entry with the names of people, categories and levels in place of addresses, keys and ranks. */
export function inNames(organisation: Organisation, section: ChangeableSection, entry: Entry): Entry {
  const { people, categories, levels } = organisation
  const person = (email: unknown) => people.find((one) => one.email === email)?.name ?? email
  if (section === 'people') {
    const level = levels.find(
      ({ rank, team }) => rank === entry.level && (team === undefined || team === entry.team),
    )
    return {
      ...entry,
      ...(entry.manager === undefined ? {} : { manager: person(entry.manager) }),
      ...(level ? { level: `${level.rank} ${level.name}` } : {}),
    }
  }
  if (section !== 'assignments') return entry
  return {
    ...entry,
    category: categories.find(({ key }) => key === entry.category)?.name ?? entry.category,
    approver: person(entry.approver),
  }
}

/** What a policy, rule, limit or rate says, in a sentence (`language` null: in English); null: it has none. */
export function meaningOf(
  organisation: Organisation,
  section: ChangeableSection,
  entry: Entry,
  language: PolicyLanguage | null = null,
): string | null {
  const { document } = organisation
  if (!document) return null
  const setting = settingIn(organisation, language)
  const key = keyOf(section, entry)
  const isIt = (one: Entry) => keyOf(section, one) === key
  const said = <T extends Entry>(entries: T[], describe: (one: T) => string) => {
    const found = entries.find(isIt)
    return found ? describe(found) : null
  }
  switch (section) {
    case 'policies':
      return said(document.policies, (one) => describePolicy(one, setting, language))
    case 'rules':
      return said(document.rules, (one) => describeRule(one, setting, language))
    case 'limits':
      return said(document.limits, (one) => describeLimit(one, setting, language))
    case 'mileage':
      return said(document.mileage, (one) => describeMileage(one, setting, language))
    case 'per_diem':
      return said(document.per_diem, (one) => describePerDiem(one, setting, language))
    default:
      return null
  }
}

/** The company for sentences in a language (null: in English, by the company's locale). */
export function settingIn(organisation: Organisation, language: PolicyLanguage | null): PolicySetting {
  const setting = settingOf(vocabularyOfFile(organisation))
  return language ? { ...setting, locale: language.locale } : setting
}
