import { createHash } from 'node:crypto'
import type { Tx } from '../../database/index.ts'
import { permanentError } from '../../kernel/errors.ts'

/** A stored file. Files are kept per company under the SHA-256 of their content; no entity maps the bytes. */
export interface Blob {
  bytes: Buffer
  mediaType: string
}

/** Stores a file and returns its SHA-256 in hex. The same content is stored once per company. */
export async function storeBlob(tx: Tx, bytes: Uint8Array, mediaType: string): Promise<string> {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  await tx.em.execute(
    `insert into blob (company_id, sha256, media_type, size, content, created_at) values (?, ?, ?, ?, ?, ?)
     on conflict do nothing`,
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
