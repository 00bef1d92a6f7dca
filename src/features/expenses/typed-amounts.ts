import { isCurrency, type Money, parseTypedAmount } from '../../kernel/money.ts'

/** An amount in a text that somebody typed, and what of it was guessed. */
export interface TypedAmount {
  money: Money
  uncertain: ('amount' | 'currency')[]
  /** Where it stands, its currency included. */
  start: number
  end: number
}

const dollars = ['USD', 'CAD', 'AUD', 'NZD', 'SGD', 'HKD', 'MXN']

/** How people write currencies. Of a sign that several share the company's own is meant, else, unsurely, the first. */
const marks: Record<string, string[]> = {
  $: dollars,
  dollar: dollars,
  dollars: dollars,
  bucks: dollars,
  us$: ['USD'],
  c$: ['CAD'],
  ca$: ['CAD'],
  a$: ['AUD'],
  au$: ['AUD'],
  nz$: ['NZD'],
  s$: ['SGD'],
  hk$: ['HKD'],
  r$: ['BRL'],
  '€': ['EUR'],
  euro: ['EUR'],
  euros: ['EUR'],
  '£': ['GBP'],
  pound: ['GBP'],
  pounds: ['GBP'],
  quid: ['GBP'],
  pfund: ['GBP'],
  '¥': ['JPY', 'CNY'],
  yen: ['JPY'],
  franken: ['CHF'],
  'fr.': ['CHF'],
  sfr: ['CHF'],
  kr: ['SEK', 'NOK', 'DKK', 'ISK'],
  kronen: ['SEK', 'NOK', 'DKK'],
  zł: ['PLN'],
  kč: ['CZK'],
  ft: ['HUF'],
  '₹': ['INR'],
  '₺': ['TRY'],
  '₩': ['KRW'],
  '₪': ['ILS'],
}

/** Codes that are also written small: others would be read out of words such as “all”, “top” or “try”. */
const smallCodes = new Set(
  'EUR USD GBP CHF JPY SEK NOK DKK PLN CZK HUF CAD AUD NZD SGD HKD CNY INR BRL MXN ZAR AED'.split(' '),
)

const signs = Object.keys(marks)
  .sort((a, b) => b.length - a.length)
  .map((sign) => sign.replace(/[$.]/g, '\\$&'))
const mark = `(?:${signs.join('|')}|[A-Za-z]{3})`
const digits = `\\d{1,3}(?:[.,'’ \\u00a0\\u202f]\\d{3})+(?:[.,]\\d{1,3})?|\\d+(?:[.,]\\d{1,3})?`
/** A number with what stands at it: `23.50 EUR`, `$45`, `12,-€`. Not part of a date, a time, a percentage or a word. */
const amountPattern = new RegExp(
  `(?<![\\p{L}\\d.,:/$€£-])(?:(?<before>${mark})[ \\u00a0]?)?(?<number>${digits})(?:[.,][-–—]{1,2})?` +
    `(?:[ \\u00a0]?(?<after>${mark})(?![\\p{L}\\d]))?(?![\\p{L}\\d%]|[.,:/-]\\d)`,
  'giu',
)

/** Every amount that is written with its currency, from left to right. */
export function findTypedAmounts(text: string, companyCurrency: string): TypedAmount[] {
  return [...text.matchAll(amountPattern)].flatMap((match) => {
    const { before = '', number = '', after = '' } = match.groups ?? {}
    const [front, back] = [currencyOf(before, companyCurrency), currencyOf(after, companyCurrency)]
    const currency = front ?? back
    const amount = currency && readAmount(number, currency.code)
    if (!currency || !amount) return []
    // What is no currency is a word beside the number.
    const start = match.index + (front || before === '' ? 0 : match[0].indexOf(number))
    const end = match.index + match[0].length - (back || after === '' ? 0 : after.length)
    const isTimes = /\d\s?[x×*]\s?$/i.test(text.slice(0, start)) || /^\s?[x×*]\s?\d/i.test(text.slice(end))
    const uncertain: TypedAmount['uncertain'] = [
      ...(amount.isSure && !isTimes ? [] : ['amount' as const]),
      ...(currency.isSure ? [] : ['currency' as const]),
    ]
    return [{ money: amount.money, uncertain, start, end }]
  })
}

/** Every number with two decimals and no currency: the company's is meant, most likely. */
export function findBareAmounts(text: string, companyCurrency: string): TypedAmount[] {
  const bare = /(?<![\p{L}\d.,:/$€£-])\d+[.,]\d{2}(?![\p{L}\d%]|[.,:/-]\d)/gu
  return [...text.matchAll(bare)].flatMap((match) => {
    const amount = readAmount(match[0], companyCurrency)
    const [start, end] = [match.index, match.index + match[0].length]
    return amount ? [{ money: amount.money, uncertain: ['currency'], start, end }] : []
  })
}

/** Behind these a number is a time, a place or a count: `at 10`, `room 12`, `status 42`. */
const numbered =
  /(?:^|\s)(?:at|um|by|bis|till|until|from|von|ab|in|on|am|to|zu|of|about|around|gegen|before|vor|after|nach|since|seit|for|für|fuer|and|und|or|oder|than|als|no|nr|number|nummer|room|raum|zimmer|gate|seat|platz|table|tisch|line|linie|bus|tram|track|gleis|platform|floor|stock|level|page|seite|step|part|teil|version|day|tag|week|woche|kw|chapter|kapitel|top|pin|code|phone|tel|exp|req|status|approve|edit|list|report|delete|discard|submit|order|ticket|option|task|x)[.:#]*\s*$/iu
/** Who writes these talks to us. */
const talk =
  /(?<![\p{L}])(?:you|your|you'll|we'll|i'll|i'm|let's|meet|meeting|call|see|remind|tomorrow|morgen|next|later|please|bitte|thanks|thank|danke|hi|hello|hallo|ok|okay|yes|ja|nein|not|nicht|when|who|what|how|why|where|wann|wer|was|wie|wo|are|is|bin|ist|sind|will|treffen|turned)(?![\p{L}])/iu
const mostWordsBeside = 6

/**
 * The only number of a few words, whole and without a currency, where it most likely is an amount: at the end, as in
 * `lunch with Bob 40`, or at the beginning before what it is for. The company's currency is meant, unsurely. In doubt it
 * is none: `coffee at 5`, `room 12`, `party 2026`.
 */
export function findLoneAmount(text: string, companyCurrency: string): TypedAmount[] {
  const words = text.match(/\p{L}[\p{L}'’-]*/gu) ?? []
  if (words.length === 0 || words.length > mostWordsBeside || talk.test(text)) return []
  const [only, ...others] = text.matchAll(/\d+/g)
  if (!only || others.length > 0 || !/^(?!(?:19|20)\d\d$)[1-9]\d{0,4}$/.test(only[0])) return []
  const [start, end] = [only.index, only.index + only[0].length]
  const [before, after] = [text.slice(0, start), text.slice(end)]
  const isLast =
    /\p{L}[\p{L}'’-]*[,:]?\s+$/u.test(before) && /^\s*[.!]*\s*$/.test(after) && !numbered.test(before)
  const isFirst = before.trim() === '' && /^\s+(?:for|für|fuer)\s+\p{L}/iu.test(after)
  const money = isLast || isFirst ? tryTyped(only[0], companyCurrency) : null
  return money ? [{ money, uncertain: ['currency'], start, end }] : []
}

function currencyOf(written: string, companyCurrency: string): { code: string; isSure: boolean } | null {
  const meant = marks[written.toLowerCase()]
  if (meant?.[0]) {
    if (meant.includes(companyCurrency)) return { code: companyCurrency, isSure: true }
    return { code: meant[0], isSure: meant.length === 1 }
  }
  const code = written.toUpperCase()
  const isCode = written === code ? isCurrency(code) : smallCodes.has(code)
  return isCode ? { code, isSure: true } : null
}

/** A number as people write it. `1,240` and `1.240` are a thousand where the currency has no three decimals. */
function readAmount(number: string, currency: string): { money: Money; isSure: boolean } | null {
  const money = tryTyped(number, currency)
  if (money) return { money, isSure: true }
  if (!/^[1-9]\d{0,2}(?:(?<group>[.,'’\s])\d{3})(?:\k<group>\d{3})*$/.test(number)) return null
  const thousands = tryTyped(number.replace(/\D/g, ''), currency)
  return thousands && { money: thousands, isSure: !/^\d+[.,]\d+$/.test(number) }
}

function tryTyped(text: string, currency: string): Money | null {
  try {
    return parseTypedAmount(text, currency)
  } catch {
    return null
  }
}
