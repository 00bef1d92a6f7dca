import { randomBytes } from 'node:crypto'
import type { Clock } from './clock.ts'

/** Makes ids. Injected, so that tests can foresee them. */
export type MakeId = () => string

/**
 * UUIDs of version 7 (RFC 9562, 5.7): the first 48 bits are the instant in milliseconds, so that ids made later sort
 * later and new rows land at the end of their index. Within a millisecond the next 12 bits count on from a random start
 * (RFC 9562, 6.2, method 1): what one transaction writes sorts in the order in which it was written.
 */
export function uuidMaker(clock: Clock): MakeId {
  let instant = 0
  let counter = 0
  return () => {
    const bytes = randomBytes(16)
    const now = clock.now().getTime()
    if (now > instant) {
      instant = now
      counter = bytes.readUInt16BE(6) & 0x07ff
    } else {
      counter += 1
      // More than the bits can count: the next millisecond begins early.
      if (counter > 0x0fff) {
        instant += 1
        counter = 0
      }
    }
    bytes.writeUIntBE(instant, 0, 6)
    bytes.writeUInt16BE(0x7000 | counter, 6)
    bytes[8] = (bytes.readUInt8(8) & 0x3f) | 0x80
    const hex = bytes.toString('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  }
}
