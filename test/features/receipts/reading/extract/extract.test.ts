import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { extractFields } from '../../../../../src/features/receipts/reading/extract/extract.ts'
import { linesOf } from '../../../../support/receipt-lines.ts'

const hints = { companyCurrency: 'EUR', today: '2026-11-20' }
const read = (text: string, companyCurrency = 'EUR') =>
  extractFields([linesOf(text)], { ...hints, companyCurrency })

describe('total', () => {
  test('is the amount after tax and service, not the subtotal, the cash or the change', () => {
    const { total } = read(`Subtotal 24.80
      Service charge 2.48
      VAT 6% 1.64
      TOTAL 28.92
      Cash 50.00
      Change 21.08`)
    expect(total?.value).toBe('28.92')
    expect(total?.confidence).toBeGreaterThan(0.9)
  })

  test.each([
    ['SUMME EUR 1.234,56\nMwSt 19% 197,11', '1234.56'],
    ['Total HT 43,45\nTVA 10% 4,35\nTotal TTC 47,80', '47.80'],
    ['Coperto 5,00\nTOTALE COMPLESSIVO 63,50\nContanti 70,00\nResto 6,50', '63.50'],
    ['Base imponible 10,00\nIVA 21% 2,10\nTOTAL A PAGAR 12,10', '12.10'],
    ['Att betala 164,00\nVarav moms 17,57', '164.00'],
  ])('%s', (text, wanted) => expect(read(text).total?.value).toBe(wanted))

  test('is the one after rounding to the smallest coin', () => {
    expect(read('Total RM 65.53\nRounding adj 0.02\nNet total RM 65.55', 'MYR').total?.value).toBe('65.55')
  })

  test('stands on the row below its label where the row has no room', () => {
    expect(read('GRAND TOTAL\n$ 18.20').total?.value).toBe('18.20')
  })

  test('follows from cash and change where its own print is lost', () => {
    expect(read('TOTAL ~~\nCash 20.00\nChange 9.55').total?.value).toBe('10.45')
  })

  test('that contradicts cash and change is unsure', () => {
    const agreeing = read('Total 18.80\nCash 50.00\nChange 31.20').total?.confidence ?? 0
    const contradicting = read('Total 16.40\nCash 50.00\nChange 31.20').total?.confidence ?? 1
    expect(agreeing).toBeGreaterThan(0.9)
    expect(contradicting).toBeLessThan(0.75)
  })

  test('does not come from the tax table, the number of items or the savings', () => {
    const { total } = read(`TOTAL 9.10
      Total items 40
      Total savings 12.00
      GST Summary Amount Tax
      Total 8.59 0.51`)
    expect(total?.value).toBe('9.10')
  })
})

describe('currency', () => {
  test.each([
    ['TOTAL RM 27.35', 'MYR'],
    ['Total £38.40', 'GBP'],
    ["Total CHF 1'240.50", 'CHF'],
    ['Total 47,80 €', 'EUR'],
    ['Total KWD 7.250', 'KWD'],
    ['Portland, OR 97205\nTotal $12.00', 'USD'],
    ['ABN 53 004 085 616\nSydney NSW 2000\nTotal $12.00', 'AUD'],
    ['Storgatan 5, Stockholm\nAtt betala 164,00 kr', 'SEK'],
    ['Oslo\nMVA 25%\nTotalt 164,00 kr', 'NOK'],
  ])('%s', (text, wanted) => {
    const { currency } = read(text, 'JPY')
    expect(currency?.value).toBe(wanted)
  })

  test('a dollar sign alone is a weak guess', () => {
    expect(read('Total $12.00', 'EUR').currency?.confidence).toBeLessThan(0.7)
    expect(read('Total $12.00', 'CAD').currency?.confidence).toBeLessThan(0.8)
  })

  test("without any sign it is the company's, hardly sure", () => {
    const { currency } = read('Total 12.00', 'NOK')
    expect(currency?.value).toBe('NOK')
    expect(currency?.confidence).toBeLessThan(0.6)
  })
})

describe('merchant', () => {
  test.each([
    ['TAX INVOICE\nMIZU GARDEN SDN. BHD. (1248446-V)\n12 Jalan Damai\nTotal 5.00', 'MIZU GARDEN SDN. BHD.'],
    ['RECEIPT\nBlue Heron Diner\n418 Alder Street\n(503) 555-0142\nTotal 5.00', 'Blue Heron Diner'],
    ['GREEN HILL\nTRADING\nLot 5 Main Road\nTotal 5.00', 'GREEN HILL TRADING'],
    ['Werkhof Baumarkt GmbH\n50668 Köln\nSumme 5,00', 'Werkhof Baumarkt GmbH'],
    ['Rosa Cafe SON BHD\nTotal 5.00', 'Rosa Cafe Sdn BHD'],
  ])('%s', (text, wanted) => expect(read(text).merchant?.value.toLowerCase()).toBe(wanted.toLowerCase()))

  test('a legal form whose name was not read is unsure', () => {
    expect(read('CO. (M) SDN BHD\nTotal 5.00').merchant?.confidence ?? 0).toBeLessThan(0.7)
  })
})

describe('details', () => {
  test('tax, tip, card and items', () => {
    const fields = read(`Harbor Cafe
      Seattle, WA 98101
      Bagel 14.50
      Soup 9.25
      Subtotal 23.75
      Sales Tax 10% 2.38
      Tip 4.00
      TOTAL $30.13
      VISA ************ 4242 $30.13`)
    expect(fields.taxLines).toEqual([{ rate: '10', amount: '2.38' }])
    expect(fields.tip).toBe('4.00')
    expect(fields.cardLastFour).toBe('4242')
    expect(fields.lineItems).toEqual([
      { description: 'Bagel', amount: '14.50' },
      { description: 'Soup', amount: '9.25' },
    ])
  })
})

describe('any text', () => {
  test('without letters and digits gives no fields', () => {
    expect(read('~~ | --')).toMatchObject({
      merchant: null,
      date: null,
      total: null,
      currency: null,
      text: '',
    })
    expect(extractFields([], hints).total).toBeNull()
  })

  test('hostile text stays text and takes no long time', () => {
    const fields = read(
      `<!channel> <script>alert(1)</script>\n${'1.'.repeat(3000)}\n${'9'.repeat(5000)}\nTOTAL 1e309`,
    )
    expect(fields.text.length).toBeLessThanOrEqual(20_000)
    expect(fields.total === null || /^\d+(\.\d+)?$/.test(fields.total.value)).toBe(true)
  })

  test('never throws, and confidences stay between 0 and 1', () => {
    const row = fc.oneof(fc.string({ maxLength: 60 }), fc.stringMatching(/^(Total|Cash|Tax) [0-9.,]{0,12}$/))
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 25 }),
        fc.constantFrom('EUR', 'JPY', 'KWD'),
        (rows, currency) => {
          const fields = read(rows.join('\n'), currency)
          for (const field of [fields.merchant, fields.date, fields.total, fields.currency]) {
            expect(field?.confidence ?? 0).toBeGreaterThanOrEqual(0)
            expect(field?.confidence ?? 0).toBeLessThanOrEqual(1)
          }
        },
      ),
    )
  })
})
