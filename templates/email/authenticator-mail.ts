import { formatInstant } from '../../src/kernel/calendar-date.ts'
import { quote } from '../expense-words.ts'
import { type Mail, renderMail } from './layout.ts'

export interface AuthenticatorMailView {
  company: { name: string; timeZone: string; locale: string }
  change: 'added' | 'removed'
  /** UTC. */
  at: Date
}

/** Tells somebody that codes come from an authenticator app of theirs from now on, or no more: it was done for them. */
export function renderAuthenticatorMail({ company, change, at }: AuthenticatorMailView): Mail {
  const isAdded = change === 'added'
  const title = isAdded ? 'You have an authenticator app now' : 'Your authenticator app was removed'
  return renderMail({
    subject: title,
    preview: isAdded ? 'Codes come from it alone.' : 'Codes are sent to you again.',
    company: company.name,
    title,
    blocks: [
      {
        kind: 'paragraph',
        text: isAdded
          ? 'From now on, the codes by which you prove that it is you come from the app that an admin set up with you, and from it alone. An earlier app of yours ends.'
          : 'From now on, the codes by which you prove that it is you are sent to you: by mail when you decide in Slack, and in Slack when you decide by mail.',
      },
      { kind: 'facts', rows: [['When', formatInstant(at, company.timeZone, company.locale)]] },
      {
        kind: 'list',
        title: 'Do you know nothing of it?',
        numbered: false,
        items: [
          {
            mark: 'warning',
            text: 'Then tell your admin at once: somebody else may be about to decide in your name.',
          },
        ],
      },
    ],
    reason: `You get this mail because it was done for your account at ${quote(company.name)}.`,
  })
}
