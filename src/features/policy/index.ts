export { amountText } from './amount-text.ts'
export { type Remark, settingOf } from './check-document.ts'
export { citation } from './cite.ts'
export { currencyCode, timeZoneName } from './company-fields.ts'
export { describeLimit, describePolicy, describeRule } from './describe-document.ts'
export { type Cover, evaluatePolicy, notCovered, type PolicyVerdict } from './evaluate-policy.ts'
export type { PolicyFacts, PolicySetting, Vocabulary } from './facts.ts'
export { type LimitPeriod, limitsFor } from './limits.ts'
export {
  type Finding,
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
export {
  type CurrentPolicies,
  currentPolicies,
  policyNameAndNumber,
  policyVersion,
  savePolicies,
} from './policy-versions.ts'
export { reviewPolicies } from './review-policies.ts'
