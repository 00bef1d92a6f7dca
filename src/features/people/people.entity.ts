import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql'
import { TextArray } from '../../database/index.ts'

export const Company = defineEntity({
  name: 'Company',
  properties: {
    id: p.uuid().primary(),
    name: p.string(),
    currency: p.string(),
    timeZone: p.string(),
    locale: p.string(),
    intakeAddress: p.string().strictNullable(),
    /** How long a decision can be taken back; 0: never. */
    rollbackHours: p.integer(),
    createdAt: p.datetime(),
  },
})
export type Company = InferEntity<typeof Company>

export const Team = defineEntity({
  name: 'Team',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    name: p.string(),
    companyWide: p.boolean(),
  },
})

export const Level = defineEntity({
  name: 'Level',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    rank: p.integer(),
    name: p.string(),
    teamId: p.uuid().strictNullable(),
  },
})

export const Person = defineEntity({
  name: 'Person',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    name: p.string(),
    email: p.string(),
    teamId: p.uuid().strictNullable(),
    levelRank: p.integer().strictNullable(),
    managerId: p.uuid().strictNullable(),
    roles: p.array().$type<Role[]>(),
    slackTeamId: p.string().strictNullable(),
    slackUserId: p.string().strictNullable(),
    timeZone: p.string().strictNullable(),
    /** The account that is reimbursed: encrypted, and its last four characters to recognise it by. */
    ibanSealed: p.string().strictNullable(),
    ibanTail: p.string().strictNullable(),
    active: p.boolean(),
    createdAt: p.datetime(),
  },
})
export type Person = InferEntity<typeof Person>

export const Category = defineEntity({
  name: 'Category',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    key: p.string(),
    name: p.string(),
    keywords: p.type(TextArray),
    position: p.integer(),
    active: p.boolean(),
  },
})
export type Category = InferEntity<typeof Category>

export const Reason = defineEntity({
  name: 'Reason',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    key: p.string(),
    name: p.string(),
    position: p.integer(),
    active: p.boolean(),
  },
})
export type Reason = InferEntity<typeof Reason>

/** A team a person belongs to beside their home team. */
export const TeamMember = defineEntity({
  name: 'TeamMember',
  properties: {
    companyId: p.uuid(),
    teamId: p.uuid().primary(),
    personId: p.uuid().primary(),
  },
})

/** Who approves a category, where a step asks for that; for the submitters of one team, or of all. */
export const Assignment = defineEntity({
  name: 'Assignment',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    categoryId: p.uuid(),
    teamId: p.uuid().strictNullable(),
    personId: p.uuid(),
  },
})

/** A Slack user whom nobody added, and for whom the admins were asked. */
export const AccessRequest = defineEntity({
  name: 'AccessRequest',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    slackTeamId: p.string(),
    slackUserId: p.string(),
    name: p.string().strictNullable(),
    email: p.string().strictNullable(),
    createdAt: p.datetime(),
  },
})

/** What a person may do besides posting expenses of their own, which everybody may. */
export type Role = 'employee' | 'manager' | 'finance' | 'admin'
