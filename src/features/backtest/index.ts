export { backtestPolicies } from './backtest-policies.ts'
export type { BacktestOutcome, BacktestSummary } from './backtest-tally.ts'
