import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** A copy of the tree in which violations can be planted. */
let copy: string
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'outlay-tree-'))
  for (const entry of [
    'src',
    'jobs',
    'templates',
    'config',
    'tsconfig.json',
    '.dependency-cruiser.mjs',
    'package.json',
  ]) {
    cpSync(entry, join(copy, entry), { recursive: true })
  }
  symlinkSync(join(process.cwd(), 'node_modules'), join(copy, 'node_modules'))
})
afterAll(() => rmSync(copy, { recursive: true, force: true }))

function check(): { status: number | null; output: string } {
  const depcruise = join(process.cwd(), 'node_modules/.bin/depcruise')
  const roots = ['src', 'jobs', 'templates', 'config']
  const result = spawnSync(process.execPath, [depcruise, '--config', '.dependency-cruiser.mjs', ...roots], {
    cwd: copy,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  })
  return { status: result.status, output: result.stdout }
}

test('the tree keeps its rules, and the check really looked at it', () => {
  const { status, output } = check()
  expect(output).toMatch(/no dependency violations found/)
  expect(Number(/\((\d+) modules/.exec(output)?.[1])).toBeGreaterThan(100)
  expect(status).toBe(0)
})

test('a violation planted in any room is found', () => {
  const planted = [
    ['src/kernel/planted.ts', "import '../features/people/index.ts'", 'kernel'],
    ['src/features/policy/planted.ts', "import '../expenses/index.ts'", 'room-policy'],
    ['src/features/expenses/planted.ts', "import '../people/people.entity.ts'", 'doors'],
    ['src/features/people/planted.ts', "import type {} from '../../channels/slack/index.ts'", 'features'],
    ['src/channels/mail/planted.ts', "import '../slack/index.ts'", 'channels-apart'],
    ['templates/slack/planted.ts', "import '../../src/features/people/index.ts'", 'templates-pure'],
    ['src/channels/slack/planted.ts', "import '../../sandbox/client.ts'", 'sandbox-by-network'],
    ['src/sandbox/planted.ts', "import '../database/index.ts'", 'sandbox-apart'],
    ['jobs/handlers/planted.ts', "import '../../src/program.ts'", 'handlers'],
  ] as const
  for (const [file, code] of planted) writeFileSync(join(copy, file), `${code}\n`)
  const { status, output } = check()
  for (const [file, , rule] of planted) expect(output).toContain(`error ${rule}: ${file}`)
  expect(status).not.toBe(0)
})
