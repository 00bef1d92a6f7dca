import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inCompany, type Tx } from '../../../src/database/index.ts'
import { decideApproval } from '../../../src/features/approvals/index.ts'
import {
  applyReading,
  commentOnExpense,
  draftExpense,
  type ExpenseChanges,
  editExpense,
  listWaitingExpenses,
  reactToApproval,
  reassessExpense,
  refreshDrafts,
  routeExpense,
  submitExpense,
  viewExpense,
} from '../../../src/features/expenses/index.ts'
import { showSurface } from '../../../src/features/notifications/index.ts'
import { importOrganisation, parseOrganisation } from '../../../src/features/organisation/index.ts'
import { listCategories } from '../../../src/features/people/index.ts'
import { readingOf } from '../../support/reading-of.ts'
import { submitAnother } from '../../support/submit-another.ts'
import { taxiReceipt } from '../../support/taxi-receipt.ts'
import { as, createTestDatabase, type TestDatabase } from '../../support/test-database.ts'

const at = (name: string) => `${name}@rules.example`
const [ann, bob, cas, fay, adam] = [at('ann'), at('bob'), at('cas'), at('fay'), at('adam')]
const subjects = { expense: reactToApproval }
const cli = { personId: null, channel: 'cli' as const }
const system = { personId: null, channel: 'system' as const }
const step = { level: 1, description: 'The boss agrees' }

const organisation = {
  company: { name: 'Rules', currency: 'USD', time_zone: 'UTC' },
  teams: [{ name: 'Work' }],
  levels: [
    { rank: 1, name: 'Boss' },
    { rank: 2, name: 'Worker' },
  ],
  categories: ['meals', 'travel', 'tools', 'gifts'].map((key) => ({ key, name: key })),
  reasons: [{ key: 'client', name: 'Client visit' }],
  people: [
    { name: 'Ann', email: ann, team: 'Work', level: 2, manager: bob },
    { name: 'Cas', email: cas, team: 'Work', level: 2, manager: bob },
    { name: 'Bob', email: bob, team: 'Work', level: 1 },
    { name: 'Fay', email: fay, roles: ['finance'] },
    { name: 'Adam', email: adam, roles: ['admin'] },
  ],
  policies: [{ key: 'all', name: 'All', clause: '1', steps: [step] }],
  rules: [
    {
      key: 'tiny',
      name: 'Tiny sums',
      clause: '2',
      when: { amount: { up_to: '5.00' } },
      do: { approve_automatically: true },
    },
    {
      key: 'names',
      name: 'Who was there',
      clause: '3.1',
      when: { category: 'meals', amount_per_person: { over: '50.00' } },
      do: { require: ['attendees', 'reason'] },
    },
    {
      key: 'gifts',
      name: 'Gifts',
      clause: '4',
      when: { category: 'gifts' },
      do: { notify: ['finance', 'manager', adam], flag: 'Gifts are taxed.' },
    },
    {
      key: 'differs',
      name: 'Doubt',
      clause: '5',
      when: { receipt_amount: 'differs' },
      do: { approve_by: [{ approver: 'finance', description: 'Finance looks at it' }] },
    },
  ],
  limits: [
    {
      key: 'tools',
      name: 'Tools',
      clause: '6',
      each: 'person',
      category: 'tools',
      per: 'month',
      amount: '100.00',
    },
    {
      key: 'trips',
      name: 'Trips',
      clause: '7',
      each: 'team',
      category: 'travel',
      per: 'year',
      amount: '1000.00',
      beyond: 'flag',
    },
  ],
}

let database: TestDatabase
let companyId: string
let deliveries = 0

beforeAll(async () => {
  database = await createTestDatabase()
  const parsed = parseOrganisation(JSON.stringify(organisation), 'rules.yaml')
  companyId = (await importOrganisation(database, parsed, { actor: cli, subjects })).companyId
})
afterAll(() => database.drop())

async function draft(
  by: string,
  category: string,
  amount: string,
  more: ExpenseChanges = {},
  files: { name: string; bytes: Buffer }[] = [],
) {
  const serial = deliveries++
  return as(database, by, async (tx) => {
    const input = {
      submitterId: tx.actor.personId ?? '',
      source: 'slack' as const,
      deliveryKey: `rules:${serial}`,
      files,
    }
    const { id } = await draftExpense(tx, input)
    const categoryId = (await listCategories(tx)).find(({ key }) => key === category)?.id ?? ''
    await editExpense(tx, id, {
      merchant: `Shop ${serial}`,
      amount,
      currency: 'USD',
      date: '2026-11-03',
      categoryId,
      ...more,
    })
    return id
  })
}

async function submitted(...claim: Parameters<typeof draft>): Promise<string> {
  const id = await draft(...claim)
  await as(database, claim[0], (tx) => submitExpense(tx, id))
  return id
}

const inside = <T>(work: (tx: Tx) => Promise<T>) => inCompany(database, { companyId, actor: system }, work)
const view = (id: string) =>
  inside(async (tx) => {
    const found = await viewExpense(tx, id)
    if (!found) throw new Error('no such expense')
    return found
  })
const codes = async (id: string) =>
  (await view(id)).findings.filter(({ severity }) => severity !== 'info').map(({ code }) => code)
const mails = (kind: string, id: string) =>
  database.asSuperuser<{ to_address: string; details: { sentences?: string[] } | null }>(
    'select to_address, details from outgoing_mail where kind = $1 and expense_id = $2 order by to_address',
    [kind, id],
  )
const approvalOf = async (id: string) =>
  (await view(id)).steps.flatMap(({ approvers }) => approvers)[0]?.approvalId ?? ''

const read = (receipt: string, total: string | null) =>
  inside((tx) => applyReading(tx, receipt, { reading: readingOf(total), problem: null, rendition: null }))

/** Its receipts are read, and say these totals. */
async function readAs(id: string, ...totals: (string | null)[]): Promise<void> {
  const receipts = await database.asSuperuser<{ id: string }>(
    'select id from receipt where expense_id = $1 order by position',
    [id],
  )
  for (const [index, receipt] of receipts.entries()) await read(receipt.id, totals[index] ?? null)
}

const taxi = async () => ({ name: 'taxi.pdf', bytes: (await taxiReceipt()).content })

describe('a rule', () => {
  test('that approves automatically asks nobody, and says by which clause', async () => {
    const id = await draft(ann, 'travel', '4.50', {}, [await taxi()])
    await readAs(id, '4.50')
    expect(await view(id)).toMatchObject({ automatic: expect.stringContaining('2'), steps: [] })
    await as(database, ann, (tx) => submitExpense(tx, id))
    const approved = await view(id)
    expect(approved).toMatchObject({ status: 'approved', steps: [], automatic: expect.stringContaining('2') })
    expect(approved.findings.find(({ code }) => code === 'approved_automatically')?.message).toContain('2')
    const [work] = await database.asSuperuser<{ n: number }>(
      `select count(*)::int as n from outbox where job = 'expense.document' and payload ->> 'expenseId' = $1`,
      [id],
    )
    expect(work?.n).toBe(1)
  })

  test.each([
    ['a receipt that says nothing', [null]],
    ['a receipt that says something else', ['77.00']],
    ['two receipts that together say something else', ['4.40', '4.40']],
  ])('never approves automatically %s', async (_what, totals) => {
    const files = await Promise.all(totals.map(taxi))
    const id = await draft(ann, 'travel', '4.40', {}, files)
    await readAs(id, ...totals)
    await as(database, ann, (tx) => submitExpense(tx, id))
    expect((await view(id)).status).toBe('awaiting_approval')
  })

  test('approves automatically what several receipts say together', async () => {
    const id = await draft(ann, 'travel', '4.30', {}, [await taxi(), await taxi()])
    await readAs(id, '4.00', '0.30')
    await as(database, ann, (tx) => submitExpense(tx, id))
    expect((await view(id)).status).toBe('approved')
  })

  test('never approves automatically what lacks its receipt or looks like another expense', async () => {
    expect((await view(await submitted(ann, 'travel', '4.60'))).status).toBe('awaiting_approval')
    const file = await taxi()
    await draft(ann, 'travel', '3.50', {}, [file])
    const twin = await draft(cas, 'travel', '3.00', {}, [file])
    await database.asSuperuser(`update receipt set status = 'read'`)
    expect(await codes(twin)).toContain('duplicate_file')
    expect((await view(twin)).steps).toHaveLength(1)
  })

  test('that requires something refuses with what is missing and its clause, until it is there', async () => {
    const id = await submitted(ann, 'meals', '300.00')
    const { status, findings } = await view(id)
    expect(status).toBe('blocked')
    const refusal = findings.find(({ code }) => code === 'rule:names')
    expect(refusal).toMatchObject({ severity: 'blocking', clause: expect.stringContaining('3.1') })
    expect(refusal?.message).toMatch(/3\.1/)
    const reasonId = await inside(async (tx) => {
      const [reason] = await tx.em.execute<{ id: string }[]>(`select id from reason where key = 'client'`)
      return reason?.id ?? ''
    })
    await as(database, ann, async (tx) => {
      await editExpense(tx, id, { attendees: 'Zed Client, Yva Client; Zed Client', reasonId })
      await submitExpense(tx, id)
    })
    expect(await view(id)).toMatchObject({
      status: 'awaiting_approval',
      attendees: ['Zed Client', 'Yva Client'],
      reason: { name: 'Client visit' },
    })
  })

  test('tells whom it names, each once and by one mail, and warns the approver', async () => {
    const id = await submitted(ann, 'gifts', '20.00')
    const told = await mails('notice', id)
    expect(told.map(({ to_address }) => to_address)).toEqual([adam, bob, fay])
    expect(told[0]?.details?.sentences?.[0]).toContain('4')
    expect(await codes(id)).toContain('rule:gifts')
  })
})

describe('a limit', () => {
  test('holds for a person and a month, and says what is spent', async () => {
    await submitted(ann, 'tools', '60.00')
    const id = await submitted(ann, 'tools', '50.00')
    const { status, findings } = await view(id)
    expect(status).toBe('blocked')
    expect(findings.find(({ code }) => code === 'limit:tools')?.message).toMatch(/60\.00.*100\.00.*\(.*6/)
    expect((await view(await submitted(ann, 'tools', '40.00'))).status).toBe('awaiting_approval')
    expect((await view(await submitted(ann, 'tools', '99.00', { date: '2026-10-31' }))).status).toBe(
      'awaiting_approval',
    )
    expect((await view(await submitted(cas, 'tools', '99.00'))).status).toBe('awaiting_approval')
  })

  test('holds when many submit at the same moment', async () => {
    const drafts = await Promise.all(Array.from({ length: 8 }, () => draft(bob, 'tools', '30.00')))
    await Promise.all(drafts.map((id) => as(database, bob, (tx) => submitExpense(tx, id))))
    const statuses = await Promise.all(drafts.map(async (id) => (await view(id)).status))
    expect(statuses.filter((status) => status === 'awaiting_approval')).toHaveLength(3)
    expect(statuses.filter((status) => status === 'blocked')).toHaveLength(5)
  })

  test('of a team adds up over its members, and only warns where it says so', async () => {
    await submitted(ann, 'travel', '800.00')
    const id = await submitted(cas, 'travel', '300.00')
    expect((await view(id)).status).toBe('awaiting_approval')
    expect(await codes(id)).toContain('limit:trips')
  })

  test('while readings still run, the earlier of two counts for the later, and never both against each other', async () => {
    const first = await draft(fay, 'tools', '70.00', {}, [await taxi()])
    const second = await draft(fay, 'tools', '60.00', {}, [await taxi()])
    await as(database, fay, (tx) => submitExpense(tx, first))
    database.clock.advance(1000)
    await as(database, fay, (tx) => submitExpense(tx, second))
    await inside((tx) => routeExpense(tx, second))
    await inside((tx) => routeExpense(tx, first))
    expect((await view(first)).status).toBe('awaiting_approval')
    expect((await view(second)).status).toBe('blocked')
  })
})

test('a policy that changes leaves what it judged as it was, and judges anew what is submitted again', async () => {
  const id = await submitted(ann, 'gifts', '30.00')
  const before = await view(id)
  const changed = {
    ...organisation,
    rules: [{ ...organisation.rules[2], do: { block: 'No more gifts.' } }],
  }
  const load = (what: unknown) =>
    importOrganisation(database, parseOrganisation(JSON.stringify(what), 'rules.yaml'), {
      actor: cli,
      subjects,
    })
  await load(changed)
  const after = await view(id)
  expect(after.findings).toEqual(before.findings)
  expect(after.policy).toEqual(before.policy)
  await as(database, bob, async (tx) =>
    decideApproval(tx, subjects, {
      approvalId: await approvalOf(id),
      verdict: 'send_back',
      comment: 'Which client?',
    }),
  )
  await as(database, ann, (tx) => submitExpense(tx, id))
  expect(await view(id)).toMatchObject({ status: 'blocked', number: before.number })
  await load(organisation)
})

test('where nobody may decide, the expense is blocked and the admins are told', async () => {
  // Bob is the boss, Fay leaves, Adam is the only admin.
  await database.asSuperuser(`update person set active = false where email = $1`, [fay])
  try {
    const id = await submitted(bob, 'gifts', '10.00')
    expect((await view(id)).steps[0]?.approvers.map(({ name }) => name)).toEqual(['Adam'])
    const own = await submitted(adam, 'gifts', '10.00')
    expect((await view(own)).status).toBe('blocked')
    expect(await codes(own)).toContain('no_approver')
    expect((await mails('blocked', own)).map(({ to_address }) => to_address)).toEqual([adam])
  } finally {
    await database.asSuperuser(`update person set active = true where email in ($1, $2)`, [fay, adam])
    await database.asSuperuser(`update person set roles = '{}' where email = $1`, [bob])
  }
})

describe('a receipt that is read late', () => {
  async function late(): Promise<{ id: string; receipt: string }> {
    const id = await submitted(ann, 'travel', '20.00', {}, [await taxi()])
    await inside((tx) => routeExpense(tx, id))
    const [receipt] = await database.asSuperuser<{ id: string }>(
      'select id from receipt where expense_id = $1',
      [id],
    )
    return { id, receipt: receipt?.id ?? '' }
  }
  const readLate = async ({ id, receipt }: { id: string; receipt: string }) => {
    await read(receipt, '99.00')
    await inside((tx) => reassessExpense(tx, subjects, id))
  }

  test('adds its finding and the steps that the policy asks for, and changes nothing that was submitted', async () => {
    const one = await late()
    expect(await codes(one.id)).toContain('receipt_not_read')
    await readLate(one)
    const { findings, steps, amount, status } = await view(one.id)
    expect(findings.map(({ code }) => code)).toContain('amount_differs')
    expect(findings.map(({ code }) => code)).not.toContain('receipt_not_read')
    expect(steps.map(({ approvers }) => approvers.map(({ name }) => name))).toEqual([['Bob'], ['Fay']])
    expect({ amount: amount?.minor, status }).toEqual({ amount: 2000, status: 'awaiting_approval' })
    await readLate(one)
    expect((await view(one.id)).steps).toHaveLength(2)
  })

  test('after the approval only finance is told', async () => {
    const one = await late()
    await as(database, bob, async (tx) =>
      decideApproval(tx, subjects, { approvalId: await approvalOf(one.id), verdict: 'approve' }),
    )
    await readLate(one)
    expect((await view(one.id)).status).toBe('approved')
    const told = await mails('late_reading', one.id)
    expect(told.map(({ to_address }) => to_address)).toEqual([fay])
    expect(told[0]?.details?.sentences?.join()).toContain('99.00')
  })
})

describe('questions and answers', () => {
  test('go to the other side, change nothing else, and are kept', async () => {
    const id = await submitted(ann, 'gifts', '40.00')
    const approvalId = await approvalOf(id)
    await as(database, bob, (tx) =>
      decideApproval(tx, subjects, { approvalId, verdict: 'ask', comment: 'For whom?' }),
    )
    expect(await view(id)).toMatchObject({
      status: 'awaiting_approval',
      question: { who: 'Bob', text: 'For whom?' },
    })
    expect((await mails('comment', id)).map(({ to_address }) => to_address)).toEqual([ann])
    await as(database, ann, (tx) => commentOnExpense(tx, subjects, id, 'For Zed.'))
    await as(database, ann, (tx) => commentOnExpense(tx, subjects, id, 'For Zed.'))
    const answered = await view(id)
    expect(answered.question).toBeNull()
    expect(answered.comments.map(({ who, kind, text }) => `${who} ${kind}: ${text}`)).toEqual([
      'Bob question: For whom?',
      'Ann comment: For Zed.',
    ])
    expect((await mails('comment', id)).map(({ to_address }) => to_address)).toEqual([ann, bob])
    await as(database, bob, (tx) => decideApproval(tx, subjects, { approvalId, verdict: 'approve' }))
    expect((await view(id)).status).toBe('approved')
  })

  test('are not for people whom the expense does not concern', async () => {
    const id = await submitted(ann, 'gifts', '41.00')
    const said = as(database, cas, (tx) => commentOnExpense(tx, subjects, id, 'Nice!'))
    await expect(said).rejects.toMatchObject({ code: 'not_yours' })
  })
})

test('what waits for somebody is listed oldest first, page by page, with its warnings', async () => {
  const all = await as(database, bob, (tx) => listWaitingExpenses(tx, { limit: 50 }))
  expect(all.length).toBeGreaterThan(3)
  const ids = all.map(({ approvalId }) => approvalId)
  expect(ids).toEqual([...ids].sort())
  const first = await as(database, bob, (tx) => listWaitingExpenses(tx, { limit: 2 }))
  const rest = await as(database, bob, (tx) =>
    listWaitingExpenses(tx, { limit: 50, after: first[1]?.approvalId ?? '' }),
  )
  expect([...first, ...rest]).toEqual(all)
  expect(all.find(({ categories }) => categories.includes('gifts'))?.warnings).toBeGreaterThan(0)
  expect(await as(database, ann, (tx) => listWaitingExpenses(tx, { limit: 50 }))).toEqual([])
})

test('every mistake of a form is named at its field, and nothing is changed', async () => {
  const id = await draft(ann, 'gifts', '10.00')
  const edit = as(database, ann, (tx) =>
    editExpense(tx, id, {
      merchant: ' ',
      amount: '1e3',
      currency: 'USD',
      date: '31.12.2026',
      categoryId: 'x',
    }),
  )
  await expect(edit).rejects.toMatchObject({
    code: 'fields_invalid',
    details: {
      fields: {
        merchant: expect.any(String),
        amount: expect.any(String),
        date: expect.any(String),
        category: expect.any(String),
      },
    },
  })
  expect(await view(id)).toMatchObject({ amount: { minor: 1000 }, date: '2026-11-03' })
})

test('what people are called is kept as it is', async () => {
  const names = ['Null', 'Ann "Nan" O’Neil', 'back\\slash', '{curly}', 'NULL', '日本']
  const id = await draft(ann, 'gifts', '10.00', { attendees: names.join('\n') })
  expect((await view(id)).attendees).toEqual(names)
})

describe('expenses that look alike', () => {
  test('can be submitted and decided at the same moment: who comes later says that it is another one, and each side is warned', async () => {
    for (let round = 0; round < 6; round++) {
      const file = await taxi()
      const [one, other] = [
        await draft(ann, 'travel', '31.00', {}, [file]),
        await draft(cas, 'travel', '31.00', {}, [file]),
      ]
      await readAs(one, '31.00')
      await readAs(other, '31.00')
      if (round % 2 === 0) {
        const outcomes = await Promise.allSettled([
          as(database, ann, (tx) => submitExpense(tx, one)),
          as(database, cas, (tx) => submitExpense(tx, other)),
        ])
        const late = outcomes.findIndex(({ status }) => status === 'rejected')
        const [by, id] = late === 0 ? [ann, one] : [cas, other]
        await as(database, by, (tx) => submitAnother(tx, id))
      } else {
        await as(database, ann, (tx) => submitExpense(tx, one))
        const approvalId = await approvalOf(one)
        await Promise.all([
          as(database, bob, (tx) => decideApproval(tx, subjects, { approvalId, verdict: 'approve' })),
          as(database, cas, (tx) => submitAnother(tx, other)),
        ])
      }
      expect(await codes(one)).toContain('duplicate_file')
      expect(await codes(other)).toContain('duplicate_file')
    }
  })
})

describe('a limit of a team', () => {
  const inTwoTeams = { ...organisation, company: { ...organisation.company, name: 'Teams' } }
  test('stays with the team of the day of submission, and with the home team of somebody in several', async () => {
    const at = (name: string) => `${name}@teams.example`
    const file = (teamOfDan: string) => ({
      ...inTwoTeams,
      teams: [{ name: 'Work' }, { name: 'Play' }],
      people: [
        {
          name: 'Dan',
          email: at('dan'),
          team: teamOfDan,
          also_in: teamOfDan === 'Work' ? ['Play'] : [],
          level: 2,
        },
        { name: 'Eli', email: at('eli'), team: 'Work', level: 2 },
        { name: 'Fox', email: at('fox'), level: 1, also_in: ['Work'] },
        { name: 'Gus', email: at('gus'), roles: ['finance'] },
      ],
      rules: [],
      limits: [{ key: 'team', name: 'Team', each: 'team', per: 'month', amount: '100.00' }],
    })
    const load = (what: unknown) =>
      importOrganisation(database, parseOrganisation(JSON.stringify(what), 'teams.yaml'), {
        actor: cli,
        subjects,
      })
    await load(file('Work'))
    const statusAs = (id: string, by: string) =>
      as(database, by, async (tx) => (await viewExpense(tx, id))?.status)
    expect(await statusAs(await submitted(at('dan'), 'travel', '90.00'), at('dan'))).toBe('awaiting_approval')
    await load(file('Play'))
    expect(await statusAs(await submitted(at('eli'), 'travel', '90.00'), at('eli'))).toBe('blocked')
    expect(await statusAs(await submitted(at('fox'), 'travel', '90.00'), at('fox'))).toBe('awaiting_approval')
    expect(await statusAs(await submitted(at('dan'), 'travel', '90.00'), at('dan'))).toBe('awaiting_approval')
  })
})

test('when the organisation changes, open drafts are shown as it judges them now', async () => {
  const [before] = await database.asSuperuser<{ n: number }>(
    `select count(*)::int as n from outbox where job = 'expense.refresh_drafts' and company_id = $1`,
    [companyId],
  )
  expect(before?.n).toBeGreaterThan(0)
  const id = await draft(ann, 'gifts', '10.00')
  const personId = await as(database, ann, async (tx) => tx.actor.personId ?? '')
  await inside((tx) => showSurface(tx, { kind: 'slack.expense', expenseId: id, personId }))
  await database.asSuperuser(`update outbox set status = 'done' where job = 'surface.render'`)
  await inside(refreshDrafts)
  const asked = await database.asSuperuser(
    `select 1 from outbox o join surface s on s.id::text = o.payload ->> 'surfaceId'
     where o.job = 'surface.render' and o.status = 'pending' and s.expense_id = $1`,
    [id],
  )
  expect(asked).toHaveLength(1)
})
