import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { permanentError } from './kernel/errors.ts'

/** The sandbox runs as a process of its own, so that a killed Outlay meets a Slack that delivers again. */
export interface SandboxProcess {
  url: string
  smtpUrl: string
  adminKey: string
  /** Says what the workspace is: who is in it, and where its events go. */
  setWorkspace(settings: object): Promise<void>
  /** Lets the sandbox know that somebody still needs it. */
  ping(): Promise<void>
  stop(): Promise<void>
}

const endpointSchema = z.object({
  pid: z.number(),
  url: z.string(),
  smtpPort: z.number(),
  adminKey: z.string(),
})
type Endpoint = z.infer<typeof endpointSchema>

/** Starts the sandbox of `home`, or takes over the one that a killed run left behind. */
export async function startSandbox(home: string): Promise<SandboxProcess> {
  const directory = join(home, 'sandbox')
  const endpoint = (await findRunning(directory)) ?? (await spawnSandbox(directory))
  const call = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${endpoint.url}/admin/${path}`, {
      method,
      headers: { 'x-sandbox-key': endpoint.adminKey, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(5000),
    })
    if (!response.ok)
      throw permanentError(
        'sandbox_refused',
        `The sandbox answered ${response.status}: ${await response.text()}`,
      )
  }
  return {
    url: endpoint.url,
    smtpUrl: `smtp://127.0.0.1:${endpoint.smtpPort}`,
    adminKey: endpoint.adminKey,
    setWorkspace: (settings) => call('PUT', 'workspace', settings),
    ping: () => call('GET', 'state'),
    stop: () => stopProcess(endpoint.pid),
  }
}

async function findRunning(directory: string): Promise<Endpoint | null> {
  try {
    const endpoint = endpointSchema.parse(
      JSON.parse(await readFile(join(directory, 'endpoint.json'), 'utf8')),
    )
    const response = await fetch(`${endpoint.url}/admin/state`, {
      headers: { 'x-sandbox-key': endpoint.adminKey },
      signal: AbortSignal.timeout(2000),
    })
    return response.ok ? endpoint : null
  } catch {
    return null
  }
}

async function spawnSandbox(directory: string): Promise<Endpoint> {
  const main = join(import.meta.dirname, 'sandbox/main.ts')
  // Detached: Ctrl-C in a terminal reaches us alone, and we stop it in our own order.
  const child = spawn(process.execPath, [main, '--home', directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  await isReady(child)
  child.stdout?.destroy()
  child.unref()
  return endpointSchema.parse(JSON.parse(await readFile(join(directory, 'endpoint.json'), 'utf8')))
}

function isReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (text: Buffer) => {
      if (text.includes('sandbox ready')) resolve()
    })
    child.once('error', reject)
    child.once('exit', (code) =>
      reject(permanentError('sandbox_failed', `The sandbox could not start (exit ${code}).`)),
    )
  })
}

async function stopProcess(pid: number): Promise<void> {
  try {
    process.kill(pid, 'SIGTERM')
    for (let waited = 0; waited < 3000; waited += 25) {
      process.kill(pid, 0)
      await sleep(25)
    }
    process.kill(pid, 'SIGKILL')
  } catch {
    // It is gone.
  }
}
