import type { TextLine, Word } from '../lines.ts'

/** How amounts are written on this receipt. */
export interface NumberStyle {
  decimal: '.' | ','
  /** Usual digits after the decimal separator; 0 where amounts have none, as in yen. */
  decimals: 0 | 2 | 3
}

/** A number on the receipt that may be an amount of money. */
export interface Amount {
  /** Exact value in thousandths of a unit, so that sums are exact in every currency. */
  thousandths: number
  decimals: number
  /** Position in the line's text. */
  start: number
  end: number
  line: number
  /** 0..1: the worst OCR confidence among its words. */
  confidence: number
  /** Whether a currency sign or code stands at it. */
  marked: boolean
}

/** Groups of three with one kind of separator, then perhaps decimals; or plain digits with decimals. OCR splits at points. */
const number =
  /(?<![\d.,/:-])(?<minus>[-–−] ?|[({](?=[\d.,]+[)}]))?(?<mark>[$€£¥₹₩₺₫₴₦₱฿]|[A-Z]{2,3}|Rs\.?|kr\.?)? ?(?<minus2>[-–−])?(?<body>\d{1,3}(?:[.,'’ ]\d{3})+(?:[.,] ?\d{1,3})?|\d{1,9}(?: ?[.,] ?\d{1,3})?|[.,]\d{2})(?<after>[-–−](?!\d))?(?! ?[%\d/:]|[.,-]\d)/gu

/**
 * How this receipt writes amounts, from all of its numbers: a comma or a point followed by exactly two digits at the
 * end decides; three digits are thousands unless the currency has three decimals.
 */
export function inferStyle(lines: TextLine[], exponent: number | null): NumberStyle {
  const text = lines.map((line) => line.text).join('\n')
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0
  const points = count(/\d\. ?\d{2}(?![\d.,])/g)
  const commas = count(/\d, ?\d{2}(?![\d.,])/g)
  const decimal = commas > points ? ',' : '.'
  const threes = count(
    decimal === ',' ? /(?<![\d.,])\d+,\d{3}(?![\d.,])/g : /(?<![\d.,])\d+\.\d{3}(?![\d.,])/g,
  )
  if (exponent === 3 && threes >= Math.max(points, commas)) {
    return { decimal: count(/\d,\d{3}(?!\d)/g) > count(/\d\.\d{3}(?!\d)/g) ? ',' : '.', decimals: 3 }
  }
  if (points + commas === 0) return { decimal: '.', decimals: 0 }
  return { decimal, decimals: exponent === 0 && points + commas <= 1 ? 0 : 2 }
}

/** All numbers of a line that may be amounts in `style`, from left to right. */
export function findAmounts(line: TextLine, index: number, style: NumberStyle): Amount[] {
  const amounts: Amount[] = []
  const text = mendDigits(line.text)
  for (const match of text.matchAll(number)) {
    const groups = match.groups ?? {}
    const parsed = parseBody(groups.body ?? '', style)
    if (parsed === null) continue
    const bodyAt = match.index + match[0].lastIndexOf(groups.body ?? '')
    const end = bodyAt + (groups.body ?? '').length
    const negative = Boolean(groups.minus ?? groups.minus2 ?? groups.after)
    amounts.push({
      thousandths: negative ? -parsed.thousandths : parsed.thousandths,
      decimals: parsed.decimals,
      start: match.index,
      end,
      line: index,
      confidence: confidenceAt(line.words, bodyAt, end),
      marked: groups.mark !== undefined || /^ ?([€£¥]|EUR|kr\b|CHF|zł|Kč|Ft\b)/.test(text.slice(end)),
    })
  }
  return amounts
}

/** Letters that OCR puts for digits, inside of what is otherwise an amount; lengths stay the same. */
function mendDigits(text: string): string {
  return text.replace(
    /(?<![\p{L}\d])[\dOoQIl|SBU§]*\d[\dOoQIl|SBU]*[.,] ?[\dOoQIl|SBU]{2}(?![\p{L}\d])/gu,
    (token) =>
      token
        .replace(/[OoQU]/g, '0')
        .replace(/[Il|]/g, '1')
        .replace(/[S§]/g, '5')
        .replace(/B/g, '8'),
  )
}

/**
 * Reads `1.234,56`, `1 234,50`, `1,234.56`, `1'234.50`, `12.50`, `1,234` in `style`; null for what fits none.
 * @returns the value in thousandths of a unit
 */
export function parseBody(
  body: string,
  style: NumberStyle,
): { thousandths: number; decimals: number } | null {
  const compact = body.replace(/(?<=[.,]) | (?=[.,])/g, '')
  const match = /^(?<whole>.*?)(?:(?<separator>[.,])(?<fraction>\d{1,3}))?$/.exec(compact)
  if (!match?.groups) return null
  let whole = match.groups.whole ?? ''
  let fraction = match.groups.fraction ?? ''
  const separator = match.groups.separator
  const isDecimal =
    fraction.length === 2 || (fraction.length === 3 && style.decimals === 3 && separator === style.decimal)
  if (fraction !== '' && !isDecimal) {
    // 1.234 where amounts have two decimals is a thousand; 16.800 with a point that marks decimals is misread.
    if (fraction.length !== 3 || (separator === style.decimal && style.decimals !== 0)) return null
    whole = `${whole}${separator}${fraction}`
    fraction = ''
  }
  // "2 700.00" is two for 700; only where the comma marks decimals do spaces group digits.
  if (/\d \d/.test(whole) && style.decimal === '.') whole = whole.slice(whole.lastIndexOf(' ') + 1)
  if (whole !== '' && !/^\d+$|^\d{1,3}(?<group>[.,'’ ])\d{3}(?:\k<group>\d{3})*$/.test(whole)) return null
  const digits = whole.replace(/\D/g, '')
  if (digits.length > 12) return null
  return { thousandths: Number(`${digits || '0'}${fraction.padEnd(3, '0')}`), decimals: fraction.length }
}

/** A plain decimal with `exponent` digits after the point: 65550 thousandths with 2 → `65.55`. */
export function toDecimalString(thousandths: number, exponent: number): string {
  const scaled =
    exponent >= 3 ? thousandths * 10 ** (exponent - 3) : Math.round(thousandths / 10 ** (3 - exponent))
  const digits = String(Math.abs(scaled)).padStart(exponent + 1, '0')
  const sign = scaled < 0 ? '-' : ''
  return exponent === 0
    ? `${sign}${digits}`
    : `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`
}

/** The worst confidence among the words that cover `start`..`end` of the line's text. */
export function confidenceAt(words: Word[], start: number, end: number): number {
  let at = 0
  let worst = 1
  for (const word of words) {
    if (at < end && at + word.text.length > start) worst = Math.min(worst, word.confidence)
    at += word.text.length + 1
  }
  return worst
}
