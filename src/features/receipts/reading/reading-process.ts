/**
 * The process in which receipts are decoded and read: a program of its own, forked by `child-pool.ts`. It keeps the OCR
 * engine between readings, works at low priority and ends with its parent.
 */
import { createRequire } from 'node:module'
import { setPriority } from 'node:os'
import { z } from 'zod'
import { AppError } from '../../../kernel/errors.ts'
import { renderRendition } from './decode.ts'
import { type Answer, type Request, requestSchema } from './messages.ts'
import { type Ocr, openOcr } from './ocr.ts'
import { readReceipt } from './read-receipt.ts'

/** Raise this when rules change, so that readings on record tell which rules made them. */
const rulesVersion = 1
const tesseract = z
  .object({ version: z.string() })
  .parse(createRequire(import.meta.url)('tesseract.js/package.json'))
const engineVersion = `rules ${rulesVersion}, tesseract.js ${tesseract.version}`

let opened: Promise<Ocr> | null = null

async function answer(request: Request): Promise<Answer> {
  try {
    const result = request.kind === 'read' ? await read(request) : await render(request)
    return { ...result, id: request.id, memory: process.memoryUsage.rss() }
  } catch (error) {
    const known = error instanceof AppError ? error : null
    return {
      id: request.id,
      memory: process.memoryUsage.rss(),
      kind: 'refused',
      code: known?.code ?? 'reading_failed',
      message: known?.message ?? 'The receipt could not be read.',
      permanent: known?.kind === 'permanent',
      details: String(known?.cause ?? error).slice(0, 2000),
    }
  }
}

async function read(request: Extract<Request, { kind: 'read' }>) {
  const start = performance.now()
  opened ??= openOcr()
  const fields = await readReceipt(request.bytes, request.hints, await opened)
  const seconds = Math.round(performance.now() - start) / 1000
  return { kind: 'reading' as const, reading: { engine: 'local', engineVersion, ...fields, seconds } }
}

async function render(request: Extract<Request, { kind: 'rendition' }>) {
  return { kind: 'rendition' as const, ...(await renderRendition(request.bytes)) }
}

setPriority(15)
process.on('disconnect', () => process.exit(0))
process.on('message', async (message) => {
  const result = await answer(requestSchema.parse(message))
  process.send?.(result)
})
