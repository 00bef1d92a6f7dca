import { DateTime } from 'luxon'
import { addDays, dateIn } from '../../kernel/calendar-date.ts'
import type { MailKind, SurfaceKind } from './notifications.entity.ts'

/** How somebody wants to hear of things, and whether Slack reaches them. */
export interface Wishes {
  notifyBy: 'slack' | 'mail' | 'both'
  isInSlack: boolean
  /** `HH:MM` in their time zone, both or neither. It may go over midnight. */
  quietFrom: string | null
  quietTo: string | null
  timeZone: string
}

/** By which of both somebody is told what can be told by either. */
export interface Ways {
  slack: boolean
  mail: boolean
}

/** As they wish; whoever wants Slack alone and is not to be found there gets mails as well, or they would hear nothing. */
export function waysFor({ notifyBy, isInSlack }: Pick<Wishes, 'notifyBy' | 'isInSlack'>): Ways {
  switch (notifyBy) {
    case 'both':
      return { slack: true, mail: true }
    case 'mail':
      return { slack: false, mail: true }
    case 'slack':
      return { slack: true, mail: !isInSlack }
  }
}

/**
 * When the quiet hours end (UTC) that an instant is in; null when it is in none. They are those of the clock on the wall:
 * where it changes meanwhile, they are an hour longer or shorter.
 */
export function quietUntil(
  instant: Date,
  { quietFrom, quietTo, timeZone: zone }: Pick<Wishes, 'quietFrom' | 'quietTo' | 'timeZone'>,
): Date | null {
  if (quietFrom === null || quietTo === null) return null
  const today = dateIn(instant, zone)
  // They may have begun yesterday.
  for (const day of [addDays(today, -1), today]) {
    const begin = DateTime.fromISO(`${day}T${quietFrom}`, { zone }).toMillis()
    const lastDay = quietTo > quietFrom ? day : addDays(day, 1)
    const end = DateTime.fromISO(`${lastDay}T${quietTo}`, { zone }).toMillis()
    if (begin <= instant.getTime() && instant.getTime() < end) return new Date(end)
  }
  return null
}

/**
 * What waits for the end of somebody's quiet hours. Not what they ask for themselves: codes, links, the answer to their
 * own mail, the thread of what they posted; not what concerns the safety of their account.
 */
export const waitsForQuietHours: Record<SurfaceKind | MailKind, boolean> = {
  'slack.expense': false,
  'slack.code': false,
  'slack.question': false,
  'slack.outcome': true,
  'slack.approval': true,
  'slack.comment': true,
  'slack.undone': true,
  'slack.reminder': true,
  'slack.digest': true,
  'slack.paid': true,
  answer: false,
  code: false,
  delegation_link: false,
  install_link: false,
  authenticator: false,
  slack_trouble: false,
  change_given_up: false,
  approval_request: true,
  reminder: true,
  digest: true,
  decided: true,
  approved_request: true,
  comment: true,
  undone: true,
  document: true,
  cancellation: true,
  paid: true,
  blocked: true,
  notice: true,
  late_reading: true,
  delegation: true,
  access_request: true,
  audit_head: true,
}
