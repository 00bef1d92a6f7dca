import { expect, test } from 'vitest'
import { uuidMaker } from '../../src/kernel/ids.ts'

test('ids sort in the order in which they were made, also within one millisecond and when the clock goes back', () => {
  let now = new Date('2026-11-20T15:00:00Z').getTime()
  const newId = uuidMaker({ now: () => new Date(now) })
  const ids = Array.from({ length: 20_000 }, (_, index) => {
    if (index === 12_000) now -= 5000
    if (index === 15_000) now += 60_000
    return newId()
  })
  expect(new Set(ids).size).toBe(ids.length)
  expect([...ids].sort()).toEqual(ids)
  expect(
    ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)),
  ).toBe(true)
})
