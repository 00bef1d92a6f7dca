import { expect, test } from 'vitest'
import { endTurns, takeTurn } from '../../../src/channels/slack/forms/form-turns.ts'

/** Something that is shown when it is let through. */
function shows(name: string, shown: string[]) {
  const gate = Promise.withResolvers<void>()
  const work = async () => {
    shown.push(`${name} begins`)
    await gate.promise
    shown.push(`${name} is there`)
  }
  return { work, letThrough: gate.resolve }
}

test('what was pressed before is not shown after what was pressed later, whichever is worked out first', async () => {
  const shown: string[] = []
  const [first, second] = [shows('12', shown), shows('120', shown)]
  const [one, two] = [takeTurn('form of turns 1', '1.1'), takeTurn('form of turns 1', '1.2')]
  second.letThrough()
  await two.show(second.work)
  await one.show(first.work)
  expect(shown).toEqual(['120 begins', '120 is there'])
})

test('what is being shown is waited for: it cannot come over what is newer', async () => {
  const shown: string[] = []
  const [first, second] = [shows('12', shown), shows('120', shown)]
  const one = takeTurn('form of turns 2', '1.1').show(first.work)
  await Promise.resolve()
  const two = takeTurn('form of turns 2', '1.2').show(second.work)
  second.letThrough()
  first.letThrough()
  await Promise.all([one, two])
  expect(shown).toEqual(['12 begins', '12 is there', '120 begins', '120 is there'])
})

test('what arrives late is not taken for the newest; what failed stands in nobody’s way', async () => {
  const newer = takeTurn('form of turns 3', '2.2')
  expect(takeTurn('form of turns 3', '2.1').isNewest()).toBe(false)
  expect(newer.isNewest()).toBe(true)
  await expect(newer.show(() => Promise.reject(new Error('Slack is away')))).rejects.toThrow('away')
  const shown: string[] = []
  const last = takeTurn('form of turns 3')
  await last.show(async () => {
    shown.push('sent')
  })
  expect([shown, newer.isNewest()]).toEqual([['sent'], false])
})

test('what was pressed before a form was sent does not come over it, though it arrives later', () => {
  const sentAt = new Date('2026-11-20T12:00:00.500Z')
  const seconds = sentAt.getTime() / 1000
  const before = takeTurn('form of turns 4', String(seconds - 2))
  endTurns('form of turns 4', sentAt)
  expect(
    [before, takeTurn('form of turns 4', String(seconds - 1))].map(({ isNewest }) => isNewest()),
  ).toEqual([false, false])
  expect(takeTurn('form of turns 4', String(seconds + 1)).isNewest()).toBe(true)
})

test('what was sent comes after all that arrived, also where our clock is behind', () => {
  const before = takeTurn('V5', '1763640010.1')
  endTurns('V5', new Date(1_763_640_000_000))
  expect([before, takeTurn('V5', '1763640009.9')].map(({ isNewest }) => isNewest())).toEqual([false, false])
})
