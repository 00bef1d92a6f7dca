import { expect, test } from 'vitest'
import { oneAtATime } from '../../../src/channels/slack/home/one-at-a-time.ts'

/** Work that ends when it is let go. */
function held() {
  const turns: { end: () => void; fail: () => void }[] = []
  const work = () =>
    new Promise<void>((resolve, reject) => {
      turns.push({ end: resolve, fail: () => reject(new Error('no')) })
    })
  return { turns, work }
}
const soon = () => new Promise((resolve) => setImmediate(resolve))

test('a hundred who ask at once get one turn, and one more for what they changed meanwhile', async () => {
  const { turns, work } = held()
  const first = oneAtATime('a', work)
  const others = Array.from({ length: 99 }, () => oneAtATime('a', work))
  expect(turns).toHaveLength(1)
  turns[0]?.end()
  await first
  await soon()
  expect(turns).toHaveLength(2)
  const later = oneAtATime('a', work)
  turns[1]?.end()
  await Promise.all(others)
  await soon()
  expect(turns).toHaveLength(3)
  turns[2]?.end()
  await later
})

test('a turn that fails fails those who asked for it, and stops nobody after them', async () => {
  const { turns, work } = held()
  const first = oneAtATime('b', work)
  const second = oneAtATime('b', work)
  turns[0]?.fail()
  await expect(first).rejects.toThrow('no')
  await soon()
  turns[1]?.end()
  await second
  await soon()
  const third = oneAtATime('b', work)
  expect(turns).toHaveLength(3)
  turns[2]?.end()
  await third
})

test('different keys do not wait for each other', async () => {
  const { turns, work } = held()
  const both = [oneAtATime('c', work), oneAtATime('d', work)]
  expect(turns).toHaveLength(2)
  for (const { end } of turns) end()
  await Promise.all(both)
})
