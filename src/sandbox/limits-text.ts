/** What Slack complains about, and where. */
export interface Problem {
  message: string
  /** JSON pointer into what was checked, for example `/blocks/2/text`. */
  pointer: string
}

export type Report = (pointer: string, message: string) => undefined

export interface LimitOptions {
  surface: 'message' | 'modal' | 'home'
  /** What an id given as `slack_file` is for the app; absent: file references are not checked. */
  file?: (id: string) => 'picture' | 'other' | undefined
}

export interface Context extends LimitOptions {
  report: Report
}

export type Words = string | { text: string; type?: string } | undefined

/** A text object of either kind (https://docs.slack.dev/reference/block-kit/composition-objects/text-object). */
export function words(text: Words, at: string, most: number, report: Report): undefined {
  if (text === undefined) return
  const content = typeof text === 'string' ? text : text.text
  if (content.length === 0) report(at, 'must be more than 0 characters')
  if (typeof text === 'object') kind(text, at, report)
  limit(content, at, most, report)
}

/** `emoji` belongs to plain text, `verbatim` to mrkdwn. */
function kind(text: { type?: string }, at: string, report: Report): undefined {
  if (text.type !== undefined && text.type !== 'plain_text' && text.type !== 'mrkdwn')
    return report(`${at}/type`, `unsupported type: ${text.type}`)
  if (text.type === 'mrkdwn' && 'emoji' in text) report(at, 'invalid additional property: emoji')
  if (text.type === 'plain_text' && 'verbatim' in text) report(at, 'invalid additional property: verbatim')
}

/** A text object that has to be plain. */
export function plain(text: Words, at: string, most: number, report: Report): undefined {
  if (text === undefined) return
  if (typeof text === 'string' || text.type !== 'plain_text') report(at, 'must be a plain_text object')
  words(text, at, most, report)
}

export function limit(text: string | undefined, at: string, most: number, report: Report): undefined {
  if (text !== undefined && text.length > most) report(at, `must be less than ${most + 1} characters`)
}

/** A web address of at most 3,000 characters. */
export function address(url: string | undefined, at: string, report: Report): undefined {
  limit(url, at, 3000, report)
  if (url !== undefined && !(URL.canParse(url) && /^(https?|mailto|tel|slack):/i.test(url)))
    report(at, 'must be a valid URL')
}

/** Slack refuses what it does not know. */
export function known(
  object: Record<string, unknown>,
  names: readonly string[],
  at: string,
  report: Report,
): undefined {
  for (const [name, value] of Object.entries(object))
    if (value !== undefined && !names.includes(name)) report(at, `invalid additional property: ${name}`)
}
