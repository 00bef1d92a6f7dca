import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { SandboxMail } from '../../src/sandbox/client.ts'
import { RunningProgram } from '../support/running-program.ts'
import { frank, grace, Person, said } from './play.ts'

vi.setConfig({ testTimeout: 120_000 })

let program: RunningProgram
const person = (email: string) => new Person(email, () => program.people)
const [Grace, Frank] = [person(grace), person(frank)]

beforeAll(async () => {
  program = await RunningProgram.start()
})
afterAll(() => program.end())

const mailTo = (to: string, what: string, check: (mail: SandboxMail) => boolean) =>
  program.people.waitFor(async () => (await program.people.mails({ to })).find(check), {
    what,
    timeoutMs: 60_000,
  })
/** How somebody chose to hear of things. */
const chose = (email: string, columns: string) =>
  program.sql(
    `insert into preference (person_id, company_id, updated_at, notify_by, quiet_from, quiet_to)
     select id, company_id, now(), ${columns} from person where email = $1
     on conflict (person_id) do update set notify_by = excluded.notify_by, quiet_from = excluded.quiet_from,
       quiet_to = excluded.quiet_to`,
    [email],
  )
/** Lets the time pass that somebody's messages and mails wait for. */
const arrive = (email: string) =>
  program.sql(
    `with held as (update surface s set show_from = null from person p where p.id = s.person_id and p.email = $1
       returning s.id)
     update outbox o set not_before = now() where status = 'pending' and (
       payload ->> 'surfaceId' in (select id::text from held)
       or payload ->> 'mailId' in (select id::text from outgoing_mail where to_address = $1))`,
    [email],
  )

test('who wants mails, and has many waiting, decides about each from one mail', async () => {
  await program.sql('update company set digest_over = 1')
  await chose(frank, `'mail', null, null`)
  const [first, second, third] = [
    await Grace.submit({ merchant: 'One Shop' }),
    await Grace.submit({ merchant: 'Two Shop' }),
    await Grace.submit({ merchant: 'Three Shop' }),
  ]
  await mailTo(frank, 'the first request', ({ subject }) => subject.includes(`(${first.number})`))
  await program.people.waitFor(
    async () => (await program.sql(`select 1 from outgoing_mail where kind = 'digest'`)).length > 0,
    { what: 'the digest to be asked for', timeoutMs: 30_000 },
  )
  await arrive(frank)
  const { text } = await mailTo(frank, 'the digest', ({ subject }) => subject === '3 requests wait for you')
  for (const { number } of [first, second, third]) expect(text).toContain(number)
  const [, , link = ''] = text.match(/https?:\/\/\S+\/a\/[\w.-]+/g) ?? []
  const page = await fetch(link)
  expect(await page.text()).toContain('Three Shop')
  const pressed = await fetch(link, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: new URL(link).origin },
    body: 'decision=approve',
  })
  expect(pressed.status).toBeLessThan(400)
  await program.people.waitFor(
    async () =>
      (
        await program.sql<{ status: string }>('select status from expense where number = $1', [third.number])
      ).some(({ status }) => status !== 'awaiting_approval'),
    { what: 'the decision', timeoutMs: 30_000 },
  )
  const shown = (await Frank.messages()).map((message) => said(message)).join()
  for (const { number } of [first, second, third]) expect(shown).not.toContain(number)
  await program.sql('update company set digest_over = 10')
})

test('in quiet hours nothing arrives; when they end, the card and the mail do', async () => {
  const zone =
    '(select coalesce(person.time_zone, c.time_zone) from company c where c.id = person.company_id)'
  const around = (offset: string) => `to_char((now() + interval '${offset}') at time zone ${zone}, 'HH24:MI')`
  await chose(frank, `'both', ${around('-1 hour')}, ${around('12 hours')}`)
  const { number } = await Grace.submit({ merchant: 'Night Shop' })
  await program.people.waitFor(
    async () =>
      (
        await program.sql(
          `select 1 from surface s join expense e on e.id = s.expense_id
           where s.kind = 'slack.approval' and s.show_from is not null and e.number = $1`,
          [number],
        )
      ).length > 0,
    { what: 'the card to be held back', timeoutMs: 30_000 },
  )
  const shown = async () => (await Frank.messages()).map((message) => said(message)).join()
  const mailed = async () => (await program.people.mails({ to: frank })).map(({ subject }) => subject).join()
  expect(await shown()).not.toContain(number)
  expect(await mailed()).not.toContain(number)
  await arrive(frank)
  await mailTo(frank, 'the request', ({ subject }) => subject.includes(`(${number})`))
  await program.people.waitFor(async () => (await shown()).includes('Night Shop'), {
    what: 'the card of Frank',
    timeoutMs: 30_000,
  })
})
