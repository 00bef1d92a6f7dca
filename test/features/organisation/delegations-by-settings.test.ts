import { afterEach, beforeEach, expect, test } from 'vitest'
import { importOrganisation, parseOrganisation } from '../../../src/features/organisation/index.ts'
import { addDelegation } from '../../../src/features/people/index.ts'
import { subjects } from '../../../src/subjects.ts'
import { doTurns } from '../../support/do-work.ts'
import { as, createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { bob, Kinds, organisation, tim } from '../expenses/kinds-company.ts'

let database: TestDatabase
let company: Kinds

beforeEach(async () => {
  database = await createTestDatabase()
  company = await Kinds.create(database)
})
afterEach(() => database.drop())

const idOf = async (email: string) =>
  (await database.asSuperuser<{ id: string }>('select id from person where email = $1', [email]))[0]?.id ?? ''
const asked = async (id: string) =>
  (await company.view(id)).steps
    .flatMap(({ approvers }) => approvers)
    .flatMap(({ asks }) => asks.map(({ name }) => name))

async function change(changes: object): Promise<void> {
  const text = JSON.stringify({ ...organisation, ...changes })
  const actor = { personId: null, channel: 'cli' as const }
  await importOrganisation(database, parseOrganisation(text, 'kinds.yaml'), { actor, subjects })
  await doTurns(database)
}

test('what is with a delegate comes back when an import says that they may not decide it, and goes there again', async () => {
  const [principalId, delegateId] = [await idOf(bob), await idOf(tim)]
  const days = { from: '2026-11-20', to: '2026-11-30', upTo: null }
  await as(database, bob, (tx) => addDelegation(tx, { principalId, delegateId, ...days }))
  const { id } = await company.submitted({})
  expect(await asked(id)).toEqual(['Tim'])
  await change({ company: { ...organisation.company, step_up_over: '19.99' } })
  expect(await asked(id)).toEqual(['Bob'])
  await change({})
  expect(await asked(id)).toEqual(['Tim'])
  const people = organisation.people.map((one) =>
    one.email === tim ? { ...one, manager: 'ann@kinds.example' } : one,
  )
  await change({ people })
  expect(await asked(id)).toEqual(['Bob'])
})
