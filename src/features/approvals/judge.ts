import { isDeepStrictEqual } from 'node:util'
import type { Directory, Member } from '../people/index.ts'
import {
  type Cover,
  evaluatePolicy,
  type PolicyDocument,
  type PolicyFacts,
  type PolicySetting,
  type PolicyStep,
  type PolicyVerdict,
} from '../policy/index.ts'
import { type Plan, planApprovals, type StepToPlan } from './plan.ts'

export interface Case {
  document: PolicyDocument
  facts: PolicyFacts
  setting: PolicySetting
  /** What counts towards each limit so far, this one left out, by its key; minor units of the company's currency. */
  spent: ReadonlyMap<string, number>
  submitter: Member
  directory: Directory
  categoryId: string
  /** How much of it counts towards a limit, where that is not all of it; minor units. */
  counted?: ReadonlyMap<string, number>
  /** Something that is no fact of policies speaks against passing it unseen. */
  isDoubtful: boolean
  /** Money that was approved before pays for it, so that nobody is asked again. */
  covered?: Cover | null
}

export interface Judgement {
  verdict: PolicyVerdict
  plan: Plan
}

/** What a policy says about one expense, and whom it asks. Pure. */
export function judge(given: Case): Judgement {
  const verdict = verdictOn(given)
  const steps = verdict.automatic === null ? verdict.steps : []
  return { verdict, plan: planApprovals({ steps, ...given }) }
}

const verdictOn = ({ document, facts, ...given }: Case) => evaluatePolicy(document, facts, given)

/**
 * The same about a split expense, given as a case for each of its categories, that of the biggest part first. Whoever any
 * of them asks is asked, and what is said of any is said of all of it: only when nothing warns in any may a part of it
 * need nobody. Pure.
 */
export function judgeInEach(cases: readonly Case[]): Judgement {
  const [first] = cases
  if (!first) throw new Error('an expense without a category cannot be judged')
  if (cases.length === 1) return judge(first)
  const alone = cases.map(verdictOn)
  const warns = alone.some(({ findings }) => findings.some(({ severity }) => severity !== 'info'))
  const verdicts = warns ? cases.map((each) => verdictOn({ ...each, isDoubtful: true })) : alone
  const steps = verdicts.flatMap(({ automatic, steps }, index) =>
    automatic === null ? steps.map((step) => stepFor(step, cases[index])) : [],
  )
  const clauses = verdicts.flatMap(({ automatic }) => automatic ?? [])
  const verdict: PolicyVerdict = {
    policy: verdicts.find(({ policy }) => policy !== null)?.policy ?? null,
    steps,
    automatic: clauses.length === verdicts.length ? [...new Set(clauses)].join('; ') : null,
    findings: distinct(verdicts.flatMap(({ findings }) => findings)),
    notify: distinct(verdicts.flatMap(({ notify }) => notify)),
  }
  return { verdict, plan: planApprovals({ ...first, steps: distinct(steps) }) }
}

/** Whoever is assigned to a category is asked for it alone. */
const stepFor = (step: PolicyStep, given: Case | undefined): StepToPlan =>
  step.approver === 'category' && given ? { ...step, categoryId: given.categoryId } : step

const distinct = <T>(list: readonly T[]): T[] =>
  list.filter((one, index) => list.findIndex((other) => isDeepStrictEqual(one, other)) === index)

/** Policy refuses it as it stands, or nobody may decide it. */
export function isRefused({ verdict, plan }: Judgement): boolean {
  return 'nobody' in plan || verdict.findings.some(({ severity }) => severity === 'blocking')
}
