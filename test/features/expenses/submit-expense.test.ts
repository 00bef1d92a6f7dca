import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { shownTo } from '../../../src/channels/slack/people/in-their-language.ts'
import { acrossCompanies, inCompany } from '../../../src/database/index.ts'
import { decideApproval, summarizeRequest } from '../../../src/features/approvals/index.ts'
import {
  discardExpense,
  draftExpense,
  editExpense,
  reactToApproval,
  routeExpense,
  submitExpense,
  viewExpense,
  withdrawExpense,
} from '../../../src/features/expenses/index.ts'
import { listCategories, listReasons } from '../../../src/features/people/index.ts'
import { AppError } from '../../../src/kernel/errors.ts'
import { submitAnother } from '../../support/submit-another.ts'
import { as, createTestDatabase, importExample, type TestDatabase } from '../../support/test-database.ts'

const grace = 'grace.taylor@techcorp.example'
const frank = 'frank.miller@techcorp.example'
const eve = 'eve.davis@techcorp.example'
const david = 'david.wilson@techcorp.example'
const alice = 'alice.chen@techcorp.example'
const fay = 'fay.adams@techcorp.example'
const subjects = { expense: reactToApproval }

let database: TestDatabase
let techCorp: string
let deliveries = 0

beforeAll(async () => {
  database = await createTestDatabase()
  techCorp = await importExample(database, 'company')
  await importExample(database, 'globex')
})
afterAll(() => database.drop())

interface Claim {
  by?: string
  category?: string
  amount?: string
  currency?: string
  merchant?: string
}

/** A complete draft. */
async function draft({
  by = grace,
  category = 'equipment',
  amount = '150.00',
  currency = 'USD',
  merchant,
}: Claim = {}): Promise<string> {
  return as(database, by, async (tx) => {
    const expense = await draftExpense(tx, {
      submitterId: tx.actor.personId ?? '',
      source: 'slack',
      deliveryKey: `test:${deliveries++}`,
      files: [],
    })
    const categoryId = (await listCategories(tx)).find(({ key }) => key === category)?.id ?? ''
    await editExpense(tx, expense.id, {
      merchant: merchant ?? `Shop ${deliveries}`,
      amount,
      currency,
      date: '2026-11-03',
      categoryId,
    })
    return expense.id
  })
}

async function submitted(claim: Claim = {}): Promise<string> {
  const id = await draft(claim)
  await as(database, claim.by ?? grace, (tx) => submitExpense(tx, id))
  return id
}

const view = (id: string) =>
  inCompany(database, { companyId: techCorp, actor: { personId: null, channel: 'system' } }, async (tx) => {
    const found = await viewExpense(tx, id)
    if (!found) throw new Error('no such expense')
    return found
  })

const planOf = async (id: string) =>
  (await view(id)).steps.map(({ approvers }) => approvers.map(({ name }) => name.split(' ')[0]))

async function decide(
  id: string,
  by: string,
  verdict: 'approve' | 'reject' | 'send_back' = 'approve',
  comment?: string,
): Promise<void> {
  await as(database, by, async (tx) => {
    const request = await summarizeRequest(tx, id)
    const own = request?.steps
      .flatMap(({ approvals }) => approvals)
      .find(({ approverId }) => approverId === tx.actor.personId)
    await decideApproval(tx, subjects, {
      approvalId: own?.id ?? '00000000-0000-7000-8000-000000000000',
      verdict,
      comment,
    })
  })
}

describe('the example policies route by category and amount', () => {
  test.each([
    ['equipment', '2000.00', [['Frank']]],
    ['equipment', '2000.01', [['Frank'], ['Eve'], ['David']]],
    ['travel', '10.00', [['Frank'], ['Eve']]],
    ['meals', '500.00', [['Frank']]],
    ['other', '500.01', [['Frank'], ['Eve']]],
  ])('%s of USD %s', async (category, amount, plan) => {
    expect(await planOf(await submitted({ category, amount }))).toEqual(plan)
  })

  test('bands compare in the company’s currency at the rate of the day', async () => {
    const id = await submitted({ amount: '1900.00', currency: 'EUR' })
    const { companyAmount, rate, steps } = await view(id)
    expect(companyAmount?.currency).toBe('USD')
    expect(companyAmount?.minor).toBeGreaterThan(200000)
    expect(rate?.date).toBe('2026-11-01')
    expect(steps).toHaveLength(3)
  })

  test('without a rate nothing is guessed', async () => {
    const id = await draft({ amount: '10.00', currency: 'GEL' })
    await expect(as(database, grace, (tx) => submitExpense(tx, id))).rejects.toMatchObject({
      code: 'no_rate',
    })
    expect((await view(id)).status).toBe('draft')
  })

  test('the chief’s expense goes to finance, not to a report', async () => {
    expect(await planOf(await submitted({ by: alice }))).toEqual([['Fay']])
  })

  test('a submitter in finance is not their own fallback', async () => {
    const id = await submitted({ by: fay, amount: '10.00' })
    expect(await planOf(id)).toEqual([['Frank']])
  })
})

describe('deciding', () => {
  test('walks the steps in order and ends approved, with the document asked for in the same transaction', async () => {
    const id = await submitted({ amount: '5000.00' })
    await expect(decide(id, eve)).rejects.toMatchObject({ code: 'not_asked' })
    for (const [approver, status] of [
      [frank, 'awaiting_approval'],
      [eve, 'awaiting_approval'],
      [david, 'approved'],
    ] as const) {
      await decide(id, approver)
      expect((await view(id)).status).toBe(status)
    }
    const jobs = await acrossCompanies(database, (tx) =>
      tx.em.execute<unknown[]>(
        `select id from outbox where job = 'expense.document' and payload ->> 'expenseId' = ?`,
        [id],
      ),
    )
    expect(jobs).toHaveLength(1)
  })

  test('two decisions on one approval at the same moment: one counts, the other is told who decided', async () => {
    for (let round = 0; round < 10; round++) {
      const id = await submitted()
      const results = await Promise.allSettled([
        decide(id, frank, 'approve'),
        decide(id, frank, 'reject', 'no'),
      ])
      const lost = results.filter((result) => result.status === 'rejected')
      expect(lost).toHaveLength(1)
      expect(lost[0]?.reason).toMatchObject({
        code: 'already_decided',
        details: { decidedBy: 'Frank Miller' },
      })
      expect(['approved', 'rejected']).toContain((await view(id)).status)
    }
  })

  test('the last two steps at the same moment leave nothing pending', async () => {
    for (let round = 0; round < 10; round++) {
      const id = await submitted({ category: 'travel' })
      await decide(id, frank)
      await Promise.allSettled([decide(id, eve), decide(id, eve), decide(id, frank)])
      expect((await view(id)).status).toBe('approved')
    }
  })

  test('nobody decides their own expense, and nobody somebody else’s approval', async () => {
    const id = await submitted()
    const approvalId = (await view(id)).steps[0]?.approvers[0]?.approvalId ?? ''
    for (const person of [grace, eve, alice]) {
      const attempt = as(database, person, (tx) =>
        decideApproval(tx, subjects, { approvalId, verdict: 'approve' }),
      )
      await expect(attempt).rejects.toMatchObject({ kind: 'user' })
    }
    expect((await view(id)).status).toBe('awaiting_approval')
  })

  test('another company cannot even see that the approval exists', async () => {
    const approvalId = (await view(await submitted())).steps[0]?.approvers[0]?.approvalId ?? ''
    const attempt = as(database, 'hank.scorpio@globex.example', (tx) =>
      decideApproval(tx, subjects, { approvalId, verdict: 'approve' }),
    )
    await expect(attempt).rejects.toMatchObject({ code: 'approval_unknown' })
  })

  test('reject and send back want a reason', async () => {
    const id = await submitted()
    await expect(decide(id, frank, 'reject', '  ')).rejects.toMatchObject({
      code: 'comment_required',
      field: 'comment',
    })
    await decide(id, frank, 'reject', 'Bought twice')
    const { status, history } = await view(id)
    expect(status).toBe('rejected')
    expect(history.at(-1)).toMatchObject({ who: 'Frank Miller', what: 'rejected', comment: 'Bought twice' })
  })

  test('somebody deactivated in the meantime decides nothing', async () => {
    const id = await submitted({ by: frank, category: 'meals', amount: '20.00' })
    await database.asSuperuser(`update person set active = false where email = $1`, [eve])
    try {
      await expect(decide(id, eve)).rejects.toMatchObject({ code: 'person_inactive' })
    } finally {
      await database.asSuperuser(`update person set active = true where email = $1`, [eve])
    }
  })
})

describe('the life of an expense', () => {
  test('sent back, it is changed and submitted again under its number, every step anew', async () => {
    const id = await submitted({ category: 'travel' })
    const asked = (await view(id)).steps[0]?.approvers[0]?.approvalId ?? ''
    await decide(id, frank)
    await decide(id, eve, 'send_back', 'Which client?')
    const { number } = await view(id)
    await as(database, grace, (tx) => editExpense(tx, id, { note: 'Client: Initech' }))
    await as(database, grace, (tx) => submitExpense(tx, id))
    const again = await view(id)
    expect(again).toMatchObject({ number, status: 'awaiting_approval', revision: 2 })
    expect(again.steps.map(({ status }) => status)).toEqual(['open', 'waiting'])
    const firstCard = await inCompany(
      database,
      { companyId: techCorp, actor: { personId: null, channel: 'system' } },
      (tx) => viewExpense(tx, id, asked),
    )
    expect(firstCard?.requestStatus).toBe('sent_back')
    expect(firstCard?.steps[1]?.approvers[0]).toMatchObject({
      status: 'sent_back',
      decided: { by: 'Eve Davis', comment: 'Which client?' },
    })
  })

  test('it is locked after submit', async () => {
    const id = await submitted()
    const change = as(database, grace, (tx) => editExpense(tx, id, { amount: '1.00', currency: 'USD' }))
    await expect(change).rejects.toMatchObject({ code: 'expense_locked' })
    await expect(as(database, grace, (tx) => submitExpense(tx, id))).rejects.toMatchObject({
      code: 'expense_locked',
    })
  })

  test('the submitter takes it back until the first decision, not after', async () => {
    const early = await submitted({ category: 'travel' })
    await as(database, grace, (tx) => withdrawExpense(tx, early))
    expect((await view(early)).status).toBe('draft')
    await expect(decide(early, frank)).rejects.toMatchObject({ kind: 'user' })
    const late = await submitted({ category: 'travel' })
    await decide(late, frank)
    await expect(as(database, grace, (tx) => withdrawExpense(tx, late))).rejects.toMatchObject({
      code: 'already_decided',
    })
    await expect(decide(late, eve)).resolves.toBeUndefined()
  })

  test('only its submitter may change, submit or discard it', async () => {
    const id = await draft()
    const refused = { code: 'not_yours' }
    await expect(as(database, frank, (tx) => editExpense(tx, id, {}))).rejects.toMatchObject(refused)
    await expect(as(database, frank, (tx) => submitExpense(tx, id))).rejects.toMatchObject(refused)
    await expect(as(database, frank, (tx) => discardExpense(tx, id))).rejects.toMatchObject(refused)
  })

  test('edited and submitted in one transaction, as the form behind Submit does, nothing typed is lost', async () => {
    const id = await as(database, grace, async (tx) => {
      const expense = await draftExpense(tx, {
        submitterId: tx.actor.personId ?? '',
        source: 'slack',
        deliveryKey: 'form',
        files: [],
      })
      const [category] = await listCategories(tx)
      await editExpense(tx, expense.id, {
        merchant: 'Corner Shop',
        amount: '7.50',
        currency: 'USD',
        date: '2026-11-03',
        categoryId: category?.id ?? '',
      })
      await submitExpense(tx, expense.id)
      return expense.id
    })
    expect(await view(id)).toMatchObject({
      status: 'awaiting_approval',
      merchant: 'Corner Shop',
      amount: { minor: 750 },
    })
  })

  test('what is missing is named', async () => {
    const id = await as(
      database,
      grace,
      async (tx) =>
        (
          await draftExpense(tx, {
            submitterId: tx.actor.personId ?? '',
            source: 'slack',
            deliveryKey: 'empty',
            files: [],
          })
        ).id,
    )
    await expect(as(database, grace, (tx) => submitExpense(tx, id))).rejects.toThrow(
      'merchant, amount, currency, date, category',
    )
  })

  test('the audit log keeps what it was changed to', async () => {
    const id = await draft()
    const { categoryId, reasonId } = await as(database, grace, async (tx) => {
      const [category] = await listCategories(tx)
      const [reason] = await listReasons(tx)
      return editExpense(tx, id, { categoryId: category?.id ?? '', reasonId: reason?.id ?? '' })
    })
    const rows = await database.asSuperuser<{ changes: object }>(
      `select changes from audit_entry where subject_id = $1 and action = 'expense.edited' order by id desc limit 1`,
      [id],
    )
    expect(reasonId).not.toBeNull()
    expect(rows[0]?.changes).toMatchObject({ fields: ['categoryId', 'reasonId'], categoryId, reasonId })
  })

  test('the same delivery gives the same expense', async () => {
    const input = { source: 'slack' as const, deliveryKey: 'once', files: [] }
    const [one, two] = await Promise.all(
      [1, 2].map(() =>
        as(database, grace, (tx) =>
          draftExpense(tx, { ...input, submitterId: tx.actor.personId ?? '' }),
        ).catch((error: Error) => error),
      ),
    )
    const again = await as(database, grace, (tx) =>
      draftExpense(tx, { ...input, submitterId: tx.actor.personId ?? '' }),
    )
    expect(
      [one, two].filter((result) => result && 'id' in result && result.id === again.id).length,
    ).toBeGreaterThan(0)
    const rows = await database.asSuperuser(`select 1 from expense_delivery where key = 'once'`)
    expect(rows).toHaveLength(1)
  })

  test('the same merchant, date and amount again is a warning that names the first, on both', async () => {
    const first = await submitted({ merchant: 'Café Été', amount: '33.00' })
    const second = await draft({ by: frank, merchant: 'CAFE ETE', amount: '33.00' })
    await as(database, frank, (tx) => submitAnother(tx, second))
    const { findings } = await view(second)
    const warning = findings.find(({ code }) => code === 'duplicate_fields')
    expect(warning).toMatchObject({ severity: 'warning', relatedExpenseId: first })
    expect(warning?.message).toContain((await view(first)).number)
    const back = (await view(first)).findings.find(({ relatedExpenseId }) => relatedExpenseId === second)
    expect(back?.message).toContain((await view(second)).number)
  })

  test('what was found and who is asked can be said in German; what was stored before, as it was', async () => {
    const first = await submitted({ merchant: 'Kiosk', amount: '34.00' })
    const second = await draft({ by: frank, merchant: 'Kiosk', amount: '34.00' })
    await as(database, frank, (tx) => submitAnother(tx, second))
    const inGerman = async () => {
      const seen = shownTo(await view(second), { locale: 'de-DE', timeZone: 'Europe/Berlin' })
      const [approver] = seen.steps.flatMap(({ approvers }) => approvers)
      const twin = seen.findings.find(({ code }) => code === 'duplicate_fields')
      return [twin?.message, approver?.because, approver?.asks[0]?.because]
    }
    const { number } = await view(first)
    const why = expect.stringMatching(/^Die Richtlinie verlangt mindestens die Stufe /)
    const twin = `Gleicher Händler, gleiches Datum und gleicher Betrag wie ${number} (Grace Taylor, 34,00\u00a0USD).`
    expect(await inGerman()).toEqual([twin, why, why])
    await database.asSuperuser('update finding set said = null where expense_id = $1', [second])
    await database.asSuperuser('update approval set reason = null')
    await database.asSuperuser('update approval_ask set reason = null')
    const before = expect.stringMatching(/^the policy asks for the level /)
    expect(await inGerman()).toEqual([expect.stringMatching(/^Same merchant/), before, before])
  })

  describe('what looks like another expense', () => {
    const asked = async (id: string, by = grace) => {
      const refused = await as(database, by, (tx) => submitExpense(tx, id)).catch((error: unknown) => error)
      return refused instanceof AppError ? [refused.code, refused.field, refused.details?.expenses] : []
    }

    test('is not submitted until its submitter says that it is another one, which stays on record', async () => {
      const first = await submitted({ merchant: 'Again', amount: '34.00' })
      const second = await draft({ merchant: 'Again', amount: '34.00' })
      const { number } = await view(first)
      expect((await view(second)).looksLike).toEqual([{ id: first, number, differs: false }])
      expect(await asked(second)).toEqual(['looks_like_another', 'differsFrom', [number]])
      await as(database, grace, (tx) => editExpense(tx, second, { differsFrom: ['no id', first] }))
      expect((await view(second)).looksLike).toEqual([{ id: first, number, differs: true }])
      expect(await asked(second)).toEqual([])
      expect(await view(second)).toMatchObject({ status: 'awaiting_approval', differsFrom: [first] })
    })

    test('is asked about again when it looks like yet another one', async () => {
      const first = await submitted({ merchant: 'Still', amount: '35.00' })
      const second = await draft({ merchant: 'Still', amount: '35.00' })
      await as(database, grace, (tx) => editExpense(tx, second, { differsFrom: [first] }))
      const third = await draft({ by: frank, merchant: 'Still', amount: '35.00' })
      await as(database, frank, (tx) => submitAnother(tx, third))
      expect(await asked(second)).toEqual(['looks_like_another', 'differsFrom', [(await view(third)).number]])
    })

    test('is just submitted where the other one is rejected', async () => {
      const first = await submitted({ merchant: 'Tried', amount: '36.00' })
      await decide(first, frank, 'reject', 'No receipt')
      const second = await draft({ merchant: 'Tried', amount: '36.00' })
      expect((await view(second)).findings.map(({ code }) => code)).toContain('duplicate_fields')
      expect(await asked(second)).toEqual([])
    })

    test('is asked about also behind several that were rejected', async () => {
      const claim = { merchant: 'Often', amount: '37.00' }
      for (let tries = 0; tries < 3; tries += 1) await decide(await submitted(claim), frank, 'reject', 'No')
      const last = await submitted(claim)
      const again = await draft(claim)
      const { number } = await view(last)
      expect((await view(again)).looksLike).toEqual([{ id: last, number, differs: false }])
      expect(await asked(again)).toEqual(['looks_like_another', 'differsFrom', [number]])
    })
  })

  test('of two people who submit the same merchant, date and amount at the same moment one is asked, and both are warned', async () => {
    const [one, two] = [
      await draft({ merchant: 'Twin Shop', amount: '44.00' }),
      await draft({ by: frank, merchant: 'Twin Shop', amount: '44.00' }),
    ]
    const outcomes = await Promise.allSettled([
      as(database, grace, (tx) => submitExpense(tx, one)),
      as(database, frank, (tx) => submitExpense(tx, two)),
    ])
    expect(outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []))).toEqual([
      'looks_like_another',
    ])
    const [late, by] = outcomes[0].status === 'rejected' ? [one, grace] : [two, frank]
    await as(database, by, (tx) => submitAnother(tx, late))
    const warned = (await Promise.all([view(one), view(two)])).filter(({ findings }) =>
      findings.some(({ code }) => code === 'duplicate_fields'),
    )
    expect(warned).toHaveLength(2)
  })

  test('somebody who was deactivated can neither change nor submit', async () => {
    const id = await draft()
    await database.asSuperuser('update person set active = false where email = $1', [grace])
    try {
      await expect(as(database, grace, (tx) => submitExpense(tx, id))).rejects.toMatchObject({
        code: 'person_inactive',
      })
      await expect(as(database, grace, (tx) => editExpense(tx, id, { note: 'x' }))).rejects.toMatchObject({
        code: 'person_inactive',
      })
    } finally {
      await database.asSuperuser('update person set active = true where email = $1', [grace])
    }
  })

  test('a card of what was asked before never approves what was submitted since', async () => {
    const id = await submitted({ amount: '10.00' })
    const approvalId = (await view(id)).steps[0]?.approvers[0]?.approvalId ?? ''
    await database.asSuperuser(`update expense set status = 'draft', revision = 7 where id = $1`, [id])
    const late = as(database, frank, (tx) => decideApproval(tx, subjects, { approvalId, verdict: 'approve' }))
    await expect(late).rejects.toMatchObject({ code: 'request_outdated' })
  })

  test('control characters in what people write do no harm', async () => {
    const id = await draft({ merchant: 'Shop\u0000\ud800 One' })
    await as(database, grace, (tx) => editExpense(tx, id, { note: 'a\u0000b\nc' }))
    expect(await view(id)).toMatchObject({ merchant: expect.stringMatching(/^Shop.? One$/), note: 'ab\nc' })
    await as(database, grace, (tx) => submitExpense(tx, id))
    await decide(id, frank, 'reject', 'no\u0000')
    expect((await view(id)).history.at(-1)?.comment).toBe('no')
  })

  test('what converts to less than a cent still falls into the lowest band', async () => {
    const { policy } = await view(await submitted({ amount: '0.05', currency: 'THB', category: 'meals' }))
    expect(policy?.name).toBe('Meals and Other')
  })

  test('routing a second time changes nothing', async () => {
    const id = await submitted()
    await as(database, grace, (tx) => routeExpense(tx, id))
    expect((await view(id)).steps).toHaveLength(1)
  })
})
