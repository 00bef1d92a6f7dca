import type { Tx } from '../../database/index.ts'
import type { AuditLine } from './list-audit.ts'

const uuid = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g

/**
 * What people call the ids that stand in the changes of these entries, however deep: the names of people, categories and
 * reasons of the company, and the numbers of its expenses. One query. An id that is not here belongs to something without
 * a name, such as an approval.
 */
export async function nameIds(tx: Tx, lines: AuditLine[]): Promise<Map<string, string>> {
  const ids = new Set(lines.flatMap(({ changes }) => JSON.stringify(changes).match(uuid) ?? []))
  if (ids.size === 0) return new Map()
  const rows = await tx.em.execute<{ id: string; name: string }[]>(
    `select id, name from (
       select company_id, id, name from person
       union all select company_id, id, number from expense
       union all select company_id, id, name from category
       union all select company_id, id, name from reason) named
     where company_id = ? and id = any (?::uuid[])`,
    [tx.companyId, `{${[...ids].join()}}`],
  )
  return new Map(rows.map(({ id, name }) => [id, name]))
}
