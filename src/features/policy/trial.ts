import { settingOf } from './check-document.ts'
import type { Condition } from './condition.ts'
import type { PolicyFacts, PolicySetting, Vocabulary } from './facts.ts'
import { holds } from './matches.ts'
import { mostExpenses, representativeExpenses } from './representative-expenses.ts'

/** In all, so that even hundreds of policies are looked at within seconds. */
const mostTried = 1_000_000

/** Tries conditions on expenses that stand for all others. */
export class Trial {
  readonly vocabulary: Vocabulary
  readonly setting: PolicySetting
  /** Whether some combinations were too many to be tried. */
  wasTooLarge = false
  #tried = 0

  constructor(vocabulary: Vocabulary) {
    this.vocabulary = vocabulary
    this.setting = settingOf(vocabulary)
  }

  /** null when there would be too many. `fixed` facts stay as they are. */
  expensesFor(conditions: readonly Condition[], fixed?: Partial<PolicyFacts>): PolicyFacts[] | null {
    const expenses =
      this.#tried < mostTried ? representativeExpenses(conditions, this.vocabulary, fixed) : null
    if (!expenses) this.wasTooLarge = true
    this.#tried += expenses ? 20 + expenses.length : mostExpenses
    return expenses
  }

  fits(condition: Condition, expense: PolicyFacts): boolean {
    return holds(condition, expense, this.setting.currency)
  }
}
