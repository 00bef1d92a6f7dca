import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql'
import type { Policy } from './policy.ts'

/** All policies of a company at one time. Never changed: a change makes the next version. */
export const PolicyVersion = defineEntity({
  name: 'PolicyVersion',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    number: p.integer(),
    policies: p.json<Policy[]>(),
    createdAt: p.datetime(),
    createdBy: p.uuid().strictNullable(),
  },
})
export type PolicyVersion = InferEntity<typeof PolicyVersion>
