import { randomBytes } from 'node:crypto'
import type { Clock } from './clock.ts'

/** Makes ids. Injected, so that tests can foresee them. */
export type MakeId = () => string

/**
 * UUIDs of version 7 (RFC 9562, 5.7): the first 48 bits are the instant in milliseconds, so that ids made later sort
 * later and new rows land at the end of their index.
 */
export function uuidMaker(clock: Clock): MakeId {
  return () => {
    const bytes = randomBytes(16)
    bytes.writeUIntBE(clock.now().getTime(), 0, 6)
    bytes[6] = (bytes.readUInt8(6) & 0x0f) | 0x70
    bytes[8] = (bytes.readUInt8(8) & 0x3f) | 0x80
    const hex = bytes.toString('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  }
}
