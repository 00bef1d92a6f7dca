import fc from 'fast-check'
import { expect, test } from 'vitest'
import { codeOf } from '../../../src/features/approvals/one-time-code.ts'

const key = 'k'.repeat(32)

test('a code has six digits, and the same id and key give the same one', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.string({ minLength: 32 }), (id, dataKey) => {
      expect(codeOf(dataKey, id)).toMatch(/^\d{6}$/)
      expect(codeOf(dataKey, id)).toBe(codeOf(dataKey, id))
    }),
  )
})

test('codes of other ids and other keys have nothing in common', () => {
  const ids = Array.from({ length: 2000 }, (_, n) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`)
  const codes = ids.map((id) => codeOf(key, id))
  // Of a million, 2,000 are hit twice about twice.
  expect(new Set(codes).size).toBeGreaterThan(1980)
  for (const place of [0, 1, 2, 3, 4, 5]) {
    const seen = Map.groupBy(codes, (code) => code[place])
    expect([...seen.values()].every(({ length }) => length > 120 && length < 280)).toBe(true)
  }
  expect(ids.filter((id) => codeOf('j'.repeat(32), id) === codeOf(key, id)).length).toBeLessThan(4)
})
