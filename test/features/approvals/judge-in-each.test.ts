import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Case, judge, judgeInEach } from '../../../src/features/approvals/index.ts'
import { documentOf, facts, setting } from '../policy/sample-policies.ts'
import { directory, person } from './plan-support.ts'

const bob = person('bob', 6)
const submitter = person('ann', 7, { managerId: 'bob' })
const people = [bob, submitter, person('tim', null), person('fay', null, { roles: ['finance'] })]
const step = (approver: string) => `[{ approver: ${approver}, description: The ${approver} looks }]`
const document = documentOf(`
policies:
  - { key: meals, name: Meals, clause: "1", when: { category: meals }, steps: ${step('manager')} }
  - { key: travel, name: Travel, clause: "2", when: { category: travel }, steps: ${step('manager')} }
  - { key: tools, name: Tools, clause: "3", when: { category: tools }, steps: ${step('category')} }
  - { key: gifts, name: Gifts, clause: "4", when: { category: gifts }, steps: ${step('category')} }
rules:
  - { key: small, name: Small, clause: "5", when: { category: meals, amount: { up_to: "10.00" } }, do: { approve_automatically: true } }
  - { key: trip, name: Trip, clause: "6", when: { category: travel, amount: { up_to: "10.00" } }, do: { approve_automatically: true } }
  - { key: taxed, name: Taxed, when: { category: gifts }, do: { flag: Gifts are taxed., notify: [finance] } }
  - { key: watched, name: Watched, when: { amount: { over: "50.00" } }, do: { notify: [finance] } }
`)

const caseFor = (category: string, amount: number, more: Partial<Case> = {}): Case => ({
  document,
  facts: facts({ category, amount }),
  setting,
  spent: new Map(),
  submitter,
  directory: directory(people, {
    assignments: ['tools', 'gifts'].map((categoryId) => ({ categoryId, teamId: null, personId: 'tim' })),
  }),
  categoryId: category,
  isDoubtful: false,
  ...more,
})
const split = (categories: string[], amount: number, more: Partial<Case> = {}) =>
  judgeInEach(categories.map((category) => caseFor(category, amount, more)))
const asked = ({ plan }: ReturnType<typeof judge>) =>
  'steps' in plan ? plan.steps.map(({ approvers }) => approvers.map(({ personId }) => personId).join()) : null

describe('an expense for several categories', () => {
  test('asks whoever any of them asks, each once', () => {
    const judgement = split(['meals', 'tools', 'travel', 'gifts'], 2000)
    expect(asked(judgement)).toEqual(['bob', 'tim'])
    expect(judgement.verdict.policy?.key).toBe('meals')
    expect(judgement.verdict.findings.map(({ code, clause }) => [code, clause])).toEqual([
      ['policy_applies', '1'],
      ['policy_applies', '3'],
      ['policy_applies', '2'],
      ['policy_applies', '4'],
      ['rule:taxed', 'Taxed'],
      ['rule:taxed', 'Taxed'],
    ])
  })

  test('keeps for each category whom it asks, for when somebody leaves', () => {
    const { plan } = split(['tools', 'gifts'], 2000)
    expect('steps' in plan && plan.steps.map(({ definition }) => definition.steps)).toMatchObject([
      [
        { approver: 'category', categoryId: 'tools' },
        { approver: 'category', categoryId: 'gifts' },
      ],
    ])
  })

  test('is approved without asking only where each of them is, by all of their clauses', () => {
    expect(split(['meals', 'travel'], 900)).toMatchObject({
      plan: { steps: [] },
      verdict: { automatic: '5 Small; 6 Trip' },
    })
    const partly = split(['meals', 'tools'], 900)
    expect(partly.verdict.automatic).toBeNull()
    expect(asked(partly), 'nobody needs to look at the meal').toEqual(['tim'])
  })

  test('is looked at in all of them where one warns', () => {
    expect(asked(split(['meals', 'gifts'], 900))).toEqual(['bob', 'tim'])
  })

  test('says once what is said of all of it', () => {
    const { findings, notify } = split(['meals', 'travel'], 6000).verdict
    const told = findings.filter(({ code }) => code === 'rule:watched')
    expect(told).toHaveLength(1)
    expect(notify).toHaveLength(1)
  })

  test('counts what it is asked to count towards a limit, and not all of it', () => {
    const capped = documentOf(
      'limits: [{ key: cap, name: Cap, each: person, category: tools, per: month, amount: "100.00" }]',
    )
    const spent = new Map([['cap', 9000]])
    const codes = (counted: number) =>
      split(['meals', 'tools'], 5000, { document: capped, spent, counted: new Map([['cap', counted]]) })
        .verdict.findings.filter(({ code }) => code === 'limit:cap')
        .map(({ severity }) => severity)
    expect(codes(1000)).toEqual([])
    expect(codes(1001)).toEqual(['blocking'])
  })

  test('that money approved before pays for asks nobody, unless something warns in any', () => {
    const clause = 'REQ-2026-0007, approved by Bob'
    const covered = { number: 'REQ-2026-0007', clause, found: [] }
    expect(split(['meals', 'tools'], 900, { covered })).toMatchObject({
      plan: { steps: [] },
      verdict: { automatic: clause },
    })
    expect(asked(split(['meals', 'gifts'], 900, { covered }))).toEqual(['bob', 'tim'])
  })

  test('is nobody’s to decide where one of them is', () => {
    const alone = directory([submitter])
    expect(split(['meals', 'tools'], 2000, { directory: alone }).plan).toEqual({ nobody: true })
  })
})

test('of one category it is judged as ever; the order of the others changes nothing but the order', () => {
  const category = fc.constantFrom('meals', 'travel', 'tools', 'gifts')
  const amount = fc.constantFrom(900, 2000, 6000)
  fc.assert(
    fc.property(category, fc.uniqueArray(category, { minLength: 1 }), amount, (one, several, amount) => {
      expect(split([one], amount)).toEqual(judge(caseFor(one, amount)))
      const [there, back] = [split(several, amount), split(several.toReversed(), amount)]
      expect(back.verdict.automatic === null).toBe(there.verdict.automatic === null)
      expect(asked(back)?.toSorted()).toEqual(asked(there)?.toSorted())
      const sorted = ({ verdict }: typeof there) => verdict.findings.map(({ message }) => message).toSorted()
      expect(sorted(back)).toEqual(sorted(there))
      // Nobody whom one of them asks is left out, unless none of them asks.
      const each = several.flatMap((one) => asked(judge(caseFor(one, amount))) ?? [])
      for (const who of each) expect(asked(there)).toContain(who)
    }),
  )
})
