import { randomBytes, randomInt } from 'node:crypto'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** An id as Slack writes them: a letter for the kind, ten characters, for example `U07ABCDEF12`. */
export function slackId(prefix: string): string {
  let id = prefix
  for (let i = 0; i < 10; i++) id += alphabet[randomInt(alphabet.length)]
  return id
}

/** A secret that nobody guesses, safe in URLs. */
export function secret(): string {
  return randomBytes(24).toString('base64url')
}

let lastMicros = 0

/** A message time stamp: seconds and six digits, never twice and always rising, as it is a message's identity. */
export function nextTs(): string {
  lastMicros = Math.max(Date.now() * 1000, lastMicros + 1)
  const digits = String(lastMicros)
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`
}
