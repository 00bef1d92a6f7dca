import { describe, expect, test } from 'vitest'
import { reviewPolicies, type Vocabulary } from '../../../src/features/policy/index.ts'
import { documentOf, plain, policies, rules, vocabulary } from './sample-policies.ts'

const review = (yaml: string, known: Vocabulary = vocabulary) =>
  reviewPolicies(documentOf(yaml), known).map(
    ({ path, severity, message }) => `${severity} ${path.join('.')}: ${plain(message)}`,
  )
const everything = policies('{}')

test('what covers everything once has nothing to be said of', () => {
  expect(
    review(
      policies(
        '{ category: meals, amount: { up_to: "500" } }',
        '{ category: meals, amount: { over: "500" } }',
        '{ category: travel, team: Sales }',
        '{ category: travel, team: { not: Sales } }',
      ),
    ),
  ).toEqual([])
})

describe('refused', () => {
  test.each([
    [
      'policies.0.when.category',
      'There is no category “maels”. Did you mean “meals”?',
      policies('{ category: maels }'),
    ],
    [
      'policies.0.when.any.0.reason',
      'There is no reason “trainin”. Did you mean “training”?',
      policies('{ any: [{ reason: { not: trainin } }] }'),
    ],
    ['policies.0.when.not.team', 'There is no team “Legal”.', policies('{ not: { team: [Sales, Legal] } }')],
    [
      'policies.0.when.submitter',
      'There is no person “zoe.wolf@acme.example”.',
      policies('{ submitter: zoe.wolf@acme.example }'),
    ],
    ['policies.0.when.level', 'There is no level “9”.', policies('{ level: { between: [1, 9] } }')],
    [
      'policies.0.when.amount',
      'USD has at most 2 decimals: write it like 12.50.',
      policies('{ amount: { over: "1999.995" } }'),
    ],
    [
      'policies.0.when.amount',
      '“over USD 500.00, up to USD 200.00” leaves nothing: the lower bound must be below the upper one.',
      policies('{ amount: { over: "500", up_to: "200" } }'),
    ],
    [
      'policies.0.when.amount',
      '“over USD 5.00, up to USD 5.00” leaves nothing: the lower bound must be below the upper one.',
      policies('{ amount: { over: "5", up_to: "5" } }'),
    ],
    [
      'rules.0.when.attendees',
      '“more than 3, fewer than 4” leaves nothing: the lower bound must be below the upper one.',
      rules(['{ attendees: { over: 3, under: 4 } }', '{ flag: x }']),
    ],
    [
      'policies.0.when',
      'This can never be met: every expense under USD 0.01.',
      policies('{ amount: { under: "0.01" } }'),
    ],
    [
      'policies.0.when',
      'This can never be met: every expense from “*bar”, not from “*r”.',
      policies('{ merchant: "*bar", not: { merchant: "*r" } }'),
    ],
    [
      'policies.0.when',
      'This can never be met: meals up to USD 100.00, over USD 20.00 per person, with 5 or more attendees.',
      policies(
        '{ category: meals, amount: { up_to: "100" }, amount_per_person: { over: "20" }, attendees: { from: 5 } }',
      ),
    ],
    [
      'policies.0.when',
      'This can never be met: every expense dated Jan 5, 2026 to Jan 6, 2026, on a Sunday.',
      policies('{ date: { between: [2026-01-05, 2026-01-06] }, weekday: sunday }'),
    ],
    [
      'policies.0.when',
      'This can never be met: every expense over USD 60.00, when spending in the month comes to under USD 50.00.',
      policies('{ amount: { over: "60" }, spent_in_month: { under: "50" } }'),
    ],
    [
      'policies.0.when',
      'This can never be met: every expense by somebody in Sales, not by somebody in Sales or Tech.',
      policies('{ team: Sales, not: { team: [Sales, Tech] } }'),
    ],
    [
      'rules.0.when',
      'This can never be met: every expense by somebody with a level number of more than 3.',
      rules(['{ level: { over: 3 } }', '{ flag: x }']),
    ],
    [
      'policies.0.steps.1.level',
      'There is no level “7”.',
      'policies: [{ key: a, name: A, steps: [{ level: 1, description: x }, { level: 7, description: x }] }]',
    ],
    [
      'policies.0.steps.0.scope',
      'There is no team “X”.',
      'policies: [{ key: a, name: A, steps: [{ level: 1, description: x, scope: { team: X } }] }]',
    ],
    [
      'rules.0.do.approve_by.0.approver',
      'There is no person “zoe.wolf@acme.example”.',
      rules(['{}', '{ approve_by: [{ approver: zoe.wolf@acme.example, description: x }] }']),
    ],
    [
      'rules.0.do.notify',
      'There is no person “zoe.wolf@acme.example”.',
      rules(['{}', '{ notify: [finance, zoe.wolf@acme.example] }']),
    ],
    [
      'limits.0.amount',
      'The amount must be more than zero.',
      'limits: [{ key: l, name: L, each: person, per: day, amount: "0.00" }]',
    ],
    [
      'limits.0.category',
      'There is no category “tea”.',
      'limits: [{ key: l, name: L, each: person, per: day, amount: "1", category: tea }]',
    ],
    [
      'policies.1.key',
      'The key “a” is taken already, further up.',
      'policies: [{ key: a, name: A, steps: [{ level: 1, description: x }] }, { key: a, name: B, steps: [{ level: 1, description: x }] }]',
    ],
    [
      'limits.0.key',
      'The key “r0” is taken already, further up.',
      `${rules(['{}', '{ flag: x }'])}limits: [{ key: r0, name: L, each: person, per: day, amount: "1" }]`,
    ],
  ])('%s: %s', (path, message, yaml) => {
    expect(review(yaml)).toEqual([`error ${path}: ${message}`])
  })

  test('a test that names what is not there', () => {
    const example = `{ name: t, submitter: zoe.wolf@acme.example, expense: { category: tea, amount: "5.001", reason: fun, spent: { l: "1" } }, expect: { policy: b, says: [r], approvers: [[yan.wolf@acme.example]] } }`
    expect(review(`${everything}tests: [${example}]`)).toEqual([
      'error tests.0.submitter: There is no person “zoe.wolf@acme.example”.',
      'error tests.0.expense.category: There is no category “tea”.',
      'error tests.0.expense.reason: There is no reason “fun”.',
      'error tests.0.expense.amount: USD has at most 2 decimals: write it like 12.50.',
      'error tests.0.expense.spent.l: There is no limit “l”.',
      'error tests.0.expect.policy: There is no policy “b”.',
      'error tests.0.expect.approvers: There is no person “yan.wolf@acme.example”.',
      'error tests.0.expect.says: There is no rule or limit “r”.',
    ])
  })

  test('but not what is unlikely and still possible', () => {
    const possible = [
      '{ amount: { over: "100", up_to: "110" }, amount_per_person: { between: ["20", "22"] } }',
      '{ all: [{ team: Sales }, { team: Tech }] }',
      '{ merchant: "a*", all: [{ merchant: "*b" }], not: { merchant: "*c*" } }',
      '{ date: { between: [2026-01-05, 2026-01-06] }, weekday: tuesday }',
      '{ not: { level: { from: 1 } } }',
      '{ amount: { over: "60" }, spent_in_day: { between: ["60.01", "60.01"] } }',
      '{ duplicate: same_file, receipt_amount: differs }',
      '{ amount: { over: "0" } }',
      '{ note: "" }',
    ]
    const remarks = reviewPolicies(documentOf(policies(...possible)), vocabulary)
    expect(remarks.filter(({ severity }) => severity === 'error')).toEqual([])
  })
})

describe('gaps', () => {
  test.each([
    [
      'above',
      ['{ category: meals, amount: { up_to: "500" } }', '{ category: travel }'],
      ['No policy covers meals over USD 500.00, so finance decides them.'],
    ],
    [
      'below',
      ['{ category: meals, amount: { over: "500" } }', '{ category: travel }'],
      ['No policy covers meals up to USD 500.00, so finance decides them.'],
    ],
    [
      'of one cent between under and over',
      ['{ amount: { under: "500" } }', '{ amount: { over: "500" } }'],
      [
        'No policy covers meals of USD 500.00, so finance decides them.',
        'No policy covers travel of USD 500.00, so finance decides them.',
      ],
    ],
    ['none between up_to and over', ['{ amount: { up_to: "500" } }', '{ amount: { over: "500" } }'], []],
    ['none between under and from', ['{ amount: { under: "500" } }', '{ amount: { from: "500" } }'], []],
    [
      'between bands',
      [
        '{ amount: { up_to: "500" } }',
        '{ amount: { from: "600" } }',
        '{ category: travel, amount: { over: "400" } }',
      ],
      ['No policy covers meals over USD 500.00, up to USD 599.99, so finance decides them.'],
    ],
    [
      'of a whole category',
      ['{ category: meals }'],
      ['No policy covers travel of any amount, so finance decides them.'],
    ],
    [
      'of some, by example',
      ['{ category: meals, weekday: [saturday, sunday] }', '{ category: { not: meals } }'],
      ['For example, no policy covers meals on a Monday, so finance decides them.'],
    ],
    [
      'of some amounts always and of others by example',
      ['{ category: meals, amount: { up_to: "500" }, merchant: { not: "*bar*" } }', '{ category: travel }'],
      [
        'No policy covers meals over USD 500.00, so finance decides them.',
        'For example, no policy covers meals of USD 1.00, from “bar”, so finance decides them.',
      ],
    ],
    [
      'of people outside the levels',
      ['{ level: { from: 1 } }'],
      [
        'For example, no policy covers meals by somebody without a level, so finance decides them.',
        'For example, no policy covers travel by somebody without a level, so finance decides them.',
      ],
    ],
  ])('%s', (_what, whens, messages) => {
    expect(review(policies(...whens)).filter((remark) => !remark.includes('overlap'))).toEqual(
      messages.map((message) => `warning policies: ${message}`),
    )
  })
  test('that several comparisons cut are told as one', () => {
    const when = '{ amount: { up_to: "5" }, category: meals, not: { amount: { over: "3" } } }'
    expect(review(policies(when, '{ category: travel }'))).toEqual([
      'warning policies: No policy covers meals over USD 3.00, so finance decides them.',
    ])
  })
  test('are there where a policy is not active', () => {
    const inactive = policies('{ category: meals }', '{ category: travel }').replace(
      'name: A',
      'name: A, active: false',
    )
    expect(review(inactive)).toEqual([
      'warning policies: No policy covers meals of any amount, so finance decides them.',
    ])
  })
  test('a company without policies is told once', () => {
    expect(review('')).toEqual([
      'warning policies: There is no active policy, so finance decides everything.',
    ])
  })
})

describe('overlaps', () => {
  test('are pointed out by an example, with the policy that counts', () => {
    expect(
      review(
        policies('{ amount: { up_to: "500" } }', '{ amount: { over: "300" }, merchant: "*bar*" }', '{}'),
      ),
    ).toEqual([
      'warning policies.1: “A” and “B” overlap, for example for meals of USD 300.01, from “bar”. Of the two, “A” counts, because it stands first.',
      'warning policies.2: “A” and “C” overlap, for example for meals of USD 1.00. Of the two, “A” counts, because it stands first.',
      'warning policies.2: “B” and “C” overlap, for example for meals of USD 300.01, from “bar”. Of the two, “B” counts, because it stands first.',
    ])
  })
  test('of one cent are found', () => {
    expect(review(policies('{ amount: { up_to: "500" } }', '{ amount: { from: "500" } }')).join()).toContain(
      'meals of USD 500.00',
    )
  })
  test('of patterns are found where no pattern is part of the other', () => {
    expect(review(policies('{ merchant: "uber*" }', '{ merchant: "*eats" }')).join()).toContain(
      'from “ubereats”',
    )
  })
  test('only by belonging to two teams are not pointed out', () => {
    expect(review(policies('{ team: Sales }', '{ team: Tech }', '{ team: { not: [Sales, Tech] } }'))).toEqual(
      [],
    )
  })
})

test('policies and rules that are not active are neither compared nor a reason', () => {
  const twice = policies('{}', '{}')
  for (const name of ['A', 'B'])
    expect(review(twice.replace(`name: ${name}`, `name: ${name}, active: false`))).toEqual([])
  const idle = rules(['{ receipt: present }', '{ require: [receipt] }', 'active: false'])
  expect(review(everything + idle)).toEqual([])
})

describe('policies that are never used', () => {
  test.each([
    [
      ['{}', '{ category: meals }'],
      'policies.1: “B” is never used: “A” before it takes everything that it is for.',
    ],
    [
      ['{ amount: { up_to: "5" } }', '{ amount: { over: "5" } }', '{ category: meals }'],
      'policies.2: “C” is never used: “A” and “B” before it take everything that it is for.',
    ],
    [
      ['{ team: Sales }', '{ not: { team: Sales } }', '{ all: [{ team: Sales }, { team: Tech }] }'],
      'policies.2: “C” is never used: “A” before it takes everything that it is for.',
    ],
  ])('%s', (whens, message) => {
    expect(review(policies(...whens))).toEqual([`warning ${message}`])
  })
  test('are not those before which somebody in both teams still gets through', () => {
    expect(
      review(policies('{ all: [{ team: Sales }, { not: { team: Tech } }] }', '{ team: Sales }')).join(),
    ).not.toContain('never')
  })
})

describe('rules without an effect', () => {
  const flag = '{ flag: Hm }'
  const automatic = '{ approve_automatically: true }'
  const finance = '{ approve_by: [{ approver: finance, description: x }] }'
  test.each<[[string, string, string?][], string[]]>([
    [
      [
        ['{ merchant: "*bet*" }', '{ block: No }'],
        ['{ merchant: "*betting*" }', flag],
      ],
      ['rules.1: “R1” never has an effect: “R0” refuses everything that it is for.'],
    ],
    [
      [
        ['{ merchant: "*betting*" }', '{ block: No }'],
        ['{ merchant: "*bet*" }', flag],
      ],
      [],
    ],
    [
      [
        ['{}', '{ block: No }', 'active: false'],
        ['{}', flag],
      ],
      [],
    ],
    [
      [
        ['{ amount: { up_to: "5" } }', automatic],
        ['{ amount: { up_to: "9" } }', flag, 'priority: -1'],
      ],
      ['rules.0: “R0” never approves automatically: “R1” warns of everything that it is for.'],
    ],
    [
      [
        ['{ amount: { up_to: "5" } }', automatic],
        ['{}', finance],
      ],
      [
        'rules.0: “R0” never approves automatically: “R1” asks further people about everything that it is for.',
      ],
    ],
    [
      [
        ['{ amount: { up_to: "5" } }', automatic, 'priority: 1'],
        ['{}', finance],
      ],
      [],
    ],
    [
      [['{}', '{ approve_automatically: true, flag: Hm }']],
      ['rules.0: “R0” never approves automatically, because it also refuses, warns or asks further people.'],
    ],
    [
      [['{ reason: training, attendees: { from: 2 } }', '{ require: [reason, attendees] }']],
      ['rules.0.do.require: “R0” never has an effect: whatever it is for has already what it asks for.'],
    ],
    [[['{ reason: training }', '{ require: [reason, attendees] }']], []],
    [[['{ reason: training }', '{ require: [reason], flag: Hm }']], []],
    [
      [['{ receipt_amount: differs }', '{ require: [receipt] }']],
      ['rules.0.do.require: “R0” never has an effect: whatever it is for has already what it asks for.'],
    ],
  ])('%j', (list, messages) => {
    expect(review(everything + rules(...list))).toEqual(messages.map((message) => `warning ${message}`))
  })
})

test('what is too large to try is said, not guessed', () => {
  const people = Array.from({ length: 2_000 }, (_, index) => `p${index}@acme.example`)
  const known = { ...vocabulary, people, teams: Array.from({ length: 12 }, (_, index) => `T${index}`) }
  const remarks = review(policies(`{ submitter: [${people}], team: [${known.teams}] }`, '{}'), known)
  expect(remarks.at(-1)).toContain('not every combination could be tried')
})

test('a list of many words is looked at as one', () => {
  const words = Array.from(
    { length: 30 },
    (_, index) => `"*${String.fromCharCode(97 + (index % 26))}word${index}*"`,
  )
  const remarks = review(policies(`{ merchant: [${words}] }`, `{ merchant: { not: [${words}] } }`))
  expect(remarks).toEqual([])
})

test('hundreds of bands are looked at one with another', () => {
  const bands = Array.from(
    { length: 200 },
    (_, index) => `{ amount: { over: "${index * 10}", up_to: "${index * 10 + 10}" } }`,
  )
  const yaml = bands.map(
    (when, index) =>
      `  - { key: b${index}, name: B${index}, when: ${when}, steps: [{ level: 1, description: x }] }`,
  )
  expect(review(`policies:\n${yaml.join('\n')}`).filter((remark) => remark.includes('overlap'))).toEqual([])
})
