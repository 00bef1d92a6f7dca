import { expect, test } from 'vitest'
import { CallPace } from '../../../src/channels/slack/transport/call-pace.ts'

/** A queue of work for one channel, as the outbox does it: who is told to wait comes back when told. */
function play(pace: CallPace, clock: { now: number }, jobs: number): number[] {
  const sent: number[] = []
  const due = Array.from({ length: jobs }, () => clock.now)
  for (let asked = 0; due.length > 0 && asked < 10_000; asked += 1) {
    due.sort((a, b) => a - b)
    clock.now = Math.max(clock.now, due.shift() ?? 0)
    const waitMs = pace.ask('chat.postMessage', 'C1')
    if (waitMs === 0) sent.push(clock.now)
    else due.push(clock.now + waitMs)
  }
  return sent
}

function begin() {
  const clock = { now: 1_000_000 }
  return { clock, pace: new CallPace(() => clock.now) }
}

test('some messages go out at once, the others one a second, and none asks more than twice', () => {
  const { clock, pace } = begin()
  const start = clock.now
  let asked = 0
  const counted = new CallPace(() => {
    asked += 1
    return clock.now
  })
  expect(pace.ask('chat.postMessage', 'C1')).toBe(0)
  const sent = play(counted, clock, 20).map((at) => at - start)
  expect(sent.slice(0, 4)).toEqual([0, 0, 0, 0])
  expect(sent.slice(4)).toEqual(Array.from({ length: 16 }, (_, index) => (index + 1) * 1000))
  expect(asked).toBeLessThanOrEqual(20 + 16)
})

test('another channel does not wait, nor another method', () => {
  const { clock, pace } = begin()
  for (let post = 0; post < 10; post += 1) pace.ask('chat.postMessage', 'C1')
  expect(pace.ask('chat.postMessage', 'C1')).toBeGreaterThan(0)
  expect(pace.ask('chat.postMessage', 'C2')).toBe(0)
  expect(pace.ask('chat.update', null)).toBe(0)
  clock.now += 60_000
  expect(pace.ask('chat.postMessage', 'C1')).toBe(0)
})

test('after “slow down” nothing goes out for that long, and then one after the other', () => {
  const { clock, pace } = begin()
  const start = clock.now
  pace.close('chat.postMessage', 'C1', 30)
  const sent = play(pace, clock, 3).map((at) => at - start)
  expect(sent).toEqual([30_000, 31_000, 32_000])
  pace.close('users.info', null, 5)
  expect(pace.ask('users.info', null)).toBe(5_000)
  expect(pace.ask('users.info', null)).toBeGreaterThan(5_000)
})

test('what it remembers is bounded', () => {
  const { clock, pace } = begin()
  for (let channel = 0; channel < 20_000; channel += 1) {
    clock.now += 1000
    expect(pace.ask('chat.postMessage', `C${channel}`)).toBe(0)
  }
})
