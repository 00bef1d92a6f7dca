/** Slack waits this long for any acknowledgement. */
export const acknowledgeMs = 3_000

/** Something that the app is told, by whichever way. */
export interface Outgoing {
  /** Slack's name for the kind, as it stands on a Socket Mode envelope. */
  type: 'events_api' | 'interactive' | 'slash_commands'
  /** What the log calls it. */
  name: string
  payload: Record<string, unknown>
  /** Whether the acknowledgement may carry an answer (submissions, option look-ups, commands). */
  takesAnswer: boolean
  /** 0 at first, then how often it was tried before, and why it was not taken. */
  attempt: number
  reason: string
}

/** How an attempt went. */
export interface Attempt {
  /** `nobody`: no connection is open, so nothing was tried. */
  outcome: 'ok' | 'failed' | 'late' | 'nobody'
  /** For the log: a status, or what went wrong. */
  note: string
  /** What came with the acknowledgement. */
  body: string
  /** Slack's word for the retry header. */
  reason: string
  noRetry: boolean
}
