import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { DateTime } from 'luxon'
import { type AppError, permanentError, transientError } from '../../../kernel/errors.ts'
import { judgeFiles, tellIgnored } from './judge-files.ts'
import { type ParsedMail, processAnswer, type ReadMail } from './parsed-mail.ts'

/** What mail servers usually accept at most. */
export const maxMailBytes = 25 * 1024 * 1024
const defaultTimeLimitMs = 15_000
const maxProcesses = 2

const program = fileURLToPath(new URL('./mail-process.ts', import.meta.url))

/**
 * Reads a raw mail. Each mail is taken apart in a process of its own, with a limit on memory and time, so that a
 * hostile one can neither stop the program nor leave anything behind for the next; two at a time, the others wait.
 * (A thread will not do: what breaks through its memory limit in one go ends the whole program.)
 * @throws permanentError `mail_unreadable`, `mail_too_large`, `mail_too_complex`; transientError `mail_not_read` when
 *   the process was stopped from outside or could not start
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
  const mail = await inTurn(() => readInProcess(raw, options.timeLimitMs ?? defaultTimeLimitMs))
  const { files, dateHeader, ...rest } = mail
  const { receipts, ignored } = judgeFiles(files)
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
  if (running < maxProcesses) running++
  else await new Promise<void>((resolve) => waiting.push(resolve))
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running--
  }
}

async function readInProcess(raw: Uint8Array, timeLimitMs: number): Promise<ReadMail> {
  const child = fork(program, {
    // Neither the secrets in the environment nor flags such as --watch are the child's business.
    env: {},
    execArgv: ['--max-old-space-size=256'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  let timer: NodeJS.Timeout | undefined
  try {
    const message = await new Promise((resolve, reject) => {
      timer = setTimeout(() => reject(tooComplex(`not read within ${timeLimitMs} ms`)), timeLimitMs)
      child.once('message', resolve)
      child.once('error', (error) => reject(notRead(String(error))))
      child.once('exit', (code, signal) => reject(endedWithout(code, signal)))
      // A child that died meanwhile is noticed by its exit; the send error says nothing more.
      child.send(raw, () => {})
    })
    const answer = processAnswer.parse(message)
    if ('mail' in answer) return answer.mail
    throw answer.problem === 'mail_too_complex' ? tooComplex(answer.detail) : unreadable(answer.detail)
  } finally {
    clearTimeout(timer)
    child.kill('SIGKILL')
  }
}

/** Its own crash is the mail's doing. Other signals come from outside, such as Ctrl-C to the whole program. */
function endedWithout(code: number | null, signal: string | null): AppError {
  const detail = `process ended with ${code ?? signal}`
  return signal !== null && stopSignals.has(signal) ? notRead(detail) : tooComplex(detail)
}

const stopSignals = new Set(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'])

function notRead(detail: string): AppError {
  return transientError('mail_not_read', 'The mail could not be read just now.', { details: { detail } })
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
