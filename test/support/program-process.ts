import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const main = join(import.meta.dirname, '../../src/main.ts')

/** What became of a process, and everything it wrote. */
export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  output: string
}

/** `src/main.ts` on this home. */
export function spawnProgram(home: string, env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [main], {
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      OUTLAY_HOME: home,
      PORT: '0',
      LOG_LEVEL: 'warn',
      ...slackMode(),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** The same tests are run by HTTP and by Socket Mode: see vitest.config.ts. */
function slackMode(): Record<string, string> {
  const { SANDBOX_SLACK_MODE: mode } = process.env
  return mode === undefined ? {} : { SANDBOX_SLACK_MODE: mode }
}

/** What becomes of it: `ready` is the address that it says in the end. */
export function watch(child: ChildProcess, onText: (text: string) => void) {
  let output = ''
  const exited = new Promise<Ended>((resolve) => {
    // `exit` and not `close`: a killed program's sandbox holds its pipes open.
    child.once('exit', (code, signal) => resolve({ code, signal, output }))
  })
  const ready = new Promise<string>((resolve, reject) => {
    const take = (chunk: Buffer) => {
      const text = chunk.toString()
      output += text
      onText(text)
      const url = /^outlay ready (\S+)$/m.exec(output)?.[1]
      if (url) resolve(url)
    }
    child.stdout?.on('data', take)
    child.stderr?.on('data', take)
    exited.then(({ code }) => reject(new Error(`Outlay ended at its start, with ${code}: ${output}`)))
  })
  ready.catch(() => {})
  return { ready, exited }
}

/** Every process of this machine, without those that ended and that nobody has asked about yet. */
export async function runningProcesses(): Promise<{ pid: number; parent: number }[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,stat='])
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , state]) => state?.startsWith('Z') === false)
    .map(([pid, parent]) => ({ pid: Number(pid), parent: Number(parent) }))
}
