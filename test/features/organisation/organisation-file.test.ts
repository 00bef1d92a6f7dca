import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { parseOrganisation, reviewOrganisation } from '../../../src/features/organisation/index.ts'
import { AppError } from '../../../src/kernel/errors.ts'

const head = 'company: { name: Acme, currency: USD, time_zone: UTC }\n'
const settings = (rest: string) => head.replace(' }', `, ${rest} }`)
const person = (rest: string) => `${head}people:\n  - { name: Ann, email: ann@b.example${rest} }\n`
const tea = `${head}levels: [{ rank: 1, name: Boss }]\ncategories: [{ key: tea, name: Tea }]\n`
const policy = (rest: string) =>
  `${tea}policies:\n  - key: p\n    name: Tea Time\n    steps: [{ level: 1, description: Boss }]\n    ${rest}\n`

/** The lines of the refusal; none when the file is fine. */
function problemsOf(text: string): string[] {
  try {
    parseOrganisation(text, 'f.yaml')
    return []
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'organisation_invalid') throw error
    expect(error.kind).toBe('user')
    return error.message.split('\n')
  }
}

describe('a mistake is told with file, line, place and reason', () => {
  test.each([
    ['nothing at all', '', 'f.yaml:1: company is missing'],
    ['no list', `${head}people: Ann`, 'f.yaml:2: people must be a list, like [Ann]'],
    ['no settings', 'Acme', 'f.yaml:1: must be a group of settings, each with its name'],
    [
      'a misspelt section',
      `${head}peoples: []`,
      'f.yaml:2: “peoples” is not known here. Did you mean “people”?',
    ],
    [
      'a misspelt field',
      `${head}people:\n  - name: Ann\n    emial: a@b.example\n    email: a@b.example`,
      'f.yaml:4: people, 1st entry (Ann): “emial” is not known here. Did you mean “email”?',
    ],
    [
      'an unknown field that is near to nothing',
      person(', shoe_size: 44'),
      'f.yaml:3: people, 1st entry (Ann): “shoe_size” is not known here.',
    ],
    [
      'a missing field',
      `${head}people:\n  - name: Ann`,
      'f.yaml:3: people, 1st entry (Ann): email is missing',
    ],
    [
      'an empty field',
      `${head}people:\n  - name: Ann\n    email:`,
      'f.yaml:4: people, 1st entry (Ann): email is empty',
    ],
    ['an empty name', `${head}teams:\n  - name: " "`, 'f.yaml:3: teams, 1st entry: name must not be empty'],
    [
      'a number for a text',
      `${head}teams:\n  - name: 7`,
      'f.yaml:3: teams, 1st entry: name must be a text: put it in quotes, "7"',
    ],
    [
      'digits for a text, which are repeated as they stand there',
      person(', iban: 89370400440532013000'),
      'iban must be a text: put it in quotes, "89370400440532013000"',
    ],
    [
      'a clause without quotes, which keeps its last digit',
      policy('clause: 2.10'),
      'clause must be a text: put it in quotes, "2.10"',
    ],
    [
      'a text for a number',
      person(', level: "1"'),
      'f.yaml:3: people, 1st entry (Ann): level must be a number, without quotes',
    ],
    [
      'half a level',
      person(', level: 1.5'),
      'f.yaml:3: people, 1st entry (Ann): level must be a whole number',
    ],
    ['a level below 1', person(', level: 0'), 'f.yaml:3: people, 1st entry (Ann): level must be more than 0'],
    [
      'a text for yes or no',
      person(', active: no'),
      'f.yaml:3: people, 1st entry (Ann): active must be true or false, not no',
    ],
    [
      'a text in quotes for yes or no',
      person(', active: "true"'),
      'f.yaml:3: people, 1st entry (Ann): active must be true or false, without quotes',
    ],
    [
      'a word for a list',
      person(', roles: finance'),
      'f.yaml:3: people, 1st entry (Ann): roles must be a list, like [finance]',
    ],
    [
      'a word for a list that is none of its words',
      `${head}rules:\n  - { key: r, name: R, do: { require: attendee } }`,
      'do: require must be a list, and each of it must be receipt, reason, note or attendees. Did you mean “attendees”?',
    ],
    [
      'an unknown role',
      person(', roles: [finanse]'),
      'f.yaml:3: people, 1st entry (Ann), roles, 1st entry (finanse): must be employee, manager, finance or admin. Did you mean “finance”?',
    ],
    [
      'no address',
      `${head}people:\n  - { name: Ann, email: ann }`,
      'f.yaml:3: people, 1st entry (Ann): email must be an e-mail address',
    ],
    [
      'a wrong currency',
      'company: { name: A, currency: XXQ, time_zone: UTC }',
      'f.yaml:1: company: currency must be a currency code such as USD',
    ],
    [
      'an unknown time zone',
      'company: { name: A, currency: USD, time_zone: Mars/Base }',
      'f.yaml:1: company: time_zone must be a time zone such as America/New_York',
    ],
    [
      'an unknown language',
      'company: { name: A, currency: USD, time_zone: UTC, locale: English }',
      'f.yaml:1: company: locale must be a language and country such as en-US',
    ],
    [
      'a key with blanks',
      `${head}reasons: [{ key: Client Visit, name: x }]`,
      'f.yaml:2: reasons, 1st entry (x): key must be lower-case letters, digits and _',
    ],
    [
      'a wrong IBAN',
      person(', iban: DE89 3704 0044 0532 0130 01'),
      'f.yaml:3: people, 1st entry (Ann): iban is not a valid IBAN; “none” takes away the one that is known',
    ],
    [
      'hours that end before they begin',
      settings('working_hours: { from: "17:00", to: "09:00" }'),
      'f.yaml:1: company: working_hours must end later in the day than they begin',
    ],
    [
      'an hour that is none',
      settings('working_hours: { from: "9:00" }'),
      'f.yaml:1: company, working_hours: from must be a time of the day like "09:00"',
    ],
    [
      'a misspelt day',
      settings('working_hours: { days: [monday, tuseday] }'),
      'f.yaml:1: company, working_hours, days, 2nd entry (tuseday): must be monday, tuesday, wednesday, thursday, friday, saturday or sunday. Did you mean “tuesday”?',
    ],
    [
      'a day twice',
      settings('working_hours: { days: [monday, monday] }'),
      'f.yaml:1: company, working_hours: days must not name a day twice',
    ],
    [
      'no day at all',
      settings('working_hours: { days: [] }'),
      'f.yaml:1: company, working_hours: days must have at least one entry',
    ],
    [
      'holidays of nowhere',
      settings('holidays: XX'),
      'f.yaml:1: company: holidays must be a country or a state of one, such as US or DE-BY.',
    ],
    [
      'holidays by the name of the country',
      settings('holidays: Germany'),
      'such as US or DE-BY. Did you mean “DE”?',
    ],
    [
      'holidays of a state that is almost one',
      person(', holidays: us-ca'),
      'f.yaml:3: people, 1st entry (Ann): holidays must be a country or a state of one, such as US or DE-BY. Did you mean “US-CA”?',
    ],
    [
      'days below none',
      settings('remind_after_days: -1'),
      'f.yaml:1: company: remind_after_days must be at least 0',
    ],
    [
      'reminders in the minute in which somebody is asked',
      settings('remind_after_days: 0.01'),
      'f.yaml:1: company: remind_after_days must be 0, which is never, or at least 0.1, a tenth of a working day',
    ],
    [
      'hours that begin at the end of the day',
      settings('working_hours: { from: "24:00", to: "24:00" }'),
      'f.yaml:1: company: working_hours must end later in the day than they begin',
    ],
    [
      'an amount without quotes',
      settings('step_up_over: 5000'),
      'f.yaml:1: company: step_up_over must be an amount in quotes, like "2000.00"',
    ],
    [
      'more than all of it',
      settings('request_tolerance_percent: 101'),
      'f.yaml:1: company: request_tolerance_percent must be at most 100',
    ],
    [
      'a digest over less than nothing',
      settings('digest_over: -1'),
      'f.yaml:1: company: digest_over must be at least 0',
    ],
    [
      'a digest over more than anybody reads',
      settings('digest_over: 1001'),
      'f.yaml:1: company: digest_over must be at most 1000',
    ],
    [
      'the number of a cost centre',
      `${head}cost_centres: [{ code: 4100, name: Sales }]`,
      'f.yaml:2: cost_centres, 1st entry (Sales): code must be a text: put it in quotes, "4100"',
    ],
    ['a name on two lines', `${head}teams: [{ name: "a\\nb" }]`, 'f.yaml:2: teams, 1st entry (a'],
  ])('%s', (_what, text, message) => {
    expect(problemsOf(text)[0]).toContain(message)
  })

  test.each([
    [
      'a manager who is not in it',
      person(', manager: x@b.example'),
      'f.yaml:3: people, 1st entry (Ann): manager names the manager “x@b.example”, which is not in this file.',
    ],
    [
      'a team that is almost in it',
      `${head}teams: [{ name: Technology }]\npeople:\n  - { name: Ann, email: a@b.example, team: Tecnology }`,
      'f.yaml:4: people, 1st entry (Ann): team names the team “Tecnology”, which is not in this file. Did you mean “Technology”?',
    ],
    [
      'a further team that is not in it',
      person(', also_in: [Sales]'),
      'f.yaml:3: people, 1st entry (Ann), also_in, 1st entry (Sales): names the team “Sales”, which is not in this file.',
    ],
    [
      'the home team as a further team',
      `${head}teams: [{ name: A }]\npeople:\n  - { name: Ann, email: a@b.example, team: A, also_in: [A] }`,
      'f.yaml:4: people, 1st entry (Ann), also_in, 1st entry (A): is a team that they belong to already',
    ],
    [
      'a level of another team',
      `${head}teams: [{ name: A }, { name: B }]\nlevels: [{ rank: 3, name: Lead, team: B }]\npeople:\n  - { name: Ann, email: a@b.example, team: A, level: 3 }`,
      'f.yaml:5: people, 1st entry (Ann): level names the level 3, which neither the company nor a team of theirs has',
    ],
    [
      'the same address twice',
      `${head}people:\n  - { name: A, email: a@b.example }\n  - { name: B, email: A@b.example }`,
      'f.yaml:4: people, 2nd entry (B): “a@b.example” stands here a second time',
    ],
    [
      'managers in a circle',
      `${head}people:\n  - { name: A, email: a@b.example, manager: b@b.example }\n  - { name: B, email: b@b.example, manager: a@b.example }`,
      'f.yaml:3: people, 1st entry (A): manager leads in a circle (A, B): nobody can be above themselves',
    ],
    [
      'an assignment of what is not in it',
      `${head}assignments:\n  - { category: tea, approver: a@b.example }`,
      'f.yaml:3: assignments, 1st entry (tea): category names the category “tea”, which is not in this file.',
    ],
  ])('%s', (_what, text, message) => {
    expect(problemsOf(text)).toContain(message)
  })

  test.each([
    [
      'cost centres of one code',
      `${head}cost_centres:\n  - { code: A, name: A }\n  - { code: A, name: B }`,
      'f.yaml:4: cost_centres, 2nd entry (B): “A” stands here a second time',
    ],
    [
      'an amount with more digits than the currency has',
      settings('step_up_over: "5000.005"'),
      'f.yaml:1: company, step_up_over: USD has at most 2 decimals: write it like 12.50.',
    ],
  ])('%s', (_what, text, message) => {
    expect(problemsOf(text)).toEqual([message])
  })

  test('every mistake is told at once, in the order of the lines', () => {
    const text = `${head}people:\n  - { name: Ann, email: ann }\nteams:\n  - { name: "" }\nlevels:\n  - { name: x }`
    expect(problemsOf(text).map((line) => line.split(':')[1])).toEqual(['3', '5', '7'])
  })

  test('of a great many mistakes the first fifty are told', () => {
    const lines = problemsOf(`${head}people:\n${'  - { name: Ann }\n'.repeat(200)}`)
    expect(lines).toHaveLength(51)
    expect(lines.at(-1)).toBe('and 150 more')
  })
})

describe('YAML that is none', () => {
  test.each([
    ['a bracket left open', `${head}people: [`, 'f.yaml:2: a bracket is not closed'],
    ['a tab', `${head}people:\n\t- name: Ann`, 'f.yaml:3: this line is indented with a tab'],
    ['a name twice', `${head}teams: []\nteams: []`, 'f.yaml:3: “teams” stands here twice'],
    [
      'a sign for a comparison',
      policy('when:\n      amount: > 500.00'),
      'f.yaml:9: a value cannot begin with “>”',
    ],
    [
      'a sign for a comparison in brackets',
      policy('when: { amount: >500.00 }'),
      'f.yaml:8: a value cannot begin with “>”',
    ],
    ['a quote left open', `${head}teams: "x\nlevels: []`, 'a quote is not closed'],
    [
      'a forgotten colon',
      `${head}people:\n  - name: Ann\n    roles [finance]\n`,
      'f.yaml:4: a “:” is missing after the name, as in “roles: [finance]”',
    ],
    [
      'a forgotten colon before another name',
      `${head}people:\n  - name: Ann\n    roles [finance]\n    email: a@b.example`,
      'f.yaml:4: a “:” is missing after the name, as in “roles: [finance]”',
    ],
    [
      'a colon in a value',
      `${head}teams:\n  - name: a: b`,
      'f.yaml:3: a value that holds “: ” must stand in quotes',
    ],
    ['two documents', `${head}---\n${head}`, 'f.yaml:2: another document begins here'],
    [
      'a name for nothing',
      `${head}teams: *none`,
      'f.yaml:2: “*none” stands for nothing that is named above it',
    ],
    ['a tag', `${head}teams: !!js/function x`, 'f.yaml:2: a value that begins with “!”'],
    [
      'control characters',
      `${head}teams:\n  - name: "a\\0b"`,
      'f.yaml:3: this text holds control characters',
    ],
  ])('with %s is refused in plain words', (_what, text, message) => {
    expect(problemsOf(text)[0]).toContain(message)
  })

  test('a bomb of names that repeat names is refused, quickly', () => {
    const level = (name: string, of: string) => `${name}: &${name} [${`*${of}, `.repeat(9)}*${of}]\n`
    const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\n${['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']
      .map((name, index) => level(name, 'abcdefgh'[index] ?? 'a'))
      .join('')}`
    expect(problemsOf(bomb)).toEqual(['f.yaml: repeats too much by “*name”. Write these entries out.'])
  })

  test('a file of more than 2 MB is refused', () => {
    expect(problemsOf(`${head}# ${'x'.repeat(2_000_000)}`)).toEqual(['f.yaml: is larger than 2 MB.'])
  })

  test.each([
    ['brackets', `${head}people: ${'['.repeat(100_000)}`],
    ['closed brackets', `${head}people: ${'['.repeat(700)}${']'.repeat(700)}`],
    ['conditions', policy(`when: ${'{ not: '.repeat(20_000)}{}${' }'.repeat(20_000)}`)],
    ['lists of lists', `${head}people:\n${'- '.repeat(20_000)}x`],
  ])('%s nested too deeply are refused', (_what, text) => {
    expect(problemsOf(text)).not.toEqual([])
  })

  test('an entry that stands for one above it is read', () => {
    const text = `${head}levels: [{ rank: 1, name: Boss }]\ncategories: [{ key: a, name: A }, { key: b, name: B }]
policies:
  - { key: a, name: A, when: { category: a }, steps: &boss [{ level: 1, description: Boss decides }] }
  - { key: b, name: B, when: { category: b }, steps: *boss }`
    expect(parseOrganisation(text, 'f.yaml').document?.policies[1]?.steps).toHaveLength(1)
  })
})

describe('policies in the file', () => {
  test.each([
    [
      'a condition on nothing',
      policy('when: { amont: { over: "5.00" } }'),
      'f.yaml:8: policies, 1st entry (Tea Time), when: “amont” is not',
    ],
    ...[
      ['"2,000.00"', 'must be written without commas'],
      ['"2.000,00"', 'must be written without commas'],
      ['"2 000.00"', 'must be written without blanks'],
      ['"2\'000.00"', 'must be written without anything between the thousands'],
      ['"USD 2000"', 'must not name a currency: all amounts are in USD'.replace('USD', 'the company’s own')],
      ['"$2000"', 'must not name a currency'],
      ['"-5.00"', 'must not have a sign'],
      ['“5.00”', 'must stand in straight quotes'],
      ['"2.000.00"', 'must have one point at most'],
      ['"much"', 'must be an amount in quotes, like "2000.00"'],
    ].map(([amount, message]) => [
      `the amount ${amount}`,
      policy(`when: { amount: { over: ${amount} } }`),
      `when, amount: over ${message}`,
    ]),
    [
      'an amount without quotes',
      policy('when: { amount: { over: 5 } }'),
      'over must be an amount in quotes, like "2000.00"',
    ],
    ['a category that is not in the file', policy('when: { category: coffee }'), 'coffee'],
    ['more decimals than the currency has', policy('when: { amount: { over: "1999.995" } }'), 'decimals'],
    [
      'a band that is empty',
      policy('when: { amount: { over: "5.00", up_to: "5.00" } }'),
      'policies, 1st entry (Tea Time), when',
    ],
    [
      'steps that nobody must pass',
      `${tea}policies:\n  - { key: p, name: P, steps: [{ level: 1, description: x, required: false }] }`,
      'f.yaml:5: policies, 1st entry (P): steps must have at least one required step',
    ],
    [
      'a misspelt scope',
      `${tea}policies:\n  - key: p\n    name: P\n    steps:\n      - { level: 1, description: Boss, scope: { teem: A } }`,
      'f.yaml:8: policies, 1st entry (P), steps, 1st entry (Boss), scope: “teem” is not known here.',
    ],
    [
      'a scope that is none',
      `${tea}policies:\n  - { key: p, name: P, steps: [{ level: 1, description: Boss, scope: dept }] }`,
      'scope must be team or company, or must be a group of settings, each with its name',
    ],
    [
      'a level that is not in the file',
      `${tea}policies:\n  - { key: p, name: P, steps: [{ level: 9, description: x }] }`,
      'level',
    ],
  ])('with %s are refused where they stand', (_what, text, message) => {
    const problems = problemsOf(text).join('\n')
    expect(problems).toContain(message)
    expect(problems).toMatch(/^f\.yaml:[5-9]: policies, 1st entry \(/)
  })

  test('what is odd is pointed out with its line, and not refused', () => {
    const text = `${tea}policies:
  - { key: all, name: All, steps: [{ level: 1, description: Boss }] }
  - { key: never, name: Never, when: { category: tea }, steps: [{ level: 1, description: Boss }] }`
    const { warnings } = reviewOrganisation(text, 'f.yaml')
    expect(warnings.join('\n')).toMatch(/^f\.yaml:6: policies, 2nd entry \(Never\)/m)
  })

  test('none of the six sections means that what is in force stays; one of them is all there is', () => {
    expect(parseOrganisation(tea, 'f.yaml').document).toBeUndefined()
    expect(parseOrganisation(`${tea}limits: []`, 'f.yaml').document).toEqual({
      policies: [],
      rules: [],
      limits: [],
      mileage: [],
      per_diem: [],
      tests: [],
    })
  })
})

describe('who is needed and missing is pointed out', () => {
  const staff = (...roles: string[]) =>
    `${tea}people:\n${roles
      .map((role, index) => `  - { name: P${index}, email: p${index}@b.example, level: 1, ${role} }\n`)
      .join('')}`
  const warningsOf = (text: string) => reviewOrganisation(text, 'f.yaml').warnings

  test('nobody active in finance, or no admin', () => {
    expect(warningsOf(staff('roles: [finance, admin], active: false', 'roles: []'))).toEqual([
      expect.stringMatching(/^f\.yaml:4: people: Nobody active here has the role “finance”, which /),
      expect.stringMatching(/^f\.yaml:4: people: Nobody active here has the role “admin”, which /),
    ])
    expect(warningsOf(staff('roles: [finance, admin]'))).toEqual([])
    expect(warningsOf(tea)).toEqual([])
  })

  test('more who must agree than there could ever be', () => {
    const policies = (needed: string) =>
      `${staff('roles: [finance]', 'roles: [admin]', 'roles: []')}policies:
  - { key: p, name: P, steps: [{ level: 1, description: Boss, needed: ${needed}, scope: company }] }
rules:
  - { key: r, name: R, do: { approve_by: [{ approver: finance, description: Money, needed: ${needed} }] } }
`
    expect(warningsOf(policies('1'))).toEqual([])
    // Each of the two stands in for the other, but the third has both.
    expect(warningsOf(policies('2'))).toEqual([])
    expect(warningsOf(policies('3'))).toEqual([
      'f.yaml:9: policies, 1st entry (P), steps, 1st entry (Boss): needed is 3, but for nobody’s expense are there as many who may agree: it would be blocked',
      'f.yaml:11: rules, 1st entry (R), do, approve_by, 1st entry (Money): needed is 3, but for nobody’s expense are there as many who may agree: it would be blocked',
    ])
  })
})

test('an example that gives a fact instead of what makes it is told what to give', () => {
  const text = `${tea}people: [{ name: Ann, email: a@b.example }]
policies: [{ key: p, name: P, steps: [{ level: 1, description: Boss }] }]
tests:
  - name: T
    submitter: a@b.example
    expense: { category: tea, amount: "1.00", weekday: saturday, team: Sales, amout: 1 }
    expect: { aprovers: [] }`
  expect(problemsOf(text)).toEqual([
    'f.yaml:9: tests, 1st entry (T), expense: “weekday” is not known here: give a “date” that is such a day.',
    'f.yaml:9: tests, 1st entry (T), expense: “team” is not known here: it is that of the “submitter”.',
    'f.yaml:9: tests, 1st entry (T), expense: “amout” is not known here. Did you mean “amount”?',
    'f.yaml:10: tests, 1st entry (T), expect: “aprovers” is not known here. Did you mean “approvers”?',
  ])
})

test('managers in a circle are told once, by their names', () => {
  const [first, ...others] = problemsOf(`${head}people:
  - { name: A, email: a@b.example, manager: b@b.example }
  - { name: B, email: b@b.example, manager: c@b.example }
  - { name: C, email: c@b.example, manager: a@b.example }`)
  expect(first).toBe(
    'f.yaml:3: people, 1st entry (A): manager leads in a circle (A, B, C): nobody can be above themselves',
  )
  expect(others).toEqual([])
})

test('somebody who left and is still named is pointed out', () => {
  const text = `${head}categories: [{ key: tea, name: Tea }]\npeople:
  - { name: Ann, email: ann@b.example, manager: bob@b.example, roles: [finance, admin] }
  - { name: Bob, email: bob@b.example, active: false }
assignments:
  - { category: tea, approver: bob@b.example }`
  expect(reviewOrganisation(text, 'f.yaml').warnings).toEqual([
    'f.yaml:4: people, 1st entry (Ann): manager names Bob, who is not active',
    'f.yaml:7: assignments, 1st entry (tea): approver names Bob, who is not active',
  ])
})

test('a reminder that comes no earlier than the next one up is pointed out', () => {
  const { warnings } = reviewOrganisation(settings('remind_after_days: 3, escalate_after_days: 2'), 'f.yaml')
  expect(warnings).toEqual([
    'f.yaml:1: company: remind_after_days is 3, but after 2 days (escalate_after_days) the next one up is asked already',
  ])
  for (const fine of ['remind_after_days: 0', 'escalate_after_days: 0', 'remind_after_days: 0.5'])
    expect(reviewOrganisation(settings(fine), 'f.yaml').warnings).toEqual([])
})

test('people may work until the end of the day', () => {
  const { company } = parseOrganisation(settings('working_hours: { from: "14:00", to: "24:00" }'), 'f.yaml')
  expect(company.working_hours).toMatchObject({ from: '14:00', to: '24:00' })
})

test('settings that are left out are those of most companies', () => {
  expect(parseOrganisation(head, 'f.yaml').company).toEqual({
    name: 'Acme',
    currency: 'USD',
    time_zone: 'UTC',
    locale: 'en-US',
    rollback_hours: 24,
    working_hours: {
      days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
      from: '09:00',
      to: '17:00',
    },
    remind_after_days: 1,
    escalate_after_days: 3,
    request_tolerance_percent: 10,
    digest_over: 10,
  })
})

test('an IBAN is read however it is written', () => {
  const { people } = parseOrganisation(person(', iban: de89 3704 0044 0532 0130 00'), 'f.yaml')
  expect(people[0]?.iban).toBe('DE89370400440532013000')
})

test.each(['company', 'globex'])('config/%s.example.yaml is fine, without a warning', async (name) => {
  const path = `config/${name}.example.yaml`
  expect(reviewOrganisation(await readFile(path, 'utf8'), path).warnings).toEqual([])
})
