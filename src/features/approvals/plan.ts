import type { Directory, Member } from '../people/index.ts'
import type { PolicyStep } from '../policy/index.ts'
import { findApprovers, type PlannedApprover } from './find-approvers.ts'

export interface PlannedStep {
  description: string
  required: boolean
  /** How many of the approvers must agree. */
  needed: number
  approvers: PlannedApprover[]
  definition: StepDefinition
}

/** A step of the policy. Of a split expense, with the category for which it asks whoever is assigned to it. */
export type StepToPlan = PolicyStep & { categoryId?: string }

/** What a step was planned from: several steps of the policy when they ask the same people. Kept to plan it anew. */
export interface StepDefinition {
  steps: StepToPlan[]
  categoryId: string | null
}

/** Nobody in the company may decide this expense: it is blocked, and the admins are told. */
export type Plan = { steps: PlannedStep[] } | { nobody: true }

export interface PlanInput {
  steps: readonly StepToPlan[]
  submitter: Member
  directory: Directory
  /** For steps that ask whoever is assigned to the category. */
  categoryId: string | null
}

/**
 * Who decides, in which order. Steps that would ask the very same people are one step, as strict as the strictest of
 * them. Without steps the plan is empty, which approves: the caller must be sure of it. An optional step for which
 * nobody is found is left out; without anybody for a required one there is no plan.
 */
export function planApprovals(input: PlanInput): Plan {
  const planned = planSteps(input)
  // Optional steps alone would approve by themselves.
  const isDecidable = input.steps.length === 0 || planned?.some(({ required }) => required)
  return planned && isDecidable ? { steps: planned } : { nobody: true }
}

/** The same for some of the steps of a plan; null when there is nobody for a required one. */
export function planSteps({ steps, submitter, directory, categoryId }: PlanInput): PlannedStep[] | null {
  const planned: PlannedStep[] = []
  for (const step of steps) {
    const found = findApprovers(step, { submitter, directory, categoryId: step.categoryId ?? categoryId })
    if (!found && step.required) return null
    if (!found) continue
    const { description, required } = step
    add(planned, { description, required, ...found, definition: { steps: [step], categoryId } })
  }
  return planned
}

function add(planned: PlannedStep[], step: PlannedStep): void {
  const index = planned.findIndex((earlier) => samePeople(idsOf(earlier), idsOf(step)))
  const earlier = planned[index]
  if (!earlier) {
    planned.push(step)
    return
  }
  const merged = merge(earlier, step)
  // A required step keeps its place in the order: an optional one before it was asked beside others anyway.
  if (step.required && !earlier.required) {
    planned.splice(index, 1)
    planned.push(merged)
  } else {
    planned[index] = merged
  }
}

function merge(earlier: PlannedStep, later: PlannedStep): PlannedStep {
  const steps = [...earlier.definition.steps, ...later.definition.steps]
  return {
    description: [...new Set(steps.map(({ description }) => description))].join('; '),
    required: earlier.required || later.required,
    needed: Math.max(earlier.needed, later.needed),
    approvers: earlier.approvers,
    definition: { steps, categoryId: earlier.definition.categoryId },
  }
}

const idsOf = ({ approvers }: PlannedStep) => approvers.map(({ personId }) => personId)

/** Whether two lists hold the same people, each once, in any order. */
export const samePeople = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((id) => other.includes(id))
