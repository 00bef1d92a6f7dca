import { readFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { acrossCompanies, inCompany } from '../../../src/database/index.ts'
import { hasOpenRequest, summarizeRequest } from '../../../src/features/approvals/index.ts'
import {
  draftExpense,
  editExpense,
  routeExpense,
  submitExpense,
} from '../../../src/features/expenses/index.ts'
import {
  type ImportResult,
  importOrganisation,
  parseOrganisation,
  reviewOrganisation,
} from '../../../src/features/organisation/index.ts'
import { companyIdByName, listCategories, loadDirectory } from '../../../src/features/people/index.ts'
import { unseal } from '../../../src/kernel/sealed-text.ts'
import { subjects } from '../../../src/subjects.ts'
import { as, createTestDatabase, importExample, type TestDatabase } from '../../support/test-database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await importExample(database, 'company')
})
afterAll(() => database.drop())

const actor = { personId: null, channel: 'cli' as const }
const dataKey = 'k'.repeat(40)
const head = 'company: { name: Acme, currency: USD, time_zone: UTC }\n'

/** Every test has a company of its own, which is called Acme in the files and in what they change. */
let acme = ''
let companies = 0
beforeEach(() => {
  acme = `acme${companies++}`
})
const toOwn = (text: string) => text.replaceAll('acme.example', `${acme}.example`).replaceAll('Acme', acme)
const fromOwn = (line: string) => line.replaceAll(`${acme}.example`, 'acme.example').replaceAll(acme, 'Acme')
const idOfAcme = () => acrossCompanies(database, (tx) => companyIdByName(tx, acme))
/** Of the rows of Acme. */
const select = <Row extends Record<string, unknown>>(columns: string, table: string) =>
  database.asSuperuser<Row>(
    `select ${columns} from ${table} where company_id = (select id from company where name = $1)`,
    [acme],
  )

async function load(
  text: string,
  options: { dryRun?: boolean; dataKey?: string } = {},
): Promise<ImportResult> {
  const organisation = parseOrganisation(toOwn(text), 'f.yaml')
  const { companyId, changes, notes } = await importOrganisation(database, organisation, {
    actor,
    subjects,
    dataKey,
    ...options,
  })
  return { companyId, changes: changes.map(fromOwn), notes: notes.map(fromOwn) }
}
const changesOf = async (text: string) => (await load(text)).changes
const ann = (rest = '') => `{ name: Ann, email: ann@acme.example${rest} }`
const bob = (rest = '') => `{ name: Bob, email: bob@acme.example${rest} }`
const people = (...list: string[]) => `people: [${list.join(', ')}]\n`

describe('an import', () => {
  test('made twice changes nothing; a dry run only tells', async () => {
    const text = (level: number) =>
      `${head}levels: [{ rank: 1, name: Boss }, { rank: 2, name: Dev }]\n${people(ann(`, level: ${level}`))}`
    expect(await changesOf(text(1))).toEqual([
      'company Acme: added',
      'level 1: added',
      'level 2: added',
      'person ann@acme.example: added',
    ])
    expect(await changesOf(text(1))).toEqual([])
    expect((await load(text(2), { dryRun: true })).changes).toEqual(['person ann@acme.example: level 1 → 2'])
    expect(await changesOf(text(2))).toEqual(['person ann@acme.example: level 1 → 2'])
  })

  test('of a company that does not exist yet makes none in a dry run', async () => {
    expect((await load(head, { dryRun: true })).changes).toEqual(['company Acme: added'])
    expect(await idOfAcme()).toBeNull()
  })

  test('says each change in the words of the file', async () => {
    const teams =
      'teams: [{ name: A }, { name: B }, { name: C }]\nlevels: [{ rank: 1, name: Boss }, { rank: 3, name: Lead, team: B }]\n'
    await load(
      `${head}${teams}categories: [{ key: tea, name: Tea, keywords: [green, black] }, { key: ink, name: Ink }]
reasons: [{ key: fun, name: Fun }]
${people(ann(', team: A, also_in: [B], level: 3'), bob(', roles: [finance]'))}`,
    )
    const changes = await changesOf(
      `company: { name: Acme, currency: USD, time_zone: Europe/Berlin, intake: in@acme.example, rollback_hours: 0 }
${teams.replace('name: C', 'name: C, company_wide: true').replace('Lead', 'Head')}
categories: [{ key: ink, name: Ink, active: false }, { key: tea, name: Tea, keywords: [black, white] }]
reasons: [{ key: fun, name: Joy }]
${people(ann(', team: C, also_in: [A, B], level: 1, manager: bob@acme.example, time_zone: UTC'), bob(', roles: [admin, finance], active: false'))}`,
    )
    expect(changes).toEqual([
      'company Acme: time zone UTC → Europe/Berlin; intake none → in@acme.example; rollback hours 24 → 0',
      'team C: company-wide no → yes',
      'level 3 of B: name Lead → Head',
      'categories: now in the order ink, tea',
      'category ink: active yes → no',
      'category tea: keywords added white, removed green',
      'reason fun: name Fun → Joy',
      'person ann@acme.example: team A → C; level 3 → 1; manager none → Bob; time zone none → UTC',
      'person bob@acme.example: roles added admin; active yes → no',
      'person ann@acme.example: also in added A',
    ])
  })

  test('says each change of the settings in words', async () => {
    const settings = (rest: string) => head.replace(' }', `, ${rest} }`)
    await load(`${head}${people(ann())}`)
    const text = `${settings('working_hours: { days: [monday, saturday], from: "08:00", to: "16:00" }, holidays: US-CA, remind_after_days: 0.5, escalate_after_days: 0, step_up_over: "5000.00", request_tolerance_percent: 0, digest_over: 0')}cost_centres: [{ code: "2", name: Two }, { code: "1", name: One }]
${people(ann(', holidays: DE-BY'))}`
    expect(await changesOf(text)).toEqual([
      'company Acme: working days added saturday, removed tuesday, wednesday, thursday, friday; work from 09:00 → 08:00; work to 17:00 → 16:00; holidays none → US-CA; remind after days 1 → 0.5; escalate after days 3 → 0; request tolerance percent 10 → 0; digest over 10 → 0',
      'company Acme: a code is asked for never → over USD\u00a05,000.00',
      'cost centre 2: added',
      'cost centre 1: added',
      'person ann@acme.example: holidays none → DE-BY',
    ])
    expect(await changesOf(text)).toEqual([])
    expect(
      await changesOf(
        `${settings('step_up_over: "0"')}cost_centres: [{ code: "1", name: Won, active: false }]`,
      ),
    ).toEqual([
      'company Acme: working days added tuesday, wednesday, thursday, friday, removed saturday; work from 08:00 → 09:00; work to 16:00 → 17:00; holidays US-CA → none; remind after days 0.5 → 1; escalate after days 0 → 3; request tolerance percent 0 → 10; digest over 0 → 10',
      'company Acme: a code is asked for over USD\u00a05,000.00 → over USD\u00a00.00',
      'cost centre 1: name One → Won; active yes → no',
    ])
  })

  test('keeps what the file does not name, and says so', async () => {
    await load(
      `${head}teams: [{ name: A }]\ncategories: [{ key: tea, name: Tea }]\nlevels: [{ rank: 1, name: Boss }]\nreasons: [{ key: fun, name: Fun }]\ncost_centres: [{ code: "1", name: One }]\n${people(ann(', team: A'), bob())}`,
    )
    const { changes, notes } = await load(`${head}${people(bob())}`)
    expect(changes).toEqual([])
    expect(notes).toEqual([
      'not in the file, unchanged: teams A',
      'not in the file, unchanged: levels level 1',
      'not in the file, unchanged: categories tea',
      'not in the file, unchanged: reasons fun',
      'not in the file, unchanged: cost centres 1',
      'not in the file, unchanged: people Ann (ann@acme.example)',
    ])
  })

  test('keeps categories and reasons in the order of the file', async () => {
    const keys = async (text: string) => {
      const { companyId } = await load(text)
      return inCompany(database, { companyId, actor }, async (tx) =>
        (await listCategories(tx)).map(({ key }) => key),
      )
    }
    const entry = (key: string) => `{ key: ${key}, name: ${key} }`
    expect(await keys(`${head}categories: [${entry('a')}, ${entry('b')}]`)).toEqual(['a', 'b'])
    expect(await keys(`${head}categories: [${entry('c')}, ${entry('b')}, ${entry('a')}]`)).toEqual([
      'c',
      'b',
      'a',
    ])
  })

  test('takes memberships away that the file no longer names', async () => {
    const teams = 'teams: [{ name: A }, { name: B }]\n'
    const { companyId } = await load(`${head}${teams}${people(ann(', team: A, also_in: [B]'))}`)
    expect(await changesOf(`${head}${teams}${people(ann(', team: A'))}`)).toEqual([
      'person ann@acme.example: also in removed B',
    ])
    const directory = await inCompany(database, { companyId, actor }, loadDirectory)
    expect(directory.people[0]?.teamIds.map((id) => directory.teamNames.get(id))).toEqual(['A'])
  })

  test('brings assignments in line only where the file has that section', async () => {
    const base = `${head}teams: [{ name: A }]\ncategories: [{ key: tea, name: Tea }]\n${people(ann(), bob())}`
    const forAll = '{ category: tea, approver: ann@acme.example }'
    const inTeam = '{ category: tea, approver: bob@acme.example, team: A }'
    expect(await changesOf(`${base}assignments: [${forAll}, ${inTeam}]`)).toEqual(
      expect.arrayContaining(['assignment of tea to Ann: added', 'assignment of tea in A to Bob: added']),
    )
    expect(await changesOf(base)).toEqual([])
    expect(await changesOf(`${base}assignments: [${inTeam}]`)).toEqual(['assignment of tea to Ann: removed'])
    expect(await changesOf(`${base}assignments: []`)).toEqual(['assignment of tea in A to Bob: removed'])
  })

  test('is written into the audit log, names apart', async () => {
    await load(`${head}${people(ann())}`)
    await load(`${head}${people(ann())}`)
    const [entry, ...others] = await select<{ id: string; changes: unknown }>('id, changes', 'audit_entry')
    expect(others).toEqual([])
    expect(entry?.changes).toEqual({ count: 2 })
    const personal = await select<{ entry_id: string; values: unknown }>(
      'entry_id, "values"',
      'audit_personal',
    )
    const changes = ['company Acme: added', 'person ann@acme.example: added'].map(toOwn)
    expect(personal).toEqual([{ entry_id: entry?.id, values: { changes } }])
  })

  test('with an address that another company has is refused, and nothing is changed', async () => {
    const attempt = load(`${head}${people('{ name: Mole, email: grace.taylor@techcorp.example }', bob())}`)
    await expect(attempt).rejects.toMatchObject({ code: 'email_taken', kind: 'user' })
    expect(await idOfAcme()).toBeNull()
  })

  test('of a name that is not known here says so, and who has the addresses that are taken', async () => {
    await load(head)
    const { notes } = await load(head.replace('Acme', 'Acme Ltd'), { dryRun: true })
    expect(notes[0]).toMatch(/^“Acme Ltd” is a new company: a company is known by its name\. Others here: /)

    const { organisation, tell } = reviewOrganisation(
      toOwn(
        `company: { name: Acme Inc, currency: USD, time_zone: UTC, intake: expenses@techcorp.example }\npeople:\n  - ${bob()}\n  - { name: G, email: grace.taylor@techcorp.example }\n`,
      ),
      'f.yaml',
    )
    const attempt = importOrganisation(database, organisation, { actor, subjects, tell })
    await expect(attempt).rejects.toMatchObject({
      code: 'email_taken',
      message: [
        'f.yaml:1: company: name is that of no company here, so this would be a new one: a company is known by its name, which an import cannot change',
        'f.yaml:1: company: intake is expenses@techcorp.example, where “TechCorp Solutions” takes its receipts already',
        'f.yaml:4: people, 2nd entry (G): email is grace.taylor@techcorp.example, which somebody of “TechCorp Solutions” has already',
      ].join('\n'),
    })
  })

  test('at the same moment as others makes one company, and each tells only what it did itself', async () => {
    const text = `${head}${people(ann(', iban: DE89370400440532013000'), bob())}`
    const results = await Promise.all(Array.from({ length: 6 }, () => load(text)))
    expect(new Set(results.map(({ companyId }) => companyId)).size).toBe(1)
    expect(results.filter(({ changes }) => changes.length > 0)).toHaveLength(1)
    expect(await select('name', 'person')).toHaveLength(2)

    const more = `${head}${people(ann(), bob(', roles: [finance]'), '{ name: Cem, email: cem@acme.example }')}`
    const later = await Promise.all(Array.from({ length: 6 }, () => load(more)))
    expect(later.filter(({ changes }) => changes.length > 0)).toHaveLength(1)
    expect(later.flatMap(({ changes }) => changes)).toEqual([
      'person bob@acme.example: roles added finance',
      'person cem@acme.example: added',
    ])
  })
})

describe('an IBAN', () => {
  const iban = 'DE89370400440532013000'
  const other = 'GB82WEST12345698765432'
  const row = async () => {
    const rows = await select<{ iban_sealed: string | null; iban_tail: string | null }>(
      'iban_sealed, iban_tail',
      'person',
    )
    return rows[0]
  }

  test('is kept encrypted and shown by its last four characters alone', async () => {
    await load(`${head}${people(ann(`, iban: ${iban}`))}`)
    const kept = await row()
    expect(kept?.iban_tail).toBe('3000')
    expect(await unseal(kept?.iban_sealed ?? '', dataKey)).toBe(iban)
    const everything = [await select('*', 'person'), await select('*', 'audit_personal')]
    expect(JSON.stringify(everything)).not.toContain(iban.slice(4, 18))
  })

  test('that is the same is not written again; another one is told by its end', async () => {
    await load(`${head}${people(ann(`, iban: ${iban}`))}`)
    const first = await row()
    expect(await changesOf(`${head}${people(ann(`, iban: ${iban}`))}`)).toEqual([])
    expect(await row()).toEqual(first)
    expect(await changesOf(`${head}${people(ann(`, iban: ${other}`))}`)).toEqual([
      'person ann@acme.example: IBAN …3000 → …5432',
    ])
  })

  test('stays when the file names none, and goes with the word none', async () => {
    await load(`${head}${people(ann(`, iban: ${iban}`))}`)
    expect(await changesOf(`${head}${people(ann())}`)).toEqual([])
    expect((await row())?.iban_tail).toBe('3000')
    expect(await changesOf(`${head}${people(ann(', iban: none'))}`)).toEqual([
      'person ann@acme.example: IBAN …3000 → none',
    ])
    expect(await row()).toEqual({ iban_sealed: null, iban_tail: null })
    expect(await changesOf(`${head}${people(ann(', iban: none'))}`)).toEqual([])
  })

  test('sealed with an earlier DATA_KEY is sealed anew', async () => {
    await load(`${head}${people(ann(`, iban: ${iban}`))}`, { dataKey: 'old'.repeat(20) })
    await load(`${head}${people(ann(`, iban: ${iban}`))}`)
    expect(await unseal((await row())?.iban_sealed ?? '', dataKey)).toBe(iban)
  })

  test('is refused where there is no key to encrypt it', async () => {
    const attempt = importOrganisation(
      database,
      parseOrganisation(toOwn(`${head}${people(ann(`, iban: ${iban}`))}`), 'f.yaml'),
      { actor, subjects },
    )
    await expect(attempt).rejects.toMatchObject({ code: 'data_key_missing', kind: 'user' })
  })
})

describe('the currency of a company', () => {
  const inEuro = (text: string) => text.replace('USD', 'EUR')
  const policies =
    '\nlevels: [{ rank: 1, name: Boss }]\npolicies: [{ key: p, name: P, steps: [{ level: 1, description: x }] }]'

  test('can change with its policies, as long as nothing is on record', async () => {
    await load(`${head}${policies}`)
    await expect(load(inEuro(head))).rejects.toMatchObject({ code: 'currency_fixed', kind: 'user' })
    expect((await load(inEuro(`${head}${policies}`))).changes.join()).toContain('currency USD → EUR')
  })

  test('cannot change under expenses on record', async () => {
    const text = `${head}categories: [{ key: tea, name: Tea }]\n${people(ann())}${policies}`
    await load(text)
    const id = await as(database, `ann@${acme}.example`, async (tx) => {
      const submitterId = tx.actor.personId ?? ''
      const { id } = await draftExpense(tx, { submitterId, source: 'slack', deliveryKey: acme, files: [] })
      const categoryId = (await listCategories(tx))[0]?.id ?? ''
      await editExpense(tx, id, {
        merchant: 'Tea',
        amount: '5',
        currency: 'USD',
        date: '2026-11-03',
        categoryId,
      })
      await submitExpense(tx, id)
      return id
    })
    expect(id).not.toBe('')
    const attempt = load(inEuro(text))
    await expect(attempt).rejects.toMatchObject({
      code: 'currency_fixed',
      message: expect.stringContaining('on record'),
    })
  })
})

describe('the last active admin', () => {
  test('cannot leave or lose the role, unless somebody else has it', async () => {
    await load(`${head}${people(ann(', roles: [admin]'), bob())}`)
    for (const last of [ann(', roles: [admin], active: false'), ann(', roles: [finance]')]) {
      await expect(load(`${head}${people(last, bob())}`)).rejects.toMatchObject({
        code: 'last_admin',
        message: expect.stringContaining('Ann is the last active admin'),
      })
    }
    expect(await changesOf(`${head}${people(ann(', active: false'), bob(', roles: [admin]'))}`)).toHaveLength(
      2,
    )
  })

  test('is not asked for in a company that has none', async () => {
    await load(`${head}${people(ann())}`)
    expect(await changesOf(`${head}${people(ann(', active: false'))}`)).toHaveLength(1)
  })
})

describe('policies', () => {
  const base = `${head}levels: [{ rank: 1, name: Boss }, { rank: 2, name: Lead }]\ncategories: [{ key: tea, name: Tea }, { key: ink, name: Ink }]\n`
  const step = '{ level: 2, description: Lead }'
  const tea =
    '{ key: tea, name: Tea, when: { category: tea, amount: { up_to: "20.00" } }, steps: [STEP] }'.replace(
      'STEP',
      step,
    )
  const ink = `{ key: ink, name: Ink, when: { category: ink }, steps: [${step}] }`

  test('that are not in the file stay in force', async () => {
    await load(`${base}policies: [${tea}]`)
    expect(await changesOf(base)).toEqual([])
    expect(await changesOf(`${base}policies: [${tea}]`)).toEqual([])
  })

  test('are told one by one: added, changed with from and to, removed, in another order', async () => {
    await load(
      `${base}policies: [${tea}, ${ink}]\nlimits: [{ key: cap, name: Cap, each: person, per: month, amount: "50.00" }]`,
    )
    const changed = tea.replace('20.00', '25.00').replace(step, `${step}, { level: 1, description: Boss }`)
    expect(
      await changesOf(
        `${base}policies: [${ink}, ${changed}]\nrules: [{ key: night, name: Night, when: { weekday: sunday }, do: { flag: Sunday. } }]`,
      ),
    ).toEqual([
      expect.stringMatching(
        /^policy tea: when, amount, up_to 20\.00 → 25\.00; steps 2, level added 1; steps 2, scope added team; .*steps 2, description added Boss/,
      ),
      'policies: now in the order ink, tea',
      'rule night: added (every expense on a Sunday: a warning)',
      'limit cap: removed',
    ])
  })

  test('that are new say what they are for, and what comes of it', async () => {
    const changes = await changesOf(`${base}${people(ann())}policies:
  - { key: much, name: Much, when: { category: tea, amount: { over: "20.00" } }, steps: [{ level: 2, description: Lead, needed: all }, { level: 1, description: Boss }] }
  - { key: rest, name: Rest, active: false, steps: [{ approver: finance, description: Money, required: false }, { approver: manager, description: Line }] }
rules:
  - { key: stop, name: S, when: { merchant: "*bar*" }, do: { block: No bars. } }
  - { key: many, name: M, when: { attendees: { from: 5 } }, do: { require: [note, reason], approve_by: [{ level: 1, description: Boss }], notify: [finance, ann@acme.example] } }
  - { key: easy, name: E, when: { amount: { under: "5.00" } }, do: { approve_automatically: true } }
limits:
  - { key: cap, name: Cap, each: person, category: [tea, ink], per: month, amount: "50.00" }
  - { key: sum, name: Sum, each: company, per: year, amount: "900.00", beyond: flag }`)
    const told = changes.filter((line) => /^(policy|rule|limit) /.test(line))
    // Amounts hold together by non-breaking spaces.
    expect(told.map((line) => line.replaceAll('\u00a0', ' '))).toEqual([
      'policy much: added (tea over USD 20.00: Lead (Lead, all of them), then Boss (Boss))',
      'policy rest: added (not active; every expense: Money (finance, not required), then Line (manager))',
      'rule stop: added (every expense from “*bar*”: refused)',
      'rule many: added (every expense with 5 or more attendees: needs a note and a reason; asked as well: Boss (Boss); told by mail: finance, ann@acme.example)',
      'rule easy: added (every expense under USD 5.00: approved automatically)',
      'limit cap: added (USD 50.00 a month for each person on tea or ink; refused beyond)',
      'limit sum: added (USD 900.00 a year for the company; a warning beyond)',
    ])
  })

  test('have rates for mileage and per diem, told by what they give', async () => {
    const car = (rate: string, from: string) =>
      `{ key: car, name: Car, unit: mi, rate: "${rate}", from: ${from}, category: tea }`
    const away = (rest: string) =>
      `{ key: away, name: Away, full_day: "68.00", travel_day: "51.00", from: 2026-01-01${rest} }`
    const first = `mileage: [${car('0.70', '2025-01-01')}]\nper_diem: [${away(', breakfast: "16.00", dinner: "28.00"')}]\n`
    await load(base)
    expect(await changesOf(`${base}${first}`)).toEqual([
      'mileage car from 2025-01-01: added (USD 0.70 per mi; suggests Tea)',
      'per diem away from 2026-01-01: added (USD 68.00 a day, USD 51.00 on the first and the last; less 16.00 for breakfast, 28.00 for dinner where it is provided)',
    ])
    expect(await changesOf(`${base}${first}`)).toEqual([])
    const second = `mileage: [${car('0.705', '2025-01-01')}, ${car('0.725', '2026-01-01')}]\n`
    expect(await changesOf(`${base}${second}`)).toEqual([
      'mileage car from 2025-01-01: rate 0.70 → 0.705',
      'mileage car from 2026-01-01: added (USD 0.725 per mi; suggests Tea)',
      'per diem away from 2026-01-01: removed',
    ])
  })

  test('change in one transaction with the people: a dry run writes no version', async () => {
    await load(`${base}policies: [${tea}]`)
    await load(`${base}policies: [${ink}]`, { dryRun: true })
    expect(await select('number', 'policy_version')).toEqual([{ number: 1 }])
  })
})

describe('somebody who leaves', () => {
  const grace = 'grace.taylor@techcorp.example'
  let text: string
  beforeAll(async () => {
    text = await readFile('config/company.example.yaml', 'utf8')
  })
  /** They all come back, and the next test finds the company as it was. */
  afterEach(() => load(text))
  const leaves = (...names: string[]) =>
    names.reduce((file, name) => {
      const [first, last] = name.toLowerCase().split(' ')
      const line = `    email: ${first}.${last}@techcorp.example\n`
      expect(file).toContain(line)
      return file.replace(line, `${line}    active: false\n`)
    }, text)

  let deliveries = 0
  async function submit(amount: string): Promise<string> {
    const id = await as(database, grace, async (tx) => {
      const expense = await draftExpense(tx, {
        submitterId: tx.actor.personId ?? '',
        source: 'slack',
        deliveryKey: `import:${deliveries++}`,
        files: [],
      })
      const categoryId = (await listCategories(tx)).find(({ key }) => key === 'equipment')?.id ?? ''
      await editExpense(tx, expense.id, {
        merchant: `Shop ${amount}`,
        amount,
        currency: 'USD',
        date: '2026-11-03',
        categoryId,
      })
      return expense.id
    })
    await as(database, grace, (tx) => submitExpense(tx, id))
    await as(database, grace, (tx) => routeExpense(tx, id))
    return id
  }
  const asked = (id: string) =>
    as(database, grace, async (tx) =>
      ((await summarizeRequest(tx, id))?.steps ?? [])
        .flatMap(({ approvals }) => approvals)
        .filter(({ status }) => status === 'asked')
        .map(({ approver }) => approver),
    )

  test('is asked no more: others are, in the same transaction, and the import says who', async () => {
    const ids = [await submit('100.00'), await submit('200.00')]
    expect(await asked(ids[0] ?? '')).toEqual(['Frank Miller'])
    const dry = await load(leaves('Frank Miller'), { dryRun: true })
    expect(await asked(ids[0] ?? '')).toEqual(['Frank Miller'])
    const { changes } = await load(leaves('Frank Miller'))
    expect(changes).toEqual([
      'person frank.miller@techcorp.example: active yes → no',
      'Frank Miller’s open approvals: 2 now with Eve Davis',
    ])
    expect(dry.changes).toEqual(changes)
    for (const id of ids) expect(await asked(id)).toEqual(['Eve Davis'])
  })

  test('is not replaced by somebody who leaves in the same file', async () => {
    const id = await submit('300.00')
    const { changes } = await load(leaves('Frank Miller', 'Eve Davis'))
    expect(changes).toContain('Frank Miller’s open approvals: 1 now with David Wilson')
    expect(await asked(id)).toEqual(['David Wilson'])
  })

  test('leaves what nobody else may decide blocked', async () => {
    const everybody =
      'Alice Chen,Bob Smith,Carol Johnson,David Wilson,Eve Davis,Frank Miller,Fay Adams'.split(',')
    const id = await submit('400.00')
    // Grace herself is the admin now, and nobody decides their own expense.
    const file = leaves(...everybody, 'Adam Root').replace(
      /(email: grace\.taylor[^-]*?)roles: \[\]/,
      '$1roles: [admin]',
    )
    const { changes } = await load(file)
    expect(changes).toContain('Frank Miller’s open approvals: 1 blocked, as nobody else may decide')
    expect(await as(database, grace, (tx) => hasOpenRequest(tx, id))).toBe(false)
  })
})
