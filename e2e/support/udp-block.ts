/**
 * A network that lets no UDP, or no TCP, through to one port of this machine: a firewall rule on loopback, taken away on disposal.
 * Takes root and iptables.
 */
import { execFileSync } from 'node:child_process'

const rule = (port: number, protocol: 'udp' | 'tcp'): string[] => [
  'INPUT',
  '-i',
  'lo',
  '-p',
  protocol,
  '--dport',
  `${port}`,
  '-j',
  'DROP',
]

/** True where such a rule can be set: as root, with iptables and a kernel that takes it. */
export function canBlockUdp(): boolean {
  try {
    execFileSync('iptables', ['-S', 'INPUT'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

export const blockUdp = (port: number): Disposable => block(port, 'udp')
export const blockTcp = (port: number): Disposable => block(port, 'tcp')

function block(port: number, protocol: 'udp' | 'tcp'): Disposable {
  execFileSync('iptables', ['-I', ...rule(port, protocol)])
  return { [Symbol.dispose]: () => void execFileSync('iptables', ['-D', ...rule(port, protocol)]) }
}
