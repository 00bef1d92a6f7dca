/**
 * The one error type of Outlay. `kind` decides what happens to it:
 *
 * - `user`: the person can mend it; `message` is shown to them as it stands.
 * - `permanent`: trying again cannot help (a job becomes `dead`: kept, counted in the metrics, replayable).
 * - `transient`: the outside world failed; trying again later may help.
 *
 * `message` is always written for people. Details for engineers go into `cause` or `details`, which are logged
 * and never shown. Nothing branches on the text of a message: branch on `code`.
 */
export class AppError extends Error {
  readonly code: string
  readonly kind: ErrorKind
  /** Which input field is wrong, where one is: forms show the message at that field. */
  readonly field: string | undefined
  readonly details: Record<string, unknown> | undefined

  constructor(code: string, kind: ErrorKind, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.kind = kind
    this.field = options.field
    this.details = options.details
  }
}

export type ErrorKind = 'user' | 'permanent' | 'transient'

export interface AppErrorOptions {
  cause?: unknown
  field?: string
  details?: Record<string, unknown>
}

/** An error the person who caused it can mend. `message` is shown to them. */
export function userError(code: string, message: string, options?: AppErrorOptions): AppError {
  return new AppError(code, 'user', message, options)
}

/** An error that no retry can mend. */
export function permanentError(code: string, message: string, options?: AppErrorOptions): AppError {
  return new AppError(code, 'permanent', message, options)
}

/** An error of the outside world that may pass. */
export function transientError(code: string, message: string, options?: AppErrorOptions): AppError {
  return new AppError(code, 'transient', message, options)
}
