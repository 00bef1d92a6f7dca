import { type AppError, permanentError } from '../kernel/errors.ts'

/** The body of an acknowledgement as JSON; undefined when it is something else. */
export function json(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** The app acknowledged in time, but with something that Slack would not take. */
export function badAnswer(why: string): AppError {
  return permanentError(
    'app_answered_badly',
    `We had some trouble connecting: the app’s answer was not accepted (${why}).`,
  )
}
