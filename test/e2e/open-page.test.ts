import { expect, test } from 'vitest'
import { RunningProgram } from '../support/running-program.ts'

test('with a page of the sandbox open SIGTERM still drains: exit 0, and nothing is left running', {
  timeout: 60_000,
}, async () => {
  const program = await RunningProgram.start()
  try {
    const stream = await fetch(`${program.url}/sandbox/events`)
    expect(stream.ok).toBe(true)
    const reader = stream.body?.getReader()
    void reader?.read().catch(() => {})
    expect(await program.stop()).toMatchObject({ code: 0, signal: null })
    expect(await program.processes()).toEqual([])
  } finally {
    await program.end()
  }
})
