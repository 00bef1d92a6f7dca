import { z } from 'zod'

const mustBe = 'must be an amount in quotes, like "2000.00"'

/** An amount in the company's currency as a decimal string: `"2000.00"`. Its digits are checked with the currency. */
export const amountText = z
  .string(mustBe)
  .regex(/^\d+(\.\d+)?$/, { error: ({ input }) => mistakeIn(String(input)) })

/** How people write amounts that a program would have to guess at, the gravest first. */
const mistakes: [RegExp, string][] = [
  [/["“”„«»‘’‚]/u, 'must stand in straight quotes, like "2000.00"'],
  [/^\s*[-+−–(]/u, 'must not have a sign: amounts are never below 0'],
  [
    /\p{Sc}|^\s*\p{L}+\s*\d|\d\s*\p{L}+\s*$/u,
    'must not name a currency: all amounts are in the company’s own, like "2000.00"',
  ],
  [
    /,/,
    'must be written without commas: nothing between the thousands, and cents after a point, like "2000.00"',
  ],
  [/\s/u, 'must be written without blanks, like "2000.00"'],
  [/\d['_`´]\d/u, 'must be written without anything between the thousands, like "2000.00"'],
  [/\..*\./, 'must have one point at most, before the cents, like "2000.00"'],
]

const mistakeIn = (text: string) => mistakes.find(([sign]) => sign.test(text))?.[1] ?? mustBe
