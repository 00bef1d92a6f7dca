import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { asWork, beforeWork, inTurn } from '../../src/kernel/people-first.ts'

/** Something that takes until it is told to end. */
function lasting() {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { run: () => promise, end: resolve }
}

/** Work that was asked for while somebody waits, with the order in which it began. */
function askForWork(count: number) {
  const begun: number[] = []
  const jobs = Array.from({ length: count }, (_, job) => {
    const { run, end } = lasting()
    const done = asWork(() =>
      inTurn(() => {
        begun.push(job)
        return run()
      }),
    )
    return { end, done }
  })
  const end = async () => {
    for (const job of jobs) job.end()
    await Promise.all(jobs.map(({ done }) => done))
  }
  return { begun, jobs, end }
}

describe('while somebody waits', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })
  const pass = async (ms: number) => {
    vi.advanceTimersByTime(ms)
    await turn()
  }

  test('work waits, but for one at a time every now and then, in its order; then all of it goes on', async () => {
    const person = lasting()
    const answered = beforeWork(person.run)
    const { begun, jobs, end } = askForWork(4)
    await pass(99)
    expect(begun).toEqual([])
    await pass(1)
    expect(begun).toEqual([0])
    await pass(1000)
    expect(begun).toEqual([0])
    jobs[0]?.end()
    await jobs[0]?.done
    await pass(100)
    expect(begun).toEqual([0, 1])
    person.end()
    await answered
    await turn()
    expect(begun).toEqual([0, 1, 2, 3])
    await end()
  })

  test('and has waited for three seconds, work waits no longer', async () => {
    const person = lasting()
    const answered = beforeWork(person.run)
    const { begun, end } = askForWork(3)
    await pass(2999)
    expect(begun).toEqual([0])
    await pass(1)
    expect(begun).toEqual([0, 1, 2])
    person.end()
    await Promise.all([end(), answered])
  })
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
