import { vi } from 'vitest'
import { runCommand } from '../../src/commands/index.ts'

export interface Printed {
  out: string
  err: string
  code: number
}

/** Runs a command as the shell would, on the database at `url`: what it prints, and with which code it ends. */
export async function runOn(url: string, ...words: string[]): Promise<Printed> {
  vi.stubEnv('DATABASE_URL', url)
  vi.stubEnv('PUBLIC_URL', 'https://outlay.example')
  vi.stubEnv('LINK_KEYS', `k1:${'x'.repeat(40)}`)
  vi.stubEnv('DATA_KEY', 'd'.repeat(40))
  const printed = { out: '', err: '' }
  const catching = (where: 'out' | 'err') => (text: unknown) => {
    printed[where] += String(text)
    return true
  }
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation(catching('out'))
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation(catching('err'))
  try {
    await runCommand(['node', 'outlay', ...words])
    return { ...printed, code: Number(process.exitCode ?? 0) }
  } finally {
    process.exitCode = undefined
    stdout.mockRestore()
    stderr.mockRestore()
    vi.unstubAllEnvs()
  }
}
