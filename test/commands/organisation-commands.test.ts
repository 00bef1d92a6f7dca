import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Printed, runOn } from '../support/run-command.ts'
import { createTestDatabase, importExample, type TestDatabase } from '../support/test-database.ts'

let database: TestDatabase
let directory: string
beforeAll(async () => {
  database = await createTestDatabase()
  await importExample(database, 'company')
  await importExample(database, 'globex')
  directory = await mkdtemp(join(tmpdir(), 'outlay-commands-'))
})
afterAll(async () => {
  await database.drop()
  await rm(directory, { recursive: true, force: true })
})

const run = (...words: string[]): Promise<Printed> => runOn(database.url, ...words)

async function write(name: string, text: string | Uint8Array): Promise<string> {
  const file = join(directory, name)
  await writeFile(file, text)
  return file
}

const acme = `company: { name: Acme, currency: USD, time_zone: UTC }
levels: [{ rank: 1, name: Boss }]
categories: [{ key: tea, name: Tea }]
people: [{ name: Ann, email: ann@acme.example, level: 1, roles: [finance, admin], iban: DE89370400440532013000 }]
`
const policies = 'policies: [{ key: p, name: P, steps: [{ level: 1, description: Boss }] }]\n'
const example = (approvers: string) =>
  `tests: [{ name: Own tea, submitter: ann@acme.example, expense: { category: tea, amount: "1.00" }, expect: { policy: p${approvers} } }]\n`

describe('org validate', () => {
  test('says what is fine, then what is odd', async () => {
    const odd = `${acme}${policies.replace('] }]', '] }, { key: q, name: Q, when: { category: tea }, steps: [{ level: 1, description: Boss }] }]')}`
    const file = await write('odd.yaml', odd)
    const { out, code } = await run('org', 'validate', file)
    const [fine, ...warnings] = out.trim().split('\n')
    expect(fine).toBe(
      `${file} can be imported, but see below: 1 person, 2 policies, 0 rules, 0 limits, 0 tests.`,
    )
    expect(warnings.length).toBeGreaterThan(0)
    for (const warning of warnings) expect(warning).toMatch(new RegExp(`^warning: ${file}:\\d+: `))
    expect(code).toBe(0)
  })

  test('warns of examples that come out otherwise, as import does, which imports all the same', async () => {
    const failing = example(', blocked: true')
    const text = `${acme.replaceAll('acme', 'trial').replace('Acme', 'Trial')}${policies}${failing.replaceAll('acme', 'trial')}`
    const file = await write('failing.yaml', text)
    const warning = `warning: ${file}: 1 of 1 examples comes out otherwise than expected: “Own tea”. See: policy test ${file}`
    expect((await run('org', 'validate', file)).out).toContain(`\n${warning}\n`)
    const { out, code } = await run('org', 'import', file)
    expect(out).toContain(`\n${warning}\n`)
    expect(out).toMatch(/\d changes made\.\n$/)
    expect(code).toBe(0)
  })

  test('refuses a file that is not UTF-8, by its line; a byte order mark does no harm', async () => {
    const named = (name: string) => acme.replace('name: Ann', `name: ${name}`)
    const windows = await write('windows.yaml', Buffer.from(named('Jürgen'), 'latin1'))
    expect(await run('org', 'validate', windows)).toEqual({
      out: '',
      err: `${windows}:4: this line is not UTF-8, so its letters cannot be read. Save the file in the encoding UTF-8.\n`,
      code: 1,
    })
    const wide = await write('wide.yaml', Buffer.from(`\ufeff${acme}`, 'utf16le'))
    expect((await run('org', 'validate', wide)).err).toBe(
      `${wide}:1: this is UTF-16, or no text at all. Save the file as plain text in the encoding UTF-8.\n`,
    )
    const sheet = await write('sheet.yaml', Buffer.from('PK\x03\x04\x14\x00'))
    expect((await run('org', 'validate', sheet)).err).toBe(
      `${sheet} is an Excel or ZIP file. Save it as plain text in the encoding UTF-8.\n`,
    )
    const marked = await write('marked.yaml', `\ufeff${named('Jürgen')}`)
    expect((await run('org', 'validate', marked)).out).toContain('is fine')
  })

  test('says what is wrong on the error channel and fails', async () => {
    const file = await write('wrong.yaml', acme.replace('level: 1,', 'level: 2,'))
    expect(await run('org', 'validate', file)).toEqual({
      out: '',
      err: `${file}:4: people, 1st entry (Ann): level names the level 2, which neither the company nor a team of theirs has\n`,
      code: 1,
    })
    expect(await run('org', 'validate', join(directory, 'none.yaml'))).toMatchObject({
      err: `${join(directory, 'none.yaml')} cannot be read.\n`,
      code: 1,
    })
  })
})

describe('org import and export', () => {
  test('a dry run tells, an import makes, an export writes what imports without a change', async () => {
    const file = await write('acme.yaml', `${acme}${policies}`)
    const lines = [
      'company Acme: added',
      'level 1: added',
      'category tea: added',
      'person ann@acme.example: added',
      'policy p: added (every expense: Boss (Boss))',
    ]
    const note =
      '“Acme” is a new company: a company is known by its name. Others here: “Globex”, “TechCorp Solutions”, “Trial”'
    expect((await run('org', 'import', '--dry-run', file)).out).toBe(
      `${[...lines, note, 'Nothing was changed yet.'].join('\n')}\n`,
    )
    expect((await run('org', 'import', file)).out).toBe(`${[...lines, note, '5 changes made.'].join('\n')}\n`)
    expect((await run('org', 'import', file)).out).toBe('Nothing changes.\n')

    const copy = join(directory, 'copy.yaml')
    expect(await run('org', 'export', copy, '--company', 'Acme')).toEqual({ out: '', err: '', code: 0 })
    expect((await run('org', 'import', copy)).out).toBe('Nothing changes.\n')
    const { out } = await run('org', 'export', '--company', 'Acme')
    expect(out).toBe(await readFile(copy, 'utf8'))
  })

  test('people whom the file does not name are told', async () => {
    const file = await write(
      'fewer.yaml',
      'company: { name: Globex, currency: EUR, time_zone: Europe/Berlin, locale: en-IE, intake: expenses@globex.example }',
    )
    const { out } = await run('org', 'import', file)
    expect(out).toContain('not in the file, unchanged: people ')
    expect(out).toContain('Homer Simpson (homer.simpson@globex.example)')
    expect(out).toMatch(/Nothing changes\.\n$/)
  })

  test('a file that exists is overwritten only by force', async () => {
    const file = await write('mine.yaml', 'mine')
    expect(await run('org', 'export', file, '--company', 'Globex')).toEqual({
      out: '',
      err: `${file} exists already. Give another name, or --force to overwrite it.\n`,
      code: 1,
    })
    expect(await readFile(file, 'utf8')).toBe('mine')
    expect((await run('org', 'export', file, '--company', 'Globex', '--force')).code).toBe(0)
    expect(await readFile(file, 'utf8')).toContain('name: Globex')
  })

  test('where there are several companies, one must be named', async () => {
    const { err, code } = await run('org', 'export')
    expect(err).toMatch(/^Say which company: --company with one of .*“Globex”/)
    expect(code).toBe(1)
  })
})

describe('policy test', () => {
  test('shows each example, and fails when one comes out otherwise', async () => {
    const good = await write('good.yaml', `${acme}${policies}${example('')}`)
    expect(await run('policy', 'test', good)).toEqual({
      out: 'ok      Own tea\n1 of 1 come out as expected.\n',
      err: '',
      code: 0,
    })
    const bad = await write('bad.yaml', `${acme}${policies}${example(', approvers: [[ann@acme.example]]')}`)
    expect(await run('policy', 'test', bad)).toEqual({
      out: 'not ok  Own tea\n        asks nobody, as nobody may decide it; expected Ann\n0 of 1 come out as expected.\n',
      err: '',
      code: 1,
    })
  })

  test('without a file runs the examples of the policies in force', async () => {
    const { out, code } = await run('policy', 'test', '--company', 'TechCorp Solutions')
    const fromFile = await run('policy', 'test', 'config/company.example.yaml')
    expect(out).toBe(fromFile.out)
    expect(out).toMatch(/^ok {6}/)
    expect(code).toBe(0)
  })

  test('says so when there is none', async () => {
    const { out, code } = await run('policy', 'test', await write('none.yaml', acme))
    expect(out).toBe('There is no example to test. Examples stand in the section “tests”.\n')
    expect(code).toBe(0)
  })
})
