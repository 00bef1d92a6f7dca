import { type ChildProcess, fork } from 'node:child_process'
import { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { permanentError, transientError } from '../../../kernel/errors.ts'
import { logger } from '../../../kernel/logger.ts'
import { type Answer, answerSchema, type Request } from './messages.ts'

export interface ChildPoolOptions {
  /** How many processes work at once. Each takes about 400 MB while it reads. */
  processes: number
  /** A reading that takes longer is ended with its process. */
  timeoutMs: number
  /** A process is replaced after so many tasks or above so much memory (bytes): WebAssembly never gives memory back. */
  maxTasks: number
  maxMemory: number
  /** A process without work ends after this time, so that an idle program is small. */
  idleMs: number
}

export interface ChildPool {
  /**
   * Runs one request in a child process. A process that dies costs its task one more try in a fresh one.
   * @throws transientError `reading_timed_out`, `reader_closed`; permanentError `receipt_unreadable`
   */
  run(request: Work): Promise<Answer>
  close(): Promise<void>
}

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never
export type Work = WithoutId<Request>

interface Task {
  id: number
  work: Work
  deaths: number
  resolve: (answer: Answer) => void
  reject: (error: Error) => void
}

interface Slot {
  child: ChildProcess | null
  task: Task | null
  served: number
  timer: NodeJS.Timeout | undefined
  /** The end of what the child wrote to stderr: the only trace of a crash in native code. */
  complaints: string
}

const program = fileURLToPath(new URL('./reading-process.ts', import.meta.url))

export function createChildPool(options: ChildPoolOptions): ChildPool {
  const slots = Array.from({ length: options.processes }, (): Slot => emptySlot())
  const waiting: Task[] = []
  let lastId = 0
  let closed = false

  function run(work: Work): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (closed) return reject(closedError())
      const task = { id: ++lastId, work, deaths: 0, resolve, reject }
      // Pictures are quick and somebody waits to see them: they go before readings.
      if (work.kind === 'rendition') waiting.unshift(task)
      else waiting.push(task)
      next()
    })
  }

  function next(): void {
    for (const slot of slots) {
      if (slot.task !== null) continue
      const task = waiting.shift()
      if (!task) return
      start(slot, task)
    }
  }

  function start(slot: Slot, task: Task): void {
    const child = slot.child ?? spawn(slot)
    slot.task = task
    child.ref()
    child.channel?.ref()
    clearTimeout(slot.timer)
    slot.timer = setTimeout(() => timeOut(slot), options.timeoutMs)
    // A child that died meanwhile is noticed by its exit; the send error says nothing more.
    child.send({ id: task.id, ...task.work }, () => {})
  }

  function spawn(slot: Slot): ChildProcess {
    const child = fork(program, {
      // Neither the secrets in the environment nor flags such as --watch are the child's business.
      env: {},
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    slot.child = child
    slot.served = 0
    slot.complaints = ''
    child.stderr?.on('data', (chunk) => {
      slot.complaints = `${slot.complaints}${chunk}`.slice(-2000)
    })
    // The process and its channel are held only while it works (rest, start); its pipe never holds the program up.
    if (child.stderr instanceof Socket) child.stderr.unref()
    child.on('message', (message) => {
      if (slot.child === child) receive(slot, message)
    })
    child.on('error', (error) => logger.warn({ error: String(error) }, 'reading process failed'))
    child.on('exit', (code, signal) => {
      if (slot.child === child) died(slot, code, signal)
    })
    return child
  }

  function receive(slot: Slot, message: unknown): void {
    const task = slot.task
    const parsed = answerSchema.safeParse(message)
    if (!task || (parsed.success && parsed.data.id !== task.id)) return
    clearTimeout(slot.timer)
    slot.task = null
    slot.served++
    if (parsed.success) task.resolve(parsed.data)
    else task.reject(permanentError('receipt_unreadable', crashMessage, { cause: parsed.error }))
    const tooLarge = !parsed.success || parsed.data.memory > options.maxMemory
    if (tooLarge || slot.served >= options.maxTasks) drop(slot)
    else rest(slot)
    next()
  }

  /** Leaves the child without work, neither holding the program up nor staying for ever. */
  function rest(slot: Slot): void {
    slot.child?.unref()
    slot.child?.channel?.unref()
    slot.timer = setTimeout(() => drop(slot), options.idleMs)
    slot.timer.unref()
  }

  function timeOut(slot: Slot): void {
    const task = slot.task
    drop(slot)
    const seconds = Math.round(options.timeoutMs / 1000)
    task?.reject(transientError('reading_timed_out', `The receipt was not read within ${seconds} seconds.`))
    next()
  }

  function died(slot: Slot, code: number | null, signal: string | null): void {
    const task = slot.task
    const complaints = slot.complaints
    Object.assign(slot, emptySlot(slot.timer))
    if (!task) return
    task.deaths++
    logger.warn({ code, signal, complaints, deaths: task.deaths }, 'reading process died')
    if (task.deaths < 2) waiting.unshift(task)
    else
      task.reject(
        permanentError('receipt_unreadable', crashMessage, { details: { code, signal, complaints } }),
      )
    next()
  }

  function drop(slot: Slot): Promise<void> {
    const child = slot.child
    Object.assign(slot, emptySlot(slot.timer))
    if (!child || child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
    return new Promise((resolve) => {
      child.once('exit', () => resolve())
      child.ref()
      child.kill('SIGKILL')
    })
  }

  async function close(): Promise<void> {
    closed = true
    const tasks = [...waiting.splice(0), ...slots.flatMap((slot) => slot.task ?? [])]
    const ended = slots.map(drop)
    for (const task of tasks) task.reject(closedError())
    await Promise.all(ended)
  }

  return { run, close }
}

const crashMessage = 'This file cannot be read. Please send another picture of the receipt.'

function closedError(): Error {
  return transientError('reader_closed', 'Outlay is stopping; the receipt will be read after the restart.')
}

function emptySlot(timer?: NodeJS.Timeout): Slot {
  clearTimeout(timer)
  return { child: null, task: null, served: 0, timer: undefined, complaints: '' }
}
