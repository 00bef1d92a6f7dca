import { isCurrency } from '../../../../kernel/money.ts'
import type { TextLine } from '../lines.ts'
import { plain } from './plain-text.ts'

export interface FoundCurrency {
  value: string
  confidence: number
}

interface CurrencyRule {
  currency: string
  pattern: RegExp
  weight: number
}

const rule = (currency: string, pattern: RegExp, weight: number): CurrencyRule => ({
  currency,
  pattern,
  weight,
})

/** Signs that only one currency uses. ¥ is yen on most receipts that leave China; yuan is told by other words. */
const signs = [
  rule('EUR', /€|\bEURO?S?\b/, 3),
  rule('GBP', /£\s?\d|\bSTERLING\b/, 3),
  rule('JPY', /[¥￥]\s?\d|\bYEN\b|円/, 2),
  rule('MYR', /(?<![A-Z])RM\s?-?\d|\(RM\)|\bRM\b/, 3),
  rule('INR', /₹|\bRS\.?\s?\d|\bRUPEES?\b/, 2.5),
  rule('KRW', /₩|원/, 3),
  rule('ILS', /₪/, 3),
  rule('TRY', /₺|\bTL\b/, 2.5),
  rule('UAH', /₴/, 3),
  rule('NGN', /₦/, 3),
  rule('PHP', /₱|\bPHP\b/, 3),
  rule('THB', /฿|\bBAHT\b/, 3),
  rule('VND', /₫/, 3),
  rule('PLN', /\bZL\b|\bPLN\b/, 3),
  rule('CZK', /\bKC\b/, 2.5),
  rule('HUF', /\d\s?FT\b/, 2.5),
  rule('CHF', /\bS?FR\.\s?\d|\bCHF\b/, 3),
  rule('BRL', /R\$\s?\d/, 3),
  rule('CAD', /\bC\$\s?\d|\bCA\$\s?\d/, 3),
  rule('AUD', /\bA\$\s?\d|\bAU\$\s?\d/, 3),
  rule('SGD', /\bS\$\s?\d/, 2.5),
  rule('HKD', /\bHK\$\s?\d/, 3),
  rule('USD', /\bUS\$\s?\d/, 3),
  rule('IDR', /\bRP\.?\s?\d/, 2.5),
  rule('KWD', /\bK\.?D\.?\s?\d|\d\s?K\.?D\.?\b/, 2.5),
  rule('ZAR', /(?<![A-Z])R\s?\d+[.,]\d{2}\b/, 0.6),
]

/** Words of taxes, places and telephone numbers. They tell the country, and so make an ambiguous sign clear. */
const places = [
  rule('USD', /\b(USA|U\.S\.A|UNITED STATES)\b|\b[A-Z]{2} \d{5}(-\d{4})?\b|\bSALES TAX\b|\bGRATUITY\b/, 1.2),
  rule('CAD', /\bCANADA\b|\b[A-Z]\d[A-Z] ?\d[A-Z]\d\b|\b(HST|QST|TVQ|PST)\b/, 1.8),
  rule('AUD', /\bAUSTRALIA\b|\bABN\b|\b(NSW|VIC|QLD) \d{4}\b/, 1.8),
  rule('NZD', /\bNEW ZEALAND\b|\b(AUCKLAND|WELLINGTON)\b/, 1.8),
  rule('SGD', /\bSINGAPORE\b/, 1.8),
  rule('HKD', /\bHONG KONG\b|\bKOWLOON\b/, 1.8),
  rule('MXN', /\bMEXICO\b|\bRFC\b|\bC\.P\. ?\d{5}/, 1.5),
  rule(
    'GBP',
    /\b(UNITED KINGDOM|LONDON|ENGLAND|SCOTLAND)\b|\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b|\bVAT (REG )?(NO|NUMBER)?:? ?GB/,
    1.3,
  ),
  rule(
    'EUR',
    /\b(DEUTSCHLAND|GERMANY|FRANCE|ITALIA|ESPANA|NEDERLAND|OSTERREICH|IRELAND|BERLIN|MUNCHEN|HAMBURG|WIEN|PARIS|ROMA|MILANO|MADRID|BARCELONA|AMSTERDAM|LISBOA|DUBLIN|HELSINKI)\b|\b(MWST|TVA|P\.? ?IVA|USTID|UST-ID|STEUERNUMMER|SIRET|NIF|ALV)\b|\bG\.?M\.?B\.?H\b/,
    1.1,
  ),
  rule(
    'CHF',
    /\b(SCHWEIZ|SUISSE|SVIZZERA|SWITZERLAND|ZURICH|GENEVE|BASEL|BERN|LAUSANNE)\b|\bCHE-?\d{3}|\bCH-\d{4}\b/,
    1.8,
  ),
  rule(
    'SEK',
    /\b(SVERIGE|SWEDEN|STOCKHOLM|GOTEBORG|MALMO|ORG\.? ?NR|MOMS ?REG|KORTKOP|KVITTO)\b|\b(AB)\b.*\d{6}-\d{4}|\b\d{6}-\d{4}\b/,
    1.4,
  ),
  rule('NOK', /\b(NORGE|NORWAY|OSLO|BERGEN|TRONDHEIM|MVA|ORG\.? ?NR\.? ?\d{3} \d{3} \d{3}|BANKAXEPT)\b/, 1.8),
  rule('DKK', /\b(DANMARK|DENMARK|KOBENHAVN|AARHUS|ODENSE|CVR)\b/, 1.8),
  rule('MYR', /\b(MALAYSIA|KUALA LUMPUR|SELANGOR|JOHOR|PENANG|PULAU PINANG|JALAN|S[DO]N\.? ?BHD|BHD)\b/, 1.4),
  rule('INR', /\b(INDIA|GSTIN|CGST|SGST|MUMBAI|DELHI|BENGALURU|BANGALORE|CHENNAI)\b/, 1.8),
  rule('JPY', /\b(JAPAN|TOKYO|OSAKA|KYOTO)\b/, 1.8),
  rule('KWD', /\b(KUWAIT|SALMIYA|HAWALLY)\b/, 2),
  rule('AED', /\b(U\.?A\.?E|DUBAI|ABU DHABI|DIRHAMS?|DHS)\b/, 2),
  rule('PLN', /\b(POLSKA|WARSZAWA|KRAKOW|PARAGON|NIP|PTU)\b/, 1.8),
  rule('CZK', /\b(PRAHA|BRNO|DIC: ?CZ)\b/, 1.8),
  rule('ZAR', /\b(SOUTH AFRICA|JOHANNESBURG|CAPE TOWN|DURBAN)\b/, 1.8),
  rule('THB', /\b(THAILAND|BANGKOK)\b/, 1.8),
]

/** Signs that several currencies share: they raise those, and need a place to choose between them. */
const shared: [RegExp, string[]][] = [
  [/(?<![A-Z])\$\s?-?\d|\(\$\)/, ['USD', 'CAD', 'AUD', 'NZD', 'SGD', 'HKD', 'MXN']],
  [/\bKR\b|\d\s?KR\b/, ['SEK', 'NOK', 'DKK', 'ISK', 'CZK']],
  [/[¥￥]/, ['JPY', 'CNY']],
]

/** Three capitals that are a currency and also a usual word or abbreviation of receipts. */
const notCodes = new Set([
  'ALL',
  'TOP',
  'BAM',
  'CUP',
  'MOP',
  'PEN',
  'SOS',
  'LAK',
  'TRY',
  'RON',
  'GEL',
  'MGA',
  'SAR',
  'ANG',
])

/**
 * The receipt's currency. A code or a sign of its own is sure; `$` and `kr` are sure only with a place that uses them;
 * without any, the company's own currency is a weak guess that should be asked about.
 */
export function findCurrency(lines: TextLine[], companyCurrency: string): FoundCurrency {
  const scores = new Map<string, number>()
  const add = (currency: string, points: number) => scores.set(currency, (scores.get(currency) ?? 0) + points)
  for (const [code, times] of countCodes(lines)) add(code, 2 + Math.min(3, times))
  const all = lines.map((line) => plain(line.text)).join('\n')
  for (const { currency, pattern, weight } of signs) {
    const times = all.match(new RegExp(pattern, 'g'))?.length ?? 0
    if (times > 0) add(currency, weight + Math.min(1.5, 0.5 * (times - 1)))
  }
  for (const { currency, pattern, weight } of places) if (pattern.test(all)) add(currency, weight)
  for (const [pattern, currencies] of shared) {
    if (!pattern.test(all)) continue
    for (const currency of currencies) if (currency === 'USD' || scores.has(currency)) add(currency, 0.9)
    if (currencies.includes(companyCurrency)) add(companyCurrency, 0.9)
  }
  add(companyCurrency, 0.5)
  return choose(scores)
}

function choose(scores: Map<string, number>): FoundCurrency {
  const sorted = [...scores].sort((a, b) => b[1] - a[1])
  const [value, score] = sorted[0] ?? ['', 0]
  const all = sorted.reduce((sum, [, points]) => sum + Math.exp(1.2 * points), 0)
  const share = Math.exp(1.2 * score) / (all + Math.exp(1.2 * 0.6))
  return { value, confidence: Math.min(0.99, share) }
}

/** ISO codes that stand beside a number or alone in brackets. */
function countCodes(lines: TextLine[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const line of lines) {
    for (const match of line.text.matchAll(/(?<![A-Za-z])([A-Z]{3})(?![A-Za-z])/g)) {
      const code = match[1] ?? ''
      if (!isCurrency(code) || notCodes.has(code)) continue
      const before = line.text.slice(0, match.index).trimEnd()
      const after = line.text.slice(match.index + 3).trimStart()
      const besideNumber = /\d$/.test(before) || /^[-:]?\s?\d/.test(after)
      if (
        besideNumber ||
        (/\($/.test(before) && after.startsWith(')')) ||
        /\b(TOTAL|TOTALE|BETRAG|AMOUNT|SUMME|CURRENCY)\W*$/i.test(before)
      ) {
        counts.set(code, (counts.get(code) ?? 0) + 1)
      }
    }
  }
  return counts
}
