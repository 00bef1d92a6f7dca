/** What the Web API answers as `{ok: false, error}`. `code` is Slack's own name for it. */
export class SlackError extends Error {
  readonly code: string
  readonly extra: Record<string, unknown>

  constructor(code: string, extra: Record<string, unknown> = {}) {
    super(code)
    this.code = code
    this.extra = extra
  }
}

/** Slack's answer to malformed blocks: a code and a line for each problem. */
export function refused(code: string, problems: { message: string; pointer: string }[]): SlackError {
  const messages = problems.map(({ message, pointer }) => `[ERROR] ${message} [json-pointer:${pointer}]`)
  return new SlackError(code, {
    errors: problems.map(({ message, pointer }) => `${message} [json-pointer:${pointer}]`),
    response_metadata: { messages },
  })
}
