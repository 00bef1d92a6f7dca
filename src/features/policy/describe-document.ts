import { formatMoney, parseAmount } from '../../kernel/money.ts'
import { describeCategory, describeCondition } from './describe-condition.ts'
import { english } from './english/index.ts'
import type { PolicySetting } from './facts.ts'
import type { DescriptionWords, PolicyLanguage } from './language.ts'
import type { Limit, MileageRate, PerDiemRate, Policy, PolicyStep, Rule } from './policy.ts'

/** `meals over USD 75.00: Manager confirms (level 6), then Lead confirms (level 5)` */
export function describePolicy(
  { active, when, steps }: Policy,
  setting: PolicySetting,
  language: PolicyLanguage | null = null,
): string {
  const { conditions, descriptions: words } = language ?? english
  const about = describeCondition(when, setting, conditions)
  return `${active ? '' : words.inactive}${about}: ${describeSteps(steps, setting, language)}`
}

/** `every expense from “*bar*”: refused` */
export function describeRule(
  { active, when, do: actions }: Rule,
  setting: PolicySetting,
  language: PolicyLanguage | null = null,
): string {
  const { conditions, descriptions: words } = language ?? english
  const { block, flag, require, approve_by, approve_automatically, notify } = actions
  const what = [
    block && words.refused,
    flag && words.warned,
    require && words.requires(require),
    approve_by && words.asksAsWell(describeSteps(approve_by, setting, language)),
    approve_automatically && words.automatic,
    notify && words.tells(notify),
  ]
  const about = describeCondition(when, setting, conditions)
  return `${active ? '' : words.inactive}${about}: ${what.filter(Boolean).join('; ')}`
}

/** `USD 50.00 a month for each person on meals; refused beyond` */
export function describeLimit(
  { active, amount, category, ...limit }: Limit,
  setting: PolicySetting,
  language: PolicyLanguage | null = null,
): string {
  const { conditions, descriptions: words } = language ?? english
  const money = formatMoney(parseAmount(amount, setting.currency), setting.locale)
  const on = category ? describeCategory(category, setting, conditions) : null
  return `${active ? '' : words.inactive}${words.limit({ ...limit, money, on })}`
}

/** `USD 0.725 per mi`; a rate may have more digits than the currency. */
export function describeMileage(
  { rate, unit, category }: MileageRate,
  setting: PolicySetting,
  language: PolicyLanguage | null = null,
): string {
  const { currency } = setting
  const suggests = suggestedBy(category, setting)
  return (language ?? english).descriptions.mileage({ rate, unit, currency, suggests })
}

/** `USD 68.00 a day, USD 51.00 on the first and the last; less 16.00 for breakfast, 19.00 for lunch` */
export function describePerDiem(
  rate: PerDiemRate,
  setting: PolicySetting,
  language: PolicyLanguage | null = null,
): string {
  const { currency } = setting
  const suggests = suggestedBy(rate.category, setting)
  return (language ?? english).descriptions.perDiem({ ...rate, currency, suggests })
}

const suggestedBy = (category: string | undefined, { categoryNames }: PolicySetting) =>
  category === undefined ? null : (categoryNames.get(category) ?? category)

/** `Manager confirms (level 6), then Lead confirms (level 5)`; levels by their names, where the setting has them. */
export function describeSteps(
  steps: readonly PolicyStep[],
  setting: PolicySetting,
  language: PolicyLanguage | null = null,
): string {
  const { descriptions: words } = language ?? english
  return words.inOrder(steps.map((step) => describeStep(step, setting, words)))
}

function describeStep(
  { description, level, approver, scope, needed, required }: PolicyStep,
  { levelNames }: PolicySetting,
  words: DescriptionWords,
): string {
  const approvers: Partial<Record<string, string>> = words.approvers
  const who =
    level === undefined
      ? (approvers[approver ?? ''] ?? approver)
      : words.atLevel(levelNames?.get(level) ?? words.level(level), scope)
  const details = [
    who,
    needed === 'all' ? words.all : typeof needed === 'number' ? words.some(needed) : '',
    required ? '' : words.notRequired,
  ]
  return `${description} (${details.filter((detail) => detail !== '').join(', ')})`
}
