import type { PolicyDocument } from '../policy/index.ts'
import type { Organisation } from './organisation-schema.ts'

/** What somebody has not, by which approvers are found for what they spend. */
export interface PersonGap {
  field: 'team' | 'manager'
  /** A policy asks for it: until they have one, finance decides. */
  isAsked: boolean
}

/** Which of the two any active policy or rule asks for: a level in the submitter's team, or their manager. */
export function askedOfSubmitters(document: PolicyDocument | undefined): Record<PersonGap['field'], boolean> {
  const { policies = [], rules = [] } = document ?? {}
  const steps = [
    ...policies.flatMap(({ active, steps }) => (active ? steps : [])),
    ...rules.flatMap(({ active, do: { approve_by = [] } }) => (active ? approve_by : [])),
  ]
  return {
    team: steps.some(({ level, scope }) => level !== undefined && scope === 'team'),
    manager: steps.some(({ approver }) => approver === 'manager'),
  }
}

/** Who is at the top needs no manager; where a team approves for everybody, nobody needs one of their own. */
export function gapsOf(
  { people, teams, document }: Organisation,
  { team, also_in, manager, level }: Organisation['people'][number],
): PersonGap[] {
  const asked = askedOfSubmitters(document)
  const top = Math.min(...people.flatMap((one) => (one.active && one.level !== undefined ? [one.level] : [])))
  const hasNoTeam = team === undefined && also_in.length === 0 && teams.length > 0
  const gaps: PersonGap[] = []
  if (hasNoTeam) gaps.push({ field: 'team', isAsked: asked.team && !teams.some((one) => one.company_wide) })
  if (manager === undefined && level !== top) gaps.push({ field: 'manager', isAsked: asked.manager })
  return gaps
}
