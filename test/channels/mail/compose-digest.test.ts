import nodemailer from 'nodemailer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { composeMail } from '../../../src/channels/mail/compose-mail.ts'
import type { MailChannel } from '../../../src/channels/mail/mail-channel.ts'
import { getMail, openLink } from '../../../src/features/notifications/index.ts'
import { parseLinkKeys } from '../../../src/kernel/signed-link.ts'
import { bob, TwoSteps } from '../../features/expenses/two-steps.ts'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'

let database: TestDatabase
let company: TwoSteps
let channel: MailChannel
const keys = parseLinkKeys(`k1:${'s'.repeat(32)}`)

beforeAll(async () => {
  database = await createTestDatabase()
  company = await TwoSteps.create(database)
  channel = {
    database,
    transport: nodemailer.createTransport({ jsonTransport: true }),
    from: 'Outlay <outlay@example.com>',
    site: { publicUrl: 'https://outlay.example', keys },
    authservId: null,
    dataKey: 'd'.repeat(32),
  }
  await database.asSuperuser('update company set digest_over = 1')
})
afterAll(() => database.drop())

const digests = () =>
  database.asSuperuser<{ id: string; send_from: Date }>(
    `select id, send_from from outgoing_mail where kind = 'digest' and to_address = $1 order by id`,
    [bob],
  )
const composed = (id: string) => company.inside(async (tx) => composeMail(channel, tx, await getMail(tx, id)))

test('a digest names all that waits when it is sent, each with the reader’s own way to decide it', async () => {
  for (let made = 0; made < 4; made += 1) await company.later(() => company.submitted())
  const [mail] = await digests()
  const content = await composed(mail?.id ?? '')
  expect(content?.subject).toBe('4 requests wait for you')
  const links = [...(content?.text ?? '').matchAll(/https:\/\/outlay\.example\/a\/(\S+)/g)]
  const asked = await database.asSuperuser<{ id: string }>(
    `select approval_id as id from approval_ask where ended_at is null order by 1`,
  )
  const personId = await company.personId(bob)
  const opened = []
  for (const [, token = ''] of links)
    opened.push(await openLink(keys, 'approval', token, database.clock.now()))
  expect(opened).toEqual(
    asked.map(({ id }) => ({ claims: { company: company.id, person: personId, approval: id } })),
  )
})

test('what does not fit comes in another mail on the next working day, asked for once', async () => {
  for (let batch = 0; batch < 7; batch += 1)
    await Promise.all(Array.from({ length: 7 }, () => company.submitted()))
  const [mail] = await digests()
  database.clock.set('2026-11-20T15:20:00Z')
  for (let tries = 0; tries < 2; tries += 1) {
    const content = await composed(mail?.id ?? '')
    expect(content?.subject).toBe('53 requests wait for you')
    expect(content?.text).toContain('And 3 more.')
  }
  expect((await digests()).map(({ send_from }) => send_from.toISOString())).toEqual([
    expect.stringMatching(/^2026-11-20T15:1/),
    '2026-11-23T09:00:00.000Z',
  ])
}, 120_000)

test('nothing is sent when nothing waits any more, or to somebody who left', async () => {
  const [mail] = await digests()
  await database.asSuperuser('update person set active = false where email = $1', [bob])
  expect(await composed(mail?.id ?? '')).toBeNull()
  await database.asSuperuser('update person set active = true where email = $1', [bob])
  await database.asSuperuser('update approval_ask set ended_at = now()')
  expect(await composed(mail?.id ?? '')).toBeNull()
})
