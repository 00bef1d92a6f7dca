import { isAlmost, plain } from './plain-text.ts'

/** What the words of a line say about its amount. */
export type LabelKind =
  | 'grandTotal'
  | 'total'
  | 'subtotal'
  | 'tax'
  | 'service'
  | 'tip'
  | 'cash'
  | 'card'
  | 'change'
  | 'rounding'
  | 'discount'
  | 'saving'
  | 'count'

const taxWords =
  'G\\.?S\\.?T|VAT|TAX|MWST|UST|MEHRWERTSTEUER|TVA|IVA|I\\.V\\.A|BTW|MOMS|MVA|ALV|DPH|SST|HST|PST|QST|PTU|AFA|KDV'

/** In this order: the first that fits decides. Written for text in capitals without accents. */
const rules: [LabelKind, RegExp][] = [
  ['saving', /\b(SAVED|SAVINGS?|YOU SAVE|ERSPART|POINTS?|BONUS|MEMBER|LOYALTY|SURVEY|WIN)\b/],
  [
    'count',
    /\b(TOTAL (QTY|ITEMS?|QUANTITY|PCS|TENDER QTY|COUNT)|ITEMS? (SOLD|COUNT)|ITEM\(?S?\)? ?:|(NO|NUMBER) OF ITEMS|QTY\(?S?\)?( TENDER)? ?:|TYPE|ARTIKEL|ANZAHL|TOTAL NO)\b/,
  ],
  [
    'rounding',
    /\b(ROUND\w*|RND\w*|RUNDUNG\w*|ARRONDI\w*|AFRONDING|ORESAVRUNDNING|AVRUNDNING|REDONDEO|ARROTONDAMENTO)\b/,
  ],
  [
    'change',
    /\b(CHANGE|CHANGE DUE|RUCKGELD|WECHSELGELD|ZURUCK|RENDU|MONNAIE|CAMBIO|VUELTO|TROCO|RESTO|WISSELGELD|VAXEL|BAKI|VRACENO|RESZTA)\b/,
  ],
  ['tip', /\b(TIPS?|GRATUITY|TRINKGELD|POURBOIRE|PROPINA|MANCIA|DRICKS|FOOI)\b/],
  [
    'subtotal',
    /\b(SUB ?-? ?TOTALE?|TOTALE? [^ ]{1,3} ?%.*|ZWISCHENSUMME|SOUS ?-? ?TOTAL|SUBTOTAAL|MELLANSUMMA|DELSUMMA|VALISUMMA|TOTAL HT|TOTALE? NETTO|SUMME NETTO|NETTOBETRAG|NETTO|BEFORE (TAX|GST|VAT)|TAXABLE|BASE|IMPONIBILE|EX(CL|CLUDING|CLUSIVE)?\.? ?(OF )?(GST|VAT|TAX|SST|MVA|MOMS|BTW)|EXCL\w*|PRETAX|FARE)\b/,
  ],
  ['discount', /\b(DISC\w*|RABATT|NACHLASS|REMISE|DESCUENTO|SCONTO|KORTING|VOUCHER|COUPON|PROMO\w*|OFFER)\b/],
  [
    'service',
    /\b((SERV\w*|SRV|SVC)\.? ?(CHARGES?|CHG|CRG|CHRG|FEE)?|BEDIENUNG|SERVIZIO|COPERTO|DELIVERY|SURCHARGE)\b/,
  ],
  ['cash', /\b(PAID (AMOUNT|AMT)|(AMOUNT|AMT|CASH|TOTAL) (TENDER\w*|RECEIVED|GIVEN)|PAY CASH)\b/],
  ['card', /\b((TOTAL|AMOUNT|AMT) PAID)\b/],
  [
    'grandTotal',
    /\b(GRAND ?-?TOTAL|(NETT?|FINAL) (TOTAL|AMOUNT|AMT)|(TOTAL|AMOUNT|AMT|BALANCE|SUM) (AMOUNT |AMT )?(DUE|PAYABLE|TO PAY|PAY)|TOTAL (CHARGED?|FARE)|TO PAY|ZU ZAHLEN\w*|ZAHLBETRAG|GESAMTBETRAG|GESAMTSUMME|ENDBETRAG|ENDSUMME|RECHNUNGSBETRAG|TOTAL TTC|TTC|NET A PAYER|A PAYER|A PAGAR|IMPORTE TOTAL|TOTALE? (COMPLESSIVO|EURO|DOCUMENTO|GENERALE?|GENERAL)|IMPORTO (PAGATO|TOTALE)|TE BETALEN|(ATT|AT|A) BETALE?A?|BETALA|DO ZAPLATY|RAZEM|SUMA|CELKEM|FIZETENDO|TOTAL RM|TOTAL AFTER (ADJ|ROUND)\w*|CHARGE TOTAL)\b/,
  ],
  [
    'tax',
    new RegExp(
      `^(?!.*\\bINC)(?=.*\\bTOTAL )?.*\\b(TOTAL (${taxWords})|(${taxWords}) TOTAL|(${taxWords}) (AMOUNT|AMT|PAYABLE|SUMMARY))\\b`,
    ),
  ],
  ['tax', new RegExp(`\\b(${taxWords})\\b.*\\bIN(C|CL|CLUDED|CLUSIVE)\\b.*\\bTOTAL\\b`)],
  [
    'total',
    /\b(TOTALE?|TOTALT|TOTAAL|TOTALS|SUMME|GESAMT|MONTANT|IMPORTE|IMPORTO|SUMMA|YHTEENSA|BETRAG|I ALT|JUMLAH|SUM|TOPLAM|OSSZESEN|AMOUNT|AMT)\b/,
  ],
  ['tax', new RegExp(`\\b(${taxWords}|TAXE?S?|STEUER|SALES TAX)\\b`)],
  [
    'card',
    /\b(VISA|MASTER ?CARD|MASTER|AMEX|MAESTRO|CARD|DEBIT|CREDIT|KARTE\w*|GIROCARD|CARTE|CB|TARJETA|CARTA|BANCOMAT|KORT|KARTENZAHLUNG|BANKKORT|PIN|EFTPOS|APPLE PAY|GOOGLE PAY|TWINT|SWISH|KNET|K-NET|E-?WALLET|CREDITO)\b/,
  ],
  [
    'cash',
    /\b(CASH|TENDER\w*|BAR|BARGELD|GEGEBEN|ESPECES|EFECTIVO|CONTANTI|CONTANT|KONTANT|TUNAI|RECEIVED|PAID|PAYMENT|DINHEIRO|GOTOWKA)\b/,
  ],
]

const vocabulary =
  'TOTAL SUBTOTAL CHANGE ROUNDING AMOUNT TENDERED TENDER SUMME GESAMT MONTANT TOTALE IMPORTE PAYABLE DISCOUNT SERVICE'.split(
    ' ',
  )

/** What a line's words call its amount, or null. */
export function classifyLabel(text: string): LabelKind | null {
  const words = mendWords(plain(text)).replace(/\b(TOTAL|AMOUNT)(RM|EUR|USD|GBP|CHF)\b/g, '$1 $2')
  if (isTableHead(words)) return null
  for (const [kind, pattern] of rules) if (pattern.test(words)) return kind
  return null
}

/** `Description Qty Price Amount` names columns, not an amount. */
function isTableHead(words: string): boolean {
  const columns = words.match(
    /\b(DESC\w*|QTY|QUANTITY|U?[./ ]?PRICE|CODE|ITEMS?|TAX|AMT|AMOUNT|TOTAL|DISC|MENGE|PREIS|BETRAG|PRIX|QTE|PREZZO)\b/g,
  )
  return new Set(columns).size >= 2 && !/\d/.test(words)
}

/** Whether this line opens a tax table, whose totals are not the receipt's. */
export function opensTaxTable(text: string): boolean {
  const words = plain(text)
  return (
    new RegExp(`\\b(${taxWords}|TAX)\\b.*\\b(SUMMARY|ANALYSIS|BREAKDOWN|DETAILS|SUMKARY|SUM\\w{3,4}Y)`).test(
      words,
    ) ||
    new RegExp(
      `\\b(NETTO|NET|NET AMT|HT|IMPONIBILE|BASE)\\b.*\\b(${taxWords}|STEUER)\\b.*\\b(BRUTTO|GROSS|TTC|TOTAL)`,
    ).test(words)
  )
}

/** Puts right what OCR does to words: `TOTA!`, `T0TAL`, `Tetal`. */
function mendWords(text: string): string {
  return text.replace(/[A-Z0-9!|\]]{5,}/g, (word) => {
    if (/^\d+$/.test(word)) return word
    const letters = word
      .replace(/0/g, 'O')
      .replace(/[1!|\]]/g, 'L')
      .replace(/5/g, 'S')
    return vocabulary.find((known) => isAlmost(letters, known)) ?? word
  })
}
