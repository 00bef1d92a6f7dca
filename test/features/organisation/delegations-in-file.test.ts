import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { inCompany } from '../../../src/database/index.ts'
import {
  exportOrganisation,
  importOrganisation,
  parseOrganisation,
  reviewOrganisation,
} from '../../../src/features/organisation/index.ts'
import { addDelegation, endDelegation, listDelegations } from '../../../src/features/people/index.ts'
import { AppError } from '../../../src/kernel/errors.ts'
import { subjects } from '../../../src/subjects.ts'
import { as, createTestDatabase, type TestDatabase } from '../../support/test-database.ts'

const head = `company: { name: Acme, currency: USD, time_zone: America/New_York }
people:
  - { name: Ann, email: ann@acme.example, time_zone: Australia/Sydney }
  - { name: Bob, email: bob@acme.example, roles: [admin] }
  - { name: Cas, email: cas@acme.example }
  - { name: Dan, email: dan@acme.example, active: false }
`
const entry = (from: string, to: string, rest = '') =>
  `  - { principal: ann@acme.example, delegate: bob@acme.example, from: ${from}, to: ${to}${rest} }\n`
const file = (...entries: string[]) =>
  entries.length === 0 ? `${head}delegations: []\n` : `${head}delegations:\n${entries.join('')}`

describe('a delegation that could not be made is refused where it stands', () => {
  const named = (principal: string, delegate: string) =>
    `${head}delegations:\n  - { principal: ${principal}@acme.example, delegate: ${delegate}@acme.example, from: 2026-12-01, to: 2026-12-04 }\n`

  test.each([
    [
      'by nobody who is known',
      named('anna', 'bob'),
      'f.yaml:8: delegations, 1st entry (anna@acme.example): principal names the person “anna@acme.example”, which is not in this file. Did you mean “ann@acme.example”?',
    ],
    [
      'to nobody who is known',
      named('ann', 'zacharias'),
      'f.yaml:8: delegations, 1st entry (ann@acme.example): delegate names the person “zacharias@acme.example”, which is not in this file.',
    ],
    [
      'to somebody who left',
      named('ann', 'dan'),
      'f.yaml:8: delegations, 1st entry (ann@acme.example): delegate names Dan, who is not active',
    ],
    [
      'by somebody who left',
      named('dan', 'ann'),
      'f.yaml:8: delegations, 1st entry (dan@acme.example): principal names Dan, who is not active',
    ],
    [
      'to oneself',
      named('ann', 'ann'),
      'f.yaml:8: delegations, 1st entry (ann@acme.example): delegate is the principal: nobody stands in for themselves',
    ],
    [
      'that ends before it begins',
      file(entry('2026-12-04', '2026-12-01')),
      'f.yaml:8: delegations, 1st entry (ann@acme.example): to is before 2026-12-04, the first day',
    ],
    [
      'for more than a year',
      file(entry('2026-12-01', '2027-12-02')),
      'f.yaml:8: delegations, 1st entry (ann@acme.example): to makes it longer than 366 days: name a year at most',
    ],
    [
      'up to no amount',
      file(entry('2026-12-01', '2026-12-04', ', up_to: "12.345"')),
      'f.yaml:8: delegations, 1st entry (ann@acme.example), up_to: USD has at most 2 decimals: write it like 12.50.',
    ],
    [
      'on a day on which there is another',
      file(entry('2026-12-01', '2026-12-04'), entry('2026-12-04', '2026-12-08')),
      'f.yaml:9: delegations, 2nd entry (ann@acme.example): from overlaps with another delegation of Ann, further up (2026-12-01 to 2026-12-04): one at a time',
    ],
    [
      'without a day',
      file(entry('tomorrow', '2026-12-04')),
      'f.yaml:8: delegations, 1st entry (ann@acme.example): from must be a date like 2026-03-31',
    ],
  ])('%s', (_what, text, message) => {
    expect(() => parseOrganisation(text, 'f.yaml')).toThrow(
      expect.objectContaining({ code: 'organisation_invalid', message }),
    )
  })

  test('and a year, or one after the other, is fine', () => {
    const text = file(entry('2026-12-01', '2027-12-01'), entry('2027-12-02', '2027-12-02'))
    expect(parseOrganisation(text, 'f.yaml').delegations).toHaveLength(2)
  })
})

describe('an import', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await createTestDatabase()
  })
  afterAll(() => database.drop())

  /** Every test has a company of its own. */
  let own = ''
  let companies = 0
  beforeEach(() => {
    own = `own${companies++}`
  })
  const toOwn = (text: string) => text.replaceAll('acme.example', `${own}.example`).replace('Acme', own)
  const system = { personId: null, channel: 'cli' as const }

  async function load(text: string, dryRun = false) {
    const { organisation, tell } = reviewOrganisation(toOwn(text), 'f.yaml')
    return importOrganisation(database, organisation, { actor: system, subjects, dryRun, tell })
  }
  const changesOf = async (text: string) => (await load(text)).changes
  const now = async () => {
    const { companyId } = await load(head)
    return inCompany(database, { companyId, actor: system }, async (tx) =>
      (await listDelegations(tx)).map(
        ({ principal, delegate, from, to, upTo, state }) =>
          `${delegate.name} for ${principal.name}, ${from} to ${to}${upTo ? `, ${upTo.minor}` : ''}, ${state}`,
      ),
    )
  }
  const idOf = async (name: string) => {
    const [row] = await database.asSuperuser<{ id: string }>(`select id from person where email = $1`, [
      `${name}@${own}.example`,
    ])
    return row?.id ?? ''
  }
  const delegateOneself = (principal: string, delegate: string, from: string, to: string) =>
    as(database, `${principal}@${own}.example`, async (tx) => {
      const delegateId = await idOf(delegate)
      const principalId = tx.actor.personId ?? ''
      return addDelegation(tx, { principalId, delegateId, from, to, upTo: null })
    })

  test('adds what the file names, once; a dry run only tells', async () => {
    await load(head)
    const text = file(
      entry('2026-11-16', '2026-11-27'),
      entry('2026-12-01', '2026-12-04', ', up_to: "5000.00"'),
    )
    const lines = [
      'delegation of Ann to Bob, 2026-11-16 to 2026-11-27: added',
      'delegation of Ann to Bob, 2026-12-01 to 2026-12-04, up to USD\u00a05,000.00: added',
    ]
    expect((await load(text, true)).changes).toEqual(lines)
    expect(await now()).toEqual([])
    expect(await changesOf(text)).toEqual(lines)
    expect(await changesOf(text)).toEqual([])
    expect(await now()).toEqual([
      'Bob for Ann, 2026-11-16 to 2026-11-27, active',
      'Bob for Ann, 2026-12-01 to 2026-12-04, 500000, coming',
    ])
  })

  test('ends what the file names no more, and only where it has that section', async () => {
    await load(file(entry('2026-11-16', '2026-11-27'), entry('2026-12-01', '2026-12-04')))
    expect(await changesOf(head)).toEqual([])
    expect(await changesOf(file())).toEqual([
      'delegation of Ann to Bob, 2026-11-16 to 2026-11-27: ends now',
      'delegation of Ann to Bob, 2026-12-01 to 2026-12-04: removed',
    ])
    expect(await now()).toEqual([])
    expect(await changesOf(file())).toEqual([])
  })

  test('replaces one whose days or amount changed', async () => {
    await load(file(entry('2026-11-16', '2026-11-27')))
    expect(await changesOf(file(entry('2026-11-16', '2026-12-04', ', up_to: "10.00"')))).toEqual([
      'delegation of Ann to Bob, 2026-11-16 to 2026-11-27: ends now',
      'delegation of Ann to Bob, 2026-11-16 to 2026-12-04, up to USD\u00a010.00: added',
    ])
    expect(await now()).toEqual(['Bob for Ann, 2026-11-16 to 2026-12-04, 1000, active'])
  })

  test('leaves alone what people made themselves, and exports only the others', async () => {
    await load(file(entry('2026-12-01', '2026-12-04')))
    await delegateOneself('cas', 'ann', '2026-12-01', '2026-12-04')
    const { companyId, changes } = await load(file(entry('2026-12-01', '2026-12-04')))
    expect(changes).toEqual([])
    const text = await inCompany(database, { companyId, actor: system }, exportOrganisation)
    expect(parseOrganisation(text, 'x.yaml').delegations).toEqual([
      {
        principal: `ann@${own}.example`,
        delegate: `bob@${own}.example`,
        from: '2026-12-01',
        to: '2026-12-04',
      },
    ])
    expect((await load(text)).changes).toEqual([])
    expect(await now()).toHaveLength(2)
  })

  test('of what somebody made already, in the same words, changes nothing', async () => {
    await load(head)
    await delegateOneself('ann', 'bob', '2026-12-01', '2026-12-04')
    expect(await changesOf(file(entry('2026-12-01', '2026-12-04')))).toEqual([])
    expect(await now()).toHaveLength(1)
  })

  test('is refused with its line where somebody made another for these days', async () => {
    await load(head)
    await delegateOneself('ann', 'cas', '2026-12-04', '2026-12-08')
    const attempt = load(`${file(entry('2026-12-01', '2026-12-04'))}teams: [{ name: New }]\n`)
    await expect(attempt).rejects.toThrow(AppError)
    await expect(attempt).rejects.toMatchObject({
      code: 'delegation_overlaps',
      message: expect.stringMatching(
        /^f\.yaml:8: delegations, 1st entry \(ann@own\d+\.example\), from: Cas decides for Ann already from Dec 4, 2026 to Dec 8, 2026\./,
      ),
    })
    expect(await database.asSuperuser(`select 1 from team`)).toEqual([])
    expect(await now()).toHaveLength(1)
  })

  test('does not begin again what somebody ended early, and says so', async () => {
    const text = file(entry('2026-11-16', '2026-11-27'))
    await load(text)
    await as(database, `ann@${own}.example`, async (tx) => {
      const [delegation] = await listDelegations(tx, {})
      await endDelegation(tx, delegation?.id ?? '')
    })
    const { changes, notes } = await load(text)
    expect(changes).toEqual([])
    expect(notes).toEqual([
      'delegation of Ann to Bob, 2026-11-16 to 2026-11-27: stays ended, as Ann ended it early',
    ])
  })

  test('makes nothing of what is over where the principal is', async () => {
    await load(head)
    // It is the 21st already in Sydney.
    const text = file(entry('2026-11-16', '2026-11-20'))
    expect((await load(text)).notes).toEqual([
      'over, and without effect: delegation of Ann to Bob, 2026-11-16 to 2026-11-20',
    ])
    expect(await now()).toEqual([])
    expect(await changesOf(file(entry('2026-11-16', '2026-11-21')))).toHaveLength(1)
  })

  test('says which delegations end because somebody leaves', async () => {
    await load(file(entry('2026-12-01', '2026-12-04')))
    await delegateOneself('cas', 'ann', '2026-12-01', '2026-12-04')
    const gone = head.replace('name: Ann, email', 'name: Ann, active: false, email')
    expect(await changesOf(gone)).toEqual([
      `person ann@${own}.example: active yes → no`,
      'delegation of Ann to Bob: ends, as Ann leaves',
      'delegation of Cas to Ann: ends, as Ann leaves',
    ])
    expect(await now()).toEqual([])
  })

  test('cannot change the currency under amounts up to which somebody decides', async () => {
    await load(file(entry('2026-12-01', '2026-12-04', ', up_to: "10.00"')))
    await expect(load(head.replace('USD', 'EUR'))).rejects.toMatchObject({ code: 'currency_fixed' })
  })
})
