import { quote } from '../expense-words.ts'
import { type Mail, renderMail } from './layout.ts'

export interface GivenUpMailView {
  company: { name: string }
  /** The part of the organisation file that the change is about. */
  section: string
  /** What was changed, as people call it; null: nothing was. */
  title: string | null
}

/** Tells an admin what became of a change whose form in Slack never said. */
export function renderGivenUpMail({ company, section, title }: GivenUpMailView): Mail {
  const what = quote(section.replaceAll('_', ' '))
  const said =
    title === null
      ? {
          title: 'Your change was not saved',
          text: `You changed something under ${what} in Slack. It could not be saved, and nothing was changed.`,
          next: 'Open the Home tab of Outlay in Slack and make the change again. If it fails again, whoever runs Outlay finds the reason in its log.',
        }
      : {
          title: 'Your change was saved',
          text: `${quote(title, 150)} was saved under ${what}. Slack did not let Outlay tell you there.`,
          next: 'There is nothing to do. Close the form in Slack that still says it is saving.',
        }
  return renderMail({
    subject: said.title,
    preview: said.text,
    company: company.name,
    title: said.title,
    blocks: [
      { kind: 'paragraph', text: said.text },
      { kind: 'paragraph', text: said.next },
    ],
    reason: `You get this mail because you are an admin at ${quote(company.name)}.`,
  })
}
