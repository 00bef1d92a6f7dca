import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { actions } from '../../../templates/slack/expense-parts.ts'

async function sourcesIn(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true })
  return Promise.all(
    files.filter((file) => file.endsWith('.ts')).map((file) => readFile(join(folder, file), 'utf8')),
  )
}

test('every button that has a name is drawn by a template', async () => {
  const sources = (await sourcesIn('templates/slack')).join('\n')
  const isDrawn = (name: string) => new RegExp(`\\bactions\\.${name}\\b`).test(sources)
  expect(Object.keys(actions).filter((name) => !isDrawn(name))).toEqual([])
})

test('German calls finance by one word', async () => {
  const lines = (await sourcesIn('templates/slack/words/de')).flatMap((source) => source.split('\n'))
  expect(lines.some((line) => line.includes('Finanzabteilung'))).toBe(true)
  expect(lines.filter((line) => /\bFinanzen\b/.test(line))).toEqual([])
})
