import { createHmac } from 'node:crypto'

/**
 * The code of a step-up: six digits that only DATA_KEY and its id give, so that they are kept nowhere. Whoever renders the
 * mail or message, and whoever compares, works them out again. The truncation is a remainder of 64 bits, in which no code
 * is noticeably likelier than another.
 */
export function codeOf(dataKey: string, stepUpId: string): string {
  const mac = createHmac('sha256', dataKey).update(`outlay step-up code ${stepUpId}`).digest()
  return String(mac.readBigUInt64BE() % 1_000_000n).padStart(6, '0')
}
