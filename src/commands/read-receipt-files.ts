import { readFile } from 'node:fs/promises'
import type { Env } from '../../config/env.ts'
import type { LocalReader } from '../features/receipts/index.ts'
import { dateIn } from '../kernel/calendar-date.ts'
import { systemClock } from '../kernel/clock.ts'
import { AppError } from '../kernel/errors.ts'
import { logger } from '../kernel/logger.ts'
import { createReader } from '../program.ts'

/** Reads receipts as the program would, and prints a line for each. A file that cannot be read says why. */
export async function readReceiptFiles(env: Env, files: string[], json: boolean): Promise<void> {
  logger.level = 'warn'
  const reader = createReader(env)
  try {
    for (const file of files) process.stdout.write(`${await readOne(reader, file, json)}\n`)
  } finally {
    await reader.close()
  }
}

async function readOne(reader: LocalReader, file: string, json: boolean): Promise<string> {
  const hints = { companyCurrency: 'USD', today: dateIn(systemClock.now(), 'UTC'), locale: 'en-US' }
  try {
    const bytes = await readFile(file)
    const { merchant, date, total, currency, taxLines, engine, seconds } = await reader.read(
      { bytes, mediaType: '' },
      hints,
    )
    if (!json) {
      const parts = [merchant?.value, date?.value, `${currency?.value ?? '?'} ${total?.value ?? '?'}`]
      return `${file}: ${parts.map((part) => part ?? '?').join(', ')} (${seconds.toFixed(1)} s)`
    }
    return JSON.stringify({
      file,
      merchant: merchant?.value ?? null,
      date: date?.value ?? null,
      total: total?.value ?? null,
      currency: currency?.value ?? null,
      tax: taxLines[0]?.amount ?? null,
      confidence: {
        merchant: merchant?.confidence ?? 0,
        date: date?.confidence ?? 0,
        total: total?.confidence ?? 0,
      },
      engine,
      seconds,
    })
  } catch (error) {
    process.exitCode = 1
    const problem = error instanceof AppError ? error.message : 'The file cannot be read.'
    return json ? JSON.stringify({ file, error: problem }) : `${file}: ${problem}`
  }
}
