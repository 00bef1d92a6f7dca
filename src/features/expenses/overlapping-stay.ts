import type { Tx } from '../../database/index.ts'
import { getCompany } from '../people/index.ts'
import { type Finding, newFinding } from '../policy/index.ts'
import { Expense } from './expenses.entity.ts'
import { countsBefore, countsBeforeValues } from './spending.ts'

export const perDiemOverlap = 'per_diem_overlap'

/** Nobody is away twice on one day: another per diem of the same person that is on its way or approved is in the way. */
export async function overlappingStay(tx: Tx, expense: Expense): Promise<Finding[]> {
  const { calculation, submitterId } = expense
  if (calculation?.kind !== 'per_diem') return []
  const { firstDay, lastDay } = calculation
  const [row] = await tx.em.execute<{ id: string }[]>(
    `select e.id from expense e where e.company_id = ? and e.submitter_id = ? and e.kind = 'per_diem'
       and e.calculation ->> 'firstDay' <= ? and e.calculation ->> 'lastDay' >= ? and ${countsBefore}
     order by e.id limit 1`,
    [tx.companyId, submitterId, lastDay, firstDay, ...countsBeforeValues(tx, expense)],
  )
  const other = row && (await tx.em.findOneOrFail(Expense, { id: row.id }))
  if (other?.calculation?.kind !== 'per_diem') return []
  const { locale } = await getCompany(tx)
  const { firstDay: from, lastDay: to } = other.calculation
  return [
    newFinding(
      { code: perDiemOverlap, severity: 'blocking', clause: null, relatedExpenseId: other.id },
      { kind: 'per_diem_overlap', facts: { number: other.number, from, to } },
      { locale },
    ),
  ]
}
