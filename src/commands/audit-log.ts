import { DateTime } from 'luxon'
import type { Env } from '../../config/env.ts'
import { type Database, inCompany, type Tx } from '../database/index.ts'
import {
  type AuditFilter,
  type AuditLine,
  type AuditVerification,
  listAudit,
  nameIds,
  parseAuditHead,
  requireAction,
  verifyAudit,
} from '../features/audit/index.ts'
import { type Company, personByEmail } from '../features/people/index.ts'
import { addDays, formatInstant, parseCalendarDate, startOfDay } from '../kernel/calendar-date.ts'
import { csvLine } from '../kernel/csv.ts'
import { permanentError, userError } from '../kernel/errors.ts'
import { formatMoney } from '../kernel/money.ts'
import { openForCommand } from '../program.ts'
import { chooseCompany } from './choose-company.ts'

const actor = { personId: null, channel: 'cli' as const }
const say = (text: string) => process.stdout.write(text)
const page = 500

/**
 * Compares the audit log with its seals and prints every fault, or the head to keep. It seals nothing before: looking must
 * not change what is looked at.
 * @throws permanentError `audit_log_broken`; userError `head_invalid`, `company_unclear`
 */
export async function verifyAuditLog(env: Env, options: { company?: string; head?: string }): Promise<void> {
  const expected = options.head === undefined ? undefined : parseAuditHead(options.head)
  await withCompany(env, options.company, async (company, inside) => {
    const onFault = ({ text }: { text: string }) => say(`${text}\n`)
    const result = await inside((tx) => verifyAudit(tx, { expected, onFault }))
    const { faults, first, head } = result
    if (first) {
      const more = faults === 1 ? '' : ` The first of ${count(faults, 'fault')}: ${first.text}.`
      throw permanentError(
        'audit_log_broken',
        `The audit log of ${company.name} is not as it was written.${more}`,
      )
    }
    say(`${summary(result, company)}\n`)
    if (head) say(`head ${head.seq}:${head.hash}\n`)
  })
}

function summary({ verified, waiting, waitingSince, erased }: AuditVerification, company: Company): string {
  const since = waitingSince
    ? `, the oldest of ${formatInstant(waitingSince, company.timeZone, company.locale)}`
    : ''
  return [
    `${company.name}: ${count(verified, 'entry', 'entries')} verified`,
    `${count(waiting, 'entry', 'entries')} not sealed yet${since}`,
    ...(erased > 0 ? [`personal values of ${count(erased, 'entry', 'entries')} erased`] : []),
  ].join('; ')
}

const count = (n: number, one: string, many = `${one}s`) =>
  `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`

export interface ListAuditOptions {
  company?: string
  person?: string
  expense?: string
  action?: string
  from?: string
  to?: string
  json?: boolean
  csv?: boolean
}

/**
 * Prints audit entries, oldest first, days and times in the company's time zone. As text what changed reads as names and
 * amounts; as JSON and CSV it stands as it is kept: ids and minor units.
 * @throws userError `person_unknown`, `expense_unknown`, `action_unknown`, `date_invalid`, `company_unclear`
 */
export async function listAuditLog(env: Env, options: ListAuditOptions): Promise<void> {
  await withCompany(env, options.company, async (company, inside) => {
    const filter: AuditFilter = { ...(await inside((tx) => filterOf(tx, company, options))), limit: page }
    const isText = !options.csv && !options.json
    if (options.csv) say(csvLine(csvColumns))
    let found = false
    for (;;) {
      const { lines, names } = await inside(async (tx) => {
        const lines = await listAudit(tx, filter)
        return { lines, names: isText ? await nameIds(tx, lines) : noNames }
      })
      for (const line of lines) say(format(line, { company, names }, options))
      found ||= lines.length > 0
      if (lines.length < page || !process.stdout.writable) break
      filter.after = lines.at(-1)?.id
    }
    if (!found && isText) say('There is no such entry.\n')
  })
}

async function filterOf(
  tx: Tx,
  company: Company,
  options: ListAuditOptions,
): Promise<Omit<AuditFilter, 'limit'>> {
  const { person: email, expense, action, from, to } = options
  const person = email === undefined ? null : await personByEmail(tx, email)
  if (email !== undefined && !person)
    throw userError('person_unknown', `There is nobody with the address ${email}.`)
  if (action !== undefined) await requireAction(tx, action)
  return {
    person: person?.id,
    expense,
    action,
    from: from === undefined ? undefined : startOfDay(parseCalendarDate(from, 'from'), company.timeZone),
    to: to === undefined ? undefined : startOfDay(addDays(parseCalendarDate(to, 'to'), 1), company.timeZone),
  }
}

/** What ids and amounts are shown with. */
interface Words {
  company: Company
  names: ReadonlyMap<string, string>
}

const noNames: Words['names'] = new Map()

function format(line: AuditLine, words: Words, { csv, json }: { csv?: boolean; json?: boolean }): string {
  if (json) return `${JSON.stringify(line)}\n`
  return csv ? csvOf(line, words.company.timeZone) : textOf(line, words)
}

const inZone = (at: Date, timeZone: string) => DateTime.fromJSDate(at, { zone: timeZone })
const subjectOf = ({ subject }: AuditLine) => subject.name ?? `${subject.kind} ${subject.id}`

function textOf(line: AuditLine, words: Words): string {
  const name = line.actor?.name ?? 'Outlay'
  const who = line.onBehalfOf ? `${name} for ${line.onBehalfOf.name}` : name
  const columns = [
    inZone(line.at, words.company.timeZone).toFormat('yyyy-MM-dd HH:mm:ss'),
    `${who} (${line.channel})`.padEnd(26),
    line.action.padEnd(24),
    subjectOf(line).padEnd(14),
    [
      ...pairs(inWords(line.changes, words)),
      ...(line.erased ? ['(erased)'] : pairs(line.personal ?? {})),
    ].join(', '),
  ]
  return `${columns.join('  ').trimEnd()}\n`
}

/**
 * Changes as people read them. Amounts are in the currency that stands beside them, or beside what they are parts of,
 * else in the company's.
 */
function inWords(changes: Record<string, unknown>, words: Words, outer?: string): Record<string, unknown> {
  const { names, company } = words
  const currency = typeof changes.currency === 'string' ? changes.currency : (outer ?? company.currency)
  const shown = (value: unknown): unknown => {
    if (typeof value === 'string') return names.get(value) ?? value
    if (Array.isArray(value)) return value.map(shown)
    return isRecord(value) ? inWords(value, words, currency) : value
  }
  return Object.fromEntries(
    Object.entries(changes).map(([key, value]) => {
      const isAmount = key === 'upTo' || key.endsWith('Minor')
      if (!isAmount || typeof value !== 'number') return [key, shown(value)]
      return [key.replace(/Minor$/, ''), formatMoney({ minor: value, currency }, company.locale)]
    }),
  )
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

function pairs(values: Record<string, unknown>): string[] {
  return Object.entries(values).map(([key, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return `${key}: ${text.replace(/\s+/g, ' ')}`
  })
}

const csvColumns = [
  'number',
  'at',
  'person',
  'on behalf of',
  'channel',
  'action',
  'subject kind',
  'subject',
  'changes',
  'personal values',
  'entry',
]

function csvOf(line: AuditLine, timeZone: string): string {
  return csvLine([
    line.seq,
    inZone(line.at, timeZone).toISO({ suppressMilliseconds: true }),
    line.actor?.name ?? null,
    line.onBehalfOf?.name ?? null,
    line.channel,
    line.action,
    line.subject.kind,
    subjectOf(line),
    JSON.stringify(line.changes),
    line.erased ? 'erased' : line.personal && JSON.stringify(line.personal),
    line.id,
  ])
}

async function withCompany(
  env: Env,
  name: string | undefined,
  work: (company: Company, inside: <T>(use: (tx: Tx) => Promise<T>) => Promise<T>) => Promise<void>,
): Promise<void> {
  const { database, close } = await openForCommand(env)
  try {
    const company = await chooseCompany(database, name)
    await work(company, insideOf(database, company))
  } finally {
    await close()
  }
}

function insideOf(database: Database, company: Company) {
  return <T>(use: (tx: Tx) => Promise<T>) => inCompany(database, { companyId: company.id, actor }, use)
}
