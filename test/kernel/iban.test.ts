import { expect, test } from 'vitest'
import { compactIban, isIban } from '../../src/kernel/iban.ts'

// From the IBAN registry (ISO 13616) and its printed examples.
test.each([
  'DE89 3704 0044 0532 0130 00',
  'gb82 west 1234 5698 7654 32',
  'NO93 8601 1117 947',
  'MT84MALT011000012345MTLCAST001S',
])('%s is an IBAN however it is written', (text) => {
  expect(isIban(compactIban(text))).toBe(true)
})

test.each([
  ['a digit mistyped', 'DE89 3704 0044 0532 0131 00'],
  ['two digits swapped', 'DE89 3704 0044 0532 0103 00'],
  ['no country', '8937040044053201300000'],
  ['something else', 'pay me'],
  ['nothing', ''],
])('%s is refused', (_what, text) => {
  expect(isIban(compactIban(text))).toBe(false)
})
