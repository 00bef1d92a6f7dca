import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { runningProcesses } from '../support/program-process.ts'
import { RunningProgram } from '../support/running-program.ts'
import { blankPaper, frank, grace, Person } from './play.ts'

vi.setConfig({ testTimeout: 60_000 })

describe('start and stop', () => {
  let program: RunningProgram
  const Grace = new Person(grace, () => program.people)
  const Frank = new Person(frank, () => program.people)

  beforeAll(async () => {
    program = await RunningProgram.startAnew()
  })
  afterAll(() => program.end())

  test('it says that it is alive and ready', async () => {
    expect((await fetch(`${program.url}/healthz`)).status).toBe(200)
    expect((await fetch(`${program.url}/readyz`)).status).toBe(200)
  })

  test('it answers when Slack asks whose address this is', async () => {
    const answer = await program.asSlack(JSON.stringify({ type: 'url_verification', challenge: 'c0ffee' }))
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('c0ffee')
  })

  test('a second program on the same home is refused with a clear line, and the first goes on', async () => {
    const second = await program.startSecond()
    expect(second.code).toBe(1)
    expect(second.output.trim().split('\n')).toHaveLength(1)
    expect(second.output).toContain(program.home)
    expect(second.output).not.toMatch(/^\s+at |{"level"/m)
    const { number } = await Grace.submit()
    await Frank.card(number)
  })

  test('SIGTERM ends it with code 0 in time, no process is left, and the data is there at the next start', async () => {
    const waiting = await Grace.submit()
    await Frank.card(waiting.number)
    const processes = await program.processes()
    expect(processes.length).toBeGreaterThanOrEqual(3)
    expect(await program.stop()).toMatchObject({ code: 0, signal: null })
    const left = (await runningProcesses()).filter(({ pid }) => processes.includes(pid))
    expect(left).toEqual([])

    await program.startAgain()
    await Frank.approve(waiting.number)
    await Grace.mail(waiting.number)
  })

  test('SIGTERM in the middle of work loses nothing', async () => {
    const { ts } = await Grace.post([await blankPaper()])
    expect(await program.stop()).toMatchObject({ code: 0 })
    await program.startAgain()
    const { number } = await Grace.complete(await Grace.draftOf(ts))
    await Frank.approve(number)
    await Grace.mail(number)
    await program.settle()
    expect(await Grace.replies(ts)).toHaveLength(1)
    expect(await Grace.mails(number)).toHaveLength(1)
  })

  test('two SIGTERMs are as good as one', async () => {
    const [first] = await Promise.all([program.stop(), program.stop()])
    expect(first).toMatchObject({ code: 0 })
    await program.startAgain()
  })

  test('with a page of the sandbox open SIGTERM still drains: exit 0, and nothing is left running', async () => {
    const stream = await fetch(`${program.url}/sandbox/events`)
    expect(stream.ok).toBe(true)
    const reader = stream.body?.getReader()
    void reader?.read().catch(() => {})
    expect(await program.stop()).toMatchObject({ code: 0, signal: null })
    expect(await program.processes()).toEqual([])
  })
})
