import { afterAll, beforeAll, expect, test } from 'vitest'
import { addDays, dateIn } from '../../src/kernel/calendar-date.ts'
import { runOn } from '../support/run-command.ts'
import { createTestDatabase, importExample, type TestDatabase } from '../support/test-database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await importExample(database, 'company')
  await importExample(database, 'globex')
})
afterAll(() => database.drop())

const here = ['--company', 'TechCorp Solutions']
const run = (...words: string[]) => runOn(database.url, 'delegations', ...words)
// Commands have a clock of their own.
const today = dateIn(new Date(), 'America/New_York')
const lastDay = addDays(today, 9)
const eve = ['--for', 'eve.davis@techcorp.example']
const toBob = ['--to', 'Bob.Smith@techcorp.example']
const id = '[0-9a-f]{8}-[0-9a-f-]{27}'

test('somebody decides for somebody else from one day to another, as the list shows, until it is ended', async () => {
  expect(await run('list', ...here)).toEqual({ out: 'Nobody decides for anybody else.\n', err: '', code: 0 })
  const active = await run('add', ...eve, ...toBob, '--from', today, '--until', lastDay, ...here)
  expect(active).toEqual({
    out: expect.stringMatching(
      new RegExp(`^${id}  Bob Smith for Eve Davis, ${today} to ${lastDay} \\(active\\)\\n$`),
    ),
    err: '',
    code: 0,
  })
  const from = addDays(lastDay, 1)
  const coming = await run(
    ...['add', ...eve, ...toBob, '--from', from, '--until', from, '--up-to', '5000', ...here],
  )
  expect(coming.out.replaceAll('\u00a0', ' ')).toMatch(
    new RegExp(`^${id}  Bob Smith for Eve Davis, ${from} to ${from}, up to USD 5,000.00 \\(coming\\)\\n$`),
  )
  expect((await run('list', ...here)).out).toBe(active.out + coming.out)
  expect((await run('list', '--company', 'Globex')).out).toBe('Nobody decides for anybody else.\n')

  const idOf = ({ out }: { out: string }) => out.split(' ')[0] ?? ''
  expect((await run('end', idOf(active), ...here)).out).toBe(
    `Ended: Bob Smith for Eve Davis, ${today} to ${lastDay} (active)\n`,
  )
  expect((await run('end', idOf(coming), ...here)).out).toMatch(/^Taken away: Bob Smith for Eve Davis, /)
  expect((await run('end', idOf(active), ...here)).out).toMatch(/^Was over already: .* \(over\)\n$/)
  expect((await run('list', ...here)).out).toBe('Nobody decides for anybody else.\n')
  const all = (await run('list', '--all', ...here)).out
  expect(all.replaceAll('\u00a0', ' ').replace(/^\S+ {2}/gm, '')).toBe(
    `Bob Smith for Eve Davis, ${today} to ${lastDay}, ended ${today} (over)\n` +
      `Bob Smith for Eve Davis, ${from} to ${from}, up to USD 5,000.00, taken away ${today} (over)\n`,
  )

  const entries = await database.asSuperuser(
    `select action, channel, actor_id, p.email from audit_entry e join person p on p.id = e.subject_id
     where action like 'delegation.%' order by e.at, e.id`,
  )
  const entry = { channel: 'cli', actor_id: null, email: 'eve.davis@techcorp.example' }
  expect(entries).toEqual([
    { ...entry, action: 'delegation.added' },
    { ...entry, action: 'delegation.added' },
    { ...entry, action: 'delegation.ended_early' },
    { ...entry, action: 'delegation.ended_early' },
  ])
})

test('says why not', async () => {
  const days = ['--from', today, '--until', lastDay]
  const failing: [string[], RegExp][] = [
    [['list'], /^Say which company: --company with one of /],
    [
      ['add', '--for', 'x@y.example', ...toBob, ...days, ...here],
      /^There is nobody with the address x@y\.example in TechCorp Solutions\.$/,
    ],
    [
      ['add', ...eve, '--to', 'homer.simpson@globex.example', ...days, ...here],
      /^There is nobody with the address homer/,
    ],
    [['add', ...eve, '--to', 'eve.davis@techcorp.example', ...days, ...here], /somebody else/],
    [['add', ...eve, ...toBob, '--from', '1 Dec', '--until', lastDay, ...here], /^“1 Dec” is not a date/],
    [['add', ...eve, ...toBob, '--from', lastDay, '--until', today, ...here], /before the first/],
    [['add', ...eve, ...toBob, ...days, '--up-to', 'much', ...here], /^“much” is not an amount/],
    [['end', '7', ...here], /^There is no delegation 7 in TechCorp Solutions\.$/],
  ]
  for (const [words, message] of failing) {
    const { out, err, code } = await run(...words)
    expect({ out, code }, words.join(' ')).toEqual({ out: '', code: 1 })
    expect(err.trimEnd()).toMatch(message)
  }
  expect((await run('list', ...here)).out).toBe('Nobody decides for anybody else.\n')
})
