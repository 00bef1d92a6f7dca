import type { PolicySetting } from './facts.ts'
import type { Finding } from './finding-facts.ts'
import type { PolicyStep } from './policy.ts'

export interface PolicyVerdict {
  /** null: none covers this expense, and finance decides. */
  policy: { key: string; name: string } | null
  /** Those of the policy, then those that rules add. Also when `automatic`: who decides if something else speaks against it. */
  steps: PolicyStep[]
  /**
   * The clause under which nobody is asked: that it was approved before, or a rule. null when anything warns or blocks, or
   * when a rule of the same or a higher priority asks further people.
   */
  automatic: string | null
  /** The policy, a missing receipt, then rules by priority, then limits. */
  findings: Finding[]
  /** Whom rules want told (`finance`, `admin`, `manager` or an e-mail address) of what, with its citation. */
  notify: { clause: string; to: string[] }[]
}

export interface Given {
  setting: PolicySetting
  /**
   * What counts towards each limit so far, this expense left out, by the limit's key and in minor units; a limit without an
   * entry does not apply.
   */
  spent: ReadonlyMap<string, number>
  /**
   * How much of this expense counts towards a limit, by the limit's key and in minor units, where that is not all of it: of
   * a split expense, what is for the limit's categories.
   */
  counted?: ReadonlyMap<string, number>
  /** Something that is no fact here speaks against passing it unseen, such as a receipt that is not read yet. */
  isDoubtful: boolean
  /** Money that was approved before pays for it: nobody is asked again, unless something warns. */
  covered?: Cover | null
}

/** A request to spend that people approved. */
export interface Cover {
  /** Such as `REQ-2026-0007`. */
  number: string
  /** Who approved it, and when. */
  clause: string
  /** Codes of what was found about it then: the rules by which it was judged. */
  found: readonly string[]
}
