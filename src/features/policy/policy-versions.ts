import { isDeepStrictEqual } from 'node:util'
import type { Tx } from '../../database/index.ts'
import { recordAudit } from '../audit/index.ts'
import { PolicyVersion } from './policy.entity.ts'
import type { Policy } from './policy.ts'

export interface PolicySet {
  versionId: string
  number: number
  policies: Policy[]
}

/** The policies in force. A company without any has version 0 and no policies: finance decides everything. */
export async function currentPolicies(tx: Tx): Promise<PolicySet | null> {
  const version = await tx.em.findOne(
    PolicyVersion,
    { companyId: tx.companyId },
    { orderBy: { number: 'desc' } },
  )
  return version && { versionId: version.id, number: version.number, policies: version.policies }
}

/** The policy that judged an expense, as it was then; null when none covered it. */
export async function policyNameAndNumber(
  tx: Tx,
  versionId: string | null,
  key: string | null,
): Promise<{ name: string; version: number } | null> {
  if (versionId === null || key === null) return null
  const version = await tx.em.findOneOrFail(PolicyVersion, { id: versionId })
  return { name: version.policies.find((policy) => policy.key === key)?.name ?? key, version: version.number }
}

/**
 * Puts `policies` in force as the next version; what was judged before keeps its version.
 * @returns false when they are the ones in force already.
 */
export async function savePolicies(tx: Tx, policies: Policy[]): Promise<boolean> {
  const current = await currentPolicies(tx)
  const normalised: Policy[] = JSON.parse(JSON.stringify(policies)) // as they come back from the database
  if (current && isDeepStrictEqual(current.policies, normalised)) return false
  const id = tx.newId()
  const number = (current?.number ?? 0) + 1
  tx.em.create(PolicyVersion, {
    id,
    companyId: tx.companyId,
    number,
    policies: normalised,
    createdAt: tx.now,
    createdBy: tx.actor.personId,
  })
  await recordAudit(tx, {
    action: 'policy.changed',
    subject: { kind: 'company', id: tx.companyId },
    changes: { version: number },
  })
  return true
}
