import { describe, expect, test } from 'vitest'
import { planApprovals } from '../../../src/features/approvals/plan.ts'
import type { Directory, Person } from '../../../src/features/people/index.ts'
import type { PolicyStep } from '../../../src/features/policy/index.ts'

function person(name: string, levelRank: number | null, more: Partial<Person> = {}): Person {
  return {
    id: name,
    companyId: 'techcorp',
    name,
    email: `${name}@techcorp.example`,
    teamId: 'tech',
    levelRank,
    managerId: null,
    roles: [],
    slackTeamId: null,
    slackUserId: null,
    timeZone: null,
    active: true,
    createdAt: new Date(0),
    ...more,
  }
}

const alice = person('alice', 1)
const eve = person('eve', 5)
const frank = person('frank', 6)
const grace = person('grace', 7)
const fay = person('fay', null, { roles: ['finance'] })
const adam = person('adam', null, { roles: ['admin'] })
const everybody = [alice, eve, frank, grace, fay, adam]

const asks = (level: number, more: Partial<PolicyStep> = {}): PolicyStep => ({
  level,
  scope: 'team',
  description: `Level ${level}`,
  required: true,
  needed: 'any',
  ...more,
})
const directory = (people: Person[], companyWide: string[] = []): Directory => ({
  people,
  levelNames: new Map([
    [1, 'CTO'],
    [5, 'SEM'],
    [6, 'Manager'],
    [7, 'SDE3'],
  ]),
  teamNames: new Map([
    ['tech', 'Technology'],
    ['law', 'Legal'],
  ]),
  companyWideTeams: new Set(companyWide),
})

function plan(steps: PolicyStep[], submitter: Person, people = everybody, companyWide: string[] = []) {
  const result = planApprovals({ steps, submitter, directory: directory(people, companyWide) })
  if ('nobody' in result) return 'nobody'
  return result.steps.map(({ approvers }) => approvers.map(({ personId }) => personId))
}

describe('who is asked', () => {
  test('the holder of the required level', () => {
    expect(plan([asks(6), asks(5)], grace)).toEqual([['frank'], ['eve']])
  })
  test('the next one up when the required level is vacant', () => {
    expect(plan([asks(4)], grace)).toEqual([['alice']])
  })
  test('somebody above the submitter when the submitter holds the level', () => {
    expect(plan([asks(6)], frank)).toEqual([['eve']])
  })
  test('the next one up when the holder is not active', () => {
    expect(plan([asks(6)], grace, [alice, eve, { ...frank, active: false }, grace, fay])).toEqual([['eve']])
  })
  test('finance for the highest of all, and never a report of theirs', () => {
    expect(plan([asks(6)], alice)).toEqual([['fay']])
  })
  test('an admin when the only finance person is the submitter', () => {
    expect(plan([asks(6)], { ...fay, levelRank: 1 }, [{ ...fay, levelRank: 1 }, adam, grace])).toEqual([
      ['adam'],
    ])
  })
  test('nobody when there is nobody: the expense is blocked, never approved by itself', () => {
    expect(plan([asks(6)], alice, [alice, frank])).toBe('nobody')
  })
  test('finance in one step when no policy covers the expense', () => {
    expect(plan([], grace)).toEqual([['fay']])
  })
  test('all at the nearest level, or the one in the chain of managers', () => {
    const fred = person('fred', 6)
    expect(plan([asks(6)], grace, [...everybody, fred])).toEqual([['frank', 'fred']])
    expect(plan([asks(6)], { ...grace, managerId: 'fred' }, [...everybody, fred])).toEqual([['fred']])
  })
  test('only the team in scope, or a company-wide team, or the whole company', () => {
    const lawyer = person('lawyer', 6, { teamId: 'law' })
    const people = [alice, eve, grace, fay, lawyer]
    expect(plan([asks(6)], grace, people)).toEqual([['eve']])
    expect(plan([asks(6)], grace, people, ['law'])).toEqual([['lawyer']])
    expect(plan([asks(6, { scope: 'company' })], grace, people)).toEqual([['lawyer']])
    expect(plan([asks(6, { scope: { team: 'Legal' } })], grace, people)).toEqual([['lawyer']])
  })
  test('a submitter without a level may be decided by anybody at the required level', () => {
    expect(plan([asks(6)], fay)).toEqual([['frank']])
  })
  test('the same people are not asked twice in a row of steps', () => {
    expect(plan([asks(6), asks(5), asks(4)], frank)).toEqual([['eve'], ['alice']])
  })
  test('managers in a circle end the search', () => {
    expect(
      plan([asks(6)], { ...grace, managerId: 'x' }, [
        ...everybody,
        person('fred', 6),
        person('x', 7, { managerId: 'grace' }),
      ]),
    ).toEqual([['frank', 'fred']])
  })
})
