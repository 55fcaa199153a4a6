/** Where media sockets listen, derived from what the operator announces to the world. */
import { BlockList, isIP } from 'node:net'
import type { ListenAddress } from './media-worker.ts'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')
const isLoopback = (address: string): boolean =>
  isIP(address) !== 0 && loopback.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')

/**
 * Nothing announced: this machine alone, on IPv4's loopback. A loopback address among those announced: those addresses
 * and no others. Otherwise every interface of each announced address's
 * family (a host name counts as IPv4); the first of a family serves, since one port carries one announced address.
 */
export function listenAddresses(announced: readonly string[]): ListenAddress[] {
  if (announced.length === 0) return [{ ip: '127.0.0.1' }]
  if (announced.some(isLoopback)) return announced.map((ip) => ({ ip }))
  const four = announced.find((address) => isIP(address) !== 6)
  const six = announced.find((address) => isIP(address) === 6)
  return [
    ...(four === undefined ? [] : [{ ip: '0.0.0.0', announced: four }]),
    ...(six === undefined ? [] : [{ ip: '::', announced: six }]),
  ]
}
