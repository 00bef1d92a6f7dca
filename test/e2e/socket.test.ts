import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { RunningProgram } from '../support/running-program.ts'
import { frank, grace, hasAction, labels, Person, said } from './play.ts'

/** CONTRIBUTING.md, “Larger runs”, has the numbers of the full run. */
const submissions = Number(process.env.SUBMISSIONS ?? 30)
const kills = Number(process.env.KILLS ?? 4)
const atOnce = 6

vi.setConfig({ testTimeout: 60_000 + submissions * 2000 })

describe('a socket that is lost again and again', () => {
  let program: RunningProgram
  const Grace = new Person(grace, () => program.people)
  const Frank = new Person(frank, () => program.people)

  beforeAll(async () => {
    program = await RunningProgram.start({ SANDBOX_SLACK_MODE: 'socket' })
  })
  afterAll(() => program.end())

  /** Slack does not repeat a press that nobody took; the person sees so, and presses again. */
  async function pressUntilTaken(ts: string, thread: string): Promise<void> {
    for (let tries = 0; tries < 20; tries += 1) {
      const draft = (await Grace.replies(thread)).find((reply) => reply.ts === ts)
      if (!draft || !hasAction(draft, 'expense.submit')) return
      const taken = await Grace.click(ts, 'expense.submit').then(
        () => true,
        () => false,
      )
      if (taken) return
      await sleep(200)
    }
  }

  async function submit(index: number): Promise<string> {
    const { ts } = await Grace.post([], `Lunch at Place${index} 12.50 USD yesterday`)
    // A message whose answer was lost comes again later, and all of them wait for Slack's pace of a conversation.
    const draft = await Grace.draftOf(ts, 120_000)
    await pressUntilTaken(draft.ts, ts)
    return ts
  }

  test('loses no submission, and does none twice', async () => {
    let done = 0
    const threads: string[] = []
    const next = Array.from({ length: submissions }, (_, index) => index + 1).values()
    const people = Array.from({ length: atOnce }, async () => {
      for (const index of next) {
        threads.push(await submit(index))
        done += 1
      }
    })
    const killer = (async () => {
      for (let kill = 1; kill <= kills; kill += 1) {
        const share = Math.floor((kill / (kills + 1)) * submissions)
        while (done < share) await sleep(50)
        // In turn: at any moment, before the app's answer is heard, and after it.
        const when = (['now', 'before_ack', 'after_ack'] as const)[kill % 3] ?? 'now'
        await program.people.faults({ kind: 'socket_drop', when })
      }
    })()
    await Promise.all([...people, killer])
    await program.settle(120_000)
    for (const thread of threads) {
      // Who pressed twice, because the first answer was lost, is told that it was done already.
      const replies = (await Grace.replies(thread)).filter((reply) => !/ already\.$/.test(said(reply)))
      expect(replies).toHaveLength(1)
      expect(replies.flatMap(labels)).toContain('Take back')
    }
    const counted = await program.sql<{ status: string; count: number }>(
      'select status, count(*)::int from expense group by status',
    )
    expect(counted).toEqual([{ status: 'awaiting_approval', count: submissions }])
    expect(await program.outbox()).toMatchObject({ dead: 0 })
    const asked = (await Frank.messages()).filter(({ bot_id }) => bot_id)
    expect(asked.length).toBeGreaterThan(0)
  })
})
