import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql'
import type { Channel } from '../../database/index.ts'
import type { ApprovalStatus, RequestStatus, StepStatus } from './machine.ts'
import type { StepDefinition } from './plan.ts'
import type { Reason } from './reasons.ts'

export const ApprovalRequest = defineEntity({
  name: 'ApprovalRequest',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    subjectKind: p.string().$type<SubjectKind>(),
    subjectId: p.uuid(),
    submitterId: p.uuid(),
    revision: p.integer(),
    /** What it is about is worth, in minor units of the company's currency: for caps of delegates and for step-up. */
    amountMinor: p.bigint('number'),
    status: p.string().$type<RequestStatus>(),
    createdAt: p.datetime(),
    closedAt: p.datetime().strictNullable(),
  },
})
export type ApprovalRequest = InferEntity<typeof ApprovalRequest>

export const ApprovalStep = defineEntity({
  name: 'ApprovalStep',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    requestId: p.uuid(),
    position: p.integer(),
    description: p.string(),
    needed: p.integer(),
    required: p.boolean(),
    /** What the policy asked for, so that somebody who leaves can be replaced; null in requests from before. */
    definition: p.json<StepDefinition>().strictNullable(),
    status: p.string().$type<StepStatus>(),
  },
})
export type ApprovalStep = InferEntity<typeof ApprovalStep>

/** One person asked in one step. */
export const Approval = defineEntity({
  name: 'Approval',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    requestId: p.uuid(),
    stepId: p.uuid(),
    approverId: p.uuid(),
    /** Reads after “You are asked because ”. */
    because: p.string(),
    /** What `because` tells; null in requests from before. */
    reason: p.json<Reason>().strictNullable(),
    status: p.string().$type<ApprovalStatus>(),
    askedAt: p.datetime().strictNullable(),
    decidedAt: p.datetime().strictNullable(),
    decidedBy: p.uuid().strictNullable(),
    channel: p.string().$type<Channel>().strictNullable(),
    comment: p.string().strictNullable(),
    /** Set when it is `undone`: what it was before, and whose taking back undid it. */
    undoneStatus: p.string().$type<ApprovalStatus>().strictNullable(),
    undoneAt: p.datetime().strictNullable(),
    undoneBy: p.uuid().strictNullable(),
    undoneChannel: p.string().$type<Channel>().strictNullable(),
    undoneComment: p.string().strictNullable(),
  },
})
export type Approval = InferEntity<typeof Approval>

/**
 * Somebody is asked about an approval: its approver, a delegate in an approver's place, or the next one up besides. Kept
 * when it has ended, so that it shows who was asked when; `endedAt` is null for whoever is asked now.
 */
export const ApprovalAsk = defineEntity({
  name: 'ApprovalAsk',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    approvalId: p.uuid(),
    personId: p.uuid(),
    role: p.string().$type<AskRole>(),
    /** In whose place a delegate is asked. */
    onBehalfOfId: p.uuid().strictNullable(),
    /** Reads after “You are asked because ”. */
    because: p.string(),
    reason: p.json<Reason>().strictNullable(),
    askedAt: p.datetime(),
    endedAt: p.datetime().strictNullable(),
    remindedAt: p.datetime().strictNullable(),
  },
})
export type ApprovalAsk = InferEntity<typeof ApprovalAsk>
export type AskRole = 'approver' | 'delegate' | 'escalated'

/** A proof that somebody is who they are, asked for before they decide about much money. The code is kept nowhere. */
export const StepUp = defineEntity({
  name: 'StepUp',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    approvalId: p.uuid(),
    personId: p.uuid(),
    /** Where the decision is made: the proof counts there only. */
    channel: p.string().$type<Channel>(),
    /** Which way the code went; `app`: it comes from their authenticator. */
    via: p.string().$type<'email' | 'slack' | 'app'>(),
    attempts: p.integer(),
    createdAt: p.datetime(),
    expiresAt: p.datetime(),
    provenAt: p.datetime().strictNullable(),
  },
})
export type StepUp = InferEntity<typeof StepUp>

/** Said about a subject: a question of an approver, an answer, a remark. Never changed. */
export const Comment = defineEntity({
  name: 'Comment',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    subjectKind: p.string().$type<SubjectKind>(),
    subjectId: p.uuid(),
    kind: p.string().$type<'question' | 'comment'>(),
    /** The approval of the one who asks; null for a comment. */
    approvalId: p.uuid().strictNullable(),
    personId: p.uuid(),
    text: p.string(),
    channel: p.string().$type<Channel>(),
    at: p.datetime(),
  },
})
export type Comment = InferEntity<typeof Comment>

/** What can be approved. Each kind has a function in `ApprovalSubjects`. */
export type SubjectKind = 'expense'
