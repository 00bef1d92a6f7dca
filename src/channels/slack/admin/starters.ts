import type { Organisation, PolicySection } from '../../../features/organisation/index.ts'

/** Something to begin with, which already works. */
export function starterOf({ categories, people }: Organisation, section: PolicySection): string {
  const category = categories.find(({ active }) => active)?.key ?? 'travel'
  const submitter = people.find(({ active }) => active)?.email ?? 'somebody@example.com'
  const starters: Record<PolicySection, string[]> = {
    policies: [
      'key: new_policy',
      'name: New policy',
      'when:',
      `  category: ${category}`,
      '  amount: { up_to: "100.00" }',
      'steps:',
      '  - approver: manager',
      '    description: Manager confirms',
    ],
    rules: [
      'key: new_rule',
      'name: New rule',
      'when:',
      `  category: ${category}`,
      '  amount: { over: "100.00" }',
      'do:',
      '  flag: Please look at this.',
    ],
    limits: [
      'key: new_limit',
      'name: New limit',
      'each: person',
      `category: ${category}`,
      'per: month',
      'amount: "500.00"',
      'beyond: flag',
    ],
    mileage: ['key: car', 'name: Private car', 'unit: km', 'rate: "0.30"', 'from: 2026-01-01'],
    per_diem: [
      'key: domestic',
      'name: At home',
      'full_day: "28.00"',
      'travel_day: "14.00"',
      'from: 2026-01-01',
    ],
    tests: [
      'name: New example',
      `submitter: ${submitter}`,
      `expense: { category: ${category}, amount: "100.00" }`,
      'expect:',
      '  blocked: false',
    ],
  }
  return `${starters[section].join('\n')}\n`
}
