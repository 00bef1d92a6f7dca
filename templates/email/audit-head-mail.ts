import { quote } from '../expense-words.ts'
import { type Mail, renderMail } from './layout.ts'

export interface AuditHeadMailView {
  company: { name: string; locale: string }
  /** The newest seal: its place in the chain and its hash, 64 hexadecimal digits. */
  head: { seq: number; hash: string }
  /** `November 2026` */
  month: string
}

/** The seal of a month, to be kept outside of Outlay. */
export function renderAuditHeadMail({ company, head, month }: AuditHeadMailView): Mail {
  const entries = head.seq.toLocaleString(company.locale)
  const name = quote(company.name)
  return renderMail({
    subject: `Audit log of ${name}: the seal of ${month}`,
    preview: `${entries} entries are sealed. Please keep this mail.`,
    company: company.name,
    title: `The seal of your audit log, ${month}`,
    blocks: [
      {
        kind: 'paragraph',
        text:
          `Please keep this mail. ${entries} ${head.seq === 1 ? 'entry is' : 'entries are'} sealed so far. ` +
          'Should anybody ever change, cut off or rewrite one of them, the seal below will not fit any more.',
      },
      { kind: 'quote', lines: [`${head.seq}:${head.hash}`] },
      { kind: 'paragraph', text: 'Whoever runs Outlay compares the log with it by this command:' },
      { kind: 'quote', lines: [`npm run -s outlay -- audit verify --head ${head.seq}:${head.hash}`] },
    ],
    reason: `You get this mail once a month because you look after the books of ${name}.`,
  })
}
