import { type Plan, planApprovals } from '../approvals/index.ts'
import type { Directory, Member } from '../people/index.ts'
import {
  evaluatePolicy,
  type PolicyDocument,
  type PolicyFacts,
  type PolicySetting,
  type PolicyVerdict,
} from '../policy/index.ts'

export interface Case {
  document: PolicyDocument
  facts: PolicyFacts
  setting: PolicySetting
  /** What counts towards each limit so far, by its key; minor units. */
  spent: ReadonlyMap<string, number>
  submitter: Member
  directory: Directory
  categoryId: string
  /** Something outside the policy speaks against passing it unseen: a twin, a receipt that says something else. */
  isDoubtful: boolean
}

export interface Judgement {
  verdict: PolicyVerdict
  plan: Plan
  /** The clause under which nobody is asked. */
  automatic: string | null
}

/** What a policy says about one expense, and whom it asks. Pure. */
export function judge({
  document,
  facts,
  setting,
  spent,
  submitter,
  directory,
  categoryId,
  isDoubtful,
}: Case): Judgement {
  const verdict = evaluatePolicy(document, facts, { setting, spent })
  const automatic = isDoubtful ? null : verdict.automatic
  const steps = automatic === null ? verdict.steps : []
  return { verdict, automatic, plan: planApprovals({ steps, submitter, directory, categoryId }) }
}
