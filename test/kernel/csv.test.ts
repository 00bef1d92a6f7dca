import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvLine } from '../../src/kernel/csv.ts'

test('a line has its cells by commas, quoted where they need it', () => {
  expect(csvLine(['EXP-2026-0001', 12, null, 'a,b', 'say "hi"', 'two\nlines', ''])).toBe(
    'EXP-2026-0001,12,,"a,b","say ""hi""","two\nlines",\r\n',
  )
})

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1', '＋1', '－1', '＠1'])(
  'a text that a spreadsheet would run is only a text: %j',
  (text) => {
    const [[cell] = []] = parse(csvLine([text]))
    expect(cell).toBe(`'${text}`)
  },
)

test('a negative number stays a number', () => {
  expect(csvLine([-5, { decimal: '-12.50' }])).toBe('-5,-12.50\r\n')
})

test('whatever is written is read again, and no cell is a formula', () => {
  const text = fc.string({ unit: fc.constantFrom('=', '-', '"', ',', '\r', '\n', 'a', "'") })
  fc.assert(
    fc.property(fc.array(text, { minLength: 2, maxLength: 4 }), (cells) => {
      const [read = []] = parse(csvLine(cells), { relax_column_count: true, record_delimiter: '\r\n' })
      expect(read.map((cell) => cell.replace(/^'(?=[=+\-@\t\r])/, ''))).toEqual(
        cells.map((cell) => cell.replace(/^'(?=[=+\-@\t\r])/, '')),
      )
      for (const cell of read) expect(cell).not.toMatch(/^[=+\-@\t\r]/)
    }),
  )
})
