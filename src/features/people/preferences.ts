import type { Tx } from '../../database/index.ts'
import { userError } from '../../kernel/errors.ts'
import { recordAudit } from '../audit/index.ts'
import { Person, Preference } from './people.entity.ts'
import { getCompany, requireActor } from './people.ts'

/** How somebody reads: dates, money and texts by `locale` (BCP 47), instants by `timeZone` (IANA). */
export interface Reader {
  locale: string
  timeZone: string
  /** They chose another language than Slack speaks to them: what Slack would write of itself, such as days, we write. */
  isNotSlacks?: boolean
}

/** How a person reads: as they chose, else as Slack says, else as their company does. Of nobody: as the company does. */
export async function readerOf(tx: Tx, personId: string | null): Promise<Reader> {
  const company = await getCompany(tx)
  const person = personId === null ? null : await tx.em.findOne(Person, { id: personId })
  const chosen = personId === null ? null : await tx.em.findOne(Preference, { personId })
  const locale = chosen?.locale ?? person?.slackLocale ?? company.locale
  return {
    locale,
    timeZone: person?.timeZone ?? company.timeZone,
    // Where we do not know which language Slack speaks to them, what they chose may be another one.
    isNotSlacks: person?.slackLocale
      ? languageOf(locale) !== languageOf(person.slackLocale)
      : Boolean(chosen?.locale),
  }
}

const languageOf = (locale: string) => locale.split(/[-_]/)[0]?.toLowerCase()

/** How a person wants to read and to hear of things. */
export interface Preferences {
  /** BCP 47; null: as Slack says, else as the company. */
  locale: string | null
  notifyBy: Preference['notifyBy']
  /** `HH:MM` in their time zone, both or neither. It may go over midnight. */
  quietFrom: string | null
  quietTo: string | null
  /** In place of the company's number; null: as the company, 0: never a digest. */
  digestOver: number | null
}

const defaults: Preferences = {
  locale: null,
  notifyBy: 'both',
  quietFrom: null,
  quietTo: null,
  digestOver: null,
}

/** What a person chose; what they did not choose is as it is for everybody. */
export async function preferencesOf(tx: Tx, personId: string): Promise<Preferences> {
  const chosen = await tx.em.findOne(Preference, { companyId: tx.companyId, personId })
  if (!chosen) return { ...defaults }
  const { locale, notifyBy, quietFrom, quietTo, digestOver } = chosen
  return { locale, notifyBy, quietFrom, quietTo, digestOver }
}

/**
 * Changes how the actor wants to hear of things; what is left out stays. It holds from the next message on.
 * @throws userError `person_inactive`; with the field: `locale_unknown`, `notify_by_unknown`, `time_invalid`,
 *   `quiet_hours_incomplete`, `quiet_hours_empty`, `digest_over_invalid`
 */
export async function savePreferences(tx: Tx, changes: Partial<Preferences>): Promise<Preferences> {
  const { id: personId } = await requireActor(tx)
  // One after the other: each of two keeps what the other changed.
  await tx.em.execute('select 1 from person where company_id = ? and id = ? for no key update', [
    tx.companyId,
    personId,
  ])
  const row = await tx.em.findOne(Preference, { companyId: tx.companyId, personId }, { refresh: true })
  const before = await preferencesOf(tx, personId)
  const after = checked({ ...before, ...changes })
  const changed = fields.filter((field) => before[field] !== after[field])
  if (changed.length === 0) return after
  if (row) Object.assign(row, after, { updatedAt: tx.now })
  else tx.em.create(Preference, { ...after, personId, companyId: tx.companyId, updatedAt: tx.now })
  await tx.em.flush()
  await recordAudit(tx, {
    action: 'person.preferences_changed',
    subject: { kind: 'person', id: personId },
    changes: Object.fromEntries(changed.map((field) => [field, { from: before[field], to: after[field] }])),
  })
  return after
}

const fields = ['locale', 'notifyBy', 'quietFrom', 'quietTo', 'digestOver'] as const

function checked({ locale, notifyBy, quietFrom, quietTo, digestOver }: Preferences): Preferences {
  return {
    locale: locale === null ? null : checkedLocale(locale),
    notifyBy: checkedWay(notifyBy),
    ...checkedHours(quietFrom, quietTo),
    digestOver: digestOver === null ? null : checkedNumber(digestOver),
  }
}

/** A language that dates and amounts can be written in here. */
function checkedLocale(text: string): string {
  try {
    const [locale] = Intl.DateTimeFormat.supportedLocalesOf(text.trim())
    if (locale !== undefined) return locale
  } catch {
    // RangeError: it is no language tag at all.
  }
  const message = `“${text.slice(0, 40)}” is no language that is known here. Write it like en-US or de.`
  throw userError('locale_unknown', message, { field: 'locale', details: { typed: text.slice(0, 40) } })
}

function checkedWay(notifyBy: Preferences['notifyBy']): Preferences['notifyBy'] {
  if (['slack', 'mail', 'both'].includes(notifyBy)) return notifyBy
  throw userError('notify_by_unknown', 'Choose Slack, mail or both.', { field: 'notifyBy' })
}

function checkedHours(from: string | null, to: string | null): Pick<Preferences, 'quietFrom' | 'quietTo'> {
  const [quietFrom, quietTo] = [checkedTime(from, 'quietFrom'), checkedTime(to, 'quietTo')]
  if ((quietFrom === null) !== (quietTo === null)) {
    const field = quietFrom === null ? 'quietFrom' : 'quietTo'
    const message = `Quiet hours need both times. Add when they ${quietFrom === null ? 'begin' : 'end'}, or leave out both.`
    throw userError('quiet_hours_incomplete', message, { field })
  }
  if (quietFrom !== null && quietFrom === quietTo) {
    const message = 'Quiet hours end when they begin. Choose another time, or leave out both.'
    throw userError('quiet_hours_empty', message, { field: 'quietTo' })
  }
  return { quietFrom, quietTo }
}

function checkedTime(text: string | null, field: 'quietFrom' | 'quietTo'): string | null {
  if (text === null || /^([01]\d|2[0-3]):[0-5]\d$/.test(text)) return text
  throw userError('time_invalid', `“${text.slice(0, 40)}” is no time. Write it like 22:00.`, {
    field,
    details: { typed: text.slice(0, 40) },
  })
}

/** As many as the organisation file allows. */
function checkedNumber(digestOver: number): number {
  if (Number.isInteger(digestOver) && digestOver >= 0 && digestOver <= 1000) return digestOver
  const message = 'Write a whole number from 0 to 1000. With 0 there is never a digest.'
  throw userError('digest_over_invalid', message, { field: 'digestOver' })
}
