import { Worker } from 'node:worker_threads'
import { DateTime } from 'luxon'
import { type AppError, permanentError } from '../../../kernel/errors.ts'
import { judgeFiles, tellIgnored } from './judge-files.ts'
import { type ParsedMail, type ReadMail, threadAnswer } from './parsed-mail.ts'

/** What mail servers usually accept at most. */
export const maxMailBytes = 25 * 1024 * 1024
const defaultTimeLimitMs = 15_000
const maxThreads = 2

const program = new URL('./mail-thread.ts', import.meta.url)

/**
 * Reads a raw mail. Each mail is taken apart in a thread of its own, with a limit on memory and time, so that a
 * hostile one can neither stop the program nor leave anything behind for the next; two at a time, the others wait.
 * @throws permanentError `mail_unreadable`, `mail_too_large`, `mail_too_complex`
 */
export async function parseMail(
  raw: Uint8Array,
  options: { timeLimitMs?: number } = {},
): Promise<ParsedMail> {
  if (raw.byteLength > maxMailBytes) {
    throw permanentError(
      'mail_too_large',
      `The mail is too large: I take up to ${maxMailBytes / 1024 / 1024} MB. Please send the receipts one by one.`,
    )
  }
  const mail = await inTurn(() => readInThread(raw, options.timeLimitMs ?? defaultTimeLimitMs))
  const { files, dateHeader, ...rest } = mail
  const { receipts, ignored } = await judgeFiles(files)
  return {
    ...rest,
    date: parseDate(dateHeader),
    receipts,
    ignored: tellIgnored([...mail.ignored, ...ignored]),
  }
}

/** Null unless it is a date by RFC 5322, 3.3: JavaScript's own parser finds one in almost anything. */
function parseDate(header: string | null): Date | null {
  const date = DateTime.fromRFC2822(header ?? '')
  return date.isValid ? date.toJSDate() : null
}

let running = 0
const waiting: (() => void)[] = []

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running < maxThreads) running++
  else await new Promise<void>((resolve) => waiting.push(resolve))
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running--
  }
}

async function readInThread(raw: Uint8Array, timeLimitMs: number): Promise<ReadMail> {
  const bytes = new Uint8Array(raw)
  const thread = new Worker(program, {
    workerData: bytes,
    transferList: [bytes.buffer],
    resourceLimits: { maxOldGenerationSizeMb: 256 },
    // Neither the secrets in the environment nor flags such as --watch are its business.
    env: {},
    execArgv: [],
  })
  let timer: NodeJS.Timeout | undefined
  try {
    const message = await new Promise((resolve, reject) => {
      timer = setTimeout(() => reject(tooComplex(`not read within ${timeLimitMs} ms`)), timeLimitMs)
      thread.once('message', resolve)
      thread.on('error', (error) => reject(threadError(error)))
      thread.once('exit', () => reject(unreadable('thread ended without an answer')))
    })
    const answer = threadAnswer.parse(message)
    if ('mail' in answer) return answer.mail
    throw answer.problem === 'mail_too_complex' ? tooComplex(answer.detail) : unreadable(answer.detail)
  } finally {
    clearTimeout(timer)
    await thread.terminate()
  }
}

function threadError(error: unknown): AppError {
  const outOfMemory = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
  return outOfMemory ? tooComplex(String(error)) : unreadable(String(error))
}

function tooComplex(detail: string): AppError {
  const message =
    'The mail is too complicated for me. Please send the receipt as an attachment of a new mail.'
  return permanentError('mail_too_complex', message, { details: { detail } })
}

function unreadable(detail: string): AppError {
  const message = 'The mail is damaged, so I cannot read it. Please send it again.'
  return permanentError('mail_unreadable', message, { details: { detail } })
}
