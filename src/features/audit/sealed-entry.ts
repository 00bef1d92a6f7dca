import { createHash } from 'node:crypto'
import { canonicalJson } from '../../kernel/canonical-json.ts'

/**
 * What a seal is a hash of. Whoever has the tables can compute it again without Outlay:
 *
 *   hash = SHA-256 of the UTF-8 text {"entry":{…},"previous":"<hash of the seal before, 64 zeros for the first>",
 *     "sealedAt":"<instant>"}
 *   entry = {"action":…,"actorId":…,"at":…,"changes":{…},"channel":…,"companyId":…,"correlationId":…,"id":…,
 *     "onBehalfOfId":…,"personalHash":…,"subjectId":…,"subjectKind":…,"xid":…}
 *
 * written by `canonicalJson` (keys sorted, no white space, RFC 8785). Instants are UTC with microseconds,
 * `2026-11-20T15:00:00.000000Z`; hashes are lower-case hexadecimal; the transaction id is a text; what is not there is
 * null. The place `seq` is no part of it: places count up from 1 without a gap, and the previous hash fixes the order. So
 * a seal that was moved still fits its entry, and can be told from one that was changed.
 */
export function sealHash(sealed: { entry: string; previous: string; sealedAt: string }): string {
  const { entry, previous, sealedAt } = sealed
  const text = `{"entry":${entry},"previous":"${previous}","sealedAt":"${sealedAt}"}`
  return createHash('sha256').update(canonicalJson(text)).digest('hex')
}

/** The hash before the first one. */
export const noHash = '0'.repeat(64)

/** The entry `e` as JSON text, with every stored value as exactly as it is stored. */
export const entryAsJson = `json_build_object('id', e.id, 'companyId', e.company_id, 'at', ${instant('e.at')},
  'actorId', e.actor_id, 'onBehalfOfId', e.on_behalf_of_id, 'channel', e.channel, 'action', e.action,
  'subjectKind', e.subject_kind, 'subjectId', e.subject_id, 'changes', e.changes, 'correlationId', e.correlation_id,
  'personalHash', encode(e.personal_hash, 'hex'), 'xid', e.xid::text)::text`

/** An instant as it enters hashes. */
export function instant(column: string): string {
  return `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
}

/**
 * Binds personal values to their entry: SHA-256 over their random key and their canonical JSON. Without the key, which is
 * erased with them, nobody can find out by trying what they were.
 * @param values JSON, as PostgreSQL writes it
 */
export function personalHash(key: Buffer, values: string): Buffer {
  return createHash('sha256').update(key).update(canonicalJson(values)).digest()
}
