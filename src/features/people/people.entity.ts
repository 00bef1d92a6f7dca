import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql'

export const Company = defineEntity({
  name: 'Company',
  properties: {
    id: p.uuid().primary(),
    name: p.string(),
    currency: p.string(),
    timeZone: p.string(),
    locale: p.string(),
    intakeAddress: p.string().strictNullable(),
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
    keywords: p.array(),
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
    active: p.boolean(),
  },
})

/** What a person may do besides posting expenses of their own, which everybody may. */
export type Role = 'employee' | 'manager' | 'finance' | 'admin'
