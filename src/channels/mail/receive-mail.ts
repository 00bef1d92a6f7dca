import { acrossCompanies, inCompany, type SystemTx, type Tx } from '../../database/index.ts'
import { draftExpense } from '../../features/expenses/index.ts'
import { countMails, queueMail } from '../../features/notifications/index.ts'
import { companyByIntake, type Person, personByEmail } from '../../features/people/index.ts'
import { AppError } from '../../kernel/errors.ts'
import { logger } from '../../kernel/logger.ts'
import {
  assignInboundMail,
  type InboundMail,
  type MailVerdict,
  readRawMail,
  recordVerdict,
} from './inbound-mail.ts'
import type { MailChannel } from './mail-channel.ts'
import { judgeSender, type ParsedMail, parseMail } from './parse/index.ts'

/** How the job's work is confirmed, in the transaction of its effect. */
export interface MailWork {
  finish: (tx: Tx | SystemTx) => Promise<void>
  finishAlone: () => Promise<void>
}

/** Answers to one address in one hour: more would be a loop, or somebody shooting at somebody else through us. */
const answersPerHour = 20

/**
 * Works on a stored mail: who sent it, whether that is proven, which receipts it holds. Receipts become drafts; the
 * answer follows when they are read. A mail can make expenses, and never decide anything.
 */
export async function receiveMail(channel: MailChannel, mailId: string, work: MailWork): Promise<void> {
  const { raw, mail } = await acrossCompanies(channel.database, (tx) => readRawMail(tx, mailId))
  const parsed = await parse(raw)
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
    const verdict = parsed.mail ? sender.verdict : { outcome: 'unreadable' as const, because: parsed.problem }
    if (verdict.outcome !== 'open' || !person || !parsed.mail) {
      await recordVerdict(tx, mailId, { ...understood, ...verdict })
      await answer(tx, mailId, {
        verdict,
        sender: understood.sender,
        mail: parsed.mail,
        isKnown: person !== null,
      })
      return
    }
    await takeReceipts(tx, mail, person, parsed.mail)
  })
}

async function parse(raw: Buffer): Promise<{ mail: ParsedMail | null; problem: string }> {
  try {
    return { mail: await parseMail(raw), problem: '' }
  } catch (error) {
    if (!(error instanceof AppError) || error.kind === 'transient') throw error
    return { mail: null, problem: error.message }
  }
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
  const [person, company] = await acrossCompanies(channel.database, async (tx) => [
    judged?.address ? await personByEmail(tx, judged.address) : null,
    await companyByIntake(tx, [...mail.envelope_to, ...(parsed?.to ?? []), ...(parsed?.cc ?? [])]),
  ])
  const companyId = person?.companyId ?? company?.id ?? null
  // RFC 3834, 2: a message with the null return path is a report of a machine.
  const isBounce = mail.via === 'smtp' && mail.envelope_from === null
  if (parsed && (parsed.automatic || isBounce)) {
    const because = `It was written by a machine (${parsed.automatic ?? 'null return path'}), so it is never answered.`
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

/** A draft for each receipt; each is read, and the answer comes when all are. */
async function takeReceipts(tx: Tx, mail: InboundMail, person: Person, parsed: ParsedMail): Promise<void> {
  const understood = {
    personId: person.id,
    sender: person.email,
    subject: parsed.subject,
    messageId: parsed.messageId,
    ignored: parsed.ignored,
  }
  if (parsed.receipts.length === 0) {
    await recordVerdict(tx, mail.id, { ...understood, outcome: 'empty', because: 'It holds no receipt.' })
    await queueMail(tx, {
      kind: 'answer',
      to: { address: person.email, personId: person.id },
      inboundMailId: mail.id,
    })
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

/** The subject without what mail programs put before it. */
function noteOf(subject: string): string {
  return subject.replace(/^((re|fwd?|aw|wg|tr|rv|i|vs)\s*:\s*)+/i, '').trim()
}

interface AnswerInput {
  verdict: MailVerdict
  sender: string | null
  mail: ParsedMail | null
  isKnown: boolean
}

/** Answers a mail that nothing came of, where an answer cannot do harm; else the log says why it is silent. */
async function answer(
  tx: Tx,
  mailId: string,
  { verdict, sender, mail, isKnown }: AnswerInput,
): Promise<void> {
  const silence = await reasonForSilence(tx, { verdict, sender, mail, isKnown })
  if (silence === null && sender !== null) {
    await queueMail(tx, { kind: 'answer', to: { address: sender }, inboundMailId: mailId })
  } else {
    logger.info({ outcome: verdict.outcome, silence }, 'mail not answered')
  }
}

async function reasonForSilence(
  tx: Tx,
  { verdict, sender, mail, isKnown }: AnswerInput,
): Promise<string | null> {
  if (sender === null || mail === null) return 'there is no address to answer to'
  if (verdict.outcome === 'automatic') return 'a machine wrote it'
  if (verdict.outcome === 'quarantined' && !isKnown)
    return 'it is unproven and from nobody known: the answer would hit a stranger'
  // One at a time for an address: two mails counted at the same moment would both find room for the last answer.
  await tx.em.execute('select pg_advisory_xact_lock(hashtext(?))', [`answers to ${sender}`])
  const hourAgo = new Date(tx.now.getTime() - 3_600_000)
  if ((await countMails(tx, 'answer', sender, hourAgo)) >= answersPerHour)
    return 'too many answers in an hour'
  return null
}
