import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql'
import type { ReceiptReading } from './reading/index.ts'

export const Receipt = defineEntity({
  name: 'Receipt',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    expenseId: p.uuid(),
    fileSha256: p.string().fieldName('file_sha256'),
    renditionSha256: p.string().fieldName('rendition_sha256').strictNullable(),
    renditionWidth: p.integer().strictNullable(),
    renditionHeight: p.integer().strictNullable(),
    mediaType: p.string(),
    fileName: p.string(),
    position: p.integer(),
    status: p.string().$type<'waiting' | 'read' | 'unreadable'>(),
    problem: p.string().strictNullable(),
    uploadedBy: p.uuid(),
    createdAt: p.datetime(),
  },
})
export type Receipt = InferEntity<typeof Receipt>

/** One reading of one receipt, kept for good: engine, version and every field with its confidence. */
export const Reading = defineEntity({
  name: 'Reading',
  properties: {
    id: p.uuid().primary(),
    companyId: p.uuid(),
    receiptId: p.uuid(),
    engine: p.string(),
    engineVersion: p.string(),
    fields: p.json<ReceiptReading>(),
    seconds: p.float(),
    createdAt: p.datetime(),
  },
})
