import { planApprovals } from '../approvals/index.ts'
import type { PolicyStep } from '../policy/index.ts'
import { directoryOfFile } from './directory-of-file.ts'
import type { Organisation } from './organisation-schema.ts'
import { type CheckedRemark, warning } from './remarks.ts'

/** Beyond, to look for the approvers of everybody in every step would take minutes. */
const mostPeople = 500
const mostSearches = 5000

/** Nobody in a role that a company cannot do without, and steps that want more people than could ever agree. */
export function checkApprovers(organisation: Organisation): CheckedRemark[] {
  return [...missingRoles(organisation), ...tooManyNeeded(organisation)]
}

const roles = {
  finance: 'gets every document and decides what no policy covers',
  admin: 'is told when nobody may decide an expense',
} as const

function missingRoles({ people }: Organisation): CheckedRemark[] {
  // A file without people leaves them as they are.
  if (people.length === 0) return []
  return (['finance', 'admin'] as const)
    .filter((role) => !people.some((person) => person.active && person.roles.includes(role)))
    .map((role) => warning(['people'], `Nobody active here has the role “${role}”, which ${roles[role]}.`))
}

function tooManyNeeded(organisation: Organisation): CheckedRemark[] {
  const { document, people } = organisation
  if (!document || people.length === 0) return []
  const canBeMet = canBeMetIn(organisation)
  return stepsOf(document)
    .filter(({ step }) => step.required && typeof step.needed === 'number' && step.needed > 1)
    .filter(({ step }) => !canBeMet(step))
    .map(({ step, path }) =>
      warning(
        [...path, 'needed'],
        `is ${step.needed}, but for nobody’s expense are there as many who may agree: it would be blocked`,
      ),
    )
}

function stepsOf({ policies, rules }: NonNullable<Organisation['document']>) {
  const placed = (steps: readonly PolicyStep[], path: PropertyKey[]) =>
    steps.map((step, index) => ({ step, path: [...path, index] }))
  return [
    ...policies.flatMap(({ active, steps }, index) =>
      active ? placed(steps, ['policies', index, 'steps']) : [],
    ),
    ...rules.flatMap(({ active, do: { approve_by = [] } }, index) =>
      active ? placed(approve_by, ['rules', index, 'do', 'approve_by']) : [],
    ),
  ]
}

/** Whether there is anybody whose expense could pass a step. */
function canBeMetIn(organisation: Organisation): (step: PolicyStep) => boolean {
  const directory = directoryOfFile(organisation)
  const active = directory.people.filter((person) => person.active)
  let searches = 0
  return (step) => {
    // Nobody decides what is their own.
    if (Number(step.needed) > active.length - 1) return false
    if (active.length > mostPeople) return true
    const categories = step.approver === 'category' ? organisation.categories.map(({ key }) => key) : [null]
    return categories.some((categoryId) =>
      active.some(
        (submitter) =>
          ++searches > mostSearches ||
          !('nobody' in planApprovals({ steps: [step], submitter, directory, categoryId })),
      ),
    )
  }
}
