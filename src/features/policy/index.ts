export { amountText } from './amount-text.ts'
export { type Remark, settingOf } from './check-document.ts'
export { citation } from './cite.ts'
export { currencyCode, timeZoneName } from './company-fields.ts'
export { describeCondition } from './describe-condition.ts'
export {
  describeLimit,
  describeMileage,
  describePerDiem,
  describePolicy,
  describeRule,
  describeSteps,
} from './describe-document.ts'
export { evaluatePolicy } from './evaluate-policy.ts'
export type { PolicyFacts, PolicySetting, Vocabulary } from './facts.ts'
export type { Finding, FindingFacts, FindingKind, Said } from './finding-facts.ts'
export type {
  ConditionWords,
  DescriptionWords,
  FindingWords,
  PolicyLanguage,
  Say,
  Speech,
} from './language.ts'
export { type LimitPeriod, limitsFor } from './limits.ts'
export {
  type Limit,
  type MileageRate,
  type PerDiemRate,
  type Policy,
  type PolicyDocument,
  type PolicyStep,
  type PolicyTest,
  policyDocumentSchema,
  type Requirement,
  type Rule,
} from './policy.ts'
export { type Known, policyFacts } from './policy-facts.ts'
export { notCovered } from './policy-findings.ts'
export {
  type CurrentPolicies,
  currentPolicies,
  policyNameAndNumber,
  policyVersion,
  savePolicies,
} from './policy-versions.ts'
export { reviewPolicies } from './review-policies.ts'
export { newFinding, sayFinding } from './say-finding.ts'
export type { Cover, PolicyVerdict } from './verdict.ts'
