import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Actor, inCompany, type Tx } from '../../../src/database/index.ts'
import {
  addAuthenticator,
  checkAuthenticator,
  hasAuthenticator,
  peopleByEmail,
  removeAuthenticator,
} from '../../../src/features/people/index.ts'
import { createTestDatabase, importExample, type TestDatabase } from '../../support/test-database.ts'

const dataKey = 'd'.repeat(32)
const console_: Actor = { personId: null, channel: 'cli' }
const email = 'eve.davis@techcorp.example'
let database: TestDatabase
let companyId: string
let eve: string

beforeAll(async () => {
  database = await createTestDatabase()
  companyId = await importExample(database)
  eve = (await inside((tx) => peopleByEmail(tx, [email])))[0]?.id ?? ''
})
afterAll(() => database.drop())

const inside = <T>(work: (tx: Tx) => Promise<T>, actor = console_) =>
  inCompany(database, { companyId, actor }, work)
const add = () => inside((tx) => addAuthenticator(tx, eve, dataKey))
const check = (code: string, key = dataKey) =>
  inside((tx) => checkAuthenticator(tx, eve, { code, dataKey: key }))

/** What an app that scanned this shows, some steps from now: RFC 6238 written out once more. */
function shownBy(uri: string, steps = 0): string {
  const { searchParams } = new URL(uri)
  expect(Object.fromEntries(searchParams)).toMatchObject({ algorithm: 'SHA1', digits: '6', period: '30' })
  const letters = [...(searchParams.get('secret') ?? '')]
  const bits = letters.map((letter) => base32.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const secret = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(database.clock.now().getTime() / 30_000) + steps))
  const mac = createHmac('sha1', secret).update(counter).digest()
  const place = (mac.at(-1) ?? 0) & 15
  return String((mac.readUInt32BE(place) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}
const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

test('an app that scans the address shows the codes that count, a step early or late, and no others', async () => {
  const { uri, secret } = await add()
  expect(new URL(uri).searchParams.get('secret')).toBe(secret)
  expect(uri).toMatch(
    /^otpauth:\/\/totp\/Outlay:eve\.davis%40techcorp\.example\?issuer=Outlay&secret=[A-Z2-7]{32}&/,
  )
  expect(await inside((tx) => hasAuthenticator(tx, eve))).toBe(true)
  for (const steps of [-2, 2]) expect(await check(shownBy(uri, steps))).toBe('wrong')
  for (const code of ['', '12345', '1234567', 'äöüßé€', '١٢٣٤٥٦']) expect(await check(code)).toBe('wrong')
  for (const steps of [-1, 0, 1]) expect(await check(shownBy(uri, steps))).toBe('right')
})

test('a code is taken once, and no earlier one after it', async () => {
  const { uri } = await add()
  expect(await check(shownBy(uri))).toBe('right')
  expect(await check(shownBy(uri))).toBe('used')
  expect(await check(shownBy(uri, -1))).toBe('used')
  database.clock.advance(30_000)
  expect(await check(shownBy(uri, -1))).toBe('used')
  expect(await check(shownBy(uri))).toBe('right')
})

test('of twenty who type the same code at once, one is right', async () => {
  const { uri } = await add()
  const answers = await Promise.all(Array.from({ length: 20 }, () => check(shownBy(uri))))
  expect(answers.filter((answer) => answer === 'right')).toHaveLength(1)
  expect(answers.filter((answer) => answer === 'used')).toHaveLength(19)
})

test('adding one ends the one before, and what was used of it', async () => {
  const first = await add()
  expect(await check(shownBy(first.uri))).toBe('right')
  const second = await add()
  expect(second.secret).not.toBe(first.secret)
  expect(await check(shownBy(first.uri, 1))).toBe('wrong')
  expect(await check(shownBy(second.uri))).toBe('right')
})

test('the secret is kept under DATA_KEY alone', async () => {
  const { secret, uri } = await add()
  const [row] = await database.asSuperuser<{ row: string }>(
    `select jsonb_build_object('p', to_jsonb(p), 'a', (select jsonb_agg(to_jsonb(e)) from audit_entry e),
       'v', (select jsonb_agg(to_jsonb(v)) from audit_personal v))::text as row from person p where id = $1`,
    [eve],
  )
  expect(row?.row).toContain('person.authenticator_added')
  expect(row?.row).not.toContain(secret)
  await expect(check(shownBy(uri), 'e'.repeat(32))).rejects.toMatchObject({ code: 'sealed_text_unreadable' })
})

test('without one every code is wrong; removing it twice is no mistake, and written down once', async () => {
  const { uri } = await add()
  const remove = () => inside((tx) => removeAuthenticator(tx, eve))
  expect([await remove(), await remove()]).toEqual([true, false])
  expect(await inside((tx) => hasAuthenticator(tx, eve))).toBe(false)
  expect(await check(shownBy(uri))).toBe('wrong')
  const entries = await database.asSuperuser(
    `select channel, subject_id from audit_entry where action = 'person.authenticator_removed'`,
  )
  expect(entries).toEqual([{ channel: 'cli', subject_id: eve }])
})

test('nobody adds or removes one through a channel, whoever they are', async () => {
  await add()
  const actors: Actor[] = [
    { personId: eve, channel: 'slack' },
    { personId: eve, channel: 'cli' },
    { personId: null, channel: 'system' },
  ]
  for (const actor of actors) {
    const refused = { code: 'console_only', kind: 'user' }
    await expect(inside((tx) => addAuthenticator(tx, eve, dataKey), actor)).rejects.toMatchObject(refused)
    await expect(inside((tx) => removeAuthenticator(tx, eve), actor)).rejects.toMatchObject(refused)
  }
  expect(await inside((tx) => hasAuthenticator(tx, eve))).toBe(true)
})
