import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Tx } from '../../../src/database/index.ts'
import { decideApproval, withdrawRequest } from '../../../src/features/approvals/index.ts'
import { AppError } from '../../../src/kernel/errors.ts'
import { logger } from '../../../src/kernel/logger.ts'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { CarefulCompany, minute, type Place } from './step-up-support.ts'

let database: TestDatabase
let careful: CarefulCompany

beforeAll(async () => {
  database = await createTestDatabase()
})
// Limits are by person: each test has people of its own.
beforeEach(async () => {
  careful = await CarefulCompany.create(database)
})
afterAll(() => database.drop())

/** An approval for which Frank was sent a code. */
async function sent(place: Place = {}): Promise<string> {
  const approvalId = await careful.open()
  await careful.send(approvalId, place)
  return approvalId
}

/** Types wrong codes one after the other. Returns what each was refused for. */
async function typeWrong(
  approvalId: string,
  count: number,
  place: Place = {},
): Promise<(string | undefined)[]> {
  const said: (string | undefined)[] = []
  for (const code of await careful.wrong(approvalId, count, place)) {
    said.push((await careful.problem(careful.prove(approvalId, code, place)))?.message)
  }
  return said
}

const tally = (problems: (AppError | null)[]) =>
  Object.fromEntries(
    [...Map.groupBy(problems, (problem) => problem?.code ?? 'proven')].map(([code, list]) => [
      code,
      list.length,
    ]),
  )

describe('asking for a code', () => {
  test('again within a minute keeps the one that was sent; later a new one takes its place', async () => {
    const approvalId = await sent()
    const first = await careful.code(approvalId)
    database.clock.advance(minute - 1)
    await careful.send(approvalId)
    expect(await careful.count('step_up')).toBe(1)
    database.clock.advance(1)
    await careful.send(approvalId)
    expect(await careful.count(`outgoing_mail`, `kind = 'code'`)).toBe(2)
    await expect(careful.prove(approvalId, first)).rejects.toMatchObject({
      code: 'code_wrong',
      field: 'code',
    })
    await careful.prove(approvalId, await careful.code(approvalId))
  })

  test('twenty times at once sends one', async () => {
    const approvalId = await careful.open()
    const answers = await Promise.all(Array.from({ length: 20 }, () => careful.send(approvalId)))
    expect(new Set(answers.map(({ expiresAt }) => expiresAt.getTime())).size).toBe(1)
    expect(await careful.count('step_up')).toBe(1)
    expect(await careful.count('outgoing_mail')).toBe(1)
    expect(await careful.count('audit_entry', `action = 'approval.code_sent'`)).toBe(1)
  })

  test('for six approvals in an hour without using one is refused, also at once and in another channel', async () => {
    const approvals = await Promise.all(Array.from({ length: 8 }, () => careful.open()))
    const problems = await Promise.all(
      approvals.map((id) =>
        careful.send(id).then(
          () => null,
          (error: AppError) => error,
        ),
      ),
    )
    expect(tally(problems)).toEqual({ proven: 5, too_many_codes: 3 })
    const place = { channel: 'email' as const }
    await expect(careful.send(approvals[0] ?? '', place)).rejects.toMatchObject({ code: 'too_many_codes' })
    expect(await careful.count('outgoing_mail')).toBe(5)
    expect(await careful.count('surface')).toBe(0)
    await expect(careful.send(await careful.open({ of: 'fred' }), { by: 'fred' })).resolves.toBeDefined()
    database.clock.advance(60 * minute)
    await careful.send(approvals[7] ?? '')
  })

  test('and codes of an app, of which nobody was sent any, do not count', async () => {
    await careful.addAuthenticator('frank')
    for (let n = 0; n < 6; n++) await sent()
    expect(await careful.count('step_up')).toBe(6)
  })

  test('and using it, somebody decides as many as they like', async () => {
    for (let n = 0; n < 8; n++) {
      const approvalId = await sent()
      await careful.prove(approvalId, await careful.code(approvalId))
      await careful.decide(approvalId)
    }
  })

  test('is only for whoever may decide it now, and tells the others what a decision would', async () => {
    const approvalId = await careful.open()
    const refused = async (place: Place, code: string) => {
      await expect(careful.send(approvalId, place)).rejects.toMatchObject({ code, kind: 'user' })
    }
    await refused({ by: 'fay' }, 'not_yours')
    await refused({ by: 'grace' }, 'own_expense')
    const unknown = careful.send(careful.company.id)
    await expect(unknown).rejects.toMatchObject({ code: 'approval_unknown' })
    const [request] = await database.asSuperuser<{ subject_id: string }>(
      'select subject_id from approval_request r join approval a on a.request_id = r.id where a.id = $1',
      [approvalId],
    )
    await careful.company.setActive('frank', false)
    await refused({}, 'person_inactive')
    await careful.company.setActive('frank', true)
    await careful.inside({ by: 'grace' }, (tx) => withdrawRequest(tx, request?.subject_id ?? ''))
    await refused({}, 'already_decided')
    expect(await careful.count('step_up')).toBe(0)
    expect(await careful.count('outgoing_mail')).toBe(0)
  })
})

describe('a wrong code', () => {
  test('says how many tries are left; after five not even the right one is taken', async () => {
    const approvalId = await sent()
    expect(await typeWrong(approvalId, 5)).toEqual([
      'That is not the code. You have 4 more tries.',
      'That is not the code. You have 3 more tries.',
      'That is not the code. You have 2 more tries.',
      'That is not the code. You have one more try.',
      'That is not the code. There are no tries left: please ask for a new one.',
    ])
    const right = await careful.code(approvalId)
    await expect(careful.prove(approvalId, right)).rejects.toMatchObject({
      code: 'too_many_attempts',
      field: 'code',
    })
    await expect(careful.decide(approvalId)).rejects.toMatchObject({ code: 'step_up_required' })
    // A new one is sent at once, and the old one stays worthless.
    await careful.send(approvalId)
    await expect(careful.prove(approvalId, right)).rejects.toMatchObject({ code: 'code_wrong' })
    await careful.prove(approvalId, await careful.code(approvalId))
    await careful.decide(approvalId)
  })

  test('counts for the person, over all their approvals and channels: fifteen an hour, thirty a day', async () => {
    const place = { channel: 'email' as const }
    await typeWrong(await sent(), 5)
    await typeWrong(await sent(place), 5, place)
    const third = await sent()
    const spare = await sent()
    expect((await typeWrong(third, 5)).at(-1)).toBe(
      'That is not the code. Please try again later: there were too many wrong ones.',
    )
    const right = await careful.code(spare)
    const within = (time: string) => ({ code: 'too_many_attempts', message: expect.stringContaining(time) })
    await expect(careful.prove(spare, right)).rejects.toMatchObject(within('an hour'))
    await expect(careful.send(await careful.open())).rejects.toMatchObject(within('an hour'))
    expect(await careful.wrongTries()).toBe(15)
    // Others are not kept from anything.
    const ofFred = await careful.open({ of: 'fred' })
    await careful.sendAndProve(ofFred, { by: 'fred' })
    database.clock.advance(70 * minute)
    for (let n = 0; n < 3; n++) await typeWrong(await sent(), 5)
    expect(await careful.wrongTries()).toBe(30)
    database.clock.advance(70 * minute)
    await expect(careful.send(await careful.open())).rejects.toMatchObject(within('a day'))
    database.clock.advance(23 * 60 * minute)
    const approvalId = await sent()
    await careful.prove(approvalId, await careful.code(approvalId))
  })

  test('is counted though the transaction around the decision comes to nothing', async () => {
    const approvalId = await sent()
    const [wrong = ''] = await careful.wrong(approvalId)
    const deciding = careful.inside({}, async () => {
      await careful.prove(approvalId, wrong)
    })
    await expect(deciding).rejects.toMatchObject({ code: 'code_wrong' })
    expect(await careful.wrongTries()).toBe(1)
    expect(await careful.count('audit_entry', `action = 'approval.code_wrong'`)).toBe(1)
  })

  test('that has not six digits is no try', async () => {
    const approvalId = await sent()
    for (const code of ['', '12345', '1234567', 'abcdef', '١٢٣٤٥٦', '12345６']) {
      await expect(careful.prove(approvalId, code)).rejects.toMatchObject({
        code: 'code_wrong',
        message: 'The code has six digits.',
        field: 'code',
      })
    }
    expect(await careful.wrongTries()).toBe(0)
  })

  test('and a right one too late is told to ask for another', async () => {
    const approvalId = await sent()
    const code = await careful.code(approvalId)
    database.clock.advance(10 * minute)
    const expired = { code: 'code_expired', field: 'code' }
    await expect(careful.prove(approvalId, code)).rejects.toMatchObject(expired)
    await expect(careful.prove(await careful.open(), code)).rejects.toMatchObject(expired)
    expect(await careful.wrongTries()).toBe(0)
  })

  test('of somebody who has left is not looked at', async () => {
    const approvalId = await sent()
    const code = await careful.code(approvalId)
    await careful.company.setActive('frank', false)
    await expect(careful.prove(approvalId, code)).rejects.toMatchObject({ code: 'person_inactive' })
  })
})

describe('twenty guesses at once', () => {
  test('at one code are five', async () => {
    const approvalId = await sent()
    const codes = await careful.wrong(approvalId, 20)
    const problems = await Promise.all(codes.map((code) => careful.problem(careful.prove(approvalId, code))))
    expect(tally(problems)).toEqual({ code_wrong: 5, too_many_attempts: 15 })
    expect(await careful.wrongTries()).toBe(5)
    await expect(careful.prove(approvalId, await careful.code(approvalId))).rejects.toMatchObject({
      code: 'too_many_attempts',
    })
  })

  test('at codes of several approvals and channels are fifteen', async () => {
    const guesses: { approvalId: string; code: string; place: Place }[] = []
    for (const channel of ['slack', 'email', 'slack', 'email'] as const) {
      const approvalId = await sent({ channel })
      const codes = await careful.wrong(approvalId, 5, { channel })
      guesses.push(...codes.map((code) => ({ approvalId, code, place: { channel } })))
    }
    const problems = await Promise.all(
      guesses.map(({ approvalId, code, place }) => careful.problem(careful.prove(approvalId, code, place))),
    )
    expect(tally(problems)).toEqual({ code_wrong: 15, too_many_attempts: 5 })
    expect(await careful.wrongTries()).toBe(15)
    expect(await careful.count('audit_entry', `action = 'approval.code_wrong'`)).toBe(15)
  })

  test('at an app are five', async () => {
    const { uri } = await careful.addAuthenticator('frank')
    const approvalId = await sent()
    const right = Number(careful.shown(uri))
    const codes = Array.from({ length: 20 }, (_, n) => String((right + 1 + n) % 1_000_000).padStart(6, '0'))
    const problems = await Promise.all(codes.map((code) => careful.problem(careful.prove(approvalId, code))))
    expect(problems.filter((problem) => problem?.code === 'code_wrong').length).toBeLessThanOrEqual(5)
    expect(await careful.wrongTries()).toBeLessThanOrEqual(5)
  })

  test('while codes are asked for anew beside them stay within the hour', async () => {
    const approvalId = await sent()
    const guess = async (n: number) => {
      if (n % 5 === 0) await careful.send(approvalId).catch(() => {})
      const [code = ''] = await careful.wrong(approvalId)
      return careful.problem(careful.prove(approvalId, code))
    }
    for (let round = 0; round < 3; round++) {
      await Promise.all(Array.from({ length: 20 }, (_, n) => guess(n)))
      database.clock.advance(minute)
    }
    expect(await careful.wrongTries()).toBe(15)
    expect(await careful.count('step_up')).toBeLessThanOrEqual(5)
  })
})

test('a decision that comes to nothing after the proof is made again without another code', async () => {
  const approvalId = await sent()
  await careful.prove(approvalId, await careful.code(approvalId))
  const broken = async (tx: Tx) => {
    await decideApproval(tx, careful.company.subjects, { approvalId, verdict: 'approve' })
    throw new AppError('broken', 'transient', 'The power went out.')
  }
  await expect(careful.inside({}, broken)).rejects.toMatchObject({ code: 'broken' })
  expect(await careful.status(approvalId)).toBe('asked')
  await careful.decide(approvalId)
})

test('codes, right and wrong, are in no table, no log and no error', async () => {
  const logged: unknown[] = []
  for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const) {
    vi.spyOn(logger, level).mockImplementation((...words: unknown[]) => void logged.push(words))
  }
  const approvalId = await sent()
  const [wrong = ''] = await careful.wrong(approvalId)
  const right = await careful.code(approvalId)
  const problem = await careful.problem(careful.prove(approvalId, wrong))
  await careful.prove(approvalId, right)
  await careful.decide(approvalId)
  vi.restoreAllMocks()
  const tables = await database.asSuperuser<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  )
  const everything: string[] = [
    JSON.stringify(logged),
    JSON.stringify({ ...problem }),
    problem?.message ?? '',
  ]
  for (const { name } of tables) {
    const rows = await database.asSuperuser<{ row: string }>(
      `select to_jsonb(t)::text as row from "${name}" t`,
    )
    everything.push(...rows.map(({ row }) => row))
  }
  expect(everything.some((text) => text.includes(approvalId))).toBe(true)
  // Digits inside an id, a hash or a fraction of a second are no code.
  for (const code of [right, wrong]) {
    const alone = new RegExp(`(?<![0-9a-f.])${code}(?![0-9a-f])`)
    expect(everything.filter((text) => alone.test(text))).toEqual([])
  }
})

test('what was sent, tried and proven is in the audit log, by whom and in which channel', async () => {
  const approvalId = await sent()
  const [wrong = ''] = await careful.wrong(approvalId)
  await careful.problem(careful.prove(approvalId, wrong))
  await careful.prove(approvalId, await careful.code(approvalId))
  const [stepUp] = await database.asSuperuser<{ id: string }>(
    'select id from step_up where approval_id = $1',
    [approvalId],
  )
  const entries = await database.asSuperuser(
    `select action, actor_id, channel, changes from audit_entry where company_id = $1 order by at, id`,
    [careful.company.id],
  )
  const by = { actor_id: careful.company.ids.frank, channel: 'slack' }
  const about = { approval: approvalId, step_up: stepUp?.id, via: 'email' }
  expect(entries).toEqual([
    { action: 'approval.code_sent', ...by, changes: about },
    { action: 'approval.code_wrong', ...by, changes: { ...about, wrong: 1 } },
    { action: 'approval.proven', ...by, changes: { ...about, wrong: 1 } },
  ])
})
