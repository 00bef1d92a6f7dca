import { isDeepStrictEqual } from 'node:util'
import type { Tx } from '../../database/index.ts'
import { recordAudit } from '../audit/index.ts'
import { PolicyVersion } from './policy.entity.ts'
import { type PolicyDocument, policyDocumentSchema } from './policy.ts'

export interface CurrentPolicies {
  versionId: string
  /** Counts up from 1. */
  number: number
  document: PolicyDocument
}

/** The policies in force; null for a company that never had any: finance decides everything. */
export async function currentPolicies(tx: Tx): Promise<CurrentPolicies | null> {
  const { companyId } = tx
  const version = await tx.em.findOne(PolicyVersion, { companyId }, { orderBy: { number: 'desc' } })
  return version && { versionId: version.id, number: version.number, document: documentOf(version) }
}

/** The policies of one version, such as the one that judged an expense; null when this company has no such version. */
export async function policyVersion(tx: Tx, versionId: string): Promise<PolicyDocument | null> {
  const version = await tx.em.findOne(PolicyVersion, { id: versionId, companyId: tx.companyId })
  return version && documentOf(version)
}

/** A version never changes, so it is parsed once; versions of before are read as today's schema fills them in. */
const parsed = new Map<string, PolicyDocument>()
const mostParsed = 200

function documentOf({ id, document }: PolicyVersion): PolicyDocument {
  const known = parsed.get(id)
  if (known) return known
  const read = policyDocumentSchema.parse(document)
  const [oldest] = parsed.keys()
  if (oldest !== undefined && parsed.size >= mostParsed) parsed.delete(oldest)
  parsed.set(id, read)
  return read
}

/** The policy that judged an expense, as it was then; null when none covered it. */
export async function policyNameAndNumber(
  tx: Tx,
  versionId: string | null,
  key: string | null,
): Promise<{ name: string; version: number } | null> {
  if (versionId === null || key === null) return null
  const version = await tx.em.findOneOrFail(PolicyVersion, { id: versionId })
  const { number } = version
  return {
    name: documentOf(version).policies.find((policy) => policy.key === key)?.name ?? key,
    version: number,
  }
}

/**
 * Puts `document` in force as the next version; what was judged before keeps its version.
 * @returns false when it is in force already.
 */
export async function savePolicies(tx: Tx, document: PolicyDocument): Promise<boolean> {
  const current = await currentPolicies(tx)
  const normalised: PolicyDocument = JSON.parse(JSON.stringify(document)) // as it comes back from the database
  if (current && isDeepStrictEqual(current.document, normalised)) return false
  const number = (current?.number ?? 0) + 1
  tx.em.create(PolicyVersion, {
    id: tx.newId(),
    companyId: tx.companyId,
    number,
    document: normalised,
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
