import { describe, expect, test } from 'vitest'
import { evaluatePolicy, limitsFor, type PolicyFacts } from '../../../src/features/policy/index.ts'
import { documentOf, facts, plain, policies, rules, setting } from './sample-policies.ts'

const judge = (yaml: string, changes: Partial<PolicyFacts> = {}, spent: Record<string, number> = {}) =>
  evaluatePolicy(documentOf(yaml), facts(changes), {
    setting,
    spent: new Map(Object.entries(spent)),
    isDoubtful: false,
  })
const said = (yaml: string, changes: Partial<PolicyFacts> = {}, spent: Record<string, number> = {}) =>
  judge(yaml, changes, spent).findings.map(
    ({ code, severity, message }) => `${code} ${severity}: ${plain(message)}`,
  )

const meals = policies('{ category: meals, amount: { up_to: "500.00" } }')
const lunch = 'policy_applies info: Policy “A”: meals up to USD 500.00.'
const finance = '[{ approver: finance, description: Finance checks }]'

describe('policies', () => {
  test('the first active one that fits gives the steps and is named', () => {
    const yaml = `policies:
      - { key: off, name: Off, active: false, when: {}, steps: [{ level: 1, description: x }] }
      - { key: small, name: Small Meals, clause: "4.1", when: { category: [meals, travel], amount: { up_to: "500" } }, steps: [{ level: 3, description: First }, { level: 2, description: Second, required: false }] }
      - { key: all, name: All, when: {}, steps: [{ level: 1, description: x }] }`
    const { policy, steps, findings } = judge(yaml, { amount: 50_000 })
    expect(policy).toEqual({ key: 'small', name: 'Small Meals' })
    expect(steps.map(({ level, description }) => [level, description])).toEqual([
      [3, 'First'],
      [2, 'Second'],
    ])
    expect(findings).toMatchObject([{ code: 'policy_applies', severity: 'info', clause: '4.1' }])
    expect(said(yaml, { amount: 50_000 })).toEqual([
      'policy_applies info: Policy “Small Meals”: meals up to USD 500.00 (4.1).',
    ])
    expect(judge(yaml, { amount: 50_001 }).policy?.key).toBe('all')
  })

  test('where none fits, finance decides, and a warning says so', () => {
    const { policy, steps, automatic } = judge(meals, { category: 'travel' })
    expect(policy).toBeNull()
    expect(steps).toEqual([expect.objectContaining({ approver: 'finance', required: true })])
    expect(automatic).toBeNull()
    expect(said(meals, { category: 'travel' })).toEqual([
      'no_policy warning: No policy covers this expense (travel, USD 20.00), so finance decides.',
    ])
    expect(judge('', {}).policy).toBeNull()
  })
})

describe('a receipt that is missing', () => {
  const missing = { receipt: 'missing', receipt_amount: 'unknown' } as const
  test('is warned of', () => {
    expect(said(meals, missing)).toEqual([lunch, 'no_receipt warning: There is no receipt.'])
  })
  test.each([
    ['requires it', '{ amount: { over: "5" } }', '{ require: [receipt] }'],
    ['warns of it', '{ receipt: missing }', '{ flag: A receipt would be better. }'],
    ['wants none', '{ receipt: missing, amount: { up_to: "500" } }', '{ approve_automatically: true }'],
  ])('is not warned of twice where a rule %s', (_what, when, actions) => {
    expect(said(meals + rules([when, actions]), missing).join()).not.toContain('no_receipt')
  })
  test('is warned of beside a rule about something else', () => {
    expect(said(meals + rules(['{}', '{ flag: Hm. }']), missing).join()).toContain('no_receipt')
  })
})

describe('rules', () => {
  test.each<[string, string, Partial<PolicyFacts>, string[]]>([
    ['block', '{ block: Betting is not paid for. }', {}, ['blocking: Betting is not paid for (R0).']],
    ['flag', '{ flag: Is that so? }', {}, ['warning: Is that so (R0)?']],
    ['flag without an end', '{ flag: Look twice }', {}, ['warning: Look twice (R0).']],
    [
      'require what is missing',
      '{ require: [attendees, reason] }',
      {},
      ['blocking: Attendees and a reason are needed for every expense over USD 5.00 (R0).'],
    ],
    [
      'require one thing',
      '{ require: [attendees, note] }',
      { attendees: 1, note: ' ' },
      ['blocking: A note is needed for every expense over USD 5.00 (R0).'],
    ],
    ['require what is there', '{ require: [receipt, reason] }', { reason: 'training' }, []],
    [
      'ask further people',
      `{ approve_by: ${finance} }`,
      {},
      ['info: Further approval for every expense over USD 5.00: Finance checks (R0).'],
    ],
    [
      'tell, and say whom',
      '{ notify: [finance, bob@acme.example] }',
      {},
      ['info: Finance and bob@acme.example are told of every expense over USD 5.00 (R0).'],
    ],
  ])('%s', (_what, actions, changes, findings) => {
    const yaml = meals + rules(['{ amount: { over: "5" } }', actions])
    expect(said(yaml, changes)).toEqual([lunch, ...findings.map((finding) => `rule:r0 ${finding}`)])
    expect(said(yaml, { ...changes, amount: 500 })).toEqual([lunch])
  })

  test('say which clause they come from, and name only the category of this expense', () => {
    const yaml =
      meals +
      rules([
        '{ category: [meals, travel], amount_per_person: { over: "75" } }',
        '{ require: [reason] }',
        'clause: "4.3"',
      ])
    const [, finding] = judge(yaml, { amount: 7_501 }).findings
    expect(plain(finding?.message ?? '')).toBe(
      'A reason is needed for meals over USD 75.00 per person (4.3 R0).',
    )
    expect(finding?.clause).toBe('4.3')
  })

  test('apply all together by priority, then in the order of the document; inactive ones do not', () => {
    const yaml =
      meals +
      rules(
        ['{}', '{ flag: First }', 'priority: -1'],
        ['{}', `{ flag: Second, approve_by: ${finance}, notify: [admin] }`],
        ['{}', '{ block: Third }', 'priority: 5'],
        ['{}', '{ flag: Fourth }'],
        ['{}', '{ block: Off }', 'active: false'],
        ['{ category: travel }', '{ block: Elsewhere }'],
      )
    const { findings, steps, notify } = judge(yaml)
    expect(findings.map(({ code, severity }) => `${code} ${severity}`)).toEqual([
      'policy_applies info',
      'rule:r2 blocking',
      'rule:r1 warning',
      'rule:r1 info',
      'rule:r3 warning',
      'rule:r0 warning',
      'rule:r1 info',
    ])
    expect(steps.map(({ description }) => description)).toEqual(['Manager agrees', 'Finance checks'])
    expect(notify).toEqual([{ clause: 'every expense (R1)', to: ['admin'] }])
  })
})

describe('nobody is asked', () => {
  const small = (...others: [string, string, string?][]) =>
    meals +
    rules(['{ amount: { up_to: "25" } }', '{ approve_automatically: true }', 'clause: "3.2"'], ...others)

  test('where a rule says so and nothing warns; the steps are still told, for what speaks against it elsewhere', () => {
    const { automatic, steps, findings } = judge(small())
    expect(automatic).toBe('3.2 R0')
    expect(steps).toHaveLength(1)
    expect(findings.map(({ code }) => code)).toEqual(['policy_applies'])
    expect(judge(small(), { amount: 2_501 }).automatic).toBeNull()
  })

  test.each<[string, string, Partial<PolicyFacts>]>([
    ['a receipt is missing', small(), { receipt: 'missing', receipt_amount: 'unknown' }],
    ['no policy covers it', small(), { category: 'travel' }],
    ['a rule warns', small(['{}', '{ flag: Hm }', 'priority: -9']), {}],
    ['a rule refuses', small(['{}', '{ block: No }', 'priority: -9']), {}],
    ['something is required', small(['{}', '{ require: [note] }', 'priority: -9']), {}],
    ['there is a duplicate', small(), { duplicate: 'same_fields' }],
    ['the receipt says another amount', small(), { receipt_amount: 'differs' }],
    ['a rule of the same priority asks further people', small(['{}', `{ approve_by: ${finance} }`]), {}],
    ['a rule of higher priority does', small(['{}', `{ approve_by: ${finance} }`, 'priority: 1']), {}],
  ])('unless %s', (_what, yaml, changes) => {
    expect(judge(yaml, changes).automatic).toBeNull()
  })

  test('even if a rule of lower priority wants further people, which then is not told', () => {
    const { automatic, findings } = judge(small(['{}', `{ approve_by: ${finance} }`, 'priority: -1']))
    expect(automatic).toBe('3.2 R0')
    expect(findings.map(({ code }) => code)).toEqual(['policy_applies'])
  })
})

describe('what was approved before', () => {
  const clause = 'REQ-2026-0007, approved by Bob'
  const covered = { number: 'REQ-2026-0007', clause, found: ['policy_applies'] }
  const paid = (yaml: string, changes: Partial<PolicyFacts> = {}, more: object = {}) =>
    evaluatePolicy(documentOf(yaml), facts(changes), {
      setting,
      spent: new Map(),
      isDoubtful: false,
      covered,
      ...more,
    })

  const further = meals + rules(['{}', `{ approve_by: ${finance} }`, 'clause: "9"'])
  test('asks nobody again, whoever else a rule wanted to be asked then', () => {
    const then = { ...covered, found: ['rule:r0'] }
    expect(paid(further, {}, { covered: then })).toMatchObject({
      automatic: clause,
      findings: [{ code: 'policy_applies' }],
    })
  })

  test('asks as ever where a rule wants further people that it did not want then, and says so', () => {
    const { automatic, steps, findings } = paid(further)
    expect(automatic).toBeNull()
    expect(steps).toHaveLength(2)
    expect(findings).toContainEqual({
      code: 'request_other_rule',
      severity: 'warning',
      message:
        'REQ-2026-0007 was approved without the further approval that this needs, so it does not pay for this (9 R0).',
      said: { kind: 'request_other_rule', facts: { number: 'REQ-2026-0007' }, source: '9 R0' },
      clause: '9',
    })
  })

  test('comes before a rule that approves automatically', () => {
    expect(paid(meals + rules(['{}', '{ approve_automatically: true }'])).automatic).toBe(clause)
  })

  test('needs no policy: finance decided about it then', () => {
    expect(paid(meals, { category: 'travel' })).toMatchObject({ automatic: clause, findings: [] })
  })

  test.each<[string, string, Partial<PolicyFacts>, object]>([
    ['a receipt is missing', meals, { receipt: 'missing', receipt_amount: 'unknown' }, {}],
    ['a rule warns', meals + rules(['{}', '{ flag: Hm }']), {}, {}],
    ['a rule refuses', meals + rules(['{}', '{ block: No }']), {}, {}],
    ['no amount could be read on the receipt', meals, { receipt_amount: 'unknown' }, {}],
    ['there is a duplicate', meals, { duplicate: 'same_file' }, {}],
    ['something else speaks against it', meals, {}, { isDoubtful: true }],
  ])('does not help where %s', (_what, yaml, changes, more) => {
    expect(paid(yaml, changes, more).automatic).toBeNull()
  })
})

describe('what needs no receipt', () => {
  const drive = { kind: 'mileage', receipt: 'not_needed', receipt_amount: 'unknown' } as const
  const wanted =
    meals + rules(['{}', '{ require: [receipt, note] }'], ['{ receipt: missing }', '{ flag: Hm }'])

  test('is not warned of, and no rule asks for one', () => {
    expect(said(meals, drive)).toEqual([lunch])
    expect(said(wanted, drive)).toEqual([lunch, 'rule:r0 blocking: A note is needed for every expense (R0).'])
  })

  test('can be approved automatically, and looked at by its kind', () => {
    expect(
      judge(meals + rules(['{ kind: mileage }', '{ approve_automatically: true }']), drive).automatic,
    ).toBe('R0')
    expect(
      judge(meals + rules(['{ kind: receipt }', '{ approve_automatically: true }']), drive).automatic,
    ).toBeNull()
    expect(
      judge(meals + rules(['{ receipt: { not: missing } }', '{ approve_automatically: true }']), drive)
        .automatic,
    ).toBe('R0')
    expect(said(meals + rules(['{ kind: { not: mileage } }', '{ flag: Hm }']), drive)).toEqual([lunch])
  })
})

describe('a rule for small sums that says nothing of receipts', () => {
  const small = ['{ amount: { up_to: "75" } }', '{ approve_automatically: true }', 'priority: 5'] as const
  const kinds = ['mileage', 'per_diem', 'request'] as const
  test.each(kinds)('means what a receipt shows, not %s', (kind) => {
    const one = { kind, receipt: 'not_needed', receipt_amount: 'unknown' } as const
    expect(judge(meals + rules([...small]), one).automatic).toBeNull()
    const drives = [`{ kind: [${kinds}] }`, '{ approve_automatically: true }'] as const
    expect(judge(meals + rules([...small], [...drives]), one).automatic, 'another rule may').toBe('R1')
  })
})

describe('limits', () => {
  const limits = (more = '') =>
    `${meals}limits:\n  - { key: food, name: Meals per person, clause: "5.1", each: person, category: meals, per: month, amount: "400.00"${more} }`

  test('refuse what goes beyond, with what is spent and what it would be', () => {
    expect(said(limits(), { amount: 4_500 }, { food: 38_000 })).toEqual([
      lunch,
      'limit:food blocking: Meals per person: USD 380.00 of USD 400.00 for November 2026 is spent; with this USD 45.00 it would be USD 425.00 (5.1).',
    ])
  })
  test('or only warn of it', () => {
    expect(judge(limits(', beyond: flag'), {}, { food: 40_000 }).findings[1]).toMatchObject({
      code: 'limit:food',
      severity: 'warning',
      clause: '5.1',
    })
  })
  test('say nothing up to the last cent, when they do not count, or when they are off', () => {
    expect(said(limits(), { amount: 2_000 }, { food: 38_000 })).toEqual([lunch])
    expect(said(limits(), { amount: 2_001 }, { food: 38_000 })).toHaveLength(2)
    expect(said(limits(), { amount: 50_000 })).toEqual([lunch])
    expect(said(limits(', active: false'), { amount: 50_000 }, { food: 38_000 })).toEqual([lunch])
  })
  test('take automatic approval away', () => {
    const yaml = `${limits(', beyond: flag')}\n${rules(['{}', '{ approve_automatically: true }'])}`
    expect(judge(yaml, {}, { food: 0 }).automatic).toBe('R0')
    expect(judge(yaml, {}, { food: 39_000 }).automatic).toBeNull()
  })

  test.each([
    ['day', '2026-02-28', '2026-02-28', '2026-02-28', 'Feb 28, 2026'],
    ['month', '2028-02-10', '2028-02-01', '2028-02-29', 'February 2028'],
    ['month', '2026-12-31', '2026-12-01', '2026-12-31', 'December 2026'],
    ['year', '2026-12-31', '2026-01-01', '2026-12-31', '2026'],
  ])('per %s sum the calendar days of the date %s', (per, date, from, to, name) => {
    const yaml = `limits: [{ key: l, name: L, each: company, per: ${per}, amount: "1" }]`
    const document = documentOf(yaml)
    expect(limitsFor(document, { category: 'meals', homeTeam: null, date })).toEqual([
      { limit: document.limits[0], from, to },
    ])
    expect(said(yaml, { date }, { l: 0 }).join()).toContain(`for ${name} is spent`)
  })

  test('count by category and by home team', () => {
    const document = documentOf(`limits:
      - { key: all, name: L, each: company, per: day, amount: "1" }
      - { key: meals, name: L, each: person, category: meals, per: day, amount: "1" }
      - { key: travel, name: L, each: person, category: [travel, other], per: day, amount: "1" }
      - { key: sales, name: L, each: person, team: Sales, per: day, amount: "1" }
      - { key: each_team, name: L, each: team, per: day, amount: "1" }
      - { key: off, name: L, active: false, each: company, per: day, amount: "1" }`)
    const keys = (homeTeam: string | null, category = 'meals') =>
      limitsFor(document, { category, homeTeam, date: '2026-02-28' }).map(({ limit }) => limit.key)
    expect(keys('Sales')).toEqual(['all', 'meals', 'sales', 'each_team'])
    expect(keys('Tech', 'travel')).toEqual(['all', 'travel', 'each_team'])
    expect(keys(null)).toEqual(['all', 'meals'])
  })
})
