import { BlockList, isIP } from 'node:net'

/**
 * Says whether an address is one of these addresses or in one of these networks, such as 10.0.0.0/8. An IPv4 address
 * that is written as IPv6 is the same one. What is no address is in no list: a proxy may pass on any text.
 */
export function createAddressList(networks: readonly string[]): (address: string) => boolean {
  const listed = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const family = familyOf(address)
    if (bits === undefined) listed.addAddress(address, family)
    else listed.addSubnet(address, Number(bits), family)
  }
  return address => isIP(address) !== 0 && listed.check(address, familyOf(address))
}

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4')
