import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { acrossCompanies, inCompany } from '../../../src/database/index.ts'
import { summarizeRequest } from '../../../src/features/approvals/index.ts'
import {
  draftExpense,
  editExpense,
  routeExpense,
  submitExpense,
} from '../../../src/features/expenses/index.ts'
import { changeOrganisation } from '../../../src/features/organisation/change-organisation.ts'
import {
  amountsOf,
  findEntry,
  type OrganisationChange,
  organisationInForce,
  prepareChange,
  savePreparedChange,
  summarizeOrganisation,
} from '../../../src/features/organisation/index.ts'
import { personByEmail } from '../../../src/features/people/index.ts'
import { AppError } from '../../../src/kernel/errors.ts'
import { subjects } from '../../../src/subjects.ts'
import { as, createTestDatabase, importExample, type TestDatabase } from '../../support/test-database.ts'

const at = (name: string) => `${name}@techcorp.example`
const adam = at('adam.root')
const frank = at('frank.miller')
const grace = at('grace.taylor')
const eve = at('eve.davis')

let database: TestDatabase
let companyId = ''
beforeAll(async () => {
  database = await createTestDatabase()
  companyId = await importExample(database, 'company')
  await importExample(database, 'globex')
})
afterAll(() => database.drop())

async function optionsOf(email: string) {
  const person = await acrossCompanies(database, (tx) => personByEmail(tx, email))
  if (!person) throw new Error(`there is no ${email}`)
  const actor = { personId: person.id, channel: 'slack' as const }
  return { companyId: person.companyId, actor, subjects }
}

/** As an admin, unless somebody else is named. */
const change = async (asked: OrganisationChange, { by = adam, dryRun = false } = {}) =>
  changeOrganisation(database, { ...(await optionsOf(by)), dryRun }, asked)

type Put = Extract<OrganisationChange, { kind: 'put' }>
const put = (section: Put['section'], key: string | null, entry: Put['entry'], more: Partial<Put> = {}) =>
  change({ kind: 'put', section, key, seen: null, entry, ...more })

const inForce = () =>
  inCompany(database, { companyId, actor: { personId: null, channel: 'system' } }, organisationInForce)
const seenOf = async (section: Put['section'], key: string) =>
  findEntry(await inForce(), section, key)?.fingerprint ?? ''

/** The code of what is refused, with the fields it is about. */
async function refusal(work: Promise<unknown>): Promise<{ code: string; field: unknown; message: string }> {
  const error: unknown = await work.then(
    () => null,
    (problem: unknown) => problem,
  )
  if (!(error instanceof AppError)) throw new Error(`it was not refused: ${String(error)}`)
  const fields = error.details?.fields
  return {
    code: error.code,
    field: typeof fields === 'object' && fields !== null ? Object.keys(fields).join() : error.field,
    message: error.message,
  }
}

let people = 0
let newcomer = ''
beforeEach(() => {
  newcomer = at(`newcomer.${people++}`)
})
const add = () => put('people', null, { name: 'Nora New', email: newcomer, team: 'Technology', level: 7 })

describe('a change of one entry', () => {
  test('adds somebody, and tells the difference of an import', async () => {
    const { changes, before, after } = await put('people', null, {
      name: 'Nora New',
      email: newcomer,
      manager: frank,
      level: 7,
      team: 'Technology',
    })
    expect(changes).toEqual([`person ${newcomer}: added`])
    expect(before).toBeNull()
    expect(after).toMatchObject({ name: 'Nora New', manager: 'Frank Miller', level: '7 SDE3' })
  })

  test('leaves what it does not name as it is, and takes away what it names as nothing', async () => {
    await add()
    const { changes } = await put('people', newcomer, { name: 'Nora Neu', level: null })
    expect(changes).toEqual([`person ${newcomer}: name Nora New → Nora Neu; level 7 → none`])
    expect(findEntry(await inForce(), 'people', newcomer)?.entry).toMatchObject({ team: 'Technology' })
  })

  test('that only tries says the same and changes nothing', async () => {
    const tried = await change(
      { kind: 'put', section: 'categories', key: 'travel', seen: null, entry: { name: 'Journeys' } },
      { dryRun: true },
    )
    expect(tried.changes).toEqual(['category travel: name Travel → Journeys'])
    expect(findEntry(await inForce(), 'categories', 'travel')?.entry.name).toBe('Travel')
  })

  test('is written to the audit log with who made it', async () => {
    await add()
    const [row] = await database.asSuperuser<{ name: string; channel: string }>(
      `select p.name, a.channel from audit_entry a join person p on p.id = a.actor_id
       where a.action = 'organisation.imported' and a.company_id = $1 order by a.id desc limit 1`,
      [companyId],
    )
    expect(row).toEqual({ name: 'Adam Root', channel: 'slack' })
  })

  test('names a new category by itself, and puts it where it belongs', async () => {
    const { after } = await put(
      'categories',
      null,
      { name: 'Büro & Porto', keywords: ['porto'] },
      { place: 1 },
    )
    expect(after).toMatchObject({ key: 'buero_porto', active: true })
    expect((await inForce()).categories[0]?.key).toBe('buero_porto')
    const again = await put('categories', null, { name: 'Büro / Porto' })
    expect(again.after).toMatchObject({ key: 'buero_porto_2' })
  })

  test('makes a new version of the policies, says what it means, and runs the examples', async () => {
    const { changes, meaning, examples } = await put(
      'limits',
      'travel_per_year',
      `key: travel_per_year
name: Travel per person and year
clause: "3.3"
each: person
category: travel
per: year
amount: "10000.00"
beyond: flag`,
    )
    expect(changes).toEqual(['limit travel_per_year: amount 20000.00 → 10000.00'])
    expect(meaning).toContain('10,000.00')
    expect(examples.length).toBeGreaterThan(5)
    expect(examples.filter(({ problems }) => problems.length > 0)).toEqual([])
  })

  test('shows an example that does not come out any more', async () => {
    const asked: OrganisationChange = { kind: 'remove', section: 'rules', key: 'very_large', seen: null }
    const { code, message } = await refusal(change(asked))
    // The example names the rule.
    expect(code).toBe('entry_invalid')
    expect(message).toContain('very_large')
    const lower = `key: very_large
name: Very large amounts
clause: "1.5"
when:
  amount: { over: "70000.00" }
do:
  notify: [finance]`
    const tried = await change(
      { kind: 'put', section: 'rules', key: 'very_large', seen: null, entry: lower },
      { dryRun: true },
    )
    expect(tried.examples.filter(({ problems }) => problems.length > 0)).toHaveLength(1)
  })
})

describe('a change of amounts', () => {
  const amountsNow = async (key: string, section: 'policies' | 'limits' = 'policies') => {
    const amounts = amountsOf(await inForce(), { section, key })
    if (!amounts) throw new Error(`${key} has no amounts`)
    return amounts
  }
  const move = (
    key: string,
    amounts: string[],
    more: { section?: 'policies' | 'limits'; seen?: string } = {},
  ) => change({ kind: 'amounts', section: 'policies', key, seen: null, amounts, ...more })

  const spaced = (text: string) => text.replaceAll('\u00a0', ' ')

  test('knows the bands of a policy, and what each asks for', async () => {
    const { expenses, amounts, bands } = await amountsNow('large_equipment')
    expect(expenses).toBe('equipment of any amount')
    expect(amounts).toEqual(['2000.00'])
    expect(bands).toMatchObject([
      { name: 'Small Equipment', above: null, upTo: 0 },
      { name: 'Large Equipment', above: 0, upTo: null },
    ])
    expect(bands[1]?.asks).toMatch(
      /^Manager confirms .* \(Manager\), then SEM .*, then AD releases the money \(AD\)$/,
    )
    expect(amountsOf(await inForce(), { section: 'policies', key: 'business_travel' })).toBeNull()
  })

  test('moves the end of one band and the beginning of the next, and leaves no gap', async () => {
    const { fingerprint } = await amountsNow('small_equipment')
    const { title, changes, meaning, warnings } = await move('small_equipment', ['2500.00'], {
      seen: fingerprint,
    })
    expect(title).toBe('Small Equipment, Large Equipment')
    expect(changes.map(spaced)).toEqual(['USD 2,000.00 → USD 2,500.00'])
    expect(meaning).toMatch(/Small Equipment: .*2,500\.00.*\nLarge Equipment: .*over USD\s2,500\.00/)
    expect(warnings).toEqual([])
    const again = move('large_equipment', ['2000.00'], { seen: fingerprint })
    expect(await refusal(again)).toMatchObject({ code: 'entry_changed' })
    await move('large_equipment', ['2000.00'])
  })

  test('moves what a limit allows', async () => {
    const { changes } = await move('meals_per_month', ['1400.00'], { section: 'limits' })
    expect(changes.map(spaced)).toEqual(['USD 1,500.00 → USD 1,400.00'])
  })

  test('is refused at its field where it is no amount or does not rise', async () => {
    const parts = ['one', 'two', 'three'].map((key, index) => ({ key, index }))
    for (const { key, index } of parts) {
      const bounds = [
        ...(index > 0 ? [`over: "${index}00.00"`] : []),
        ...(index < 2 ? [`up_to: "${index + 1}00.00"`] : []),
      ]
      const yaml = `key: gifts_${key}
name: Gifts ${key}
when: { merchant: "*gift*", amount: { ${bounds.join(', ')} } }
steps: [{ approver: manager, description: Manager confirms }]`
      await put('policies', null, yaml)
    }
    expect((await amountsNow('gifts_two')).amounts).toEqual(['100.00', '200.00'])
    expect(await refusal(move('gifts_two', ['100.00', 'x']))).toMatchObject({
      code: 'amount_invalid',
      field: 'amount_2',
    })
    const crossing = { code: 'amounts_not_rising', field: 'amount_2' }
    expect(await refusal(move('gifts_two', ['300.00', '200.00']))).toMatchObject(crossing)
    expect(await refusal(move('gifts_two', ['100.00', '0']))).toMatchObject(crossing)
    const { title } = await move('gifts_one', ['100.00', '250.00'])
    expect(title).toBe('Gifts two, Gifts three')
  })
})

describe('an amount of nothing but points and zeros', () => {
  test.each(['.', '..', '0.', '.0', '0.0.0'])(
    'such as “%s” is no zero: what is in force stays readable',
    async (text) => {
      const wrong = { code: 'amount_invalid', field: 'amount_1' }
      for (const { section, key } of [
        { section: 'policies', key: 'small_equipment' },
        { section: 'limits', key: 'meals_per_month' },
      ] as const) {
        const asked: OrganisationChange = { kind: 'amounts', section, key, seen: null, amounts: [text] }
        expect(await refusal(change(asked))).toMatchObject(wrong)
      }
      expect((await inForce()).document?.policies.length).toBeGreaterThan(0)
    },
  )

  test('is one where it is written as an amount, and a band begins there', async () => {
    const yaml = `key: tips
name: Tips
when: { merchant: "*tips*", amount: { over: "0.00", up_to: "50.00" } }
steps: [{ approver: manager, description: Manager confirms }]`
    await put('policies', null, yaml)
    const amounts = ['0.00', '60.00']
    const asked: OrganisationChange = {
      kind: 'amounts',
      section: 'policies',
      key: 'tips',
      seen: null,
      amounts,
    }
    expect((await change(asked)).changes).toHaveLength(1)
  })
})

describe('somebody without a team or a manager', () => {
  test('is told of with what follows from it, and not again', async () => {
    const { gaps } = await put('people', null, { name: 'Nora New', email: newcomer })
    // Whether a policy asks for a manager depends on the tests above.
    expect(gaps).toMatchObject([{ field: 'team', isAsked: true }, { field: 'manager' }])
    expect((await put('people', newcomer, { name: 'Nora Neu' })).gaps).toEqual([])
    expect((await put('people', newcomer, { team: 'Technology', manager: frank, level: 7 })).gaps).toEqual([])
    expect((await put('people', newcomer, { manager: null })).gaps).toMatchObject([{ field: 'manager' }])
  })

  test('is counted among those whom an admin looks at', async () => {
    const summary = () => as(database, adam, (tx) => summarizeOrganisation(tx))
    const before = await summary()
    await put('people', null, { name: 'Nora New', email: newcomer })
    const after = await summary()
    expect(after.people).toBe(before.people + 1)
    expect(after.without.team).toBe(before.without.team + 1)
    expect(after.without.manager - before.without.manager).toBe(1)
    await put('people', newcomer, { active: false })
    expect(await summary()).toEqual(before)
  })
})

describe('what is refused', () => {
  test.each([
    ['an empty name', 'people', frank, { name: ' ' }, 'entry_invalid', 'name'],
    ['no address', 'people', null, { name: 'X', email: 'nobody' }, 'entry_invalid', 'email'],
    ['a team that is not there', 'people', frank, { team: 'Sales' }, 'entry_invalid', 'team'],
    ['a level that is not there', 'people', frank, { level: 77 }, 'entry_invalid', 'level'],
    ['a manager who is not there', 'people', frank, { manager: at('x') }, 'entry_invalid', 'manager'],
    ['a circle of managers', 'people', eve, { manager: grace }, 'entry_invalid', 'manager'],
    ['the same address twice', 'people', null, { name: 'X', email: grace }, 'entry_there', 'email'],
    [
      'hours that end before',
      'company',
      'company',
      { working_hours: { to: '07:00' } },
      'entry_invalid',
      'working_hours',
    ],
    ['another name of the company', 'company', 'company', { name: 'X' }, 'name_fixed', 'name'],
    [
      'somebody of another company',
      'people',
      null,
      { name: 'H', email: 'homer.simpson@globex.example' },
      'email_taken',
      'email',
    ],
    ['what is not there', 'people', at('nobody'), { name: 'X' }, 'entry_unknown', undefined],
    ['nothing at all', 'people', frank, { name: 'Frank Miller' }, 'nothing_changed', undefined],
  ] as const)('%s, at its field', async (_, section, key, entry, code, field) => {
    expect(await refusal(put(section, key, entry))).toMatchObject({ code, field })
  })

  test('a policy that names what is not there, with its line', async () => {
    const yaml = `key: gambling
name: Gambling
when:
  category: gifts
do:
  block: No.`
    const refused = await refusal(put('rules', 'gambling', yaml))
    expect(refused).toMatchObject({ code: 'entry_invalid', field: 'text' })
    expect(refused.message).toMatch(/^Line 4: .*gifts/)
  })

  test('text that is no YAML, with its line', async () => {
    const refused = await refusal(put('rules', 'gambling', 'key: gambling\nname "x\n'))
    expect(refused.message).toMatch(/^Line 2: /)
  })

  test('to everybody but the active admins', async () => {
    const asked: OrganisationChange = {
      kind: 'put',
      section: 'people',
      key: frank,
      seen: null,
      entry: { name: 'F' },
    }
    expect(await refusal(change(asked, { by: grace }))).toMatchObject({ code: 'admin_required' })
    // Another company's admin changes people of theirs and nobody else's.
    expect(await refusal(change(asked, { by: 'hank.scorpio@globex.example' }))).toMatchObject({
      code: 'entry_unknown',
    })
  })

  test('to leave a company without an admin', async () => {
    for (const entry of [{ roles: [] }, { active: false }]) {
      expect(await refusal(put('people', adam, entry))).toMatchObject({ code: 'last_admin', field: 'roles' })
    }
  })
})

describe('two admins', () => {
  test('do not overwrite each other: the second is told that it changed', async () => {
    await add()
    const seen = await seenOf('people', newcomer)
    const asked = (name: string): OrganisationChange => ({
      kind: 'put',
      section: 'people',
      key: newcomer,
      seen,
      entry: { name },
    })
    const results = await Promise.allSettled([change(asked('A')), change(asked('B'))])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const [lost] = results.filter(({ status }) => status === 'rejected')
    expect(lost).toMatchObject({ reason: { code: 'entry_changed' } })
  })

  test('who take the role from each other leave one', async () => {
    await put('people', null, { name: 'Second', email: newcomer, roles: ['admin'] })
    const results = await Promise.allSettled([
      change({ kind: 'put', section: 'people', key: newcomer, seen: null, entry: { roles: [] } }),
      change(
        { kind: 'put', section: 'people', key: adam, seen: null, entry: { roles: [] } },
        { by: newcomer },
      ),
    ])
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const { people: after } = await inForce()
    expect(after.filter(({ active, roles }) => active && roles.includes('admin'))).toHaveLength(1)
    // As it was, for the other tests.
    const left = after.find(({ roles }) => roles.includes('admin'))?.email ?? ''
    if (left !== adam) {
      const back = {
        kind: 'put',
        section: 'people',
        key: adam,
        seen: null,
        entry: { roles: ['admin'] },
      } as const
      await change(back, { by: left })
      await put('people', newcomer, { roles: [] })
    }
  })
})

describe('a change that was prepared', () => {
  const rename: OrganisationChange = {
    kind: 'put',
    section: 'reasons',
    key: 'conference',
    seen: null,
    entry: { name: 'Congress' },
  }

  test('is made once by saving, however often', async () => {
    const options = await optionsOf(adam)
    const { id, outcome } = await prepareChange(database, options, rename)
    expect(findEntry(await inForce(), 'reasons', 'conference')?.entry.name).not.toBe('Congress')
    const saved = await Promise.all([
      savePreparedChange(database, options, id),
      savePreparedChange(database, options, id),
    ])
    expect(saved).toEqual([outcome, outcome])
    const rows = await database.asSuperuser(
      `select 1 from audit_personal where "values"::text like '%Congress%'`,
    )
    expect(rows).toHaveLength(1)
  })

  test('is told again as it was stored by a program that knew less of it', async () => {
    const options = await optionsOf(adam)
    const { id } = await prepareChange(database, options, { ...rename, entry: { name: 'Summit' } })
    const saved = await savePreparedChange(database, options, id)
    const approvals = [{ count: 2, outcome: 'moved', to: ['Eve Davis'] }]
    const before = [{ name: 'Frank Miller', delegations: [], approvals }]
    await database.asSuperuser(
      `update organisation_change set outcome = (outcome - 'gaps') || jsonb_build_object('departures', $2::jsonb)
       where id = $1`,
      [id, JSON.stringify(before)],
    )
    expect(await savePreparedChange(database, options, id)).toEqual({
      ...saved,
      departures: [{ ...before[0], waiting: { now: 0, later: 0 } }],
    })
  })

  test('can be saved only by whoever prepared it', async () => {
    const options = await optionsOf(adam)
    const { id } = await prepareChange(database, options, { ...rename, entry: { name: 'Fair' } })
    for (const other of [grace, 'hank.scorpio@globex.example']) {
      const saving = savePreparedChange(database, await optionsOf(other), id)
      expect(await refusal(saving)).toMatchObject({ code: 'change_unknown' })
    }
  })

  test('is refused when somebody else changed the same meanwhile', async () => {
    const options = await optionsOf(adam)
    const seen = await seenOf('reasons', 'conference')
    const { id } = await prepareChange(database, options, { ...rename, seen, entry: { name: 'Fair' } })
    await put('reasons', 'conference', { name: 'Exhibition' })
    expect(await refusal(savePreparedChange(database, options, id))).toMatchObject({ code: 'entry_changed' })
  })
})

test('somebody who leaves passes on what is open, and it is told before it happens', async () => {
  await put('people', null, { name: 'Mona Manager', email: newcomer, team: 'Technology', level: 6 })
  const expenseId = await as(database, grace, async (tx) => {
    const { id } = await draftExpense(tx, {
      submitterId: tx.actor.personId ?? '',
      source: 'slack',
      deliveryKey: 'k',
      files: [],
      note: '',
    })
    const categories = await tx.em.execute<{ id: string }[]>(
      `select id from category where company_id = ? and key = 'equipment'`,
      [tx.companyId],
    )
    await editExpense(tx, id, {
      merchant: 'Shop',
      amount: '40',
      currency: 'USD',
      date: '2026-11-18',
      categoryId: categories[0]?.id ?? '',
    })
    await submitExpense(tx, id)
    await routeExpense(tx, id)
    return id
  })
  const asked: OrganisationChange = {
    kind: 'put',
    section: 'people',
    key: frank,
    seen: null,
    entry: { active: false },
  }
  const told = await change(asked, { dryRun: true })
  expect(told.departures).toMatchObject([
    {
      name: 'Frank Miller',
      waiting: { now: 1, later: 0 },
      approvals: [{ count: 1, outcome: 'moved', to: ['Mona Manager'] }],
    },
  ])
  const statusNow = () => as(database, grace, (tx) => summarizeRequest(tx, expenseId))
  expect(JSON.stringify(await statusNow())).toContain('Frank')
  expect((await change(asked)).departures).toEqual(told.departures)
  expect(JSON.stringify(await statusNow())).toContain('Mona')
})
