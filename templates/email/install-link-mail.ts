import { quote } from '../expense-words.ts'
import { type Mail, renderMail } from './layout.ts'

export interface InstallLinkMailView {
  company: { name: string }
  /** The signed page, good for 15 minutes. */
  link: string
}

/** Brings an admin the way to add Outlay to a workspace of Slack, which they asked for. */
export function renderInstallLinkMail({ company, link }: InstallLinkMailView): Mail {
  return renderMail({
    subject: 'Your link: add Outlay to Slack',
    preview: 'It is good for 15 minutes.',
    company: company.name,
    title: 'Add Outlay to Slack',
    blocks: [
      {
        kind: 'paragraph',
        text: `Open the link in the browser where you use Slack, and choose a workspace that ${quote(company.name)} runs. Outlay then works there for your company.`,
      },
      {
        kind: 'button',
        label: 'Continue',
        url: link,
        rank: 'main',
        note: 'The link is good for 15 minutes. Opening the page changes nothing.',
      },
      {
        kind: 'list',
        title: 'Did you not ask for it?',
        numbered: false,
        items: [
          {
            mark: 'info',
            text: 'Then somebody else typed your address. Nothing has changed, and without this mail nothing will.',
          },
        ],
      },
    ],
    reason: `You get this mail because you are an admin at ${quote(company.name)}. Whoever has its link can connect a workspace in your name, so please do not pass it on.`,
  })
}
