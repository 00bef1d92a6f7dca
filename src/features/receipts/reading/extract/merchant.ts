import type { TextLine } from '../lines.ts'
import { plain } from './plain-text.ts'

export interface FoundMerchant {
  value: string
  confidence: number
}

const legalForm =
  /\b(S[DO0]N\.? ?B[HN][DO0]|BHD|[S5]\/[B8]|GMBH( & CO\.? KG)?|A\.?G\.?|K\.?G\.?|E\.?K\.?|LTD|LIMITED|INC|LLC|L\.L\.C|CORP|PLC|PTY|PTE|S\.?A\.?R\.?L|S\.?A\.?S|S\.?P\.?A|S\.?R\.?L|S\.L\.?U?|B\.?V|N\.?V|OY|OYJ|APS|A\/S|SP\.? ?Z ?O\.? ?O|S\.R\.O|KFT|LDA|W\.L\.L|WLL|CO)\b\.?/
const everyForm = new RegExp(legalForm, 'g')
const tradeWords =
  /\b(RESTAURANT|RESTORAN|RISTORANTE|CAFE|CAFFE|COFFEE|BAR|BISTRO|BAKERY|BAKERIES|BACKEREI|PIZZA|PIZZERIA|GRILL|KITCHEN|HOTEL|TAXI|CAB|MART|MARKET|SUPERMARKET|SUPERMARKT|STORE|SHOP|TRADING|ENTERPRISE|COMPANY|HARDWARE|STATIONERY|SUPPLY|BOOK|BOOKS|PHARMACY|APOTHEKE|PHARMACIE|TRATTORIA|TAVERNA|BRASSERIE|BURGER|HOUSE|DELI|GARAGE|STATION|CENTRE|CENTER|CASH & CARRY|PARKING|AIRLINES|RAIL|BAHN|KONDITORI|HANDEL)\b/
const notMerchant =
  /\b(TAX ?INVOICE|INVOICE|RECEIPT|RECHNUNG|QUITTUNG|BELEG|BON|FACTURE|FATTURA|FACTURA|TICKET|RECU|SCONTRINO|KVITTO|KASSENBON|WELCOME|THANK|DUPLICATE|COPY|CUSTOMER|GUEST|CHECK|ORDER|TABLE|TISCH|CASHIER|SERVER|DATE|DATUM|TEL|PHONE|FAX|GST|VAT|REG|ABN|NO\.?|ID|WWW|HTTP|EMAIL|MAIL|COM|PAX|BILL|DOCUMENT|TERMINAL|MERCHANT ID|STEUER|TVA|IVA|SIRET|ORG ?NR|CVR|APPROVED|CHEQUE|TO|OPEN)\b/
const address =
  /\b(JALAN|JLN|JUN|LORONG|TAMAN|LOT|STREET|ST|ROAD|RD|AVENUE|AVE|BLVD|LANE|DRIVE|FLOOR|FLR|LEVEL|SUITE|UNIT|BLOCK|RUE|VIA|PIAZZA|PLAZA|CALLE|AVDA|RUA|GATE|GATAN|VEJ|WEG|PLATZ|ALLEE|BANDAR|KAWASAN|SEKSYEN|SECTION|SELANGOR|JOHOR|KUALA|LUMPUR|MALAYSIA|MALL|CITY CENTRE|P\.?O\.? BOX)\b|STRASSE|STR\.|\b\d{4,6}\b/

interface Candidate {
  text: string
  score: number
  ocr: number
}

/**
 * Who issued the receipt: among the upper rows the one that looks like a name. A legal form (Sdn Bhd, GmbH, Inc) is
 * the strongest sign, then a trade word, large print and the place near the top.
 */
export function findMerchant(lines: TextLine[]): FoundMerchant | null {
  const head = lines.slice(0, 14)
  const heights = lines.map((line) => line.box.y1 - line.box.y0).sort((a, b) => a - b)
  const usual = heights[heights.length >> 1] ?? 1
  const candidates: Candidate[] = []
  let position = 0
  for (const [index, line] of head.entries()) {
    const text = clean(line)
    if (letters(text) < 3) continue
    const joined = joinForm(text, head[index - 1])
    const base = scoreOf(joined, line, usual) - Math.min(1.5, 0.3 * position) + (joined === text ? 0 : 0.5)
    if (base > -1) candidates.push({ text: joined, score: base, ocr: ocrOf(line) })
    // Specks above the name, read as rows of nonsense, do not push it down.
    if (ocrOf(line) > 0.6) position++
  }
  const [best, second] = candidates.sort((a, b) => b.score - a.score)
  if (!best || best.score < 0) return null
  const margin = best.score - (second?.score ?? 0)
  const clarity = 1 / (1 + Math.exp(-1.4 * (best.score - 0.6))) / (1 + 0.6 * Math.exp(-1.8 * margin))
  return {
    value: mendForm(cutToForm(best.text)).slice(0, 200),
    confidence: Math.min(0.98, clarity * (0.3 + 0.7 * best.ocr)),
  }
}

/** `CO. (M) SDN BHD` alone is the second row of a name. */
function joinForm(text: string, previous: TextLine | undefined): string {
  const rest = plain(text)
    .replace(everyForm, '')
    .replace(/\b(CO|TRADING|ENTERPRISE|COMPANY|RESTAURANT)\b\.?|\(M\)/g, '')
  const isRest = letters(rest) < 3 || (text.startsWith('(') && legalForm.test(plain(text)))
  if (!previous || !isRest) return text
  const before = clean(previous)
  const isName = letters(before) >= 3 && !isOther(before) && !address.test(plain(before))
  return isName ? `${before} ${text}` : text
}

function scoreOf(text: string, line: TextLine, usual: number): number {
  const words = plain(text)
  let score = 1
  if (legalForm.test(words)) score += isBareForm(words) ? -1 : 1.7
  if (tradeWords.test(words)) score += 0.9
  // Streets begin with a house number; names that do (99 Speed Mart) show a form or a trade as well.
  if (/^\W*\d/.test(line.text)) score -= 0.9
  if (isOther(text)) score -= 2.2
  if (address.test(words)) score -= legalForm.test(words) ? 0.6 : 2
  const height = (line.box.y1 - line.box.y0) / usual
  score += Math.max(-0.4, Math.min(1, height - 1))
  const share = letters(text) / Math.max(1, text.replace(/\s/g, '').length)
  if (share < 0.7) score -= 1.5
  score += 2 * (Math.min(0.9, ocrOf(line)) - 0.8)
  if (words.length > 45) score -= 0.8
  return score
}

/** Whether nothing but a legal form is left: the name itself was on a row that the OCR missed. */
function isBareForm(words: string): boolean {
  return letters(words.replace(everyForm, '').replace('(M)', '')) < 3
}

function isOther(text: string): boolean {
  return notMerchant.test(plain(text))
}

function letters(text: string): number {
  return text.match(/\p{L}/gu)?.length ?? 0
}

function ocrOf(line: TextLine): number {
  const lengths = line.words.reduce((sum, word) => sum + word.text.length, 0)
  return line.words.reduce((sum, word) => sum + word.confidence * word.text.length, 0) / Math.max(1, lengths)
}

/** Without specks at the ends, and without the registration number that often follows the name in brackets. */
function clean(line: TextLine): string {
  const words = [...line.words]
  const isSpeck = (word: { text: string; confidence: number }) =>
    letters(word.text) === 0 && !/^\d+$/.test(word.text) && word.text !== '&'
  const isStray = (word: { text: string; confidence: number }) =>
    isSpeck(word) || (word.text.length <= 2 && word.confidence < 0.3 && !/^[A-Z]{2}$/.test(word.text))
  while (words[0] && isStray(words[0])) words.shift()
  while (words.length > 0 && isStray(words[words.length - 1] ?? { text: 'x', confidence: 1 })) words.pop()
  return words
    .map((word) => word.text)
    .join(' ')
    .replace(
      /\s*[([{]?\s*(?:CO\.? ?(?:REG)?\.? ?(?:NO)?\.?\s*:?\s*)?\d{4,}[\d\s]*-?\s?[A-Z0-9]?\s*[)\]}]?[^\p{L}]*$/iu,
      '',
    )
    .replace(/^[^\p{L}\p{N}(]+|[^\p{L}\p{N}.)!]+$/gu, '')
    .trim()
}

/** `Owned by: Name Sdn Bhd 111064-A` → `Name Sdn Bhd`: the name starts after a colon and ends with its form. */
function cutToForm(text: string): string {
  const form =
    /\b(S[DO0]N\.? ?B[HN][DO0]\.?|GMBH|LTD\.?|LIMITED|INC\.?|LLC|S\/B|B\.V\.|S\.R\.L\.)(?=[^\p{L}]|$)/iu.exec(
      text,
    )
  if (!form) return text
  const end = form.index + form[0].length
  const rest = text.slice(end)
  const colon = text.slice(0, form.index).lastIndexOf(':')
  const start = letters(text.slice(0, colon + 1)) >= 5 ? colon + 1 : 0
  return (/\d|^\W*$/.test(rest) ? text.slice(start, end) : text.slice(start)).trim()
}

/** Legal forms are few, so a misread letter in one can be put right. */
function mendForm(text: string): string {
  return text
    .replace(/\bS[DO0]N(\.?) ?B[HN][DO0]\b/gi, (form, dot: string) =>
      /[A-Z]$/.test(form) ? `SDN${dot} BHD` : `Sdn${dot} Bhd`,
    )
    .replace(/\b[GCe6][mnM]b[HMhy]\b/g, 'GmbH')
    .replace(/\b[S5]\/[B8R]$/, 'S/B')
}
