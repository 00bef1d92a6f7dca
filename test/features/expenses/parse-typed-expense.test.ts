import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  parseTypedExpense,
  type TypedExpense,
  type TypingContext,
} from '../../../src/features/expenses/parse-typed-expense.ts'
import { addDays, isCalendarDate } from '../../../src/kernel/calendar-date.ts'
import { exponentOf, formatMoney } from '../../../src/kernel/money.ts'

const today = '2026-11-20'
const american: TypingContext = { today, locale: 'en-US', currency: 'USD' }
const german: TypingContext = { today, locale: 'de-DE', currency: 'EUR' }

/** `merchant|minor currency|date|uncertain`, for short. */
function read(text: string, context = american): string {
  return short(parseTypedExpense(text, context))
}

function short(typed: TypedExpense): string {
  if (typed.kind === 'none') return 'none'
  if (typed.kind === 'several_amounts') {
    return `several ${typed.amounts.map(({ minor, currency }) => `${minor} ${currency}`).join(', ')}`
  }
  const { merchant, amount, date, uncertain } = typed
  return [merchant ?? '-', `${amount.minor} ${amount.currency}`, date, uncertain.join(',')].join('|')
}

describe('a text that says an expense', () => {
  test.each([
    ['taxi 23.50 EUR yesterday', 'Taxi|2350 EUR|2026-11-19|'],
    ["Lunch with Ann at Joe's $45 on 3 Nov", "Joe's|4500 USD|2026-11-03|"],
    ['12,50 € Kaffee gestern', 'Kaffee|1250 EUR|2026-11-19|'],
    ['hotel 1.234,56 EUR 2026-11-02', 'Hotel|123456 EUR|2026-11-02|'],
    ['hotel 1,234.56 usd day before yesterday', 'Hotel|123456 USD|2026-11-18|'],
    ["flight 1'234.50 CHF last friday", 'Flight|123450 CHF|2026-11-13|'],
    ['train 12.- CHF am Montag', 'Train|1200 CHF|2026-11-16|'],
    ['I paid 12 EUR for parking today', 'Parking|1200 EUR|2026-11-20|'],
    ['Ich habe 12,50 Euro für Kaffee bezahlt, vorgestern', 'Kaffee|1250 EUR|2026-11-18|'],
    ['Bahn 03.11. 45,90 EUR', 'Bahn|4590 EUR|2026-11-03|'],
    ['3 Dec taxi EUR12', 'Taxi|1200 EUR|2025-12-03|'],
    ['Essen mit Kunde bei Da Mario 85€ vor 3 Tagen', 'Da Mario|8500 EUR|2026-11-17|'],
    ['sushi 4800 yen yesterday', 'Sushi|4800 JPY|2026-11-19|'],
    ['taxi 1.250 KWD yesterday', 'Taxi|1250 KWD|2026-11-19|'],
    ['12 EUR (12.00 EUR) taxi today', 'Taxi|1200 EUR|2026-11-20|'],
  ])('“%s” is understood for sure', (text, expected) => expect(read(text)).toBe(expected))

  test.each([
    ['no day is today’s', 'taxi 12 EUR', 'Taxi|1200 EUR|2026-11-20|date'],
    ['no currency is the company’s', 'taxi 23.50 yesterday', 'Taxi|2350 USD|2026-11-19|currency'],
    [
      'nor is it where the number is whole',
      'lunch with Bob 40',
      'Lunch with Bob|4000 USD|2026-11-20|currency,date',
    ],
    ['also before the day', 'taxi 23 yesterday', 'Taxi|2300 USD|2026-11-19|currency'],
    [
      'and before what it is for',
      '40 for lunch with Bob today',
      'Lunch with Bob|4000 USD|2026-11-20|currency',
    ],
    [
      'one separator before three digits may be anything',
      'flight $1,240 today',
      'Flight|124000 USD|2026-11-20|amount',
    ],
    ['kr are of several countries', 'dinner 450 kr today', 'Dinner|45000 SEK|2026-11-20|currency'],
    [
      'twelve twice may be twelve or twenty-four',
      '2 x 12 EUR tickets today',
      '2 x tickets|1200 EUR|2026-11-20|amount',
    ],
    ['a week is no day', 'taxi 12 EUR last week', 'Taxi|1200 EUR|2026-11-13|date'],
    ['two days are one too many', 'hotel 90 EUR 3 Nov 5 Nov', 'Hotel|9000 EUR|2026-11-03|date'],
    [
      'many words are hardly a merchant',
      'gift for the new office 30 EUR today',
      'Gift for the new office|3000 EUR|2026-11-20|merchant',
    ],
  ])('what is guessed is marked: %s', (_why, text, expected) => expect(read(text)).toBe(expected))

  test('in German a whole number without a currency is a guess as well', () => {
    expect(read('Mittagessen mit Bob 40', german)).toBe(
      'Mittagessen mit Bob|4000 EUR|2026-11-20|currency,date',
    )
    expect(read('Kaffee 4 am 3. November', german)).toBe('Kaffee|400 EUR|2026-11-03|currency')
    expect(read('40 für Taxi gestern', german)).toBe('Taxi|4000 EUR|2026-11-19|currency')
  })

  test('a sign that several currencies share is the company’s own, or a guess', () => {
    expect(read('taxi $45 today', { ...american, currency: 'CAD' })).toBe('Taxi|4500 CAD|2026-11-20|')
    expect(read('taxi $45 today', german)).toBe('Taxi|4500 USD|2026-11-20|currency')
    expect(read('fika 45 kr today', { ...american, currency: 'NOK' })).toBe('Fika|4500 NOK|2026-11-20|')
  })

  test('days by slashes are read by custom, and never into the future', () => {
    expect(read('taxi 12 USD 11/02/2026')).toBe('Taxi|1200 USD|2026-11-02|date')
    expect(read('taxi 12 USD 11/02/2026', german)).toBe('Taxi|1200 USD|2026-02-11|date')
    expect(read('taxi 12 USD 11/19/2026')).toBe('Taxi|1200 USD|2026-11-19|')
    expect(read('taxi 12 USD 12/11/2026')).toBe('Taxi|1200 USD|2026-11-12|date')
  })

  test('everything that was written is kept where the merchant does not say it', () => {
    const typed = parseTypedExpense("Lunch with Ann at Joe's $45 on 3 Nov", american)
    expect(typed).toMatchObject({ merchant: "Joe's", note: "Lunch with Ann at Joe's" })
    expect(parseTypedExpense('taxi 12 EUR', american)).toMatchObject({ merchant: 'Taxi', note: null })
    expect(parseTypedExpense('12 EUR', american)).toMatchObject({ merchant: null, note: null })
  })
})

describe('a text that says none', () => {
  test.each([
    'hi',
    'thanks a lot',
    'How about 45 EUR?',
    'coffee at 5',
    'meet me at 14:30',
    'room 12',
    'meet at 10?',
    'meet at 10',
    'Meet me 10',
    'see you around 10',
    'ok 5',
    'we are 12',
    'table for 4',
    '2 coffees 7',
    '3 receipts',
    '5 minutes late',
    'coffee with Bob tomorrow 10',
    'party 2026',
    'status 42',
    'EXP 42',
    'PIN 1234',
    'call 12345',
    'lunch 12pm',
    'lunch -40',
    'lunch 40%',
    'lunch 123456',
    'Gleis 7',
    'lunch Nov 3',
    'lunch 3 Nov',
    'lunch on 03.11.',
    'um 10',
    '40',
    'all of the people who came to our party yesterday 40',
    'refund -12 EUR',
    'call +49 170 1234567',
    '50%',
    '2026-11-02',
    '0.00 EUR taxi',
    '12 all',
    'see https://example.com/12.50',
    'I think that we should raise the limit for each of our dinners with customers to 500 EUR soon',
    `taxi 12 EUR ${'very '.repeat(100)}`,
  ])('“%s” is not forced into one', (text) => expect(read(text)).toBe('none'))

  test('several amounts are asked about', () => {
    expect(read('hotel 100 EUR and breakfast 20 EUR')).toBe('several 10000 EUR, 2000 EUR')
    expect(read('taxi 12 EUR\nlunch 20 EUR')).toBe('several 1200 EUR, 2000 EUR')
    expect(read('taxi 12 EUR 3.50 tip')).toBe('several 1200 EUR, 350 USD')
  })
})

describe('for every text', () => {
  test('reading never fails, and gives only days that were and amounts above zero', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), words()), (text) => {
        const typed = parseTypedExpense(text, american)
        if (typed.kind !== 'expense') return
        expect(isCalendarDate(typed.date) && typed.date <= today && typed.date >= '2000-01-01').toBe(true)
        expect(typed.amount.minor).toBeGreaterThan(0)
        expect(Number.isSafeInteger(typed.amount.minor)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test.each(['en-US', 'en-GB', 'de-DE', 'de-CH', 'fr-FR'])(
    'an amount as people of %s write it is read back to the last digit',
    (locale) => {
      const money = fc.record({
        minor: fc.integer({ min: 1, max: 99_999_999 }),
        currency: fc.constantFrom('EUR', 'USD', 'CHF', 'GBP', 'PLN'),
      })
      fc.assert(
        fc.property(money, (amount) => {
          const typed = parseTypedExpense(`Hotel ${formatMoney(amount, locale)} yesterday`, {
            ...american,
            locale,
          })
          expect(typed).toMatchObject({ kind: 'expense', merchant: 'Hotel', amount, date: '2026-11-19' })
          expect(exponentOf(amount.currency)).toBe(2)
        }),
      )
    },
  )

  test('every day of the last year is read back, by ISO, by dots and by name', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 360 }), (ago) => {
        const date = addDays(today, -ago)
        const [year = '', month = '', day = ''] = date.split('-')
        const name = new Date(`${date}T00:00:00Z`).toLocaleString('en', { month: 'long', timeZone: 'UTC' })
        const namedInGerman = new Date(`${date}T00:00:00Z`).toLocaleString('de', {
          month: 'long',
          timeZone: 'UTC',
        })
        for (const written of [
          date,
          `${day}.${month}.${year}`,
          `${Number(day)} ${name} ${year}`,
          `${name} ${Number(day)}`,
          `am ${Number(day)}. ${namedInGerman}`,
          `${day}.${month}.`,
        ]) {
          expect(parseTypedExpense(`taxi 12 EUR ${written}`, german), written).toMatchObject({ date })
        }
      }),
      { numRuns: 60 },
    )
  })
})

/** What a text about money is made of, in any order. */
function words() {
  const word = fc.constantFrom(
    ...'taxi at bei on am 12 12.50 1,240 1.234,56 $ € EUR kr yesterday gestern 3 Nov 03.11. 11/02 , . - x % ( ) Mon Sun May 2026-11-02 2026-02-31'.split(
      ' ',
    ),
  )
  return fc.array(word, { maxLength: 12 }).map((all) => all.join(' '))
}
