import { describe, expect, test } from 'vitest'
import { type PlannedStep, planApprovals } from '../../../src/features/approvals/plan.ts'
import type { Directory, Member } from '../../../src/features/people/index.ts'
import type { PolicyStep } from '../../../src/features/policy/index.ts'
import { by, directory, level, person } from './plan-support.ts'

const alice = person('alice', 1)
const eve = person('eve', 5, { managerId: 'alice' })
const frank = person('frank', 6, { managerId: 'eve' })
const grace = person('grace', 7, { managerId: 'frank' })
const fay = person('fay', null, { roles: ['finance'] })
const fred = person('fred', 6)
const adam = person('adam', null, { roles: ['admin'] })
const everybody = [alice, eve, frank, grace, fay, adam]
const gone = (who: Member): Member => ({ ...who, active: false })

interface Case {
  people?: Member[]
  submitter?: Member
  more?: Partial<Directory>
  categoryId?: string
}

function planned(
  steps: PolicyStep[],
  { people = everybody, submitter = grace, more, categoryId = 'travel' }: Case = {},
): PlannedStep[] | null {
  const plan = planApprovals({ steps, submitter, directory: directory(people, more), categoryId })
  return 'steps' in plan ? plan.steps : null
}

/** Who is asked, step by step; null when nobody may decide. */
const asked = (steps: PolicyStep[], given: Case = {}) =>
  planned(steps, given)?.map(({ approvers }) => approvers.map(({ personId }) => personId)) ?? null

const because = (step: PolicyStep, given: Case = {}) => planned([step], given)?.[0]?.approvers[0]?.because

describe('a step by level asks', () => {
  test.each<[string, PolicyStep[], Case, string[][] | null]>([
    ['the holder of the required level', [level(6), level(5)], {}, [['frank'], ['eve']]],
    ['the next one up when the required level is vacant', [level(4)], {}, [['alice']]],
    [
      'the next one up when the holder is not active',
      [level(6)],
      { people: [alice, eve, gone(frank), grace, fay] },
      [['eve']],
    ],
    [
      'somebody above the submitter when the submitter holds the level',
      [level(6)],
      { submitter: frank },
      [['eve']],
    ],
    [
      'finance for the highest of all, and never a report of theirs',
      [level(6)],
      { submitter: alice },
      [['fay']],
    ],
    [
      'an admin when the only finance person is the submitter',
      [level(6)],
      { submitter: { ...fay, levelRank: 1 }, people: [{ ...fay, levelRank: 1 }, adam, grace] },
      [['adam']],
    ],
    [
      'nobody when there is nobody: nothing is approved by itself',
      [level(6)],
      { submitter: alice, people: [alice, frank] },
      null,
    ],
    [
      'anybody at the required level for a submitter without one',
      [level(6)],
      { submitter: fay },
      [['frank']],
    ],
    [
      'of several at the nearest level, the one in the chain of managers',
      [level(6)],
      { people: [...everybody, fred] },
      [['frank']],
    ],
    [
      'all of several where none manages the submitter',
      [level(6)],
      { people: [...everybody, fred], submitter: { ...grace, managerId: null } },
      [['frank', 'fred']],
    ],
    [
      'all of several where managers run in a circle',
      [level(6)],
      {
        people: [...everybody, fred, person('x', 7, { managerId: 'grace' })],
        submitter: { ...grace, managerId: 'x' },
      },
      [['frank', 'fred']],
    ],
    [
      'a manager further up the chain before a stranger at the same level',
      [level(5)],
      { people: [...everybody, person('ed', 5)] },
      [['eve']],
    ],
  ])('%s', (_what, steps, given, wanted) => {
    expect(asked(steps, given)).toEqual(wanted)
  })

  const lawyer = person('lawyer', 6, { teamIds: ['law'] })
  const people = [alice, eve, grace, fay, lawyer]
  test.each<[string, PolicyStep['scope'], Case, string[]]>([
    ['only the submitter’s team', 'team', { people }, ['eve']],
    [
      'a company-wide team as well',
      'team',
      { people, more: { companyWideTeams: new Set(['law']) } },
      ['lawyer'],
    ],
    ['the whole company', 'company', { people }, ['lawyer']],
    ['a team by name', { team: 'Legal' }, { people }, ['lawyer']],
    [
      'any team of the submitter',
      'team',
      { people, submitter: { ...grace, teamIds: ['tech', 'law'] } },
      ['lawyer'],
    ],
    [
      'those who belong to the team beside their home team',
      { team: 'Legal' },
      { people: [...everybody, { ...fred, teamIds: ['tech', 'law'] }] },
      ['fred'],
    ],
  ])('in scope: %s', (_what, scope, given, wanted) => {
    expect(asked([level(6, { scope })], given)).toEqual([wanted])
  })
})

describe('how many must agree', () => {
  const seniors = [...everybody, fred]
  test.each<[string, PolicyStep, Case, string[] | null, number]>([
    [
      'all: everybody at the nearest level',
      level(6, { needed: 'all' }),
      { people: seniors },
      ['frank', 'fred'],
      2,
    ],
    ['all of one', level(6, { needed: 'all' }), {}, ['frank'], 1],
    [
      'two: the nearest level, when it has two',
      level(6, { needed: 2 }),
      { people: seniors },
      ['frank', 'fred'],
      2,
    ],
    ['two: levels upwards until there are two', level(6, { needed: 2 }), {}, ['frank', 'eve'], 2],
    [
      'four: finance joins where the levels are too few',
      level(6, { needed: 4 }),
      {},
      ['frank', 'eve', 'alice', 'fay'],
      4,
    ],
    ['five: then the admins', level(6, { needed: 5 }), {}, ['frank', 'eve', 'alice', 'fay', 'adam'], 5],
    ['six: nobody, the number is never lowered', level(6, { needed: 6 }), {}, null, 0],
    ['one is any', level(6, { needed: 1 }), { people: seniors }, ['frank'], 1],
    ['two of finance: an admin joins', by('finance', { needed: 2 }), {}, ['fay', 'adam'], 2],
    [
      'two of managers: the next one up the line joins',
      by('manager', { needed: 2 }),
      {},
      ['frank', 'eve'],
      2,
    ],
    [
      'somebody in finance who is at a level counts once',
      level(6, { needed: 3 }),
      { people: [{ ...frank, roles: ['finance'] }, grace, fay, adam] },
      ['frank', 'fay', 'adam'],
      3,
    ],
  ])('%s', (_what, step, given, people, needed) => {
    const steps = planned([step], given)
    expect(steps?.map(({ approvers }) => approvers.map(({ personId }) => personId)) ?? null).toEqual(
      people && [people],
    )
    if (people) expect(steps?.[0]?.needed).toBe(needed)
  })
})

describe('a step by approver asks', () => {
  const assigned = (...list: [string, string | null][]) => ({
    assignments: list.map(([personId, teamId]) => ({ categoryId: 'travel', teamId, personId })),
  })
  test.each<[string, PolicyStep, Case, string[] | null]>([
    ['manager: the direct one', by('manager'), {}, ['frank']],
    [
      'manager: the next one up when the direct one has left',
      by('manager'),
      { people: [alice, eve, gone(frank), grace, fay] },
      ['eve'],
    ],
    ['manager: finance when there is none', by('manager'), { submitter: alice }, ['fay']],
    [
      'manager: finance when managers run in a circle of people who left',
      by('manager'),
      { people: [gone({ ...frank, managerId: 'eve' }), gone({ ...eve, managerId: 'frank' }), grace, fay] },
      ['fay'],
    ],
    ['category: whoever is assigned to it', by('category'), { more: assigned(['eve', null]) }, ['eve']],
    [
      'category: those for the submitter’s team before those for all',
      by('category'),
      { more: assigned(['eve', null], ['adam', 'tech'], ['alice', 'law']) },
      ['adam'],
    ],
    ['category: the manager when nobody is assigned', by('category'), {}, ['frank']],
    [
      'category: the manager when only another category is assigned',
      by('category'),
      { more: assigned(['eve', null]), categoryId: 'meals' },
      ['frank'],
    ],
    [
      'category: the manager when those who are assigned left or submit it themselves',
      by('category'),
      { people: [alice, gone(eve), frank, grace, fay], more: assigned(['eve', null], ['grace', 'tech']) },
      ['frank'],
    ],
    ['category: finance when there is no manager either', by('category'), { submitter: alice }, ['fay']],
    ['finance', by('finance'), {}, ['fay']],
    ['finance: an admin when the submitter is all of finance', by('finance'), { submitter: fay }, ['adam']],
    ['admin', by('admin'), {}, ['adam']],
    ['admin: finance when the submitter is the only admin', by('admin'), { submitter: adam }, ['fay']],
    ['one person by address', by('alice@techcorp.example'), {}, ['alice']],
    [
      'their manager when they left',
      by('frank@techcorp.example'),
      { people: [alice, eve, gone(frank), grace] },
      ['eve'],
    ],
    [
      'their manager when they submit it themselves',
      by('frank@techcorp.example'),
      { submitter: frank },
      ['eve'],
    ],
    ['finance for an address that nobody has', by('nobody@techcorp.example'), {}, ['fay']],
    ['nobody when there is nobody', by('finance'), { people: [grace, frank] }, null],
  ])('%s', (_what, step, given, wanted) => {
    expect(asked([step], given)).toEqual(wanted && [wanted])
  })
})

describe('a plan', () => {
  test('without steps is empty: the caller made sure that nobody has to be asked', () => {
    expect(planned([])).toEqual([])
  })

  test('asks the very same people once, for both and as strictly as either', () => {
    expect(asked([level(6), level(5), level(4)], { submitter: frank })).toEqual([['eve'], ['alice']])
    const two = [
      level(6, { description: 'Manager confirms', required: false }),
      by('manager', { description: 'SEM agrees', needed: 1 }),
    ]
    expect(planned(two)).toEqual([
      {
        description: 'Manager confirms; SEM agrees',
        required: true,
        needed: 1,
        approvers: [
          {
            personId: 'frank',
            name: 'frank',
            because: 'the policy asks for the level Manager',
            reason: { kind: 'level', facts: { level: 'Manager' } },
          },
        ],
        definition: { steps: two, categoryId: 'travel' },
      },
    ])
    const people = [...everybody, fred]
    const strict = planned([level(6, { scope: 'company' }), level(6, { needed: 'all' })], {
      people,
      submitter: { ...grace, managerId: null },
    })
    expect(strict).toMatchObject([{ needed: 2, approvers: [{ name: 'frank' }, { name: 'fred' }] }])
  })

  test('keeps a required step in its place when the same person was to be asked beside others before', () => {
    const steps = [by('alice@techcorp.example', { required: false }), level(6), level(1)]
    expect(asked(steps)).toEqual([['frank'], ['alice']])
  })

  test('asks somebody again who is only one of several in another step', () => {
    const people = [...everybody, fred]
    expect(asked([level(6), level(6, { needed: 'all' })], { people })).toEqual([['frank'], ['frank', 'fred']])
  })

  test('leaves out an optional step for which nobody is found, and never asks only optional people', () => {
    const people = [frank, grace]
    expect(asked([by('finance', { required: false }), level(6)], { people })).toEqual([['frank']])
    expect(asked([by('finance', { required: false })], { people })).toBeNull()
    expect(asked([level(6, { required: false })], { people })).toBeNull()
  })
})

describe('the reason reads after “You are asked because”', () => {
  const lawyer = person('lawyer', 6, { teamIds: ['law'] })
  const counsel = person('counsel', 1, { teamIds: ['law'] })
  test.each<[PolicyStep, Case, string]>([
    [level(6), {}, 'the policy asks for the level Manager'],
    [
      level(6, { scope: { team: 'Legal' } }),
      { people: [...everybody, lawyer] },
      'the policy asks for the level Partner',
    ],
    [level(4), {}, 'the policy asks for the level AD or above, and CTO is the next one up'],
    [
      level(4, { scope: { team: 'Legal' } }),
      { people: [...everybody, counsel] },
      'the policy asks for the level AD or above, and General Counsel is the next one up',
    ],
    [
      level(6),
      { submitter: alice },
      'nobody at the level Manager or above may decide for alice, so finance decides',
    ],
    [by('manager'), {}, 'the policy asks for the manager of grace'],
    [
      by('manager'),
      { people: [eve, gone(frank), grace] },
      'the policy asks for the manager of grace, and the next one up the line stands in',
    ],
    [
      by('category'),
      {},
      'the policy asks for whoever is assigned to this category, and a manager of grace stands in',
    ],
    [by('finance'), {}, 'this step is for finance'],
    [by('admin'), {}, 'this step is for an admin'],
    [by('admin'), { submitter: adam }, 'no admin may decide, so finance decides'],
    [by('finance'), { submitter: fay }, 'nobody in finance may decide, so an admin decides'],
    [by('eve@techcorp.example'), {}, 'the policy asks for eve'],
    [
      by('eve@techcorp.example'),
      { submitter: eve },
      'the policy asks for eve, and the next manager up stands in',
    ],
    [by('x@y.example'), {}, 'neither x@y.example nor a manager may decide, so finance decides'],
    [
      level(1, { needed: 2 }),
      { people: [grace, fay, adam] },
      '2 people must agree and too few others may, so finance decides',
    ],
  ])('%#: %s', (step, given, wanted) => {
    expect(because(step, given)).toBe(wanted)
  })
})
