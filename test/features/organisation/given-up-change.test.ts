import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { goOnWithout } from '../../../jobs/when-dead.ts'
import { acrossCompanies } from '../../../src/database/index.ts'
import {
  type OrganisationChange,
  prepareChange,
  savePreparedChange,
} from '../../../src/features/organisation/index.ts'
import { personByEmail } from '../../../src/features/people/index.ts'
import { subjects } from '../../../src/subjects.ts'
import { createTestDatabase, importExample, type TestDatabase } from '../../support/test-database.ts'

const adam = 'adam.root@techcorp.example'

let database: TestDatabase
let companyId = ''
beforeAll(async () => {
  database = await createTestDatabase()
  companyId = await importExample(database, 'company')
})
afterAll(() => database.drop())
beforeEach(() => database.asSuperuser('delete from outgoing_mail'))

async function asAdam() {
  const person = await acrossCompanies(database, (tx) => personByEmail(tx, adam))
  return { companyId, actor: { personId: person?.id ?? '', channel: 'slack' as const }, subjects }
}

/** A category gets another name, and the work to save it is given up. */
async function givenUp(name: string, { isSaved }: { isSaved: boolean }): Promise<void> {
  const change: OrganisationChange = {
    kind: 'put',
    section: 'categories',
    key: 'travel',
    seen: null,
    entry: { name },
  }
  const { id: changeId } = await prepareChange(database, await asAdam(), change)
  if (isSaved) await savePreparedChange(database, await asAdam(), changeId)
  const payload = { changeId, teamId: 'T1', userId: 'U1', formId: 'V1', externalId: `saving-${changeId}` }
  await goOnWithout(database, { job: 'organisation.save', payload, companyId })
}

const mails = () =>
  database.asSuperuser('select kind, to_address as to, details from outgoing_mail order by created_at')

test('an admin whose change could not be saved is told by mail', async () => {
  await givenUp('Journeys', { isSaved: false })
  const details = { givenUp: { section: 'categories', title: null } }
  expect(await mails()).toEqual([{ kind: 'change_given_up', to: adam, details }])
})

test('where it was saved, and Slack only did not take the news, the mail says so', async () => {
  await givenUp('Trips', { isSaved: true })
  expect(await mails()).toMatchObject([{ details: { givenUp: { title: 'Travel' } } }])
})

test('whoever has left meanwhile hears nothing', async () => {
  const [row] = await database.asSuperuser<{ id: string }>(
    `with left_us as (update person set active = false where email = $1 returning id, company_id)
     insert into organisation_change (id, company_id, person_id, change, asked_at)
     select gen_random_uuid(), company_id, id, '{"kind":"remove","section":"rules","key":"x","seen":null}', now()
     from left_us returning id`,
    [adam],
  )
  const payload = { changeId: row?.id, teamId: 'T1', userId: 'U1', formId: 'V1', externalId: 'x' }
  await goOnWithout(database, { job: 'organisation.save', payload, companyId })
  expect(await mails()).toEqual([])
})
