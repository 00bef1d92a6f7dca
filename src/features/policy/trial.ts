import { settingOf } from './check-document.ts'
import type { Condition } from './condition.ts'
import { Effort } from './effort.ts'
import type { PolicyFacts, PolicySetting, Vocabulary } from './facts.ts'
import { holds } from './matches.ts'
import { representativeExpenses } from './representative-expenses.ts'

/** Tries conditions on expenses that stand for all others. */
export class Trial {
  readonly vocabulary: Vocabulary
  readonly setting: PolicySetting
  /** Whether some combinations were too many to be tried. */
  wasTooLarge = false
  readonly #effort = new Effort()

  constructor(vocabulary: Vocabulary) {
    this.vocabulary = vocabulary
    this.setting = settingOf(vocabulary)
  }

  /** null when there would be too many. `fixed` facts stay as they are. */
  expensesFor(conditions: readonly Condition[], fixed: Partial<PolicyFacts> = {}): PolicyFacts[] | null {
    const expenses = this.#effort.spend(30)
      ? representativeExpenses(conditions, this.vocabulary, { fixed, effort: this.#effort })
      : null
    if (!expenses) this.wasTooLarge = true
    return expenses
  }

  fits(condition: Condition, expense: PolicyFacts): boolean {
    return holds(condition, expense, this.setting.currency)
  }
}
