import type { SystemTx } from '../../database/index.ts'
import { userError } from '../../kernel/errors.ts'
import type { Organisation } from './organisation-schema.ts'
import type { Remark, YamlText } from './yaml-text.ts'

/**
 * Refuses addresses that another company has, each with its place in the file. The usual cause is that the company's name
 * was changed or mistyped, which makes another company.
 * @param own the id of the company of this name; null while there is none
 * @throws userError `email_taken`
 */
export async function refuseTakenAddresses(
  tx: SystemTx,
  { company, people }: Organisation,
  { own, tell }: { own: string | null; tell: YamlText['tell'] },
): Promise<void> {
  const taken = await tx.em.execute<{ kind: 'person' | 'intake'; address: string; company: string }[]>(
    `select 'person' as kind, person.email as address, company.name as company
     from person join company on company.id = person.company_id
     where person.email in (select jsonb_array_elements_text(?::jsonb)) and company.id is distinct from ?::uuid
     union all
     select 'intake', intake_address, name from company where intake_address = ? and id is distinct from ?::uuid`,
    [JSON.stringify(people.map(({ email }) => email)), own, company.intake ?? '', own],
  )
  if (taken.length === 0) return
  const remarks = taken.map(({ kind, address, company: owner }): Remark => {
    if (kind === 'intake')
      return {
        path: ['company', 'intake'],
        message: `is ${address}, where “${owner}” takes its receipts already`,
      }
    const index = people.findIndex(({ email }) => email === address)
    return {
      path: ['people', index, 'email'],
      message: `is ${address}, which somebody of “${owner}” has already`,
    }
  })
  if (own === null) remarks.unshift({ path: ['company', 'name'], message: newName })
  throw userError('email_taken', tell(remarks.slice(0, mostTold)).join('\n'))
}

/** More than anybody reads. */
const mostTold = 20

const newName =
  'is that of no company here, so this would be a new one: a company is known by its name, which an import cannot change'
