import { printable } from './fonts.ts'
import { addPage, artifact, type Line, rule, type Sheet, textOptions, use } from './sheet.ts'

export interface Column {
  width: number
  /** Without a title on any column, the table has no heading row. */
  title?: string
  /** Whether its cells are the headings of their rows. */
  heads?: true
  align?: 'right'
}

const cellPadding = 5
const columnGap = 14

/**
 * Draws rows with a hairline between them. A row is never split over two pages; on each new page the headings are
 * repeated. Rows are drawn as they come, so that a long table need not be held as a whole.
 */
export function table(sheet: Sheet, columns: Column[], rows: Iterable<Line[][]>): void {
  const { doc } = sheet
  const titled = columns.some((column) => column.title !== undefined)
  const heading = columns.map((column): Line[] => [{ text: column.title ?? '', style: 'heading' }])
  const element = doc.struct('Table')
  sheet.root.add(element)
  if (titled) drawRow(sheet, { element, columns, cells: heading, head: true })
  else rule(sheet, doc.y)
  for (const cells of rows) {
    if (doc.y + rowHeight(sheet, columns, cells) > sheet.bottom) {
      addPage(sheet)
      if (titled) drawHeadingAgain(sheet, columns, heading)
    }
    drawRow(sheet, { element, columns, cells, head: false })
  }
  element.end()
}

/** How high the heading and the first row are, which a heading of a section above it stays with. */
export function openingHeight(sheet: Sheet, columns: Column[], rows: Line[][][]): number {
  const heading = columns.map(({ title = '' }): Line[] => [{ text: title, style: 'heading' }])
  return [heading, ...rows.slice(0, 1)].reduce((sum, cells) => sum + rowHeight(sheet, columns, cells), 0)
}

interface Row {
  element: PDFKit.PDFStructureElement
  columns: Column[]
  cells: Line[][]
  /** The row of column headings. */
  head: boolean
}

// pdfkit writes a heading cell's scope, but its published types do not know it.
interface CellOptions extends PDFKit.Mixins.StructureElementOptions {
  scope?: 'Column' | 'Row'
}

function drawRow(sheet: Sheet, row: Row): void {
  const { doc } = sheet
  const top = doc.y
  const height = Math.min(rowHeight(sheet, row.columns, row.cells), sheet.bottom - top)
  const element = doc.struct('TR')
  row.element.add(element)
  let x = sheet.left
  row.columns.forEach((column, index) => {
    const heads = row.head || column.heads === true
    const options: CellOptions = heads ? { scope: row.head ? 'Column' : 'Row' } : {}
    const box = boxOf(row.columns, index, { x, top, height })
    const cell = doc.struct(heads ? 'TH' : 'TD', options)
    element.add(cell)
    drawCell(sheet, row.cells[index] ?? [], box, (draw) => cell.add(doc.struct('P', {}, draw)))
    cell.end()
    x += column.width
  })
  element.end()
  rule(sheet, top + height)
  doc.y = top + height
}

function drawHeadingAgain(sheet: Sheet, columns: Column[], heading: Line[][]): void {
  const { doc } = sheet
  const top = doc.y
  const height = rowHeight(sheet, columns, heading)
  artifact(sheet, 'Pagination', () => {
    let x = sheet.left
    columns.forEach((column, index) => {
      const box = boxOf(columns, index, { x, top, height })
      drawCell(sheet, heading[index] ?? [], box, (draw) => draw())
      x += column.width
    })
  })
  rule(sheet, top + height)
  doc.y = top + height
}

interface Box {
  x: number
  y: number
  width: number
  bottom: number
  align: 'left' | 'right'
}

function boxOf(columns: Column[], index: number, row: { x: number; top: number; height: number }): Box {
  return {
    x: row.x,
    y: row.top + cellPadding,
    width: textWidth(columns, index),
    bottom: row.top + row.height,
    align: columns[index]?.align ?? 'left',
  }
}

function drawCell(sheet: Sheet, lines: Line[], box: Box, mark: (draw: () => void) => void): void {
  let y = box.y
  for (const { text, style } of singleLines(lines)) {
    const options = textOptions(style, box.width)
    const height = use(sheet, style).heightOfString(text, options)
    // A row higher than a page ends where the page does.
    const room = box.bottom - y
    if (room < height && room < 12) return
    const bounds = { ...options, height: Math.min(height + 1, room), ellipsis: true, align: box.align }
    const top = y
    mark(() => sheet.doc.text(text, box.x, top, bounds))
    y += height
  }
}

function rowHeight(sheet: Sheet, columns: Column[], cells: Line[][]): number {
  const heights = columns.map((_, index) => {
    return singleLines(cells[index] ?? []).reduce((sum, { text, style }) => {
      const options = textOptions(style, textWidth(columns, index))
      return sum + use(sheet, style).heightOfString(text, options)
    }, 0)
  })
  return Math.max(...heights) + 2 * cellPadding
}

/** Each line an element of its own, so that a screen reader does not run them together. */
function singleLines(lines: Line[]): Line[] {
  return lines.flatMap(({ text, style }) =>
    printable(text)
      .split('\n')
      .filter((part) => part !== '')
      .map((part) => ({ text: part, style })),
  )
}

/** Columns keep a distance from the next one; the last one reaches the edge. */
function textWidth(columns: Column[], index: number): number {
  const width = columns[index]?.width ?? 0
  return index === columns.length - 1 ? width : width - columnGap
}
