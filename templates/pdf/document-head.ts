import { colours, type Line, rule, type Sheet, write, writeFitted } from './sheet.ts'
import { short } from './words.ts'

/** Heads a document: whose it is, what it is, and its number; a rule below. */
export function documentHead(
  sheet: Sheet,
  { company, title, number }: { company: string; title: string; number: string },
): void {
  const { doc, width } = sheet
  write(sheet, { text: short(company, 120), style: 'company' }, 'P')
  doc.y += 18
  const top = doc.y
  write(sheet, { text: title, style: 'title' }, 'H1')
  const below = doc.y
  // On the baseline of the title, which is set larger.
  const line: Line = { text: short(number, 40), style: 'lead' }
  writeFitted(sheet, line, { y: top + 5, width: width / 2 })
  rule(sheet, below + 8, colours.ink)
  doc.y = below + 22
}
