import { formatInstant } from '../../src/kernel/calendar-date.ts'
import { type Line, type Sheet, section } from './sheet.ts'
import { openingHeight, table } from './table.ts'
import { capitalised, paragraphs, short } from './words.ts'

/** Something that a person did or said; `at` in UTC. */
export interface DatedRecord {
  at: Date
  who: string
  what: Line[]
  channel: string
}

/** An entry of an expense's history: what was done, and the words that were given. */
export function decisionRecord({
  what,
  comment,
  ...rest
}: Omit<DatedRecord, 'what'> & { what: string; comment: string | null }): DatedRecord {
  const lines: Line[] = [{ text: capitalised(short(what, 200)), style: 'strong' }]
  if (comment) lines.push({ text: `“${paragraphs(comment, 1000)}”`, style: 'body' })
  return { ...rest, what: lines }
}

const channelNames = new Map([
  ['slack', 'Slack'],
  ['email', 'E-mail'],
  ['mail', 'E-mail'],
  ['api', 'API'],
  ['web', 'Web'],
  ['cli', 'Console'],
  ['system', 'Outlay'],
])

/** Draws a section of who did what, when and through which channel, a row each. */
export function recordSection(
  sheet: Sheet,
  title: string,
  { company, locale }: { company: { timeZone: string }; locale: string },
  records: DatedRecord[],
): void {
  const [when, who, channel] = [142, 120, 60]
  const columns = [
    { title: 'When', width: when },
    { title: 'Who', width: who },
    { title: 'What', width: sheet.width - when - who - channel },
    { title: 'Through', width: channel },
  ]
  const rows = records.map((record): Line[][] => [
    [{ text: formatInstant(record.at, company.timeZone, locale), style: 'muted' }],
    [{ text: short(record.who, 120), style: 'body' }],
    record.what,
    [{ text: channelNames.get(record.channel) ?? short(record.channel, 40), style: 'muted' }],
  ])
  section(sheet, title, openingHeight(sheet, columns, rows))
  table(sheet, columns, rows)
}
