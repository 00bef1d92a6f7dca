import { expect, test } from 'vitest'
import { bestFirst } from '../../../src/channels/slack/forms/best-first.ts'

const categories = [
  { name: 'Contract work', keywords: ['training'] },
  { name: 'Mass transport', keywords: [] },
  { name: 'Travel', keywords: ['taxi', 'train'] },
  { name: 'Training', keywords: [] },
  { name: 'Büro & Post', keywords: ['stationery', 'train models'] },
]
const found = (typed: string) => bestFirst(categories, typed).map(({ name }) => name)

test('what is called or begins so comes first, then what is known by it, then what only contains it', () => {
  expect(found('training')).toEqual(['Training', 'Contract work'])
  expect(found('tra')).toEqual(['Travel', 'Training', 'Mass transport', 'Contract work', 'Büro & Post'])
  expect(found('train')).toEqual(['Training', 'Travel', 'Contract work', 'Büro & Post'])
})

test('marks, capitals and what stands between words make no difference; what nobody calls so is not found', () => {
  expect(found('  BURO post ')).toEqual(['Büro & Post'])
  expect(found('xyz')).toEqual([])
})
