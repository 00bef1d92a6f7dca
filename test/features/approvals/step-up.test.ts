import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Channel } from '../../../src/database/index.ts'
import { decideSeveral, getStepUp, needsCode, undoDecision } from '../../../src/features/approvals/index.ts'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { CarefulCompany, minute } from './step-up-support.ts'

let database: TestDatabase
let careful: CarefulCompany

beforeAll(async () => {
  database = await createTestDatabase()
})
// Limits are by person: each test has people of its own.
const fresh = async () => {
  careful = await CarefulCompany.create(database)
}
afterAll(() => database.drop())

const channels: Channel[] = ['slack', 'email', 'web', 'api', 'cli']
const required = { code: 'step_up_required', kind: 'user' }

describe('a decision about much money', () => {
  test('is above the amount, and only where the company has one', async () => {
    await fresh()
    const needs = (amountMinor: number) => careful.inside({}, (tx) => needsCode(tx, amountMinor))
    expect([await needs(500_000), await needs(500_001)]).toEqual([false, true])
    const exact = await careful.open({ amountMinor: 500_000 })
    await careful.decide(exact)
    expect(await careful.status(exact)).toBe('approved')
    await database.asSuperuser('update company set step_up_over_minor = null where id = $1', [
      careful.company.id,
    ])
    expect(await needs(900_000_000)).toBe(false)
    await careful.decide(await careful.open())
  })

  test('without a proof is refused in every channel, whatever it is, and changes nothing', async () => {
    await fresh()
    const approvalId = await careful.open()
    for (const channel of channels) {
      for (const verdict of ['approve', 'reject', 'send_back'] as const) {
        await expect(careful.decide(approvalId, { channel }, verdict)).rejects.toMatchObject({
          ...required,
          details: { approvalId },
        })
      }
    }
    expect(await careful.status(approvalId)).toBe('asked')
    expect(await careful.count('audit_entry', `action = 'approval.decided'`)).toBe(0)
  })

  test('several at once: those are refused, the others decided', async () => {
    await fresh()
    const [large, small] = [await careful.open(), await careful.open({ amountMinor: 100 })]
    const decisions = [large, small].map((approvalId) => ({ approvalId, verdict: 'approve' as const }))
    const results = await decideSeveral(database, careful.actor({}), careful.company.subjects, decisions)
    expect(results.map(({ problem }) => problem?.code ?? null)).toEqual(['step_up_required', null])
    expect([await careful.status(large), await careful.status(small)]).toEqual(['asked', 'approved'])
  })

  test('needs none for a question, for taking it back, and for what is decided so already', async () => {
    await fresh()
    const approvalId = await careful.open()
    await careful.decide(approvalId, {}, 'ask')
    await careful.sendAndProve(approvalId)
    await careful.decide(approvalId)
    database.clock.advance(30 * minute)
    await careful.decide(approvalId)
    await careful.inside({}, (tx) => undoDecision(tx, careful.company.subjects, { approvalId }))
    expect(await careful.status(approvalId)).toBe('undone')
  })

  test('with a proof is made, for ten minutes', async () => {
    await fresh()
    const [soon, late] = [await careful.open(), await careful.open()]
    for (const approvalId of [soon, late]) await careful.sendAndProve(approvalId)
    database.clock.advance(10 * minute - 1)
    await careful.decide(soon)
    expect(await careful.status(soon)).toBe('approved')
    database.clock.advance(1)
    await expect(careful.decide(late)).rejects.toMatchObject(required)
  })

  test('asked anew after it was taken back, needs a proof anew', async () => {
    await fresh()
    const approvalId = await careful.open()
    await careful.sendAndProve(approvalId)
    await careful.decide(approvalId)
    await careful.inside({}, (tx) => undoDecision(tx, careful.company.subjects, { approvalId }))
    const [again] = await database.asSuperuser<{ id: string }>(
      `select id from approval where status = 'asked' and request_id = (select request_id from approval where id = $1)
       and approver_id = $2`,
      [approvalId, careful.company.ids.frank],
    )
    await expect(careful.decide(again?.id ?? '')).rejects.toMatchObject(required)
    await careful.sendAndProve(again?.id ?? '')
    await careful.decide(again?.id ?? '')
  })
})

describe('a proof', () => {
  test('of another approval, person or channel does not count', async () => {
    await fresh()
    const [one, other] = [await careful.open(), await careful.open()]
    await careful.sendAndProve(one)
    await expect(careful.decide(other)).rejects.toMatchObject(required)
    await expect(careful.decide(one, { channel: 'email' })).rejects.toMatchObject(required)
    await expect(careful.decide(one, { channel: 'web' })).rejects.toMatchObject(required)
    const ofFred = await careful.open({ of: 'fred' })
    await careful.sendAndProve(ofFred, { by: 'fred' })
    await expect(careful.decide(ofFred)).rejects.toMatchObject({ code: 'not_yours' })
    await careful.decide(one)
  })

  test('is given by the code of this channel and this approval, and by no other', async () => {
    await fresh()
    const [one, other] = [await careful.open(), await careful.open()]
    await careful.send(one)
    await careful.send(one, { channel: 'email' })
    await careful.send(other)
    const code = await careful.code(one)
    await expect(careful.prove(one, code, { channel: 'email' })).rejects.toMatchObject({ code: 'code_wrong' })
    await expect(careful.prove(other, code)).rejects.toMatchObject({ code: 'code_wrong' })
    await expect(careful.prove(one, code, { by: 'fred' })).rejects.toMatchObject({ code: 'code_expired' })
    await expect(careful.prove(one, code, { channel: 'web' })).rejects.toMatchObject({ code: 'code_expired' })
    await careful.prove(one, ` ${code.slice(0, 3)}-${code.slice(3)} `)
    await careful.decide(one)
  })

  test('by somebody who decides for somebody else is their own', async () => {
    await fresh()
    const { id: companyId, ids } = careful.company
    await database.asSuperuser(
      `insert into delegation (id, company_id, principal_id, delegate_id, from_date, to_date, starts_at, ends_at, created_at)
       values (gen_random_uuid(), $1, $2, $3, '2026-11-01', '2027-12-31', '2026-11-01', '2028-01-01', now())`,
      [companyId, ids.frank, ids.fay],
    )
    const approvalId = await careful.open()
    await careful.sendAndProve(approvalId)
    await expect(careful.decide(approvalId, { by: 'fay' })).rejects.toMatchObject(required)
    expect(await careful.send(approvalId, { by: 'fay' })).toMatchObject({ via: 'email' })
    await careful.prove(approvalId, await careful.code(approvalId, { by: 'fay' }), { by: 'fay' })
    await careful.decide(approvalId, { by: 'fay' })
    expect(await careful.status(approvalId)).toBe('approved')
  })

  test('given twice, as by pressing twice, is one, and no mistake', async () => {
    await fresh()
    const approvalId = await careful.open()
    await careful.send(approvalId)
    const code = await careful.code(approvalId)
    await Promise.all([careful.prove(approvalId, code), careful.prove(approvalId, code)])
    expect(await careful.count('audit_entry', `action = 'approval.proven'`)).toBe(1)
    await Promise.all([careful.decide(approvalId), careful.decide(approvalId)])
    expect(await careful.status(approvalId)).toBe('approved')
  })
})

describe('a code', () => {
  test('goes by the other way: from Slack by mail, from a mail by Slack', async () => {
    await fresh()
    const approvalId = await careful.open()
    const expiresAt = new Date(database.clock.now().getTime() + 10 * minute)
    expect(await careful.send(approvalId)).toEqual({
      via: 'email',
      to: `f…@${careful.company.id}.example`,
      expiresAt,
    })
    expect(await careful.send(approvalId, { channel: 'email' })).toEqual({
      via: 'slack',
      to: 'Slack',
      expiresAt,
    })
    const [mail] = await database.asSuperuser<{ step_up_id: string; to_address: string }>(
      `select step_up_id, to_address from outgoing_mail where kind = 'code' and approval_id = $1`,
      [approvalId],
    )
    expect(mail?.to_address).toBe(`frank@${careful.company.id}.example`)
    const [surface] = await database.asSuperuser<{ step_up_id: string; person_id: string }>(
      `select step_up_id, person_id from surface where kind = 'slack.code' and approval_id = $1`,
      [approvalId],
    )
    expect(surface?.person_id).toBe(careful.company.ids.frank)
    const seen = (id: string) => careful.inside({}, (tx) => getStepUp(tx, id))
    const own = {
      approvalId,
      personId: careful.company.ids.frank,
      expiresAt,
      provenAt: null,
      isReplaced: false,
    }
    expect(await seen(mail?.step_up_id ?? '')).toEqual({ ...own, channel: 'slack', via: 'email' })
    expect(await seen(surface?.step_up_id ?? '')).toEqual({ ...own, channel: 'email', via: 'slack' })
  })

  test('is refused where there is no other way, and no decision comes of it', async () => {
    await fresh()
    const approvalId = await careful.open()
    const ofEve = await careful.open({ rank: 5, of: 'eve' })
    const impossible = { code: 'step_up_impossible', message: expect.stringContaining('authenticator app') }
    await expect(careful.send(ofEve, { by: 'eve', channel: 'email' })).rejects.toMatchObject(impossible)
    for (const channel of ['web', 'api', 'cli'] as const) {
      await expect(careful.send(approvalId, { channel })).rejects.toMatchObject(impossible)
    }
    expect(await careful.count('step_up')).toBe(0)
  })

  test('with an app comes from it alone, in every channel', async () => {
    await fresh()
    const { uri } = await careful.addAuthenticator('frank')
    const approvalId = await careful.open()
    for (const channel of ['slack', 'email', 'web'] as const) {
      expect(await careful.send(approvalId, { channel })).toMatchObject({
        via: 'app',
        to: 'your authenticator app',
      })
    }
    expect(await careful.count('outgoing_mail')).toBe(0)
    expect(await careful.count('surface')).toBe(0)
    expect(await careful.count('audit_entry', `action = 'approval.code_asked'`)).toBe(3)
    expect(await careful.count('audit_entry', `action = 'approval.code_sent'`)).toBe(0)
    await expect(careful.prove(approvalId, await careful.code(approvalId))).rejects.toMatchObject({
      code: 'code_wrong',
    })
    await careful.prove(approvalId, careful.shown(uri))
    await careful.decide(approvalId)
  })

  test('of an app is good for one approval: the next one needs the next code', async () => {
    await fresh()
    const { uri } = await careful.addAuthenticator('frank')
    const [one, other] = [await careful.open(), await careful.open()]
    for (const approvalId of [one, other]) await careful.send(approvalId)
    const code = careful.shown(uri)
    const results = await Promise.all([one, other].map((id) => careful.problem(careful.prove(id, code))))
    expect(results.filter((problem) => problem === null)).toHaveLength(1)
    expect(results.find((problem) => problem !== null)).toMatchObject({
      code: 'code_wrong',
      message: 'This code was used already: please wait for the next one. You have 4 more tries.',
    })
    database.clock.advance(minute / 2)
    for (const id of [one, other]) await careful.problem(careful.prove(id, careful.shown(uri)))
    for (const id of [one, other]) await careful.decide(id)
  })
})
