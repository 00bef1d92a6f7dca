import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SandboxClient, SandboxMail } from '../sandbox/client.ts'

export const submitter = 'grace.taylor@techcorp.example'
export const finance = 'fay.adams@techcorp.example'

/** What became of one expense, as `--json` prints it. */
export interface DemoExpense {
  number: string
  source: 'slack' | 'email'
  merchant: string
  date: string
  total: string
  currency: string
  status: string
  decidedBy: string[]
  /** How it was decided. */
  channel: 'slack' | 'email'
  /** Where the mailed PDF was kept. */
  pdf: string
}

const startedAt = performance.now()

/** Seconds since the demo began. */
export function seconds(): number {
  return Number(((performance.now() - startedAt) / 1000).toFixed(1))
}

/** Prints one step of the story with its time. */
export function tell(text: string): void {
  process.stdout.write(`${seconds().toFixed(1).padStart(5)} s  ${text}\n`)
}

/** Slack's markup as a person sees it. */
export const plain = (text: string) =>
  text
    .replace(/<!date[^|]*\|([^>]*)>/g, '$1')
    .replace(/:[a-z_]+: ?/g, '')
    .replace(/[*_]([^*_\n]+)[*_]/g, '$1')
    .replace(/\u200b/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')

export const indent = (text: string) => text.trimEnd().replace(/^/gm, '           ')

/** What the employee types where the reading found nothing: the paper is in her hand. */
export const whatGraceKnows: Record<string, string> = {
  merchant: 'Corner Shop',
  amount: '12.50',
  currency: 'USD',
  date: '2026-01-15',
  category: 'Meals',
}

/** Both mails must carry the same PDF. It is kept for whoever wants to look. */
export async function receiveDocument(
  people: SandboxClient,
  number: string,
): Promise<Pick<DemoExpense, 'merchant' | 'date' | 'total' | 'currency' | 'pdf'>> {
  const mailTo = (to: string) =>
    people.waitFor(
      async () =>
        (await people.mails({ to })).find(
          ({ subject, attachments }) => subject.includes(number) && attachments.length > 0,
        ),
      {
        what: `the document in the mailbox of ${to}`,
        timeoutMs: 30_000,
      },
    )
  const own = await mailTo(submitter)
  const theirs = await mailTo(finance)
  const pdf = own.attachments[0]
  if (!pdf?.bytes.subarray(0, 5).equals(Buffer.from('%PDF-'))) throw new Error('the mail carries no PDF')
  if (!theirs.attachments[0]?.bytes.equals(pdf.bytes)) throw new Error('finance got another document')
  const path = join(await mkdtemp(join(tmpdir(), 'outlay-demo-pdf-')), `${number}.pdf`)
  await writeFile(path, pdf.bytes)
  tell(`The PDF is mailed to Grace (“${own.subject}”) and finance (“${theirs.subject}”): ${path}`)
  return { ...readFacts(own), pdf: path }
}

/** The facts as the mailed statement's cover states them. */
function readFacts({ text }: SandboxMail): Pick<DemoExpense, 'merchant' | 'date' | 'total' | 'currency'> {
  const amount = /^([A-Z]{3})\s([\d,.]+)$/m.exec(text)
  const merchant =
    amount &&
    text
      .slice(amount.index + amount[0].length)
      .trim()
      .split('\n')[0]
  const date = /^Date:\s*(.+)$/m.exec(text)?.[1]
  if (!amount || !merchant || !date) throw new Error(`the mail does not say what was spent:\n${text}`)
  const [, currency = '', total = ''] = amount
  return {
    merchant,
    date: new Date(`${date} UTC`).toISOString().slice(0, 10),
    total: total.replace(/,/g, ''),
    currency,
  }
}
