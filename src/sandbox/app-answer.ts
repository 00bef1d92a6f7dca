import { type AppError, permanentError, userError } from '../kernel/errors.ts'
import type { Workspace } from './workspace.ts'

/**
 * Asks the app once, as Slack does for whatever a person just did, and returns what came with its acknowledgement.
 * @throws AppError `app_did_not_respond`; `app_not_installed` where its token is not good (any more)
 */
export async function askApp(
  workspace: Workspace,
  name: string,
  payload: Record<string, unknown>,
  how: { type?: 'interactive' | 'slash_commands'; takesAnswer?: boolean } = {},
): Promise<string> {
  if (!workspace.hasApp)
    throw userError('app_not_installed', 'The app is not installed in this workspace any more.')
  const { type = 'interactive', takesAnswer = false } = how
  return workspace.sandbox.link.ask(name, payload, { type, takesAnswer })
}

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
