import { BlockList, isIP } from 'node:net'
import { userError } from '../../../kernel/errors.ts'

/**
 * Which SMTP peers' deliveries count as proven.
 * @param entries addresses or CIDR ranges, IPv4 or IPv6: `127.0.0.1`, `10.0.0.0/8`, `fd00::/8`
 * @returns a test of an address; an IPv4 address written as IPv6 (`::ffff:10.0.0.1`) counts as the IPv4 address
 * @throws userError `mail_peer_invalid` with the entry that is neither
 */
export function trustedPeers(entries: string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const entry of entries) addEntry(list, entry.trim())
  return (address) => {
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
    const version = isIP(plain)
    return version !== 0 && list.check(plain, family(version))
  }
}

function addEntry(list: BlockList, entry: string): void {
  const [address = '', bits, ...rest] = entry.split('/')
  const version = isIP(address)
  const longest = version === 6 ? 128 : 32
  const prefix = bits === undefined ? longest : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN
  if (version === 0 || rest.length > 0 || !(prefix <= longest)) {
    throw userError(
      'mail_peer_invalid',
      `MAIL_TRUSTED_PEERS: "${entry}" is neither an IP address nor a range.`,
    )
  }
  list.addSubnet(address, prefix, family(version))
}

function family(version: number): 'ipv4' | 'ipv6' {
  return version === 6 ? 'ipv6' : 'ipv4'
}
