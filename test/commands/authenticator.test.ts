import { afterAll, beforeAll, expect, test } from 'vitest'
import { runOn } from '../support/run-command.ts'
import { createTestDatabase, importExample, type TestDatabase } from '../support/test-database.ts'

const email = 'eve.davis@techcorp.example'
let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await importExample(database)
  await importExample(database, 'globex')
})
afterAll(() => database.drop())

const authenticator = (...words: string[]) => runOn(database.url, 'authenticator', ...words)
const sealed = async () =>
  (
    await database.asSuperuser<{ sealed: string | null }>(
      'select authenticator_sealed as sealed from person where email = $1',
      [email],
    )
  )[0]?.sealed

test('shows once what an app scans, as a picture and as text, and keeps it sealed', async () => {
  const { out, err, code } = await authenticator('add', '--email', 'Eve.Davis@techcorp.example')
  expect({ err, code }).toEqual({ err: '', code: 0 })
  const secret = /Or type in the key: ([A-Z2-7]{32})\n/.exec(out)?.[1] ?? 'none'
  expect(out).toContain(`otpauth://totp/Outlay:eve.davis%40techcorp.example?issuer=Outlay&secret=${secret}&`)
  expect(out).toMatch(/(▄|▀|█){3}/)
  expect(await sealed()).toMatch(/^ey/)
  expect(await sealed()).not.toContain(secret)
})

test('removes it, and says when there is none', async () => {
  await authenticator('add', '--email', email)
  const remove = () => authenticator('remove', '--email', email)
  expect((await remove()).out).toBe('Eve Davis has no authenticator any more: codes are sent again.\n')
  expect(await sealed()).toBeNull()
  expect((await remove()).out).toBe('Eve Davis has no authenticator. Nothing changes.\n')
})

test('the person is told by mail of each', async () => {
  await database.asSuperuser('truncate outgoing_mail cascade')
  await authenticator('add', '--email', email)
  for (let twice = 0; twice < 2; twice++) await authenticator('remove', '--email', email)
  const mails = await database.asSuperuser(
    `select kind, to_address as to, details ->> 'authenticator' as what from outgoing_mail order by created_at, id`,
  )
  const mail = { kind: 'authenticator', to: email }
  expect(mails).toEqual([
    { ...mail, what: 'added' },
    { ...mail, what: 'removed' },
  ])
})

test('says when there is no such person', async () => {
  for (const what of ['add', 'remove']) {
    expect(await authenticator(what, '--email', 'x@y.example')).toEqual({
      out: '',
      err: 'There is nobody with the address x@y.example.\n',
      code: 1,
    })
  }
})

test('takes a company like the other commands: nobody of another one is found in it', async () => {
  expect(await authenticator('remove', '--email', email, '--company', 'TechCorp Solutions')).toMatchObject({
    err: '',
    code: 0,
  })
  for (const what of ['add', 'remove']) {
    const run = (company: string) => authenticator(what, '--email', email, '--company', company)
    expect(await run('Globex')).toEqual({
      out: '',
      err: `There is nobody with the address ${email} in Globex.\n`,
      code: 1,
    })
    expect((await run('Nobody’s')).err).toMatch(/^Say which company/)
  }
})
