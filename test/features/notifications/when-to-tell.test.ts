import fc from 'fast-check'
import { DateTime } from 'luxon'
import { describe, expect, test } from 'vitest'
import { quietUntil, waysFor } from '../../../src/features/notifications/when-to-tell.ts'

const night = { quietFrom: '22:00', quietTo: '07:00', timeZone: 'Europe/Berlin' }
const endOf = (instant: string, hours: Partial<typeof night> = {}) =>
  quietUntil(new Date(instant), { ...night, ...hours })?.toISOString() ?? null

describe('quiet hours', () => {
  test.each([
    ['just before they begin', '2026-11-20T20:59:59Z', null],
    ['as they begin', '2026-11-20T21:00:00Z', '2026-11-21T06:00:00.000Z'],
    ['after midnight', '2026-11-21T02:00:00Z', '2026-11-21T06:00:00.000Z'],
    ['just before they end', '2026-11-21T05:59:59Z', '2026-11-21T06:00:00.000Z'],
    ['as they end', '2026-11-21T06:00:00Z', null],
  ])('over midnight, %s', (_, instant, end) => {
    expect(endOf(instant)).toBe(end)
  })

  test('within one day', () => {
    const noon = { quietFrom: '12:00', quietTo: '13:30' }
    expect(endOf('2026-11-20T10:59:00Z', noon)).toBeNull()
    expect(endOf('2026-11-20T11:00:00Z', noon)).toBe('2026-11-20T12:30:00.000Z')
    expect(endOf('2026-11-20T12:30:00Z', noon)).toBeNull()
  })

  test('end by the clock on the wall in the night in which it changes', () => {
    // Forward from 02:00 to 03:00: eight hours of quiet. Back from 03:00 to 02:00: ten.
    expect(endOf('2026-03-28T21:00:00Z')).toBe('2026-03-29T05:00:00.000Z')
    expect(endOf('2026-10-24T20:00:00Z')).toBe('2026-10-25T06:00:00.000Z')
  })

  test('that end at an hour which the clock skips, end when it would have been', () => {
    expect(endOf('2026-03-29T00:30:00Z', { quietTo: '02:30' })).toBe('2026-03-29T01:30:00.000Z')
  })

  test('of nobody who chose none', () => {
    expect(quietUntil(new Date(), { quietFrom: null, quietTo: null, timeZone: 'UTC' })).toBeNull()
  })

  const time = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'))
  const zone = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland', 'UTC')
  const instant = fc.date({
    min: new Date('2026-01-01T00:00:00Z'),
    max: new Date('2027-12-31T00:00:00Z'),
    noInvalidDate: true,
  })

  test('hold back for a day and an hour at most, and end at their time on the wall', () => {
    fc.assert(
      fc.property(time, time, zone, instant, (quietFrom, quietTo, timeZone, now) => {
        fc.pre(quietFrom !== quietTo)
        const end = quietUntil(now, { quietFrom, quietTo, timeZone })
        if (end === null) return
        expect(end.getTime()).toBeGreaterThan(now.getTime())
        expect(end.getTime() - now.getTime()).toBeLessThanOrEqual(25 * 3_600_000)
        const wall = DateTime.fromJSDate(end, { zone: timeZone })
        const asWritten = DateTime.fromISO(`${wall.toISODate()}T${quietTo}`, { zone: timeZone })
        expect(asWritten.toMillis()).toBe(end.getTime())
        // What was held back until then is not held back again.
        expect(quietUntil(end, { quietFrom, quietTo, timeZone })).toBeNull()
      }),
    )
  })

  test('are those in which the clock on the wall is between their times, where it does not change', () => {
    fc.assert(
      fc.property(time, time, instant, (quietFrom, quietTo, now) => {
        fc.pre(quietFrom !== quietTo)
        const wall = now.toISOString().slice(11, 16)
        const isBetween =
          quietFrom < quietTo ? quietFrom <= wall && wall < quietTo : quietFrom <= wall || wall < quietTo
        const end = quietUntil(now, { quietFrom, quietTo, timeZone: 'Asia/Kolkata' })
        const inUtc = quietUntil(now, { quietFrom, quietTo, timeZone: 'UTC' })
        expect(inUtc !== null).toBe(isBetween)
        if (end) expect(end.getTime()).toBeGreaterThan(now.getTime())
      }),
    )
  })
})

test.each([
  ['both', true, { slack: true, mail: true }],
  ['both', false, { slack: true, mail: true }],
  ['mail', true, { slack: false, mail: true }],
  ['slack', true, { slack: true, mail: false }],
  // Nobody is left without a word.
  ['slack', false, { slack: true, mail: true }],
] as const)('whoever wants %s, and is in Slack (%s), hears by %j', (notifyBy, isInSlack, ways) => {
  expect(waysFor({ notifyBy, isInSlack })).toEqual(ways)
})
