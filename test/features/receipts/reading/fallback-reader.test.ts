import { readFileSync } from 'node:fs'
import { pino } from 'pino'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { createFallbackReader } from '../../../../src/features/receipts/reading/fallback-reader.ts'
import {
  createGeminiReader,
  type GeminiReaderOptions,
} from '../../../../src/features/receipts/reading/gemini-reader.ts'
import { createLocalReader, type LocalReader } from '../../../../src/features/receipts/reading/index.ts'
import { logger } from '../../../../src/kernel/logger.ts'
import { dinner, geminiFailures, geminiKey, geminiModel, printed } from '../../../support/gemini-answers.ts'
import { type GeminiStandIn, googleError, startGeminiStandIn } from '../../../support/gemini-stand-in.ts'

const [apiKey, model] = [geminiKey, geminiModel]
const hints = { companyCurrency: 'USD', today: '2026-11-20', locale: 'en-US' }
const picture = readFileSync('test/fixtures/receipts/us-diner.jpg')
const file = { bytes: picture, mediaType: 'image/jpeg' }

let service: GeminiStandIn
beforeAll(async () => {
  service = await startGeminiStandIn({ apiKey, model })
})
afterAll(() => service.close())
beforeEach(() => {
  service.requests = []
  says(dinner())
})

const gemini = (options: Partial<GeminiReaderOptions> = {}) =>
  createGeminiReader({ apiKey, model, baseUrl: service.url, ...options })

function says(answer: unknown): void {
  service.reply = { kind: 'says', text: JSON.stringify(answer) }
}

/** Stands for this machine's reader, which takes seconds. */
function quickLocal(): LocalReader {
  const nothing = { merchant: null, date: null, currency: null, tip: null, cardLastFour: null }
  return {
    engine: 'local',
    async read() {
      const total = { value: '41.53', confidence: 0.9 }
      const rest = { ...nothing, total, taxLines: [], lineItems: [], text: '', seconds: 0 }
      return { engine: 'local', engineVersion: 'quick', ...rest }
    },
    async rendition() {
      return { jpeg: picture, width: 900, height: 1200 }
    },
    async close() {},
  }
}

describe('when Gemini fails', () => {
  test.each(geminiFailures)('%s is no obstacle: this machine reads', async (_, reply) => {
    service.reply = reply
    const first = gemini({ timeoutMs: reply.kind === 'silence' ? 50 : 10_000 })
    const reader = createFallbackReader({ first, local: quickLocal(), clock: { now: () => new Date(0) } })
    expect(await reader.read(file, hints)).toMatchObject({ engine: 'local', total: { value: '41.53' } })
  })

  test('a file that is not for Gemini is read on this machine, and counts as no failure', async () => {
    const clock = { now: () => new Date(0) }
    const reader = createFallbackReader({ first: gemini(), local: quickLocal(), clock })
    const gif = await sharp(picture).resize(200).gif().toBuffer()
    for (let i = 0; i < 6; i++) {
      expect(await reader.read({ bytes: gif, mediaType: 'image/gif' }, hints)).toMatchObject({
        engine: 'local',
      })
    }
    expect(await reader.read(file, hints)).toMatchObject({ engine: 'gemini' })
  })

  test('the real reader of this machine stands in, with its renditions', { timeout: 60_000 }, async () => {
    const reader = createFallbackReader({
      first: gemini({ apiKey: 'wrong' }),
      local: createLocalReader(),
      clock: { now: () => new Date(0) },
    })
    try {
      const reading = await reader.read(file, hints)
      expect(reading).toMatchObject({
        engine: 'local',
        total: { value: '41.53' },
        date: { value: '2026-03-14' },
      })
      expect((await reader.rendition(file)).height).toBeLessThanOrEqual(1600)
    } finally {
      await reader.close()
    }
    await expect(reader.read(file, hints)).rejects.toMatchObject({ code: 'reader_closed' })
  })
})

describe('a pause after failures in a row', () => {
  const away: GeminiStandIn['reply'] = { kind: 'response', status: 503, body: googleError(503, 'overloaded') }

  function setUp() {
    let time = 0
    const clock = { now: () => new Date(time) }
    const reader = createFallbackReader({ first: gemini(), local: quickLocal(), clock })
    return {
      wait: (seconds: number) => {
        time += seconds * 1000
      },
      /** Who read, and whether Gemini was asked. */
      async read() {
        const before = service.requests.length
        const { engine } = await reader.read(file, hints)
        return { engine, asked: service.requests.length > before }
      },
    }
  }

  test('five make Gemini rest for a minute; then one try decides', async () => {
    const { read: readOne, wait } = setUp()
    service.reply = away
    for (let i = 0; i < 5; i++) expect(await readOne()).toEqual({ engine: 'local', asked: true })
    expect(await readOne()).toEqual({ engine: 'local', asked: false })
    wait(59)
    expect(await readOne()).toEqual({ engine: 'local', asked: false })
    wait(1)
    expect(await readOne()).toEqual({ engine: 'local', asked: true })
    expect(await readOne()).toEqual({ engine: 'local', asked: false })
    wait(60)
    says(dinner())
    for (let i = 0; i < 3; i++) expect(await readOne()).toEqual({ engine: 'gemini', asked: true })
  })

  test('a reading in between starts the count anew', async () => {
    const { read: readOne } = setUp()
    for (let round = 0; round < 3; round++) {
      service.reply = away
      for (let i = 0; i < 4; i++) expect(await readOne()).toEqual({ engine: 'local', asked: true })
      says(dinner())
      expect(await readOne()).toEqual({ engine: 'gemini', asked: true })
    }
  })
})

describe('logs', () => {
  const lines: string[] = []
  beforeEach(() => {
    lines.length = 0
    logger.level = 'trace'
    const stream: { write(line: string): void } = Reflect.get(logger, pino.symbols.streamSym)
    vi.spyOn(stream, 'write').mockImplementation((line) => void lines.push(line))
  })
  afterEach(() => {
    vi.restoreAllMocks()
    logger.level = 'silent'
  })
  const entrySchema = z.looseObject({
    level: z.string(),
    code: z.string().optional(),
    reason: z.string().optional(),
  })
  const entries = () => lines.map((line) => entrySchema.parse(JSON.parse(line)))

  test('never hold the key, the picture or what is printed', async () => {
    const secrets = [apiKey, 'Blue Heron', picture.toString('base64').slice(0, 40)]
    const replies = geminiFailures.map(([, reply]) => reply).filter(({ kind }) => kind !== 'silence')
    const chatty = `${apiKey} ${printed.join(' ')} ${picture.toString('base64')}`
    for (const status of [400, 503])
      replies.push({ kind: 'response', status, body: googleError(status, chatty, chatty) })
    for (const key of [apiKey, `${apiKey}-wrong`, `${apiKey}\n-broken`]) {
      for (const reply of replies) {
        service.reply = reply
        const [first, local] = [gemini({ apiKey: key }), quickLocal()]
        await createFallbackReader({ first, local, clock: { now: () => new Date(0) } }).read(file, hints)
      }
    }
    expect(lines.length).toBeGreaterThan(replies.length)
    for (const secret of secrets) expect(lines.join('')).not.toContain(secret)
  })

  test('do not quote an error that nobody foresaw', async () => {
    const first = {
      engine: 'gemini',
      read: () => Promise.reject(new TypeError(`header x-goog-api-key: ${apiKey}`)),
    }
    const clock = { now: () => new Date(0) }
    await createFallbackReader({ first, local: quickLocal(), clock }).read(file, hints)
    expect(entries()).toMatchObject([{ level: 'warn', code: 'unexpected', reason: 'TypeError' }])
    expect(lines.join('')).not.toContain(apiKey)
  })

  test('warn once of a wrong key, and tell of what passes without a warning', async () => {
    const wrong = gemini({ apiKey: 'wrong' })
    const clock = { now: () => new Date(0) }
    const refused = createFallbackReader({ first: wrong, local: quickLocal(), clock })
    for (let i = 0; i < 3; i++) await refused.read(file, hints)
    expect(entries().map(({ level }) => level)).toEqual(['warn', 'info', 'info'])
    expect(entries()[0]).toMatchObject({ code: 'gemini_refused', reason: 'HTTP 400 API_KEY_INVALID' })
    lines.length = 0
    service.reply = { kind: 'response', status: 429, body: googleError(429, 'quota') }
    await createFallbackReader({ first: gemini(), local: quickLocal(), clock }).read(file, hints)
    expect(entries()).toMatchObject([{ level: 'info', code: 'gemini_unavailable', reason: 'HTTP 429' }])
  })
})
