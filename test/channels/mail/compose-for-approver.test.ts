import nodemailer from 'nodemailer'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { composeMail } from '../../../src/channels/mail/compose-mail.ts'
import type { MailChannel } from '../../../src/channels/mail/index.ts'
import { inCompany, type Tx } from '../../../src/database/index.ts'
import { codeOf, proveWithCode, sendCode } from '../../../src/features/approvals/index.ts'
import { viewExpense } from '../../../src/features/expenses/index.ts'
import { getMail, type MailToSend, queueMail } from '../../../src/features/notifications/index.ts'
import { addDelegation, endDelegation, peopleByEmail } from '../../../src/features/people/index.ts'
import { dateIn } from '../../../src/kernel/calendar-date.ts'
import { parseLinkKeys } from '../../../src/kernel/signed-link.ts'
import { doTurns } from '../../support/do-work.ts'
import { as } from '../../support/test-database.ts'
import { dataKey, frank, grace, openPages, type Pages } from '../http/pages-support.ts'

const bob = 'bob.smith@techcorp.example'
const eve = 'eve.davis@techcorp.example'
let pages: Pages
let channel: MailChannel
let company: string
beforeAll(async () => {
  pages = await openPages()
  const [row] = await pages.database.asSuperuser<{ company_id: string }>(
    'select company_id from person where email = $1',
    [grace],
  )
  company = row?.company_id ?? ''
  channel = {
    database: pages.database,
    transport: nodemailer.createTransport({ streamTransport: true, buffer: true }),
    from: 'Outlay <outlay@techcorp.example>',
    site: { publicUrl: 'https://outlay.example', keys: parseLinkKeys(`k1:${'s'.repeat(32)}`) },
    authservId: null,
    dataKey,
  }
})
afterAll(() => pages.close())
beforeEach(async () => {
  pages.database.clock.advance(1000)
  await pages.database.asSuperuser(
    'update delegation set starts_at = created_at, ends_at = created_at where ends_at > $1',
    [pages.database.clock.now()],
  )
  await pages.database.asSuperuser(`update approval set status = 'not_needed' where status = 'asked'`)
  await pages.database.asSuperuser('update approval_ask set ended_at = $1 where ended_at is null', [
    pages.database.clock.now(),
  ])
})

const system = <T>(work: (tx: Tx) => Promise<T>) =>
  inCompany(pages.database, { companyId: company, actor: { personId: null, channel: 'system' } }, work)
const compose = (mailId: string) => system(async (tx) => composeMail(channel, tx, await getMail(tx, mailId)))
const mailsTo = (kind: string, to: string) =>
  pages.database.asSuperuser<{ id: string }>(
    'select id from outgoing_mail where kind = $1 and to_address = $2 order by id desc',
    [kind, to],
  )
const newest = async (kind: string, to: string) => compose((await mailsTo(kind, to))[0]?.id ?? '')
const idOf = (email: string) => system(async (tx) => (await peopleByEmail(tx, [email]))[0]?.id ?? '')
const turn = () => doTurns(pages.database)
const linksIn = (text: string | undefined) =>
  text?.match(/https:\/\/outlay\.example\/[ade]\/[\w.-]+\S*/g) ?? []

async function delegate(change: { from?: string; upTo?: string } = {}): Promise<string> {
  const delegateId = await idOf(bob)
  const { id } = await as(pages.database, frank, (tx) =>
    addDelegation(tx, {
      principalId: tx.actor.personId ?? '',
      delegateId,
      from: change.from ?? dateIn(pages.database.clock.now(), 'America/New_York'),
      to: '2026-12-14',
      upTo: change.upTo ?? null,
    }),
  )
  await turn()
  return id
}
const end = async (id: string) => {
  pages.database.clock.advance(1000)
  await as(pages.database, frank, (tx) => endDelegation(tx, id))
  await turn()
}
const approvalOf = async (id: string) =>
  (await system((tx) => viewExpense(tx, id)))?.steps[0]?.approvers[0]?.approvalId ?? ''

describe('the mail that asks', () => {
  test('asks the delegate of an approver in their place, with links of their own', async () => {
    await delegate()
    await pages.lunch()
    const mail = await newest('approval_request', bob)
    expect(mail?.text).toContain('You are asked because you decide for Frank Miller until Dec 14, 2026')
    const [link, away] = linksIn(mail?.text)
    expect(away).toBe(`${link}/delegate`)
    const path = (link ?? '').replace('https://outlay.example', '')
    expect((await pages.get(path)).body).toContain('This page is for you, Bob Smith.')
  })

  test('asks nobody in whose place somebody else is asked before it could leave', async () => {
    await pages.lunch()
    expect(await newest('approval_request', frank)).not.toBeNull()
    await delegate()
    expect(await newest('approval_request', frank)).toBeNull()
  })

  test('reminds with the day since which it waits, as long as it does', async () => {
    const { id, theirs } = await pages.lunch()
    const approvalId = await approvalOf(id)
    const to = { address: frank, personId: await idOf(frank) }
    await system((tx) => queueMail(tx, { kind: 'reminder', to, expenseId: id, approvalId }))
    const mail = await newest('reminder', frank)
    expect(mail?.subject).toMatch(/^Reminder: Grace Taylor asks for your approval: /)
    expect(mail?.html).toContain('Still waiting for you since Fri, Nov 20')
    await pages.post(theirs, { decision: 'approve' })
    expect(await newest('reminder', frank)).toBeNull()
  })
})

describe('the mail with a code', () => {
  const ask = async () => {
    const { id } = await pages.lunch()
    const approvalId = await approvalOf(id)
    pages.database.clock.advance(60 * 60_000)
    await as(pages.database, frank, (tx) => sendCode(tx, { approvalId }))
    const [row] = await pages.database.asSuperuser<{ id: string }>(
      'select id from step_up where approval_id = $1',
      [approvalId],
    )
    return { id, approvalId, code: codeOf(dataKey, row?.id ?? '') }
  }

  test('brings the code and what it is for, and nothing once it was typed', async () => {
    const { id, approvalId, code } = await ask()
    const number = (await system((tx) => viewExpense(tx, id)))?.number
    const mail = await newest('code', frank)
    expect(mail?.subject).toBe(`Your code to decide about ${number}`)
    expect(mail?.text.split('\n')).toContain(`${code.slice(0, 3)} ${code.slice(3)}`)
    const actor = { personId: await idOf(frank), channel: 'slack' as const }
    await proveWithCode(pages.database, { companyId: company, actor }, { approvalId, code, dataKey })
    expect(await newest('code', frank)).toBeNull()
  })

  test('brings nothing once it is too old, or there is nothing to decide any more', async () => {
    await ask()
    pages.database.clock.advance(9 * 60_000)
    expect(await newest('code', frank)).not.toBeNull()
    pages.database.clock.advance(60_000)
    expect(await newest('code', frank)).toBeNull()
    const { approvalId } = await ask()
    expect(await newest('code', frank)).not.toBeNull()
    await pages.database.asSuperuser(`update approval set status = 'not_needed' where id = $1`, [approvalId])
    expect(await newest('code', frank)).toBeNull()
  })
})

describe('the mails about a delegation', () => {
  test('as it begins: to the delegate what waits, with their links; to the principal a way to end it', async () => {
    const { id } = await pages.lunch()
    const number = (await system((tx) => viewExpense(tx, id)))?.number ?? ''
    await delegate({ upTo: '500.00' })
    const his = await newest('delegation', bob)
    expect(his?.subject).toBe('You decide for Frank Miller from now on')
    expect(his?.text).toContain('This waits for you now')
    expect(his?.text).toContain(`(${number}):`)
    const [link = ''] = linksIn(his?.text)
    expect((await pages.get(link.replace('https://outlay.example', ''))).body).toContain('value="approve"')
    const own = await newest('delegation', frank)
    expect(own?.subject).toBe('Bob Smith decides for you from now on')
    const manage = linksIn(own?.text).find((url) => url.includes('/d/')) ?? ''
    expect((await pages.get(manage.replace('https://outlay.example', ''))).body).toContain('End now')
  })

  test('as it ends: to the principal what is theirs again; the one that told of its beginning is silent', async () => {
    await pages.lunch()
    const id = await delegate()
    const [begun] = await mailsTo('delegation', bob)
    await end(id)
    const own = await newest('delegation', frank)
    expect(own?.subject).toBe('Bob Smith does not decide for you any more')
    expect(own?.text).toContain('This waits for you now')
    expect((await newest('delegation', bob))?.subject).toBe('You do not decide for Frank Miller any more')
    expect(await compose(begun?.id ?? '')).toBeNull()
  })

  test('made for later: both are told, also who made it, and it names nothing yet', async () => {
    await pages.lunch()
    await delegate({ from: '2026-12-01' })
    const mail = await newest('delegation', bob)
    expect(mail?.subject).toBe('You will decide for Frank Miller, from Dec 1, 2026')
    expect(linksIn(mail?.text)).toEqual([])
    const own = await newest('delegation', frank)
    expect(own?.subject).toBe('Bob Smith will decide for you, from Dec 1, 2026')
    expect(own?.text).toContain('Did you not arrange this?')
    expect(linksIn(own?.text)).toEqual([expect.stringContaining('/d/')])
  })

  test('tell apart two principals of the same name', async () => {
    await pages.lunch()
    await pages.trip()
    const rename = (name: string) =>
      pages.database.asSuperuser('update person set name = $1 where email = $2', [name, eve])
    await rename('Frank Miller')
    try {
      await delegate()
      const delegateId = await idOf(bob)
      const days = { from: '2026-11-20', to: '2026-12-14', upTo: null }
      await as(pages.database, eve, (tx) =>
        addDelegation(tx, { principalId: tx.actor.personId ?? '', delegateId, ...days }),
      )
      await turn()
      // Both of Frank's, and none of Eve's.
      const [ofEve, ofFrank] = await mailsTo('delegation', bob)
      expect((await compose(ofFrank?.id ?? ''))?.text).toContain('These 2 wait for you now')
      expect((await compose(ofEve?.id ?? ''))?.text).toContain('Nothing waits for you now.')
    } finally {
      await rename('Eve Davis')
    }
  })

  test('wait until what they list is passed on', async () => {
    await pages.lunch()
    await delegate()
    const [mail] = await mailsTo('delegation', bob)
    await pages.database.asSuperuser(
      `update outbox set status = 'pending'
       where id = (select id from outbox where job = 'approval.sync_asks' order by id desc limit 1)`,
    )
    await expect(compose(mail?.id ?? '')).rejects.toMatchObject({ code: 'not_passed_on', kind: 'transient' })
    expect(await turn()).toContain('done')
    expect((await compose(mail?.id ?? ''))?.text).toContain('This waits for you now')
  })

  test('name twenty of what waits, and count the rest', async () => {
    for (let count = 0; count < 22; count += 1) await pages.lunch()
    await delegate()
    const mail = await newest('delegation', bob)
    expect(linksIn(mail?.text)).toHaveLength(20)
    expect(mail?.text).toContain('These 22 wait for you now')
    expect(mail?.text).toContain('And 2 more.')
  })

  test('as it begins says how many stay with the principal, and that none wait for the delegate', async () => {
    await pages.lunch()
    await pages.lunch()
    await delegate({ upTo: '5.00' })
    expect((await newest('delegation', frank))?.text.replaceAll('\u00a0', ' ')).toContain(
      '2 requests stay with you: they are Bob Smith’s own, of somebody whom they report to or above USD 5.00.',
    )
    expect((await newest('delegation', bob))?.text).toContain('Nothing waits for you now.')
  })
})

test('the way to let somebody decide is good for a day', async () => {
  const to = { address: frank, personId: await idOf(frank) }
  await system((tx) => queueMail(tx, { kind: 'delegation_link', to }))
  const mail = await newest('delegation_link', frank)
  expect(mail?.subject).toBe('Your link: let somebody decide for you')
  const [link = ''] = linksIn(mail?.text)
  const path = link.replace('https://outlay.example', '')
  pages.database.clock.advance(86_400_000 - 2000)
  expect((await pages.get(path)).body).toContain('This page is for you, Frank Miller.')
  pages.database.clock.advance(3000)
  const late = await pages.get(path)
  expect(late.statusCode).toBe(410)
  expect(late.body).toContain('have a new one mailed to you')
})

test('an approved request to spend is told its submitter, and no more once it is given back', async () => {
  const { id } = await pages.lunch()
  const to = { address: grace, personId: await idOf(grace) }
  await pages.database.asSuperuser(`update expense set kind = 'request', status = 'approved' where id = $1`, [
    id,
  ])
  const mail: MailToSend = { kind: 'approved_request', to, expenseId: id }
  await system((tx) => queueMail(tx, mail))
  expect((await newest('approved_request', grace))?.subject).toMatch(/^You may spend USD /)
  await pages.database.asSuperuser(`update expense set status = 'cancelled' where id = $1`, [id])
  expect(await newest('approved_request', grace)).toBeNull()
})

test('a notice by a rule says that its reader is asked as well, also in the place of somebody else', async () => {
  await delegate()
  const { id } = await pages.lunch()
  const details = { sentences: ['Meals are told of'] }
  for (const [email, words] of [
    [bob, 'You are asked to approve it by a mail of its own.'],
    [eve, 'you do not have to do anything'],
  ] as const) {
    const to = { address: email, personId: await idOf(email) }
    await system((tx) => queueMail(tx, { kind: 'notice', to, expenseId: id, details }))
    expect((await newest('notice', email))?.text).toContain(words)
  }
})

test('a code that was replaced by a newer one is not mailed any more', async () => {
  const approvalId = await approvalOf((await pages.lunch()).id)
  const send = () => as(pages.database, frank, (tx) => sendCode(tx, { approvalId }))
  pages.database.clock.advance(60 * 60_000)
  await send()
  pages.database.clock.advance(2 * 60_000)
  await send()
  const [second, first] = await mailsTo('code', frank)
  expect(await compose(first?.id ?? '')).toBeNull()
  expect(await compose(second?.id ?? '')).not.toBeNull()
})
