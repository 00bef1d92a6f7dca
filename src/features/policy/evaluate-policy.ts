import { formatMoney } from '../../kernel/money.ts'
import { bandOf, type Finding, type Policy } from './policy.ts'

/** Everything a policy may look at. The caller gathers it; evaluation is pure. */
export interface PolicyFacts {
  category: { key: string; name: string }
  /** In minor units of `currency`, which is the company's. */
  amountMinor: number
  currency: string
  locale: string
  hasReceipt: boolean
}

export interface PolicyVerdict {
  /** null: no policy covers this expense, and finance decides. */
  policy: Policy | null
  findings: Finding[]
}

/** Finds the policy that covers an expense and says in plain words why. The first active match in order counts. */
export function evaluatePolicy(policies: readonly Policy[], facts: PolicyFacts): PolicyVerdict {
  const policy = policies.find((candidate) => covers(candidate, facts)) ?? null
  const findings: Finding[] = []
  if (policy) {
    findings.push({
      code: 'policy_applies',
      severity: 'info',
      message: `Policy “${policy.name}”: ${facts.category.name.toLowerCase()} ${describeBand(policy, facts)}.`,
      clause: policy.name,
    })
  } else {
    findings.push({
      code: 'no_policy',
      severity: 'warning',
      message: `No policy covers ${facts.category.name.toLowerCase()} of this amount, so finance decides.`,
      clause: null,
    })
  }
  if (!facts.hasReceipt) {
    findings.push({ code: 'no_receipt', severity: 'warning', message: 'There is no receipt.', clause: null })
  }
  return { policy, findings }
}

function covers(policy: Policy, facts: PolicyFacts): boolean {
  if (!policy.active || !policy.categories.includes(facts.category.key)) return false
  const { over, upTo } = bandOf(policy, facts.currency)
  return facts.amountMinor > over && facts.amountMinor <= upTo
}

function describeBand(policy: Policy, facts: PolicyFacts): string {
  const { over, upTo } = bandOf(policy, facts.currency)
  const money = (minor: number) => formatMoney({ minor, currency: facts.currency }, facts.locale)
  if (over > 0 && upTo < Number.POSITIVE_INFINITY) return `over ${money(over)}, up to ${money(upTo)}`
  if (over > 0) return `over ${money(over)}`
  if (upTo < Number.POSITIVE_INFINITY) return `up to ${money(upTo)}`
  return 'of any amount'
}
