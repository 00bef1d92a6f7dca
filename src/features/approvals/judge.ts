import type { Directory, Member } from '../people/index.ts'
import {
  evaluatePolicy,
  type PolicyDocument,
  type PolicyFacts,
  type PolicySetting,
  type PolicyVerdict,
} from '../policy/index.ts'
import { type Plan, planApprovals } from './plan.ts'

export interface Case {
  document: PolicyDocument
  facts: PolicyFacts
  setting: PolicySetting
  /** What counts towards each limit so far, this one left out, by its key; minor units of the company's currency. */
  spent: ReadonlyMap<string, number>
  submitter: Member
  directory: Directory
  categoryId: string
  /** Something that is no fact of policies speaks against passing it unseen. */
  isDoubtful: boolean
}

export interface Judgement {
  verdict: PolicyVerdict
  plan: Plan
}

/** What a policy says about one expense, and whom it asks. Pure. */
export function judge({ document, facts, setting, spent, isDoubtful, ...search }: Case): Judgement {
  const verdict = evaluatePolicy(document, facts, { setting, spent, isDoubtful })
  const steps = verdict.automatic === null ? verdict.steps : []
  return { verdict, plan: planApprovals({ steps, ...search }) }
}

/** Policy refuses it as it stands, or nobody may decide it. */
export function isRefused({ verdict, plan }: Judgement): boolean {
  return 'nobody' in plan || verdict.findings.some(({ severity }) => severity === 'blocking')
}
