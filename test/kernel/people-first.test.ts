import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { asWork, beforeWork, inTurn } from '../../src/kernel/people-first.ts'

/** Something that takes until it is told to end. */
function lasting() {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { run: () => promise, end: resolve }
}

test('while somebody waits, work goes through one at a time, in its order; then all of it', async () => {
  const person = lasting()
  const answered = beforeWork(person.run)
  const begun: number[] = []
  const jobs = [0, 1, 2, 3].map((job) => {
    const { run, end } = lasting()
    const done = asWork(() =>
      inTurn(() => {
        begun.push(job)
        return run()
      }),
    )
    return { end, done }
  })
  await turn()
  expect(begun).toEqual([0])
  jobs[0]?.end()
  await jobs[0]?.done
  await turn()
  expect(begun).toEqual([0, 1])
  person.end()
  await answered
  await turn()
  expect(begun).toEqual([0, 1, 2, 3])
  for (const { end } of jobs) end()
  await Promise.all(jobs.map(({ done }) => done))
})

test('whoever waited for three seconds holds work up no longer', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const person = lasting()
    const answered = beforeWork(person.run)
    const [first, second] = [lasting(), lasting()]
    const jobs = [first, second].map(({ run }) => asWork(() => inTurn(run)))
    vi.advanceTimersByTime(2999)
    let isThird = false
    const third = asWork(() =>
      inTurn(async () => {
        isThird = true
      }),
    )
    await turn()
    expect(isThird).toBe(false)
    vi.advanceTimersByTime(1)
    await third
    expect(isThird).toBe(true)
    for (const { end } of [first, second, person]) end()
    await Promise.all([...jobs, answered])
  } finally {
    vi.useRealTimers()
  }
})

test('what people wait for never waits, and a transaction in a transaction goes on', async () => {
  const first = lasting()
  const answered = beforeWork(first.run)
  const busy = lasting()
  const job = asWork(() =>
    inTurn(async () => {
      await inTurn(async () => {})
      await busy.run()
    }),
  )
  await beforeWork(() => inTurn(async () => {}))
  await inTurn(async () => {})
  busy.end()
  await job
  first.end()
  await answered
})

test('whatever fails, nothing is held for ever', async () => {
  const step = fc.record({ isWork: fc.boolean(), fails: fc.boolean(), turns: fc.nat(3) })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const all = steps.map(({ isWork, fails, turns }) => {
        const act = async () => {
          for (let count = 0; count < turns; count += 1) await turn()
          if (fails) throw new Error('it failed')
        }
        return isWork ? asWork(() => inTurn(act)) : beforeWork(() => inTurn(act))
      })
      const ended = await Promise.allSettled(all)
      expect(ended.map(({ status }) => status)).toEqual(
        steps.map(({ fails }) => (fails ? 'rejected' : 'fulfilled')),
      )
    }),
  )
})
