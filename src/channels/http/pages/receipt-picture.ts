import type { FastifyReply } from 'fastify'
import type { Tx } from '../../../database/index.ts'
import { readBlob, receiptsOf } from '../../../features/receipts/index.ts'
import { sendMissing } from './page-site.ts'

/** The picture of one receipt of an expense that the viewer may see; null for an expense says that they may not. */
export async function sendReceipt(
  tx: Tx,
  reply: FastifyReply,
  expenseId: string | null,
  receiptId: string,
): Promise<FastifyReply> {
  const receipts = expenseId ? await receiptsOf(tx, expenseId) : []
  const receipt = receipts.find(({ id }) => id === receiptId)
  if (!receipt?.renditionSha256) return sendMissing(reply)
  const { bytes } = await readBlob(tx, receipt.renditionSha256)
  return reply
    .headers({
      'content-security-policy': "default-src 'none'",
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex',
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, max-age=3600',
    })
    .type('image/jpeg')
    .send(bytes)
}
