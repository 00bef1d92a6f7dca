import { expect, test } from 'vitest'
import { didYouMean } from '../../src/kernel/did-you-mean.ts'

const known = ['friday', 'saturday', 'sunday', 'people', 'policies']

test.each([
  ['peoples', ' Did you mean “people”?'],
  ['Sat', ' Did you mean “saturday”?'],
  ['sa', ''],
  ['casino', ''],
])('%s:%s', (word, suggestion) => {
  expect(didYouMean(word, known)).toBe(suggestion)
})
