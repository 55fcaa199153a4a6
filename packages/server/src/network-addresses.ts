/**
 * Which addresses this server has for others: where browsers open it, and where they send media. Resolves the public
 * name once, at the start; asks the network for nothing else.
 */
import { lookup } from 'node:dns/promises'
import { networkInterfaces } from 'node:os'
import { ConfigError } from './config/config-error.ts'
import { isLoopback } from './config/resolve-settings.ts'
import type { ServerSettings } from './config/server-settings.ts'

/** The address to open, without a path. */
export function addressToOpen(
  { public: name, listen: address, certificate, behindProxy }: ServerSettings,
  port: number,
) {
  const scheme = certificate !== undefined || behindProxy ? 'https' : 'http'
  if (name !== undefined && behindProxy) return `https://${name}`
  const host = name ?? (isLoopback(address) ? address : (outwardAddress() ?? address))
  const isDefaultPort = port === (scheme === 'https' ? 443 : 80)
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}${isDefaultPort ? '' : `:${port}`}`
}

/**
 * What clients are told to send media to: as configured, else what the public name resolves to, else this machine.
 * @throws ConfigError `name-unresolved`
 */
export async function announcedAddresses(settings: ServerSettings): Promise<string[]> {
  if (settings.announcedAddress.length > 0) return settings.announcedAddress
  if (settings.public !== undefined) {
    const found = await lookup(settings.public, { all: true }).catch((error: unknown) => {
      throw new ConfigError('name-unresolved', unresolved(settings.public ?? ''), error)
    })
    return found.map(({ address }) => address)
  }
  if (isLoopback(settings.listen)) return []
  const outward = outwardAddress()
  return outward === null ? [] : [outward]
}

/**
 * For a server that is for this machine's own browsers: loopback, and the machine's own address beside it. Firefox
 * offers no loopback candidate and pairs none with another address, so loopback alone would leave it without media.
 */
export function ownBrowsersAddresses(): string[] {
  const outward = outwardAddress()
  return outward === null ? ['127.0.0.1'] : ['127.0.0.1', outward]
}

const unresolved = (name: string) =>
  `${name} does not resolve to an address. Set its DNS record, or name the address: --announced-address 203.0.113.7`

function outwardAddress(): string | null {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return all.find((a) => !a.internal && a.family === 'IPv4')?.address ?? null
}
