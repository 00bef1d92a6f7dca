import { userError } from './errors.ts'

/** An amount in integer minor units of an ISO 4217 currency: `{ minor: 1234, currency: 'EUR' }` is 12.34 euros. */
export interface Money {
  minor: number
  currency: string
}

/** Currencies whose exponent ISO 4217 (list one, 2024) sets to something else than 2. */
const withoutDecimals = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'.split(' ')
const withThree = 'BHD IQD JOD KWD LYD OMR TND'.split(' ')
const exponents = new Map([
  ...withoutDecimals.map((code) => [code, 0] as const),
  ...withThree.map((code) => [code, 3] as const),
])

/** Every currency this platform knows by ISO 4217 code. */
const knownCurrencies = new Set(Intl.supportedValuesOf('currency'))

/** Every currency that there is, by ISO 4217 code, in alphabetical order. */
export function listCurrencies(): string[] {
  return [...knownCurrencies].sort()
}

/** Whether `code` is an ISO 4217 currency code in capitals. */
export function isCurrency(code: string): boolean {
  return knownCurrencies.has(code)
}

/** How many digits follow the decimal point in `currency` (ISO 4217: JPY 0, EUR 2, KWD 3). */
export function exponentOf(currency: string): number {
  return exponents.get(currency) ?? 2
}

/**
 * Reads a plain decimal such as `1200.00` into minor units of `currency`. This is the strict form of the API, forms and
 * files; receipts and chat messages, where people write `1.234,56`, have a parser of their own.
 *
 * @throws userError `amount_invalid` for anything but digits with at most the currency's decimals, for zero and below,
 *   and for amounts above 90 trillion minor units; `currency_unknown`.
 */
export function parseAmount(text: string, currency: string, field = 'amount'): Money {
  if (!isCurrency(currency)) {
    throw userError(
      'currency_unknown',
      `“${currency}” is not a currency code. Use three letters such as EUR or USD.`,
      {
        field: 'currency',
      },
    )
  }
  const exponent = exponentOf(currency)
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text.trim())
  if (!match) {
    throw userError(
      'amount_invalid',
      `“${text.slice(0, 40)}” is not an amount. Write it like ${exampleAmount(exponent)}.`,
      { field },
    )
  }
  const fraction = match[2] ?? ''
  if (fraction.length > exponent) {
    const digits = exponent === 0 ? 'no decimals' : `at most ${exponent} decimals`
    throw userError(
      'amount_invalid',
      `${currency} has ${digits}: write it like ${exampleAmount(exponent)}.`,
      { field },
    )
  }
  const minor = Number(`${match[1]}${fraction.padEnd(exponent, '0')}`)
  if (minor === 0) throw userError('amount_invalid', 'The amount must be more than zero.', { field })
  if (minor > 90_000_000_000_000) throw userError('amount_invalid', 'The amount is too large.', { field })
  return { minor, currency }
}

/**
 * An amount as a person types it: `1,240.50`, `1.240,50`, `1 240,50`, `180,00`, `$12.50`, `12.50 EUR`. What can be read in two
 * ways (`1,240`: is it a thousand?) is refused as by `parseAmount`, never guessed.
 * @throws userError as `parseAmount`
 */
export function parseTypedAmount(text: string, currency: string, field = 'amount'): Money {
  const bare = text
    .trim()
    .replace(/^\p{Sc}\s*|\s*\p{Sc}$/u, '')
    .replace(new RegExp(`^${currency}\\s*|\\s*${currency}$`, 'i'), '')
  const grouped = /^(\d{1,3}(?:(?<group>[.,'’\s])\d{3})(?:\k<group>\d{3})*)(?:([.,])(\d{1,3}))$/.exec(bare)
  if (grouped?.[1] && grouped[4] && grouped.groups?.group !== grouped[3]) {
    return parseAmount(`${grouped[1].replace(/\D/g, '')}.${grouped[4]}`, currency, field)
  }
  const comma = /^(\d+),(\d{1,2})$/.exec(bare)
  return parseAmount(comma ? `${comma[1]}.${comma[2]}` : bare, currency, field)
}

/** `parseAmount` where a reading may be anything: null for what is no amount of this currency. */
export function tryAmount(text: string, currency: string): Money | null {
  try {
    return parseAmount(text, currency)
  } catch {
    return null
  }
}

function exampleAmount(exponent: number): string {
  return exponent === 0 ? '1200' : `12.${'5'.padEnd(exponent, '0')}`
}

/** The amount as a plain decimal string (`1200.00`, `1200` for JPY): the form of the API, of files and of policies. */
export function toDecimal(money: Money): string {
  const exponent = exponentOf(money.currency)
  const sign = money.minor < 0 ? '-' : ''
  const digits = String(Math.abs(money.minor)).padStart(exponent + 1, '0')
  return exponent === 0
    ? `${sign}${digits}`
    : `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`
}

const formats = new Map<string, Intl.NumberFormat>()

/** The amount as people of `locale` read it, always with its ISO code: `USD 1,234.56`, `1.234,56 EUR`. */
export function formatMoney(money: Money, locale = 'en-US'): string {
  const key = `${locale} ${money.currency}`
  let format = formats.get(key)
  if (!format) {
    const digits = exponentOf(money.currency)
    format = new Intl.NumberFormat(locale, {
      style: 'currency',
      currency: money.currency,
      currencyDisplay: 'code',
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    })
    formats.set(key, format)
  }
  // The decimal string keeps every digit; a JavaScript number of major units would not. Non-breaking spaces stay.
  return format.format(toDecimal(money) as Intl.StringNumericLiteral)
}

/**
 * Converts at `rate` (units of `to` for one unit of the money's currency, a decimal string), rounding half away from
 * zero to the minor unit, as the ECB's reference rates are meant to be used in accounts.
 */
export function convert(money: Money, to: string, rate: string): Money {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(rate)
  if (!match) throw new Error(`not a rate: ${rate}`)
  const fraction = match[2] ?? ''
  const rateDigits = BigInt(`${match[1]}${fraction}`)
  const scale = fraction.length + exponentOf(money.currency) - exponentOf(to)
  const product = BigInt(money.minor) * rateDigits
  if (scale <= 0) return { minor: Number(product * 10n ** BigInt(-scale)), currency: to }
  const divisor = 10n ** BigInt(scale)
  const half = product < 0n ? -divisor / 2n : divisor / 2n
  return { minor: Number((product + half) / divisor), currency: to }
}

/**
 * Splits `total` minor units in proportion to `weights`, so that the parts add up to it exactly: each part is rounded
 * down, and what is left goes, a unit each, to those that lost most by it (largest remainder; of equals the first).
 * @param weights whole numbers, none below zero, not all zero
 */
export function allocate(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((all, weight) => all + BigInt(weight), 0n)
  if (sum <= 0n) throw new Error('nothing to allocate by')
  const shares = weights.map((weight, index) => {
    const product = BigInt(total) * BigInt(weight)
    return { index, part: product / sum, remainder: product % sum }
  })
  const left = BigInt(total) - shares.reduce((all, { part }) => all + part, 0n)
  const gainers = shares.toSorted(
    (a, b) => Number(b.remainder > a.remainder) - Number(b.remainder < a.remainder),
  )
  const raised = new Set(gainers.slice(0, Number(left)).map(({ index }) => index))
  return shares.map(({ index, part }) => Number(part) + (raised.has(index) ? 1 : 0))
}

/** The product of two plain decimals (`12.5` × `0.725`), rounded half up to the minor unit of `currency`. */
export function multiply(one: string, other: string, currency: string): Money {
  const [a, b] = [digitsOf(one), digitsOf(other)]
  const divisor = 10n ** BigInt(a.decimals + b.decimals)
  const scaled = a.digits * b.digits * 10n ** BigInt(exponentOf(currency))
  return { minor: Number((2n * scaled + divisor) / (2n * divisor)), currency }
}

function digitsOf(decimal: string): { digits: bigint; decimals: number } {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(decimal)
  if (!match) throw new Error(`not a decimal: ${decimal}`)
  const fraction = match[2] ?? ''
  return { digits: BigInt(`${match[1]}${fraction}`), decimals: fraction.length }
}

/** So many percent of an amount in minor units, rounded down. */
export function percentOf(minor: number, percent: number): number {
  return Number((BigInt(minor) * BigInt(percent)) / 100n)
}
