import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { managersOf } from '../../../src/features/approvals/find-approvers.ts'
import { type Climb, findNextUp } from '../../../src/features/approvals/find-next-up.ts'
import type { Member, Role } from '../../../src/features/people/index.ts'
import { directory, person } from './plan-support.ts'

const grace = person('grace', 7, { managerId: 'frank' })
const frank = person('frank', 6, { managerId: 'eve' })
const eve = person('eve', 5)

/** Everybody who is asked one after the other when nobody answers. */
function climb(people: Member[], start: string, more: Partial<Climb> = {}): string[] {
  const first = people.find(({ id }) => id === start)
  const asked: string[] = []
  for (let next = first ?? null; next; ) {
    next = findNextUp({
      person: next,
      submitter: grace,
      directory: directory(people),
      scopes: ['team'],
      taken: new Set([start, ...asked]),
      ...more,
    })
    if (next) asked.push(next.id)
  }
  return asked
}

describe('the next one up', () => {
  test('is the manager, then the manager’s manager, also where they are of another team', () => {
    const dave = person('dave', 6, { teamIds: ['law'] })
    expect(climb([frank, { ...eve, managerId: 'dave' }, dave, grace], 'frank')).toEqual(['eve', 'dave'])
  })

  test('passes over those who left, those who are asked already, and the submitter', () => {
    const boss = { ...grace, managerId: 'bob' }
    const ann = person('ann', 4, { managerId: 'bob' })
    const people = [frank, { ...eve, active: false, managerId: 'ann' }, ann, boss, person('bob', 3)]
    const above = (taken: string[]) => climb(people, 'frank', { submitter: boss, taken: new Set(taken) })
    expect(climb(people, 'frank', { submitter: boss })).toEqual(['ann', 'bob'])
    expect(above(['frank', 'ann', 'bob'])).toEqual([])
    expect(climb([{ ...frank, managerId: 'grace' }, boss, person('bob', 3)], 'frank')).toEqual(['bob'])
  })

  test('is never below the submitter: neither by level nor by who manages whom, nor in finance', () => {
    const dan = person('dan', 4, { managerId: 'cy' })
    const cy = person('cy', 2)
    const people = [
      dan,
      cy,
      person('ann', 3),
      person('amy', 2, { managerId: 'dan' }),
      person('ina', null, { managerId: 'amy', roles: ['finance'] }),
      person('fay', null, { roles: ['finance'] }),
      person('peer', 4),
      person('far', 6),
      person('low', 7, { managerId: 'sub' }),
      person('sub', 5, { managerId: 'dan' }),
    ]
    expect(climb(people, 'low', { submitter: dan })).toEqual(['cy', 'fay'])
    expect(climb(people, 'far', { submitter: dan })).toEqual(['ann', 'cy', 'fay'])
    expect(climb(people, 'far', { submitter: { ...dan, levelRank: null } })).toEqual([
      'peer',
      'ann',
      'cy',
      'fay',
    ])
  })

  test('is at the nearest level above for somebody without a manager, in the scope of the step first', () => {
    const far = person('far', 4, { teamIds: ['law'] })
    const near = person('near', 3)
    const people = [person('boss', 1), near, far, eve, grace]
    expect(climb(people, 'eve')).toEqual(['near', 'boss'])
    expect(climb(people, 'eve', { scopes: ['company'] })).toEqual(['far', 'near', 'boss'])
    expect(climb(people, 'eve', { scopes: [{ team: 'Legal' }] })).toEqual(['far', 'near', 'boss'])
  })

  test('is of several at one level the one who manages the submitter', () => {
    const people = [person('ada', 4), person('zoe', 4), eve, { ...grace, managerId: 'zoe' }]
    expect(climb(people, 'eve', { submitter: { ...grace, managerId: 'zoe' } })).toEqual(['zoe'])
  })

  test('is finance when nobody is above, and an admin after that', () => {
    const fay = person('fay', null, { roles: ['finance'] })
    const adam = person('adam', null, { roles: ['admin'] })
    expect(climb([adam, fay, eve, frank, grace], 'eve')).toEqual(['fay', 'adam'])
    expect(climb([adam, fay, eve, frank, grace], 'fay')).toEqual(['adam'])
  })
})

test('whoever the people are, the climb ends, asks only who may decide, each once, and all of finance and the admins who do not report to the submitter', () => {
  const names = ['p0', 'p1', 'p2', 'p3', 'p4', 'p5']
  const somebody = (id: string): fc.Arbitrary<Member> =>
    fc
      .record({
        levelRank: fc.option(fc.integer({ min: 1, max: 4 })),
        managerId: fc.option(fc.constantFrom(...names, 'grace')),
        roles: fc.uniqueArray(fc.constantFrom<Role>('finance', 'admin'), { maxLength: 1 }),
        active: fc.constantFrom(true, true, false),
        teamIds: fc.subarray(['tech', 'law']),
      })
      .map(({ levelRank, ...more }) => person(id, levelRank, more))
  fc.assert(
    fc.property(fc.tuple(...names.map(somebody)), fc.constantFrom(...names), (others, start) => {
      const people = [...others, grace]
      const asked = climb(people, start)
      expect(new Set(asked).size).toBe(asked.length)
      expect(asked).not.toContain('grace')
      expect(asked).not.toContain(start)
      const reports = (one: Member) => managersOf(one, directory(people)).includes(grace)
      for (const one of people.filter(({ id }) => asked.includes(id))) {
        expect(one.active).toBe(true)
        expect(reports(one)).toBe(false)
      }
      const last = people.filter((one) => one.active && one.roles.length > 0 && one.id !== start)
      for (const one of last) if (!reports(one)) expect(asked).toContain(one.id)
    }),
    { numRuns: 2000 },
  )
})
