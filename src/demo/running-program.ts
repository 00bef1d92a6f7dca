import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { SandboxClient } from '../sandbox/client.ts'

/** Outlay on a throw-away company, as a newcomer starts it. */
export interface RunningProgram {
  url: string
  /** Its OUTLAY_HOME. */
  home: string
  /** What people do at the sandbox. */
  people: SandboxClient
  /** Ends the program and removes the company. */
  stop(): Promise<void>
}

/** `npm start` in a process of its own, on free ports. */
export async function startProgram(): Promise<RunningProgram> {
  const home = await mkdtemp(join(tmpdir(), 'outlay-demo-'))
  const child = spawn(process.execPath, [join(import.meta.dirname, '../main.ts')], {
    env: { OUTLAY_HOME: home, PORT: '0', INTAKE_SMTP_PORT: String(await freePort()), LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (text: Buffer) => {
      const ready = /outlay ready (\S+)/.exec(text.toString())
      if (ready?.[1]) resolve(ready[1])
      else process.stderr.write(text)
    })
    child.once('exit', (code) => reject(new Error(`Outlay ended at its start, with ${code}`)))
  })
  const endpoint = z
    .object({ url: z.string(), adminKey: z.string() })
    .parse(JSON.parse(await readFile(join(home, 'sandbox/endpoint.json'), 'utf8')))
  return {
    url,
    home,
    people: new SandboxClient(endpoint.url, endpoint.adminKey),
    stop: async () => {
      child.kill('SIGTERM')
      await exited
      await rm(home, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}
