import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import { userError } from '../../../kernel/errors.ts'
import { logger } from '../../../kernel/logger.ts'
import { defaultMaxBytes, inTime, type StoreMail } from './received-mail.ts'
import { slots } from './slots.ts'
import { trustedPeers } from './trusted-peers.ts'

export interface SmtpIntakeOptions {
  /** 0: any free port. */
  port: number
  host: string
  /** IP addresses or CIDR ranges whose deliveries count as proven. */
  trustedPeers: string[]
  /** Whether we take mail for this address. Throws: the sender tries again later. */
  acceptsRecipient: (address: string) => Promise<boolean>
  store: StoreMail
  /** Largest mail, in bytes; default 25 MB. */
  maxBytes?: number
}

const limits = {
  connections: 200,
  /** Mails held in memory at the same time: what is beyond them waits in the senders' sockets. */
  mailsAtOnce: 8,
  recipients: 100,
  commandBytes: 4096,
  idleMs: 2 * 60_000,
  /** For the whole text of one mail: a sender that trickles must not hold a place for ever. */
  receiveMs: 5 * 60_000,
  /** How long a mail that is under way may take once we shut down. */
  closeMs: 5000,
}

/** WIZ, SHELL and KILL are jokes of the library. */
const disabledCommands = ['AUTH', 'STARTTLS', 'XCLIENT', 'XFORWARD', 'WIZ', 'SHELL', 'KILL']

/**
 * Receives mail by SMTP. A mail is confirmed (250) only after `store` has committed it; if it cannot be stored the
 * sender is told to try again (451), so nothing is lost. No log-in and no TLS: it stands behind a mail server, on
 * loopback or a private network.
 * @throws userError `mail_peer_invalid`, `smtp_intake_port`
 */
export async function startSmtpIntake(
  options: SmtpIntakeOptions,
): Promise<{ port: number; close(): Promise<void> }> {
  const isTrusted = trustedPeers(options.trustedPeers)
  const oneOfFew = slots(limits.mailsAtOnce)
  const receiving = new Set<string>()
  let closing = false

  const server = new SMTPServer({
    disabledCommands,
    size: options.maxBytes ?? defaultMaxBytes,
    rejectOversized: true,
    hideENHANCEDSTATUSCODES: false,
    disableReverseLookup: true,
    maxClients: limits.connections,
    maxRecipients: limits.recipients,
    maxCommandLength: limits.commandBytes,
    socketTimeout: limits.idleMs,
    closeTimeout: limits.closeMs,
    onRcptTo({ address }, _session, done) {
      checkRecipient(address, options.acceptsRecipient).then(() => done(), done)
    },
    onData(stream, session, done) {
      receiving.add(session.id)
      oneOfFew(() => receive(stream, session))
        .then(() => done(null, 'Stored'), done)
        .finally(() => {
          receiving.delete(session.id)
          if (closing) dismiss(session.id, 'Shutting down')
        })
    },
  })
  // Broken connections are the senders' affair: they try again.
  server.on('error', (error) => logger.debug({ error }, 'smtp intake: connection failed'))

  async function receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const tooSlow = setTimeout(() => dismiss(session.id, 'Too slow, try again later'), limits.receiveMs)
    const raw = await readMail(stream).finally(() => clearTimeout(tooSlow))
    if (!raw) return // too large: the server answers 552 by itself
    const { mailFrom, rcptTo } = session.envelope
    const mail = {
      raw,
      via: 'smtp' as const,
      envelopeFrom: mailFrom ? mailFrom.address || null : null,
      envelopeTo: rcptTo.map(({ address }) => address),
      peerTrusted: isTrusted(session.remoteAddress),
    }
    try {
      await inTime(options.store(mail))
    } catch (error) {
      logger.warn(
        { error, peer: session.remoteAddress },
        'smtp intake: mail not stored; its sender tries again',
      )
      throw new Refusal(451, 'The mail could not be stored, try again later')
    }
  }

  /** Says why, and hangs up. */
  function dismiss(connectionId: string, reason: string): void {
    for (const connection of server.connections) {
      if (connection.id === connectionId) connection.send(421, reason)
    }
  }

  return {
    port: await listen(server, options),
    async close() {
      closing = true
      const closed = new Promise<void>((resolve) => server.close(resolve))
      for (const { id } of server.connections) if (!receiving.has(id)) dismiss(id, 'Shutting down')
      await closed
    },
  }
}

/** A reply that the sender gets (RFC 5321, 4.2.1: 4yz try again, 5yz never). */
class Refusal extends Error {
  readonly responseCode: number

  constructor(responseCode: number, message: string) {
    super(message)
    this.responseCode = responseCode
  }
}

async function checkRecipient(
  address: string,
  accepts: (address: string) => Promise<boolean>,
): Promise<void> {
  const accepted = await inTime(accepts(address)).catch((error) => {
    logger.warn({ error }, 'smtp intake: recipient not checked; the sender tries again')
    throw new Refusal(451, 'The recipient could not be checked, try again later')
  })
  if (!accepted) throw new Refusal(550, 'There is no such address here')
}

/** The whole text, or null when it is too large. Throws when the sender hangs up in the middle. */
async function readMail(stream: SMTPServerDataStream): Promise<Buffer | null> {
  let chunks: Buffer[] = []
  for await (const chunk of stream) {
    // Read on to its end, as SMTP asks for, but keep nothing.
    if (stream.sizeExceeded) chunks = []
    else chunks.push(chunk)
  }
  return stream.sizeExceeded ? null : Buffer.concat(chunks)
}

async function listen(server: SMTPServer, { host, port }: SmtpIntakeOptions): Promise<number> {
  const listening = server.listen(port, host)
  try {
    await once(listening, 'listening')
  } catch (cause) {
    throw userError(
      'smtp_intake_port',
      `INTAKE_SMTP_PORT: mails cannot be taken at port ${port} of ${host} (${cause}). Set it to another port, or to 0.`,
      {
        cause,
      },
    )
  }
  return addressOf(listening.address()).port
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address
}
