import { formatMoney, parseAmount } from '../../kernel/money.ts'
import { describeCategory, describeCondition } from './describe-condition.ts'
import type { PolicySetting } from './facts.ts'
import type { Limit, Policy, PolicyStep, Rule } from './policy.ts'

/** `meals over USD 75.00: Manager confirms (level 6), then Lead confirms (level 5)` */
export function describePolicy({ active, when, steps }: Policy, setting: PolicySetting): string {
  return `${inactive(active)}${describeCondition(when, setting)}: ${describeSteps(steps)}`
}

/** `every expense from “*bar*”: refused` */
export function describeRule({ active, when, do: actions }: Rule, setting: PolicySetting): string {
  const { block, flag, require, approve_by, approve_automatically, notify } = actions
  const needs = require?.map((one) => (one === 'attendees' ? one : `a ${one}`)).join(' and ')
  const what = [
    block && 'refused',
    flag && 'a warning',
    needs && `needs ${needs}`,
    approve_by && `asked as well: ${describeSteps(approve_by)}`,
    approve_automatically && 'approved automatically',
    notify && `told by mail: ${notify.join(', ')}`,
  ]
  return `${inactive(active)}${describeCondition(when, setting)}: ${what.filter(Boolean).join('; ')}`
}

/** `USD 50.00 a month for each person on meals; refused beyond` */
export function describeLimit(limit: Limit, setting: PolicySetting): string {
  const { active, each, category, team, per, amount, beyond } = limit
  const money = formatMoney(parseAmount(amount, setting.currency), setting.locale)
  const whom = each === 'company' ? 'the company' : `each ${each}`
  const of = team ? ` in ${team.join(' or ')}` : ''
  const on = category ? ` on ${describeCategory(category, setting)}` : ''
  const then = beyond === 'block' ? 'refused' : 'a warning'
  return `${inactive(active)}${money} a ${per} for ${whom}${of}${on}; ${then} beyond`
}

const inactive = (active: boolean) => (active ? '' : 'not active; ')
const describeSteps = (steps: readonly PolicyStep[]) => steps.map(describeStep).join(', then ')

function describeStep({ description, level, approver, scope, needed, required }: PolicyStep): string {
  const who = level === undefined ? String(approver) : `level ${level}`
  const where = typeof scope === 'object' ? ` of ${scope.team}` : scope === 'company' ? ' of the company' : ''
  const details = [
    `${who}${level === undefined ? '' : where}`,
    needed === 'all' ? 'all of them' : typeof needed === 'number' ? `${needed} of them` : '',
    required ? '' : 'not required',
  ]
  return `${description} (${details.filter((detail) => detail !== '').join(', ')})`
}
