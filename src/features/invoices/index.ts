export { closeMonth } from './close-month.ts'
export { exportMonth } from './export-month.ts'
export { listUnpaid, type UnpaidExpense } from './list-unpaid.ts'
export { listMonthNames, type MonthName } from './month-names.ts'
export {
  listMonths,
  type MonthLine,
  type MonthOverview,
  type MonthPart,
  monthOverview,
} from './month-overview.ts'
export { type Month, monthToClose, requireMonth } from './months.ts'
export { summarizeUnpaid } from './summarize-unpaid.ts'
