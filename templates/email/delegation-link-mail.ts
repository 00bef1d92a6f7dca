import { quote } from '../expense-words.ts'
import { type Mail, renderMail } from './layout.ts'

export interface DelegationLinkMailView {
  company: { name: string }
  /** The signed page, good for one day. */
  link: string
}

/** Brings the way to let somebody decide for its reader, who asked for it on the page of an approval. */
export function renderDelegationLinkMail({ company, link }: DelegationLinkMailView): Mail {
  const title = 'Let somebody decide for you'
  return renderMail({
    subject: `Your link: ${title.charAt(0).toLowerCase()}${title.slice(1)}`,
    preview: 'Choose who decides what you are asked to approve while you are away.',
    company: company.name,
    title,
    blocks: [
      {
        kind: 'paragraph',
        text: 'Choose who decides what you are asked to approve while you are away, or end it early.',
      },
      {
        kind: 'button',
        label: 'Choose who and when',
        url: link,
        rank: 'main',
        note: 'The link is good for one day. Opening the page changes nothing.',
      },
      {
        kind: 'list',
        title: 'Did you not ask for it?',
        numbered: false,
        items: [
          {
            mark: 'warning',
            text: 'Then somebody else opened a link of yours, perhaps in a mail that was passed on. Nothing has changed, and without this mail nothing will. Please tell your admin.',
          },
        ],
      },
    ],
    reason: `You get this mail because “Mail me a link” was pressed on a page of yours at ${quote(company.name)}. Its link works in your name, so please do not pass it on.`,
  })
}
