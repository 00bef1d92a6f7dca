import type { Directory, Member } from '../../../src/features/people/index.ts'
import type { PolicyStep } from '../../../src/features/policy/index.ts'

export function person(name: string, levelRank: number | null, more: Partial<Member> = {}): Member {
  return {
    id: name,
    name,
    email: `${name}@techcorp.example`,
    homeTeamId: 'tech',
    teamIds: ['tech'],
    levelRank,
    managerId: null,
    roles: [],
    active: true,
    ...more,
  }
}

export const rest = { scope: 'team', description: 'Looks at it', required: true, needed: 'any' } as const
export const level = (rank: number, more: Partial<PolicyStep> = {}): PolicyStep => ({
  ...rest,
  level: rank,
  ...more,
})
export const by = (
  approver: NonNullable<PolicyStep['approver']>,
  more: Partial<PolicyStep> = {},
): PolicyStep => ({
  ...rest,
  approver,
  ...more,
})

export function directory(people: Member[], more: Partial<Directory> = {}): Directory {
  return {
    people,
    levels: [
      { rank: 1, name: 'CTO', teamId: null },
      { rank: 1, name: 'General Counsel', teamId: 'law' },
      { rank: 4, name: 'AD', teamId: null },
      { rank: 5, name: 'SEM', teamId: null },
      { rank: 6, name: 'Manager', teamId: null },
      { rank: 6, name: 'Partner', teamId: 'law' },
    ],
    teamNames: new Map([
      ['tech', 'Technology'],
      ['law', 'Legal'],
    ]),
    companyWideTeams: new Set(),
    assignments: [],
    ...more,
  }
}
