import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { RunningProgram } from '../support/running-program.ts'
import { adam, fay, frank, grace, labels, Person } from './play.ts'

vi.setConfig({ testTimeout: 60_000 })

describe('Slack refuses until somebody mends it', () => {
  let program: RunningProgram
  const Grace = new Person(grace, () => program.people)
  const Frank = new Person(frank, () => program.people)

  beforeAll(async () => {
    program = await RunningProgram.start()
  })
  afterAll(() => program.end())
  afterEach(() => program.people.clearFaults())

  const warnings = async (email: string, subject: RegExp) =>
    (await program.people.mails({ to: email })).filter((mail) => subject.test(mail.subject))

  test('the admins get one mail that says how to mend it, and what waits goes on when it is mended', async () => {
    const draft = await Grace.draft()
    await program.people.faults({
      kind: 'error',
      method: 'chat.postMessage',
      times: 3,
      error: 'account_inactive',
    })
    const { number } = await Grace.complete(draft)
    const subject = /^Slack does not accept Outlay any more$/
    await program.people.waitFor(async () => (await warnings(adam, subject)).length > 0, {
      what: 'the mail to the admin',
      timeoutMs: 25_000,
    })
    expect((await Frank.cards(number)).map(labels)).toEqual([])
    await Frank.card(number)
    await program.settle()
    expect(await warnings(adam, subject)).toHaveLength(1)
    expect((await warnings(adam, subject))[0]?.text).toContain('SLACK_BOT_TOKEN')
    expect(await warnings(fay, subject)).toEqual([])
    expect(await Frank.cards(number)).toHaveLength(1)
  })

  test('a form that Slack does not open is told to whoever pressed, and opens when they press again', async () => {
    const draft = await Grace.draft()
    await program.people.faults({ kind: 'rate_limited', method: 'views.open', times: 1, retryAfter: 1 })
    await Grace.click(draft.ts, 'expense.complete')
    const told = await program.people.waitFor(
      async () => (await Grace.replies(draft.thread)).find(({ text }) => /Slack is busy/.test(text)),
      { what: 'the note' },
    )
    expect(told.text).toContain('Please try again')
    await sleep(1100)
    await Grace.openExpense(draft)
  })

  test('App Home is shown though Slack is busy for a moment', async () => {
    await program.people.faults({ kind: 'rate_limited', method: 'views.publish', times: 1, retryAfter: 1 })
    await Frank.home('New expense')
    const { faults } = await program.people.state()
    expect(faults).toEqual([])
  })
})
