import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql'
import type { PolicyDocument } from './policy.ts'

/** Everything that a company's policy says at one time. Never changed: a change makes the next version. */
export const PolicyVersion = defineEntity({
  name: 'PolicyVersion',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    number: p.integer(),
    document: p.json<PolicyDocument>(),
    createdAt: p.datetime(),
    createdBy: p.uuid().strictNullable(),
  },
})
export type PolicyVersion = InferEntity<typeof PolicyVersion>
