import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readSecrets } from '../src/embedded.ts'

let home: string
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'outlay-secrets-'))
})
afterAll(() => rm(home, { recursive: true, force: true }))

test('secrets are made once, for their owner alone', async () => {
  const dir = join(home, 'new')
  const made = await readSecrets(dir)
  expect(Object.values(made).every((secret) => secret.length >= 32)).toBe(true)
  expect(new Set(Object.values(made)).size).toBe(Object.values(made).length)
  expect(await readSecrets(dir)).toEqual(made)
  expect((await stat(join(dir, 'secrets.json'))).mode & 0o777).toBe(0o600)
})

test('a file of an earlier version keeps what it has and gains what it lacks, once', async () => {
  const earlier = { slackBotToken: 'xoxb-1', slackSigningSecret: 's', linkKeys: `k1:${'x'.repeat(40)}` }
  await writeFile(join(home, 'secrets.json'), JSON.stringify(earlier))
  const secrets = await readSecrets(home)
  expect(secrets).toMatchObject(earlier)
  expect(secrets.dataKey.length).toBeGreaterThanOrEqual(32)
  expect(JSON.parse(await readFile(join(home, 'secrets.json'), 'utf8'))).toEqual(secrets)
  expect(await readSecrets(home)).toEqual(secrets)
})

test('a file that cannot be understood is left alone', async () => {
  const dir = await mkdtemp(join(home, 'broken-'))
  await writeFile(join(dir, 'secrets.json'), '{ "linkKeys": ')
  await expect(readSecrets(dir)).rejects.toThrow()
  expect(await readFile(join(dir, 'secrets.json'), 'utf8')).toBe('{ "linkKeys": ')
})
