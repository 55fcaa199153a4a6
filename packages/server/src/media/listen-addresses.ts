/** Where media sockets listen, derived from what the operator announces to the world. */
import { isIP } from 'node:net'
import type { ListenAddress } from './media-worker.ts'

/**
 * Nothing announced: this machine alone, on IPv4's loopback. Otherwise every interface of each announced address's
 * family (a host name counts as IPv4); the first of a family serves, since one port carries one announced address.
 */
export function listenAddresses(announced: readonly string[]): ListenAddress[] {
  if (announced.length === 0) return [{ ip: '127.0.0.1' }]
  const four = announced.find((address) => isIP(address) !== 6)
  const six = announced.find((address) => isIP(address) === 6)
  return [
    ...(four === undefined ? [] : [{ ip: '0.0.0.0', announced: four }]),
    ...(six === undefined ? [] : [{ ip: '::', announced: six }]),
  ]
}
