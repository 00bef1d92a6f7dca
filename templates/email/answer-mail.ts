import type { ExpenseView } from '../../src/features/expenses/index.ts'
import {
  amountText,
  canTakeBack,
  fieldList,
  isReading,
  merchantText,
  nothing,
  numberAndKind,
  openPoints,
  policyRemarks,
  quote,
} from '../expense-words.ts'
import { furtherFacts, leadingFacts } from '../fact-words.ts'
import { waitingFor } from '../step-words.ts'
import type { Block } from './blocks.ts'
import { factRows, remarksBlock, stepsBlock } from './expense-blocks.ts'
import { type Mail, renderMail } from './layout.ts'

/** A part of the mail that was not taken for a receipt, with a reason in words. */
export interface IgnoredPart {
  name: string
  reason: string
}

/** What came of a mail. `subject` is the subject of that mail, as its sender wrote it. */
export type AnswerMailView = { company: { name: string }; subject: string } & (
  | { outcome: 'submitted'; expense: ExpenseView; link: string; ignored: IgnoredPart[] }
  | { outcome: 'drafted'; items: { expense: ExpenseView; link: string }[]; ignored: IgnoredPart[] }
  | { outcome: 'quarantined'; because: string }
  | { outcome: 'unknown_sender'; address: string }
  | { outcome: 'unreadable'; problem: string }
  | { outcome: 'empty'; ignored: IgnoredPart[] }
)

/** The answer to a mail that came in: what was understood, and what its sender can do now. */
export function renderAnswerMail(view: AnswerMailView): Mail {
  const { title, preview, blocks } = answer(view)
  return renderMail({
    subject: replySubject(view.subject),
    preview,
    company: view.company.name,
    title,
    blocks,
    reason: `You get this mail because a mail from your address came in for the expenses of ${quote(view.company.name)}.`,
  })
}

/** One `Re:`, however many there were. */
function replySubject(subject: string): string {
  const own = quote(subject, 400).replace(/^((re|aw|sv|antw)\s*:\s*)+/i, '')
  return `Re: ${own || 'your mail'}`
}

interface Answer {
  title: string
  preview: string
  blocks: Block[]
}

function answer(view: AnswerMailView): Answer {
  switch (view.outcome) {
    case 'submitted':
      return submitted(view.expense, view.link, view.ignored)
    case 'drafted':
      return drafted(view.items, view.ignored)
    case 'quarantined':
      return quarantined(view.because)
    case 'unknown_sender':
      return unknownSender(view.address, view.company.name)
    case 'unreadable':
      return unreadable(view.problem)
    case 'empty':
      return empty(view.ignored)
  }
}

function submitted(expense: ExpenseView, link: string, ignored: IgnoredPart[]): Answer {
  const next = nextStep(expense)
  return {
    title: `Got it: ${expense.number} is ${expense.status === 'approved' ? 'approved' : 'submitted'}`,
    preview: `${amountText(expense)}, ${merchantText(expense)}. ${next}`,
    blocks: [
      { kind: 'amount', text: amountText(expense), note: merchantText(expense) },
      { kind: 'paragraph', text: next },
      ...remarksBlock([...openPoints(expense), ...policyRemarks(expense)]),
      { kind: 'facts', rows: factRows(furtherFacts(expense, 'submitter')) },
      ...stepsBlock(expense, 'Approval'),
      ...leftOut(ignored),
      canTakeBack(expense)
        ? {
            kind: 'button',
            label: 'Not right? Take it back',
            url: link,
            rank: 'quiet',
            note: 'You can do so until somebody has decided.',
          }
        : { kind: 'button', label: 'Look at it', url: link, rank: 'quiet', note: null },
    ],
  }
}

function nextStep(expense: ExpenseView): string {
  switch (expense.status) {
    case 'awaiting_approval':
      return `It is waiting for ${waitingFor(expense)} now.`
    case 'approved':
      return 'It is approved already. The statement is mailed to you and finance.'
    case 'submitted':
      return 'It goes to the approvers when the receipt is read.'
    case 'blocked':
      return 'It cannot go on as it is. Please open it and change it.'
    default:
      return 'Open it to see where it stands.'
  }
}

function drafted(items: { expense: ExpenseView; link: string }[], ignored: IgnoredPart[]): Answer {
  const [first] = items
  if (first && first.expense.kind !== 'receipt') return started(first.expense, first.link, ignored)
  const title =
    items.length === 1 && first
      ? `I need you: ${need(first.expense)}`
      : `I need you: ${items.length} expenses are not submitted yet`
  return {
    title,
    preview: items.map(({ expense }) => headline(expense)).join('; '),
    blocks: [
      {
        kind: 'paragraph',
        text:
          items.length === 1
            ? 'This is what I read. Nothing is submitted until you complete it.'
            : 'This is what I read. Each is submitted when you complete it, and not before.',
      },
      ...items.flatMap(draftBlocks),
      ...leftOut(ignored),
    ],
  }
}

const startedTitles: Record<Exclude<ExpenseView['kind'], 'receipt'>, string> = {
  mileage: 'Which trip was it?',
  per_diem: 'Which days were you away?',
  request: 'What would you like to spend?',
}

/** A form that a mail asked for by its subject. */
function started(expense: ExpenseView, link: string, ignored: IgnoredPart[]): Answer {
  const { kind, number } = expense
  const facts = factRows(furtherFacts(expense, 'submitter').filter(({ lines }) => !lines.includes(nothing)))
  return {
    title: kind === 'receipt' ? number : startedTitles[kind],
    preview: `${number} is started: please fill it in.`,
    blocks: [
      {
        kind: 'paragraph',
        text: `${number} is started. Please fill it in on its page, which shows ${kind === 'request' ? '' : 'the amount and '}who will approve it. Nothing is submitted until you do.`,
      },
      { kind: 'button', label: 'Fill it in', url: link, rank: 'main', note: null },
      { kind: 'facts', rows: [...facts, ['Number', numberAndKind(expense)]] },
      ...leftOut(ignored),
    ],
  }
}

function need(expense: ExpenseView): string {
  if (expense.missing.length > 0)
    return `${fieldList(expense.missing)} ${expense.missing.length === 1 ? 'is' : 'are'} missing`
  if (expense.findings.some(({ severity }) => severity === 'blocking')) return 'it cannot go on as it is'
  return 'please check what I read'
}

function draftBlocks({ expense, link }: { expense: ExpenseView; link: string }): Block[] {
  const reading = { severity: 'info' as const, text: 'I am still reading the receipt.' }
  const points = isReading(expense) ? [reading] : openPoints(expense)
  // What stands in the heading is repeated only where it has to be looked at.
  const unclear = leadingFacts(expense).filter(({ check, lines }) => check || lines.includes(nothing))
  const facts = factRows([...unclear, ...furtherFacts(expense, 'submitter')])
  return [
    { kind: 'heading', text: headline(expense) },
    ...remarksBlock([...points, ...policyRemarks(expense)]),
    { kind: 'facts', rows: [...facts, ['Number', expense.number]] },
    { kind: 'button', label: 'Complete it', url: link, rank: 'main', note: null },
  ]
}

function headline(expense: ExpenseView): string {
  const parts = [expense.merchant && quote(expense.merchant, 60), expense.amount && amountText(expense)]
  return parts.filter(Boolean).join(', ') || expense.number
}

function quarantined(because: string): Answer {
  return {
    title: 'I could not prove that this mail is from you',
    preview: 'So nothing was done with it.',
    blocks: [
      { kind: 'paragraph', text: `${because} So nothing was done with it.` },
      {
        kind: 'list',
        title: 'What you can do',
        numbered: false,
        items: [
          { mark: 'info', text: 'Send it again from your company account.' },
          { mark: 'info', text: 'Or post the receipt to Outlay in Slack.' },
          {
            mark: 'info',
            text: 'Did you send it from there? Then please ask your admin to check the mail settings.',
          },
          { mark: 'info', text: 'Was it not you? Then there is nothing to do.' },
        ],
      },
    ],
  }
}

function unknownSender(address: string, company: string): Answer {
  return {
    title: 'I do not know this address',
    preview: 'So nothing was done with your mail.',
    blocks: [
      {
        kind: 'paragraph',
        text: `${quote(address, 100)} belongs to nobody whom I know at ${quote(company)}. So nothing was done with your mail.`,
      },
      {
        kind: 'list',
        title: 'What you can do',
        numbered: false,
        items: [
          { mark: 'info', text: 'Send it again from the address that your company knows you by.' },
          { mark: 'info', text: 'Or ask your admin to add you.' },
        ],
      },
    ],
  }
}

function unreadable(problem: string): Answer {
  return {
    title: 'I could not read your mail',
    preview: 'So nothing was done with it.',
    blocks: [{ kind: 'paragraph', text: `${problem} So nothing was done with it.` }, howToSend],
  }
}

function empty(ignored: IgnoredPart[]): Answer {
  return {
    title: 'I found no receipt in your mail',
    preview: 'So nothing was done with it.',
    blocks: [
      { kind: 'paragraph', text: 'So nothing was done with it.' },
      ...leftOut(ignored),
      howToSend,
      {
        kind: 'list',
        title: 'Is there no receipt? Then begin the subject of your mail with',
        numbered: false,
        items: [
          { mark: 'info', text: 'Mileage, for a drive in your own car' },
          { mark: 'info', text: 'Per diem, for days away at a flat rate' },
          { mark: 'info', text: 'Request, for money that you would like to spend' },
        ],
      },
      {
        kind: 'paragraph',
        text: 'To approve something, please use the link in the mail that asked you: a mail never approves.',
      },
    ],
  }
}

const howToSend: Block = {
  kind: 'paragraph',
  text: 'Please send it again, with the receipt attached as a picture or a PDF.',
}

/** What was not taken for a receipt, so that nothing disappears in silence. */
function leftOut(ignored: IgnoredPart[]): Block[] {
  if (ignored.length === 0) return []
  const shown = ignored.slice(0, 10).map(({ name, reason }) => `${quote(name, 80)}: ${quote(reason, 200)}`)
  const more = ignored.length > 10 ? [`and ${ignored.length - 10} more`] : []
  return [
    {
      kind: 'list',
      title: 'I left out:',
      numbered: false,
      items: [...shown, ...more].map((text) => ({ mark: 'info', text })),
    },
  ]
}
