import { acrossCompanies, inCompany, type Tx, type WorkInHand } from '../../database/index.ts'
import { draftExpense, type ExpenseKind, editExpense } from '../../features/expenses/index.ts'
import { companyByIntake, type Person, personByEmail } from '../../features/people/index.ts'
import { AppError, transientError } from '../../kernel/errors.ts'
import { logger } from '../../kernel/logger.ts'
import {
  assignInboundMail,
  type InboundMail,
  type MailVerdict,
  readRawMail,
  recordVerdict,
} from './inbound-mail.ts'
import { addressOf, type MailChannel } from './mail-channel.ts'
import { judgeSender, type ParsedMail, parseMail } from './parse/index.ts'
import { queueAnswer } from './queue-answer.ts'

/**
 * Works on a stored mail: who sent it, whether that is proven, which receipts it holds. Receipts become drafts; the
 * answer follows when they are read. A mail can make expenses, and never decide anything.
 */
export async function receiveMail(channel: MailChannel, mailId: string, work: WorkInHand): Promise<void> {
  const { raw, mail } = await acrossCompanies(channel.database, (tx) => readRawMail(tx, mailId))
  const parsed = await parse(raw, work.failures)
  const understood = {
    sender: parsed.mail?.from[0]?.address ?? null,
    subject: parsed.mail?.subject ?? null,
    messageId: parsed.mail?.messageId ?? null,
  }
  const sender = await identifySender(channel, mail, parsed.mail)
  if (!sender.companyId) {
    await acrossCompanies(channel.database, async (tx) => {
      await work.finish(tx)
      await recordVerdict(tx, mailId, {
        ...understood,
        outcome: sender.verdict.outcome,
        because: `${sender.verdict.because} It was not answered: it is for no company here.`,
      })
    })
    return
  }
  const { companyId, person } = sender
  await acrossCompanies(channel.database, (tx) => assignInboundMail(tx, mailId, companyId))
  const actor = { personId: person?.id ?? null, channel: 'email' as const }
  await inCompany(channel.database, { companyId, actor }, async (tx) => {
    await work.finish(tx)
    const isReadable = parsed.problem === null || sender.verdict.outcome !== 'open'
    const verdict = isReadable ? sender.verdict : { outcome: 'unreadable' as const, because: parsed.problem }
    if (verdict.outcome !== 'open' || !person || !parsed.mail) {
      await recordVerdict(tx, mailId, { ...understood, ...verdict })
      const isStranger = verdict.outcome === 'quarantined' && person === null
      if (verdict.outcome === 'automatic' || isStranger) {
        // A machine would answer our answer; an unproven stranger may be somebody else.
        logger.info({ outcome: verdict.outcome }, 'mail not answered')
      } else {
        await queueAnswer(tx, { mailId, to: understood.sender, personId: null })
      }
      return
    }
    await takeReceipts(tx, mail, person, parsed.mail)
  })
}

/** How often a mail that took too long is tried again: the machine may just be busy. */
const patience = 2
const maxHeaderBytes = 200_000

interface Parsed {
  /** Of an unreadable mail, what its header says. */
  mail: ParsedMail | null
  /** Why it is unreadable, for people; null when it is not. */
  problem: string | null
}

async function parse(raw: Buffer, failures: number): Promise<Parsed> {
  try {
    return { mail: await parseMail(raw), problem: null }
  } catch (error) {
    if (!(error instanceof AppError) || error.kind === 'transient') throw error
    if (error.code === 'mail_too_complex' && failures < patience) {
      throw transientError('mail_not_read', 'The mail was not read in time.', { cause: error })
    }
    return { mail: await parseMail(headerOf(raw)).catch(() => null), problem: error.message }
  }
}

/** The header alone, as a mail without a body: enough to know whom to answer. */
function headerOf(raw: Buffer): Buffer {
  const head = raw.subarray(0, maxHeaderBytes).toString('latin1')
  const lines = head.slice(0, /\r?\n\r?\n/.exec(head)?.index ?? head.length).split(/\r?\n(?![ \t])/)
  const kept = lines.filter((line) => !/^(content-|mime-)/i.test(line))
  return Buffer.from(`${kept.join('\r\n')}\r\n\r\n`, 'latin1')
}

interface Sender {
  person: Person | null
  companyId: string | null
  /** `open` when the mail may be worked on. */
  verdict: MailVerdict
}

/** Who sent it. Only a proven sender counts as the person; an unproven one is answered at the known address. */
async function identifySender(
  channel: MailChannel,
  mail: InboundMail,
  parsed: ParsedMail | null,
): Promise<Sender> {
  const judged =
    parsed && judgeSender(parsed, { peerTrusted: mail.peer_trusted, authservId: channel.authservId })
  const senders = parsed?.from.map(({ address }) => address) ?? []
  const { person, company, isOurs } = await acrossCompanies(channel.database, async (tx) => ({
    person: judged?.address ? await personByEmail(tx, judged.address) : null,
    company: await companyByIntake(tx, [...mail.envelope_to, ...(parsed?.to ?? []), ...(parsed?.cc ?? [])]),
    isOurs: (await companyByIntake(tx, senders)) !== null || senders.includes(addressOf(channel.from)),
  }))
  const companyId = person?.companyId ?? company?.id ?? null
  // RFC 3834, 2: a message with the null return path is a report of a machine.
  const isBounce = mail.via === 'smtp' && mail.envelope_from === null
  const machine = parsed?.automatic ?? (isBounce ? 'null return path' : isOurs ? 'our own address' : null)
  if (machine) {
    const because = `It was written by a machine (${machine}), so it is never answered.`
    return { person, companyId, verdict: { outcome: 'automatic', because } }
  }
  if (judged && !judged.proven)
    return { person, companyId, verdict: { outcome: 'quarantined', because: judged.because } }
  if (!person?.active)
    return {
      person: null,
      companyId,
      verdict: { outcome: 'unknown_sender', because: 'Nobody with this address is known.' },
    }
  return { person, companyId, verdict: { outcome: 'open' } }
}

/** A draft for each receipt; each is read, and the answer comes when all are. Without any, what the subject asks for. */
async function takeReceipts(tx: Tx, mail: InboundMail, person: Person, parsed: ParsedMail): Promise<void> {
  const understood = {
    personId: person.id,
    sender: person.email,
    subject: parsed.subject,
    messageId: parsed.messageId,
    ignored: parsed.ignored,
  }
  // What was ignored may be the picture of a signature; the answer names it.
  const kind = parsed.receipts.length === 0 ? kindIn(parsed.subject) : null
  if (kind) {
    await startOf(tx, { mail, person, parsed, kind })
    await recordVerdict(tx, mail.id, { ...understood, outcome: 'drafted' })
    await queueAnswer(tx, { mailId: mail.id, to: person.email, personId: person.id })
    return
  }
  if (parsed.receipts.length === 0) {
    await recordVerdict(tx, mail.id, { ...understood, outcome: 'empty', because: 'It holds no receipt.' })
    await queueAnswer(tx, { mailId: mail.id, to: person.email, personId: person.id })
    return
  }
  await recordVerdict(tx, mail.id, { ...understood, outcome: 'reading' })
  for (const [index, { name, bytes }] of parsed.receipts.entries()) {
    await draftExpense(tx, {
      submitterId: person.id,
      source: 'email',
      deliveryKey: `mail:${mail.key}:${index}`,
      files: [{ name, bytes }],
      note: noteOf(parsed.subject),
      mailId: mail.id,
    })
  }
}

const kinds: [RegExp, Exclude<ExpenseKind, 'receipt'>][] = [
  [/^request\b/i, 'request'],
  [/^mileage\b/i, 'mileage'],
  [/^per[ -]?diem\b/i, 'per_diem'],
]

/**
 * What a subject without a receipt asks for, by how it begins. An answer (`Re: Request`) asks for nothing: else two
 * machines could go on for ever.
 */
function kindIn(subject: string): Exclude<ExpenseKind, 'receipt'> | null {
  return kinds.find(([words]) => words.test(subject.trim()))?.[1] ?? null
}

/** A draft of that kind, with what the mail says; the rest is filled in on its page. */
async function startOf(
  tx: Tx,
  given: { mail: InboundMail; person: Person; parsed: ParsedMail; kind: Exclude<ExpenseKind, 'receipt'> },
): Promise<void> {
  const { mail, person, parsed, kind } = given
  const rest = parsed.subject
    .trim()
    .replace(/^(per[ -]?diem|request(\s+(to spend|for)\b)?|mileage)[\s:,–—-]*/i, '')
  const { id } = await draftExpense(tx, {
    kind,
    submitterId: person.id,
    source: 'email',
    deliveryKey: `mail:${mail.key}:${kind}`,
    files: [],
    note: kind === 'request' ? parsed.text : [rest, parsed.text].filter(Boolean).join('\n'),
    mailId: mail.id,
  })
  if (kind === 'request' && rest !== '') await editExpense(tx, id, { merchant: rest.slice(0, 200) })
}

/** The subject without what mail programs put before it. */
function noteOf(subject: string): string {
  return subject.replace(/^((re|fwd?|aw|wg|tr|rv|i|vs)\s*:\s*)+/i, '').trim()
}
