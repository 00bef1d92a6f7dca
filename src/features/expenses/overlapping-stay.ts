import type { Tx } from '../../database/index.ts'
import { formatDate } from '../../kernel/calendar-date.ts'
import { getCompany } from '../people/index.ts'
import type { Finding } from '../policy/index.ts'
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
  const days = `${formatDate(other.calculation.firstDay, locale)} to ${formatDate(other.calculation.lastDay, locale)}`
  return [
    {
      code: perDiemOverlap,
      severity: 'blocking',
      message: `${other.number} is for some of the same days already (${days}).`,
      clause: null,
      relatedExpenseId: other.id,
    },
  ]
}
