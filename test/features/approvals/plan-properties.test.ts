import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { advance, type RequestState } from '../../../src/features/approvals/machine.ts'
import { type PlannedStep, planApprovals } from '../../../src/features/approvals/plan.ts'
import type { Directory, Member, Role } from '../../../src/features/people/index.ts'
import type { PolicyStep } from '../../../src/features/policy/index.ts'
import { directory, person, rest } from './plan-support.ts'

const grace = person('grace', 7)
const names = ['p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7']
const teams = ['tech', 'law', 'ops']
const member = (id: string): fc.Arbitrary<Member> =>
  fc.record({
    id: fc.constant(id),
    name: fc.constant(id),
    email: fc.constant(`${id}@techcorp.example`),
    homeTeamId: fc.constant(null),
    teamIds: fc.uniqueArray(fc.constantFrom(...teams), { maxLength: 2 }),
    levelRank: fc.option(fc.integer({ min: 1, max: 5 }), { freq: 4 }),
    managerId: fc.option(fc.constantFrom(...names)),
    roles: fc.uniqueArray(fc.constantFrom<Role>('finance', 'admin', 'manager'), { maxLength: 2 }),
    active: fc.constantFrom(true, true, true, false),
  })
const someDirectory: fc.Arbitrary<Directory> = fc
  .record({
    people: fc
      .integer({ min: 1, max: names.length })
      .chain((count) => fc.tuple(...names.slice(0, count).map(member))),
    companyWide: fc.boolean(),
    assignments: fc.array(
      fc.record({
        categoryId: fc.constantFrom('travel', 'meals'),
        teamId: fc.option(fc.constantFrom(...teams)),
        personId: fc.constantFrom(...names),
      }),
      { maxLength: 3 },
    ),
  })
  .map(({ people, companyWide, assignments }) =>
    directory(people, { companyWideTeams: new Set(companyWide ? ['ops'] : []), assignments }),
  )
const someStep: fc.Arbitrary<PolicyStep> = fc
  .record({
    whom: fc.oneof(
      fc.record({ level: fc.integer({ min: 1, max: 5 }) }),
      fc.record({
        approver: fc.constantFrom(
          'manager',
          'category',
          'finance',
          'admin',
          'p3@techcorp.example',
          'x@y.example',
        ),
      }),
    ),
    scope: fc.constantFrom<PolicyStep['scope']>('team', 'company', { team: 'Legal' }),
    description: fc.constantFrom('One', 'Two', 'Three'),
    required: fc.constantFrom(true, true, false),
    needed: fc.constantFrom<PolicyStep['needed']>('any', 'any', 'all', 1, 2, 3),
  })
  .map(({ whom, ...step }) => ({ ...step, ...whom }))
const someSteps = fc
  .array(someStep, { minLength: 1, maxLength: 4 })
  .map((steps) => [...steps, { ...rest, approver: 'finance' as const }])

const given = fc.record({ directory: someDirectory, steps: someSteps, submitter: fc.nat(7) }).map((one) => ({
  ...one,
  submitter: one.directory.people[one.submitter % one.directory.people.length] ?? grace,
}))
const runs = 5000

describe('in any company', () => {
  test('only active people are asked, never the submitter, each once in a step, and enough of them', () => {
    fc.assert(
      fc.property(given, ({ directory: company, steps, submitter }) => {
        const plan = planApprovals({ steps, submitter, directory: company, categoryId: 'travel' })
        for (const { approvers, needed } of 'steps' in plan ? plan.steps : []) {
          const ids = approvers.map(({ personId }) => personId)
          expect(new Set(ids).size).toBe(ids.length)
          expect(ids).not.toContain(submitter.id)
          expect(needed).toBeGreaterThan(0)
          expect(needed).toBeLessThanOrEqual(ids.length)
          for (const id of ids) expect(company.people.find((one) => one.id === id)?.active).toBe(true)
          for (const one of approvers) expect(one.because.length).toBeGreaterThan(0)
        }
      }),
      { numRuns: runs },
    )
  })

  test('the number that must agree is never lowered', () => {
    fc.assert(
      fc.property(given, someStep, ({ directory: company, submitter }, step) => {
        const plan = planApprovals({
          steps: [{ ...step, required: true }],
          submitter,
          directory: company,
          categoryId: null,
        })
        if ('nobody' in plan) return
        const [one] = plan.steps
        if (typeof step.needed === 'number') expect(one?.needed).toBe(step.needed)
        else expect(one?.needed).toBe(step.needed === 'all' ? one?.approvers.length : 1)
      }),
      { numRuns: runs },
    )
  })

  test('whoever is asked by level is in scope, at or above it and above the submitter, and nobody nearer is left out', () => {
    fc.assert(
      fc.property(
        given,
        fc.integer({ min: 1, max: 5 }),
        someStep,
        ({ directory: company, submitter }, rank, like) => {
          const { approver: _, ...step } = { ...like, level: rank, required: true }
          const able = company.people.filter(
            ({ id, active, levelRank, teamIds }) =>
              active &&
              id !== submitter.id &&
              levelRank !== null &&
              levelRank <= rank &&
              levelRank < (submitter.levelRank ?? 99) &&
              (step.scope === 'company' ||
                teamIds.some((team) => company.companyWideTeams.has(team)) ||
                (step.scope === 'team'
                  ? teamIds.some((team) => submitter.teamIds.includes(team))
                  : teamIds.includes('law'))),
          )
          const plan = planApprovals({ steps: [step], submitter, directory: company, categoryId: null })
          const ids = 'steps' in plan ? (plan.steps[0]?.approvers.map(({ personId }) => personId) ?? []) : []
          const chosen = able.filter(({ id }) => ids.includes(id))
          const wanted = typeof step.needed === 'number' ? step.needed : 1
          if (able.length >= wanted) {
            // Nobody who may not: no fallback is needed.
            expect(chosen.length).toBe(ids.length)
            const nearest = [...able].sort((one, other) => (other.levelRank ?? 0) - (one.levelRank ?? 0))
            const farthest = nearest[wanted - 1]?.levelRank ?? 0
            for (const { levelRank } of chosen) expect(levelRank).toBeGreaterThanOrEqual(farthest)
            if (wanted > 1 || step.needed === 'all') {
              expect(chosen.length).toBe(able.filter(({ levelRank }) => (levelRank ?? 0) >= farthest).length)
            }
          } else if ('steps' in plan) {
            expect(chosen.length).toBe(able.length)
            for (const id of ids) {
              const roles = company.people.find((one) => one.id === id)?.roles ?? []
              const isFallback = roles.includes('finance') || roles.includes('admin')
              expect(isFallback || able.some((one) => one.id === id)).toBe(true)
            }
          }
        },
      ),
      { numRuns: runs },
    )
  })

  test('nobody may decide only where no other finance or admin can make up the number', () => {
    let stuck = 0
    fc.assert(
      fc.property(given, ({ directory: company, steps, submitter }) => {
        const plan = planApprovals({ steps, submitter, directory: company, categoryId: 'travel' })
        if ('steps' in plan) return
        stuck++
        const stewards = company.people.filter(
          ({ id, active, roles }) =>
            active && id !== submitter.id && (roles.includes('finance') || roles.includes('admin')),
        )
        const most = Math.max(
          ...steps
            .filter((one) => one.required)
            .map(({ needed }) => (typeof needed === 'number' ? needed : 1)),
        )
        expect(stewards.length).toBeLessThan(most)
      }),
      { numRuns: runs },
    )
    expect(stuck).toBeGreaterThan(runs / 100)
  })

  test('no two steps ask the very same people', () => {
    fc.assert(
      fc.property(given, ({ directory: company, steps, submitter }) => {
        const plan = planApprovals({ steps, submitter, directory: company, categoryId: 'travel' })
        if ('nobody' in plan) return
        const sets = plan.steps.map(({ approvers }) =>
          approvers
            .map(({ personId }) => personId)
            .sort()
            .join(),
        )
        expect(new Set(sets).size).toBe(sets.length)
        expect(plan.steps.flatMap(({ definition }) => definition.steps).length).toBeLessThanOrEqual(
          steps.length,
        )
        for (const step of steps.filter(({ required }) => required)) {
          const own = plan.steps.find(({ definition }) => definition.steps.includes(step))
          expect(own?.required).toBe(true)
        }
      }),
      { numRuns: runs },
    )
  })

  test('when whoever is asked approves, the request always ends approved', () => {
    fc.assert(
      fc.property(given, fc.infiniteStream(fc.nat(99)), ({ directory: company, steps, submitter }, order) => {
        const plan = planApprovals({ steps, submitter, directory: company, categoryId: 'travel' })
        if ('nobody' in plan) return
        let state = opened(plan.steps, submitter.id)
        for (let turn = 0; state.status === 'open'; turn++) {
          expect(turn).toBeLessThan(100)
          const waiting = state.steps
            .flatMap(({ approvals }) => approvals)
            .filter(({ status }) => status === 'asked')
          const approval = waiting[(order.next().value ?? 0) % waiting.length]
          const answer = advance(state, {
            kind: 'decide',
            approvalId: approval?.id ?? '',
            personId: approval?.approverId ?? '',
            mayDecide: approval ? [approval.approverId] : [],
            verdict: 'approve',
          })
          if (!answer.ok) throw new Error(answer.refusal)
          state = answer.state
        }
        expect(state.status).toBe('approved')
      }),
      { numRuns: runs },
    )
  })
})

function opened(steps: PlannedStep[], submitterId: string): RequestState {
  const answer = advance(
    {
      status: 'open',
      submitterId,
      steps: steps.map(({ required, needed, approvers }, index) => ({
        position: index + 1,
        required,
        needed,
        status: 'waiting',
        approvals: approvers.map(({ personId }) => ({
          id: `${index}-${personId}`,
          approverId: personId,
          status: 'waiting',
          decidedBy: null,
        })),
      })),
    },
    { kind: 'open' },
  )
  if (!answer.ok) throw new Error(answer.refusal)
  return answer.state
}
