import { inCompany } from '../../src/database/index.ts'
import { applyReading } from '../../src/features/expenses/index.ts'
import { getCompany } from '../../src/features/people/index.ts'
import { getReceipt, type ReadingResult, readBlob } from '../../src/features/receipts/index.ts'
import { dateIn } from '../../src/kernel/calendar-date.ts'
import { AppError } from '../../src/kernel/errors.ts'
import { catalog } from '../catalog.ts'
import type { Handler } from '../handler.ts'

/** Reads the file outside of any transaction, then puts reading and picture on record in one. */
export const readReceipt: Handler<'receipt.read'> = async (context, { receiptId }, work) => {
  const who = { companyId: work.companyId, actor: { personId: null, channel: 'system' as const } }
  const { file, hints } = await inCompany(context.database, who, async (tx) => {
    const receipt = await getReceipt(tx, receiptId)
    const company = await getCompany(tx)
    return {
      file: await readBlob(tx, receipt.fileSha256),
      hints: {
        companyCurrency: company.currency,
        today: dateIn(tx.now, company.timeZone),
        locale: company.locale,
      },
    }
  })
  const isLastTry = work.failures + 1 >= catalog['receipt.read'].attempts
  const rendition = await settle(context.reader.rendition(file), isLastTry)
  const reading = await settle(context.reader.read(file, hints), isLastTry)
  const result: ReadingResult = {
    reading: reading.value,
    problem: reading.problem,
    rendition: rendition.value,
  }
  await inCompany(context.database, who, async (tx) => {
    await work.finish(tx)
    await applyReading(tx, receiptId, result)
  })
}

/** What a person should know goes on record; what may pass is tried again, until the last try. */
async function settle<T>(
  work: Promise<T>,
  isLastTry: boolean,
): Promise<{ value: T | null; problem: string | null }> {
  try {
    return { value: await work, problem: null }
  } catch (error) {
    if (!isLastTry && !(error instanceof AppError && error.kind === 'permanent')) throw error
    const problem = error instanceof AppError ? error.message : 'It could not be read.'
    return { value: null, problem }
  }
}
