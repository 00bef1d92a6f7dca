import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
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
    const ann = person('ann', 4, { managerId: 'grace' })
    const people = [frank, { ...eve, active: false, managerId: 'ann' }, ann, { ...grace, managerId: 'bob' }]
    const bob = person('bob', 3)
    expect(climb([...people, bob], 'frank')).toEqual(['ann', 'bob'])
    expect(climb([...people, bob], 'frank', { taken: new Set(['frank', 'ann', 'bob']) })).toEqual([])
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

test('whoever the people are, the climb ends, asks only who may decide, each once, and all of finance and the admins', () => {
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
      for (const id of asked) expect(people.find((one) => one.id === id)?.active).toBe(true)
      const last = people.filter(({ roles, active, id }) => active && roles.length > 0 && id !== start)
      for (const { id } of last) expect(asked).toContain(id)
    }),
    { numRuns: 2000 },
  )
})
