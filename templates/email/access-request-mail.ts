import { quote } from '../expense-words.ts'
import type { FactRow } from './blocks.ts'
import { type Mail, renderMail } from './layout.ts'

export interface AccessRequestMailView {
  company: { name: string }
  /** As Slack describes them; null where it does not say. */
  user: { name: string | null; email: string | null }
}

/** Tells an admin that somebody wrote to Outlay in Slack whom nobody added, and how to add them. */
export function renderAccessRequestMail({ company, user }: AccessRequestMailView): Mail {
  const name = user.name === null ? 'Somebody' : quote(user.name, 60)
  const rows: FactRow[] = [
    ['Name', user.name === null ? 'Slack does not say' : quote(user.name, 150)],
    ['E-mail', user.email === null ? 'Slack does not say' : quote(user.email, 150)],
  ]
  const address = user.email === null ? 'the e-mail address of their Slack account' : 'this e-mail address'
  return renderMail({
    subject: `${name} would like to use Outlay`,
    preview: 'They wrote to Outlay in Slack, and nobody added them yet.',
    company: company.name,
    title: `${name} would like to use Outlay`,
    blocks: [
      {
        kind: 'paragraph',
        text: `${name} wrote to Outlay in Slack, but is not in the organisation of ${quote(company.name)}. So nothing was done with it.`,
      },
      { kind: 'facts', rows },
      {
        kind: 'list',
        title: 'To add them',
        numbered: true,
        items: [
          `In the organisation file, add them under people, with ${address}, their team and their manager.`,
          'Import the file: npm run -s outlay -- org import <file>',
          'Tell them to write to Outlay again. It knows them by their e-mail address.',
        ].map((text) => ({ mark: 'info', text })),
      },
      {
        kind: 'paragraph',
        text: 'Should they not use it? Then there is nothing to do. You are not asked about them again.',
      },
    ],
    reason: `You get this mail because you are an admin at ${quote(company.name)}.`,
  })
}
