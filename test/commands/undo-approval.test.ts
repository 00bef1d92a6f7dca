import { afterAll, beforeAll, expect, test } from 'vitest'
import { bob, cas, TwoSteps } from '../features/expenses/two-steps.ts'
import { type Printed, runOn } from '../support/run-command.ts'
import { createTestDatabase, importExample, type TestDatabase } from '../support/test-database.ts'

let database: TestDatabase
let company: TwoSteps
beforeAll(async () => {
  database = await createTestDatabase()
  company = await TwoSteps.create(database)
  await importExample(database, 'globex')
})
afterAll(() => database.drop())

/** What `approvals undo` prints, on either channel, and with which code it ends. */
async function undo(...words: string[]): Promise<Pick<Printed, 'out' | 'code'>> {
  const { out, err, code } = await runOn(database.url, 'approvals', 'undo', ...words)
  return { out: out + err, code }
}

const here = ['--company', 'Two steps']

test('takes back what a person decided last, as that person, by the console', async () => {
  // The command has a clock of its own.
  await database.asSuperuser(`update company set rollback_hours = 1000000 where name = 'Two steps'`)
  const id = await company.submitted()
  const { number } = await company.view(id)
  await company.decide(id, bob)
  await company.decide(id, cas, 'reject')
  expect(await undo(number, '--as', 'Cas@two.example', ...here)).toEqual({
    out: `The rejection of ${number} by Cas is taken back.\n`,
    code: 0,
  })
  expect(await company.view(id)).toMatchObject({
    status: 'awaiting_approval',
    undone: [{ name: 'Cas', what: 'rejected', by: 'Cas', channel: 'cli' }],
  })
  const entry = await database.asSuperuser(
    `select p.email, channel from audit_entry e join person p on p.id = e.actor_id where action = 'approval.undone'`,
  )
  expect(entry).toEqual([{ email: cas, channel: 'cli' }])
})

test('says why not', async () => {
  const id = await company.submitted()
  const { number } = await company.view(id)
  const failing: [string[], RegExp][] = [
    [[number, '--as', bob], /^Say which company: --company with one of “Globex.*”, “Two steps”\.\n$/],
    [
      [number, '--as', 'x@y.example', ...here],
      /^There is nobody with the address x@y\.example in Two steps\.\n$/,
    ],
    [['EXP-1999-0001', '--as', bob, ...here], /^There is no expense “EXP-1999-0001”\.\n$/],
    [[number, '--as', bob, ...here], new RegExp(`^Bob has decided nothing about ${number}\\.\\n$`)],
  ]
  for (const [words, message] of failing) {
    expect(await undo(...words)).toEqual({ out: expect.stringMatching(message), code: 1 })
  }
  await company.decide(id, bob)
  await database.asSuperuser(`update company set rollback_hours = 0 where name = 'Two steps'`)
  expect(await undo(number, '--as', bob, ...here)).toEqual({
    out: 'A decision cannot be taken back here.\n',
    code: 1,
  })
})
