import { createHash } from 'node:crypto'
import type { Tx } from '../../database/index.ts'
import { permanentError } from '../../kernel/errors.ts'

/** A stored file. Files are kept per company under the SHA-256 of their content; no entity maps the bytes. */
export interface Blob {
  bytes: Buffer
  mediaType: string
}

/** The SHA-256 of a file, in hex. */
export function fileHash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Stores a file and returns its SHA-256 in hex. The same content is stored once per company; `created_at` is when last. */
export async function storeBlob(tx: Tx, bytes: Uint8Array, mediaType: string): Promise<string> {
  const sha256 = fileHash(bytes)
  await tx.em.execute(
    `insert into blob (company_id, sha256, media_type, size, content, created_at) values (?, ?, ?, ?, ?, ?)
     on conflict (company_id, sha256) do update set created_at = excluded.created_at`,
    [tx.companyId, sha256, mediaType, bytes.byteLength, Buffer.from(bytes), tx.now],
  )
  return sha256
}

/** @throws permanentError `file_missing` */
export async function readBlob(tx: Tx, sha256: string): Promise<Blob> {
  const [row] = await tx.em.execute<{ content: Buffer; media_type: string }[]>(
    'select content, media_type from blob where company_id = ? and sha256 = ?',
    [tx.companyId, sha256],
  )
  if (!row) throw permanentError('file_missing', 'A stored file is missing.', { details: { sha256 } })
  return { bytes: row.content, mediaType: row.media_type }
}

/**
 * Removes files that are part of nothing. What was stored again within the last day stays: somebody may be about to use it,
 * and the row's lock makes the two wait for each other.
 */
export async function forgetBlobs(tx: Tx, sha256s: string[]): Promise<void> {
  if (sha256s.length === 0) return
  await tx.em.flush()
  await tx.em.execute(
    `delete from blob b where company_id = ? and sha256 in (?) and created_at < ?::timestamptz - interval '1 day'
       and not exists (select from receipt r where r.company_id = b.company_id
         and r.file_sha256 = b.sha256)
       and not exists (select from receipt r where r.company_id = b.company_id and r.rendition_sha256 = b.sha256)
       and not exists (select from document d where d.company_id = b.company_id and d.sha256 = b.sha256)`,
    [tx.companyId, sha256s, tx.now],
  )
}
