import { expect, test } from 'vitest'
import { parseOrganisation } from '../../../src/features/organisation/index.ts'
import { AppError } from '../../../src/kernel/errors.ts'

const head = `company: { name: Acme, currency: USD, time_zone: UTC }
categories: [{ key: travel, name: Travel }]
`

function problemsOf(text: string): string[] {
  try {
    parseOrganisation(`${head}${text}`, 'f.yaml')
    return []
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return error.message.split('\n')
  }
}

const mileage = (...entries: string[]) =>
  `mileage:\n${entries.map((entry) => `  - { name: Car, ${entry} }\n`).join('')}`
const perDiem = (...entries: string[]) =>
  `per_diem:\n${entries.map((entry) => `  - { name: Away, ${entry} }\n`).join('')}`
const car = 'key: car, unit: mi, rate: "0.725", from: 2026-01-01'
const away = 'key: away, full_day: "68.00", travel_day: "51.00", from: 2026-01-01'

test('rates of one key follow each other', () => {
  const next = (entry: string) => entry.replace('2026', '2027')
  expect(problemsOf(`${mileage(car, next(car))}${perDiem(away, next(away))}`)).toEqual([])
})

test.each([
  [
    'a category that is almost there',
    mileage(`${car}, category: travle`),
    'f.yaml:4: mileage, 1st entry (Car): category names the category “travle”, which is not in this file. Did you mean “travel”?',
  ],
  [
    'a category of a per diem that is not there',
    perDiem(`${away}, category: food`),
    'f.yaml:4: per_diem, 1st entry (Away): category names the category “food”, which is not in this file.',
  ],
  [
    'two rates from one day on',
    mileage(car, car),
    'f.yaml:5: mileage, 2nd entry (Car): “car from 2026-01-01” stands here a second time',
  ],
  [
    'two per diems from one day on',
    perDiem(away, away),
    'f.yaml:5: per_diem, 2nd entry (Away): “away from 2026-01-01” stands here a second time',
  ],
  [
    'another unit under the same key',
    mileage(car, car.replace('mi,', 'km,').replace('2026', '2027')),
    'f.yaml:5: mileage, 2nd entry (Car): unit is km, but mi further up: give another unit another key',
  ],
  [
    'a rate of nothing',
    mileage(car.replace('0.725', '0.000')),
    'f.yaml:4: mileage, 1st entry (Car): rate must be more than 0',
  ],
  [
    'a rate without quotes',
    mileage(car.replace('"0.725"', '0.725')),
    'f.yaml:4: mileage, 1st entry (Car): rate must be an amount in quotes, like "0.70"',
  ],
  [
    'a rate with five digits',
    mileage(car.replace('0.725', '0.72501')),
    'f.yaml:4: mileage, 1st entry (Car): rate must be an amount like "0.70", with at most four digits after the point',
  ],
  [
    'a unit that is none',
    mileage(car.replace('mi,', 'miles,')),
    'f.yaml:4: mileage, 1st entry (Car): unit must be km or mi',
  ],
  [
    'a day that is none',
    mileage(car.replace('2026-01-01', '2026-02-30')),
    'f.yaml:4: mileage, 1st entry (Car): from must be a date like 2026-01-01',
  ],
  [
    'a day away for nothing',
    perDiem(away.replace('68.00', '0.00')),
    'f.yaml:4: per_diem, 1st entry (Away), full_day: The amount must be more than zero.',
  ],
  [
    'an amount with more digits than the currency has',
    perDiem(`${away}, lunch: "19.005"`),
    'f.yaml:4: per_diem, 1st entry (Away), lunch: USD has at most 2 decimals: write it like 12.50.',
  ],
  [
    'a misspelt meal',
    perDiem(`${away}, brekfast: "16.00"`),
    'f.yaml:4: per_diem, 1st entry (Away): “brekfast” is not known here. Did you mean “breakfast”?',
  ],
])('%s is refused', (_what, text, message) => {
  expect(problemsOf(text)).toEqual([message])
})

test('a travel day and meals may be worth nothing', () => {
  expect(problemsOf(perDiem(`${away.replace('51.00', '0.00')}, dinner: "0.00"`))).toEqual([])
})
